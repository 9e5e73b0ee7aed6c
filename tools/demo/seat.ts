/** A scripted agent: signs in with his desk phone, answers, talks, writes down, takes a break now and then. */
import { setTimeout as delay } from 'node:timers/promises'
import type { WrapUpForm } from '../../src/http/calls/wire.ts'
import { Api, ApiRefused } from './api.ts'
import type { Chance } from './chance.ts'
import type { DemoAccount, DemoFile } from './demo-file.ts'
import type { LiveView } from './live-view.ts'
import type { Ring } from './phone/call.ts'
import { openPhone, type DeskPhone } from './phone/desk-phone.ts'
import type { Concern } from './townspeople.ts'

export interface SeatOptions {
  readonly demo: DemoFile
  readonly account: DemoAccount
  /** The phone's own address. */
  readonly host: string
  readonly view: LiveView
  readonly chance: Chance
  readonly voice: Buffer
  /** What the caller with this number wants, as far as we know. */
  concernOf(caller: string | null): Concern
  /** Something did not work; the demo goes on. */
  trouble(sentence: string): void
}

const reachableMs = 10_000
const shortBreaks = ['break', 'paperwork', 'meal'] as const

export class Seat {
  readonly #options: SeatOptions
  readonly #api: Api
  readonly #abort = new AbortController()
  #agentId = ''
  #phone: DeskPhone | null = null
  #off: () => void = () => undefined
  #left = false

  constructor(options: SeatOptions) {
    this.#options = options
    this.#api = new Api(options.demo.url)
  }

  /** Resolves once the agent is ready for calls. */
  async take(): Promise<void> {
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

  /** Signs out and puts the phone away; a call that is going on ends. Idempotent. */
  async leave(): Promise<void> {
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
    // A person sits down here: our phone goes, his session stays.
    if (agent?.phones.web === true && !this.#left) {
      this.#stop()
      this.#inBackground(this.#phone?.close() ?? Promise.resolve())
    }
  }

  async #serve(ring: Ring): Promise<void> {
    const { chance, voice, view } = this.#options
    const { signal } = this.#abort
    await delay(chance.between(1200, 4000), undefined, { signal })
    // Gone in the meantime: answering would throw, and the next one rings soon.
    const talk = await ring.answer(voice).catch(() => null)
    if (talk === null) return
    const ours = (): string | null => view.agents.get(this.#agentId)?.callId ?? null
    await view.until(() => ours() !== null, 5000)
    const callId = ours()
    await Promise.race([talk.ended, delay(chance.between(14_000, 45_000), undefined, { signal })])
    talk.hangUp()
    if (callId !== null) await this.#writeDown(callId, this.#options.concernOf(ring.caller))
    await this.#rest()
  }

  async #writeDown(callId: string, concern: Concern): Promise<void> {
    const { chance } = this.#options
    await delay(chance.between(1500, 5000), undefined, { signal: this.#abort.signal })
    const idle = concern.idle ?? null
    const form: WrapUpForm = {
      subject: concern.subject,
      // One in ten forgets to say.
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
      // We leave: whatever was going on is broken off.
      if (!this.#left) this.#tell(error)
    })
  }
}
