/**
 * A scripted agent: signs in with a desk phone, answers callers and colleagues who ask, talks, fills in the wrap-up form,
 * takes breaks.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { AgentId, QueueId } from '../../src/core/ids.ts'
import type { TransferTargets } from '../../src/http/transfer/wire.ts'
import type { WrapUpForm } from '../../src/http/calls/wire.ts'
import { Api, ApiRefused } from './api.ts'
import { consult, type Consultation } from './consultation.ts'
import type { Random } from './random.ts'
import type { DemoAccount, DemoFile } from './demo-file.ts'
import type { LiveView } from './live-view.ts'
import type { Ring, Talk } from './phone/call.ts'
import { openPhone, type DeskPhone } from './phone/desk-phone.ts'
import type { Concern } from './calls/caller-profiles.ts'
import type { Turns } from './turns.ts'

export interface ScriptedAgentOptions {
  readonly demo: DemoFile
  readonly account: DemoAccount
  /** The phone's own address. */
  readonly host: string
  readonly view: LiveView
  readonly chance: Random
  readonly turns: Turns
  readonly voice: Buffer
  /** The concern of the caller with this number. */
  concernOf(caller: string | null): Concern
  /** Reports an error; the demo continues. */
  trouble(sentence: string): void
}

const reachableMs = 10_000
/** Longer than a colleague's question takes; whoever has forgotten us is left then. */
const adviseMs = 60_000
const helpedMs = 30_000
/** How long the live feed may take to show the wrap-up after the talk. */
const wrapUpShownMs = 3_000
const shortBreaks = ['break', 'paperwork', 'meal'] as const

export class ScriptedAgent {
  readonly #options: ScriptedAgentOptions
  readonly #api: Api
  readonly #abort = new AbortController()
  #agentId = ''
  #phone: DeskPhone | null = null
  #off: () => void = () => undefined
  #left = false

  constructor(options: ScriptedAgentOptions) {
    this.#options = options
    this.#api = new Api(options.demo.url)
  }

  /** Resolves once the agent is ready for calls. */
  async start(): Promise<void> {
    const { account, demo, host, view } = this.#options
    if (account.phone === undefined) throw new Error(`${account.username} has no desk phone`)
    this.#agentId = (await this.#api.signIn(account)).id
    this.#phone = await openPhone({
      host,
      server: demo.sip,
      ...account.phone,
      onRing: (ring) => this.#inBackground(this.#serve(ring)),
    })
    await this.#phone.register()
    await view.until((line) => line.agents.get(this.#agentId)?.phones.desk === true, reachableMs)
    await this.#api.setState({ state: 'ready' })
    this.#off = view.onChange(() => this.#look())
  }

  /** Signs out and closes the phone, which ends a call in progress. Idempotent. */
  async stop(): Promise<void> {
    if (this.#left) return
    this.#stop()
    await this.#phone?.close()
    await this.#api.signOut().catch((error: unknown) => this.#tell(error))
  }

  #stop(): void {
    this.#left = true
    this.#off()
    this.#abort.abort()
  }

  #look(): void {
    const agent = this.#options.view.agents.get(this.#agentId)
    // A person uses this account now: close our phone, keep their session.
    if (agent?.phones.web === true && !this.#left) {
      this.#stop()
      this.#inBackground(this.#phone?.close() ?? Promise.resolve())
    }
  }

  async #serve(ring: Ring): Promise<void> {
    const { chance, voice, view } = this.#options
    await this.#pause(1200, 4000)
    // The caller may have gone: answering throws then, and the next call rings soon.
    const talk = await ring.answer(voice).catch(() => null)
    if (talk === null) return
    const ours = (): string | null => view.agents.get(this.#agentId)?.callId ?? null
    await view.until(() => ours() !== null, 5000)
    const callId = ours()
    let owesForm = true
    if (callId !== null && this.#isAsked(callId)) owesForm = await this.#advise(talk, callId)
    else await this.#converse(talk, callId)
    if (callId !== null && owesForm) await this.#fillInWrapUp(callId, this.#options.concernOf(ring.caller))
    if (chance.happens(0.12)) await this.#rest()
  }

  async #converse(talk: Talk, callId: string | null): Promise<void> {
    const { turns } = this.#options
    const turn = callId === null ? 'plain' : turns.next()
    if (callId === null || turn === 'plain' || turn === 'transfer') {
      await this.#talkOn(talk, 14_000, 45_000)
      if (turn !== 'transfer' || !(await this.#sendOn())) talk.hangUp()
      return
    }
    await this.#talkOn(talk, 4_000, 9_000)
    if (turn === 'help') await this.#askForHelp(talk, callId)
    else if (!(await this.#consult(callId, turn))) turns.putBack(turn)
    await this.#talkOn(talk, 6_000, 20_000)
    talk.hangUp()
  }

  /** The colleague's part of a consultation, and the caller whom they may take over; true: they have a wrap-up then. */
  async #advise(talk: Talk, callId: string): Promise<boolean> {
    const { view } = this.#options
    const isOver = (): boolean => !this.#isAsked(callId)
    await Promise.race([talk.ended, view.until(isOver, adviseMs)])
    if (view.calls.get(callId)?.agent?.id === this.#agentId) await this.#talkOn(talk, 8_000, 25_000)
    talk.hangUp()
    return view.until(() => this.#isInWrapUp(callId), wrapUpShownMs)
  }

  #isAsked(callId: string): boolean {
    return this.#options.view.calls.get(callId)?.consult?.with.id === this.#agentId
  }

  #isInWrapUp(callId: string | null): boolean {
    const agent = this.#options.view.agents.get(this.#agentId)
    return agent?.state === 'wrap-up' && agent.callId === callId
  }

  #consult(callId: string, kind: Consultation): Promise<boolean> {
    const { view, chance } = this.#options
    const pause = (fromMs: number, toMs: number) => this.#pause(fromMs, toMs)
    return consult({ api: this.#api, view, chance, agentId: this.#agentId, callId, pause }, kind)
  }

  /** Raises the hand until a supervisor has been in the call, or for a while. */
  async #askForHelp(talk: Talk, callId: string): Promise<void> {
    const { view } = this.#options
    const helper = () => view.calls.get(callId)?.supervisions[0]?.since ?? null
    try {
      await this.#api.act('ask-for-help')
      if (await Promise.race([talk.ended.then(() => false), view.until(() => helper() !== null, helpedMs)]))
        await Promise.race([talk.ended, view.until(() => helper() === null, helpedMs)])
      await this.#api.act('no-help')
    } catch (error) {
      this.#unless(409, error)
    }
  }

  /** Sends the caller to a queue or a colleague who can take them; false: there is none, or the caller has gone. */
  async #sendOn(): Promise<boolean> {
    const { queues, colleagues } = await this.#api.get<TransferTargets>('/api/me/transfer-targets')
    const [first, ...more] = [
      ...queues.filter(({ free }) => free > 0).map(({ id }) => ({ queue: QueueId(id) })),
      ...colleagues.filter(({ free }) => free).map(({ id }) => ({ agent: AgentId(id) })),
    ]
    if (first === undefined) return false
    try {
      await this.#api.transfer(this.#options.chance.pick([first, ...more]))
      return true
    } catch (error) {
      this.#unless(409, error)
      return false
    }
  }

  async #fillInWrapUp(callId: string, concern: Concern): Promise<void> {
    const { chance } = this.#options
    await this.#pause(1500, 5000)
    const idle = concern.idle ?? null
    const form: WrapUpForm = {
      subject: concern.subject,
      // One in ten leaves it unstated.
      motivated: chance.happens(0.1) ? 'unstated' : idle === null ? 'yes' : 'no',
      reason: idle,
      resolution: concern.resolution,
    }
    await this.#api.wrapUp(callId, form.motivated === 'unstated' ? { ...form, reason: null } : form)
    // Wrap-up may have ended by itself meanwhile.
    if (chance.happens(0.5))
      await this.#api.act('end-wrap-up').catch((error: unknown) => this.#unless(409, error))
  }

  async #rest(): Promise<void> {
    await this.#api.setState({ state: 'paused', reason: this.#options.chance.pick(shortBreaks) })
    await this.#pause(15_000, 40_000)
    await this.#api.setState({ state: 'ready' })
  }

  #pause(fromMs: number, toMs: number): Promise<void> {
    return delay(this.#options.chance.between(fromMs, toMs), undefined, { signal: this.#abort.signal })
  }

  /** Until the talk ends, but not longer. */
  async #talkOn(talk: Talk, fromMs: number, toMs: number): Promise<void> {
    await Promise.race([talk.ended, this.#pause(fromMs, toMs)])
  }

  #unless(status: number, error: unknown): void {
    if (!(error instanceof ApiRefused && error.status === status)) throw error
  }

  #tell(error: unknown): void {
    const sentence = error instanceof Error ? error.message : String(error)
    this.#options.trouble(`${this.#options.account.name}: ${sentence}`)
  }

  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => {
      // Errors of aborted work during `leave` are expected.
      if (!this.#left) this.#tell(error)
    })
  }
}
