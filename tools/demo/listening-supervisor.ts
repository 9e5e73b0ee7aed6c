/** A supervisor with a desk phone, who listens to a conversation now and then, and whispers to agents who ask for help. */
import { setTimeout as delay } from 'node:timers/promises'
import type { SupervisionMode } from '../../src/core/call.ts'
import type { LiveCallView } from '../../src/http/live/wire.ts'
import { Api, ApiRefused } from './api.ts'
import type { DemoAccount, DemoFile } from './demo-file.ts'
import type { LiveView } from './live-view.ts'
import { openPhone, type DeskPhone } from './phone/desk-phone.ts'
import type { Random } from './random.ts'

export interface ListeningSupervisorOptions {
  readonly demo: DemoFile
  readonly account: DemoAccount
  readonly view: LiveView
  readonly chance: Random
  readonly voice: Buffer
  /** Reports an error; the demo continues. */
  trouble(sentence: string): void
}

export const supervisorSays = [
  'Te ajut eu. Spune-i că răspunsul vine în treizeci de zile.',
  'E bine cum ai spus. Întreabă și numărul cererii.',
] as const

const reachableMs = 10_000
const answersWithinMs = 10_000
const shareOfWhispers = 0.4

export class ListeningSupervisor {
  readonly #options: ListeningSupervisorOptions
  readonly #api: Api
  readonly #abort = new AbortController()
  #id = ''
  #phone: DeskPhone | null = null
  #off: () => void = () => undefined
  #left = false

  constructor(options: ListeningSupervisorOptions) {
    this.#options = options
    this.#api = new Api(options.demo.url)
  }

  /** Resolves once the phone is reachable; the rest goes on in the background. */
  async start(): Promise<void> {
    const { account, demo, view, voice, chance } = this.#options
    if (account.phone === undefined) throw new Error(`${account.username} has no desk phone`)
    this.#id = (await this.#api.signIn(account)).id
    this.#phone = await openPhone({
      host: demo.sip.host,
      server: demo.sip,
      ...account.phone,
      // Refused or cancelled meanwhile: there is nothing to hear.
      onRing: (ring) =>
        void this.#pause(500, 1_500)
          .then(() => ring.answer(voice))
          .catch(() => undefined),
    })
    await this.#phone.register()
    await view.until((line) => line.agents.get(this.#id)?.phones.desk === true, reachableMs)
    this.#off = view.onChange(() => this.#look())
    this.#inBackground(this.#keepListening(chance))
  }

  /** Leaves the conversation and closes the phone. Idempotent. */
  async stop(): Promise<void> {
    if (this.#left) return
    this.#leave()
    await this.#phone?.close()
    await this.#api.signOut().catch((error: unknown) => this.#tell(error))
  }

  #leave(): void {
    this.#left = true
    this.#off()
    this.#abort.abort()
  }

  #look(): void {
    // A person uses this account now: close our phone, keep their session.
    if (this.#left || this.#options.view.agents.get(this.#id)?.phones.web !== true) return
    this.#leave()
    this.#inBackground(this.#phone?.close() ?? Promise.resolve())
  }

  async #keepListening(chance: Random): Promise<void> {
    const { view } = this.#options
    while (!this.#left) {
      await view.until(() => this.#left || this.#whoAsksForHelp() !== null, chance.between(8_000, 20_000))
      const call = this.#whoAsksForHelp() ?? this.#anyTalking()
      // The server may restart: the next conversation is heard again.
      if (call !== null && !this.#left)
        await this.#listen(call).catch((error: unknown) => {
          if (!this.#left) this.#tell(error)
        })
      await this.#pause(2_000, 5_000)
    }
  }

  #whoAsksForHelp(): LiveCallView | null {
    return this.#unsupervised().find(({ helpSince }) => helpSince !== null) ?? null
  }

  #anyTalking(): LiveCallView | null {
    const [first, ...more] = this.#unsupervised()
    return first === undefined ? null : this.#options.chance.pick([first, ...more])
  }

  #unsupervised(): LiveCallView[] {
    return [...this.#options.view.calls.values()].filter(
      ({ phase, supervisions }) => phase === 'talking' && supervisions.length === 0,
    )
  }

  async #listen({ id, helpSince }: LiveCallView): Promise<void> {
    const { view, chance } = this.#options
    const path = `/api/calls/${encodeURIComponent(id)}/supervision`
    const supervise = (mode: SupervisionMode) => this.#api.ask('POST', path, { mode })
    const mine = () => view.calls.get(id)?.supervisions.find((one) => one.id === this.#id)
    const isOver = () => mine() === undefined
    try {
      await supervise('monitor')
      if (!(await view.until(() => mine()?.since != null, answersWithinMs))) return
      await this.#orOver(isOver, 5_000, 15_000)
      if (!isOver() && (helpSince !== null || chance.happens(shareOfWhispers))) {
        await supervise('whisper')
        await this.#orOver(isOver, 5_000, 15_000)
      }
    } catch (error) {
      this.#unlessOver(error)
    } finally {
      await this.#api.ask('DELETE', path).catch((error: unknown) => this.#unlessOver(error))
    }
  }

  async #orOver(isOver: () => boolean, fromMs: number, toMs: number): Promise<void> {
    await this.#options.view.until(() => this.#left || isOver(), this.#options.chance.between(fromMs, toMs))
  }

  #pause(fromMs: number, toMs: number): Promise<void> {
    return delay(this.#options.chance.between(fromMs, toMs), undefined, { signal: this.#abort.signal })
  }

  /** The conversation has ended, or the supervisor is in it no more. */
  #unlessOver(error: unknown): void {
    if (!(error instanceof ApiRefused && (error.status === 409 || error.status === 404))) throw error
  }

  #tell(error: unknown): void {
    const sentence = error instanceof Error ? error.message : String(error)
    this.#options.trouble(`${this.#options.account.name}: ${sentence}`)
  }

  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => {
      // Errors of aborted work are expected after leaving.
      if (!this.#left) this.#tell(error)
    })
  }
}
