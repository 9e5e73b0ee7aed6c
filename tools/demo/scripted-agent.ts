/** A scripted agent: signs in with a desk phone, answers, talks, fills in the wrap-up form, takes breaks. */
import { setTimeout as delay } from 'node:timers/promises'
import { AgentId, QueueId } from '../../src/core/ids.ts'
import type { TransferTargets } from '../../src/http/transfer/wire.ts'
import type { WrapUpForm } from '../../src/http/calls/wire.ts'
import { Api, ApiRefused } from './api.ts'
import type { Random } from './random.ts'
import type { DemoAccount, DemoFile } from './demo-file.ts'
import type { LiveView } from './live-view.ts'
import type { Ring } from './phone/call.ts'
import { openPhone, type DeskPhone } from './phone/desk-phone.ts'
import type { Concern } from './calls/caller-profiles.ts'

export interface ScriptedAgentOptions {
  readonly demo: DemoFile
  readonly account: DemoAccount
  /** The phone's own address. */
  readonly host: string
  readonly view: LiveView
  readonly chance: Random
  readonly voice: Buffer
  /** The concern of the caller with this number. */
  concernOf(caller: string | null): Concern
  /** Reports an error; the demo continues. */
  trouble(sentence: string): void
}

const reachableMs = 10_000
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
    const { signal } = this.#abort
    await delay(chance.between(1200, 4000), undefined, { signal })
    // The caller may have gone: answering throws then, and the next call rings soon.
    const talk = await ring.answer(voice).catch(() => null)
    if (talk === null) return
    const ours = (): string | null => view.agents.get(this.#agentId)?.callId ?? null
    await view.until(() => ours() !== null, 5000)
    const callId = ours()
    await Promise.race([talk.ended, delay(chance.between(14_000, 45_000), undefined, { signal })])
    if (!chance.happens(0.12) || !(await this.#sendOn())) talk.hangUp()
    if (callId !== null) await this.#fillInWrapUp(callId, this.#options.concernOf(ring.caller))
    await this.#rest()
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
    await delay(chance.between(1500, 5000), undefined, { signal: this.#abort.signal })
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
    const { chance } = this.#options
    if (!chance.happens(0.12)) return
    await this.#api.setState({ state: 'paused', reason: chance.pick(shortBreaks) })
    await delay(chance.between(15_000, 40_000), undefined, { signal: this.#abort.signal })
    await this.#api.setState({ state: 'ready' })
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
