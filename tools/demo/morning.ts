/** A busy morning: scripted agents on free accounts, a supervisor who listens, citizens who call and are called back, and a periodic status line. */
import type { Say } from '../../src/stack/terminal.ts'
import { UserError } from '../../src/stack/terminal.ts'
import { Api } from './api.ts'
import { Random } from './random.ts'
import { citizensFrom, type DemoAccount, type DemoFile } from './demo-file.ts'
import { openExchange, type Exchange } from './calls/exchange.ts'
import { LiveView } from './live-view.ts'
import { ListeningSupervisor, supervisorSays } from './listening-supervisor.ts'
import { ScriptedAgent } from './scripted-agent.ts'
import { speak, type Voice } from './calls/speech.ts'
import { Arrivals } from './calls/arrivals.ts'
import { agentSays } from './calls/caller-profiles.ts'
import { CalledCitizens } from './calls/called-citizens.ts'
import { Deck } from './deck.ts'
import type { ScriptedAccountOptions } from './scripted-account.ts'
import { turns, type Turn } from './turns.ts'

export interface MorningOptions {
  readonly demo: DemoFile
  /** Number of scripted agents. */
  readonly seats: number
  readonly seed: number
  readonly speechFolder: string
  readonly say: Say
}

const tellEveryMs = 5000
/** Mean time from one call to the next at the same scripted agent, with the colleagues whom agents ask and calls back. */
const handlingMs = 48_000
/** Period of the load's sine wave. */
const waveMs = 180_000

export class Morning {
  readonly #options: MorningOptions
  readonly #chance: Random
  readonly #turns: Deck<Turn>
  readonly #view = new LiveView()
  readonly #agents: ScriptedAgent[] = []
  readonly #board: Api
  #supervisor: ListeningSupervisor | null = null
  #exchange: Exchange | null = null
  #arrivals: Arrivals | null = null
  #called: CalledCitizens | null = null
  #telling: NodeJS.Timeout | undefined
  #ended: Promise<void> | null = null

  constructor(options: MorningOptions) {
    this.#options = options
    this.#chance = new Random(options.seed)
    // Of its own, so that a seed's order of turns does not depend on who calls when.
    this.#turns = new Deck(turns, new Random(options.seed))
    this.#board = new Api(options.demo.url)
  }

  async begin(): Promise<void> {
    const { demo, seats, say, speechFolder } = this.#options
    const from = citizensFrom(demo)
    const supervisor = demo.accounts.find((account) => account.role === 'supervisor')
    if (supervisor === undefined) throw new UserError('The demo file names no supervisor.')
    await this.#board.signIn(supervisor).catch((error: unknown) => {
      throw new UserError(`Signing in at ${demo.url} failed. Is the system running?`, {
        cause: error,
      })
    })
    await this.#view.follow(this.#board)
    await this.#openCalled(from)
    for (const account of this.#freeAccounts().slice(0, seats)) await this.#fill(account)
    say(`${this.#agents.length} scripted agents are at their phones.`)
    await this.#fillSupervisor()
    this.#exchange = await openExchange(from, demo.sip)
    this.#arrivals = new Arrivals({
      exchange: this.#exchange,
      line: demo.line,
      view: this.#view,
      chance: this.#chance,
      speechFolder,
      meanGapMs: () => this.#meanGapMs(),
      trouble: (sentence) => this.#trouble(sentence),
    })
    void this.#arrivals.run()
    this.#telling = setInterval(() => this.#tell(), tellEveryMs)
  }

  /** Hangs up and signs the scripted agents out. Idempotent. */
  end(): Promise<void> {
    this.#ended ??= this.#clearUp()
    return this.#ended
  }

  async #clearUp(): Promise<void> {
    clearInterval(this.#telling)
    await this.#arrivals?.stop()
    await Promise.all([this.#supervisor?.stop(), ...this.#agents.map((agent) => agent.stop())])
    await this.#exchange?.close()
    await this.#called?.close()
    await this.#view.stop()
  }

  /** Signed-out agents, the last ones first, so that the first accounts stay free for people. */
  #freeAccounts(): readonly DemoAccount[] {
    const states = new Map([...this.#view.agents.values()].map((agent) => [agent.name, agent.state]))
    return this.#options.demo.accounts
      .filter(({ role, phone, name }) => role === 'agent' && phone !== undefined && isFree(states.get(name)))
      .reverse()
  }

  async #fill(account: DemoAccount): Promise<void> {
    const index = this.#agents.length
    const voice = { variant: index % 2 === 0 ? 'f3' : 'm2', pitch: 40 + 5 * (index % 5), pace: 150 }
    const agent = new ScriptedAgent({
      ...(await this.#scripted(account, agentSays, voice)),
      turns: this.#turns,
      personOf: (caller) => (this.#arrivals ?? notStarted()).personOf(caller),
    })
    this.#agents.push(agent)
    await agent.start()
  }

  /** The last supervisor, unless a person uses that account: the first one stays free for people. */
  async #fillSupervisor(): Promise<void> {
    const { demo } = this.#options
    const account = demo.accounts.findLast(({ role, phone }) => role === 'supervisor' && phone !== undefined)
    const known = [...this.#view.agents.values()].find(({ name }) => name === account?.name)
    if (account === undefined || known?.phones.web === true || known?.phones.desk === true) return
    const voice = { variant: 'f2', pitch: 45, pace: 155 }
    this.#supervisor = new ListeningSupervisor(await this.#scripted(account, supervisorSays, voice))
    await this.#supervisor.start()
  }

  async #scripted(
    account: DemoAccount,
    says: readonly string[],
    voice: Voice,
  ): Promise<ScriptedAccountOptions> {
    const { demo, speechFolder } = this.#options
    const sentences = await Promise.all(says.map((sentence) => speak(sentence, voice, speechFolder)))
    return {
      demo,
      account,
      view: this.#view,
      chance: this.#chance,
      voice: Buffer.concat(sentences),
      trouble: (sentence) => this.#trouble(sentence),
    }
  }

  /** Without them the morning goes on: their phones are then unreachable. */
  async #openCalled(host: string): Promise<void> {
    const { demo, speechFolder } = this.#options
    const called = new CalledCitizens({
      host,
      server: demo.sip,
      chance: this.#chance,
      speechFolder,
      personOf: (number) => (this.#arrivals ?? notStarted()).personOf(number),
      trouble: (sentence) => this.#trouble(sentence),
    })
    try {
      await called.open()
      this.#called = called
    } catch (error) {
      this.#trouble(error instanceof Error ? error.message : String(error))
    }
  }

  #trouble(sentence: string): void {
    this.#options.say(`  (${sentence})`)
  }

  /** Load between 65 % and 115 % of the agents' capacity, least at first: a colleague who is asked must be free. */
  #meanGapMs(): number {
    const load = 0.9 - 0.25 * Math.cos((2 * Math.PI * performance.now()) / waveMs)
    const working = [...this.#view.agents.values()].filter(
      ({ state }) => !isFree(state) && state !== 'paused',
    )
    return handlingMs / Math.max(1, working.length) / load
  }

  #tell(): void {
    const { tally } = this.#arrivals ?? notStarted()
    const phases = [...this.#view.calls.values()].map((call) => call.phase)
    const talking = phases.filter((phase) => phase === 'talking' || phase === 'held').length
    const waiting = phases.filter((phase) => phase === 'waiting' || phase === 'ringing').length
    const rest = [`${tally.served} served`, `${tally.gaveUp} gave up`]
    if (this.#called !== null) rest.push(`${this.#called.rang} called back`)
    if (tally.turnedAway > 0) rest.push(`${tally.turnedAway} turned away`)
    if (tally.failed > 0) rest.push(`${tally.failed} failed`)
    const clock = new Date().toTimeString().slice(0, 8)
    this.#options.say(
      `${clock}  ${talking} talking, ${waiting} waiting · so far ${tally.called} called, ${rest.join(', ')}`,
    )
  }
}

const isFree = (state: string | undefined): boolean => state === undefined || state === 'signed out'

function notStarted(): never {
  throw new Error('the arrivals have not started')
}
