/** An account of the demo at its desk phone: signed in and registered, until the demo ends or a person uses the account. */
import { setTimeout as delay } from 'node:timers/promises'
import { Api } from './api.ts'
import type { DemoAccount, DemoFile } from './demo-file.ts'
import type { LiveView } from './live-view.ts'
import type { Ring } from './phone/call.ts'
import { openPhone, type DeskPhone } from './phone/desk-phone.ts'
import type { Random } from './random.ts'

export interface ScriptedAccountOptions {
  readonly demo: DemoFile
  readonly account: DemoAccount
  readonly view: LiveView
  readonly chance: Random
  readonly voice: Buffer
  /** Reports an error; the demo continues. */
  trouble(sentence: string): void
}

const reachableMs = 10_000

export class ScriptedAccount {
  readonly api: Api
  readonly #options: ScriptedAccountOptions
  readonly #abort = new AbortController()
  #id = ''
  #phone: DeskPhone | null = null
  #off: () => void = () => undefined

  constructor(options: ScriptedAccountOptions) {
    this.#options = options
    this.api = new Api(options.demo.url)
  }

  /** The account's id, once it has started. */
  get id(): string {
    return this.#id
  }

  get hasLeft(): boolean {
    return this.#abort.signal.aborted
  }

  /** Resolves once the phone is reachable; `serve` gets each ring, and its errors are reported. */
  async start(serve: (ring: Ring) => Promise<void>): Promise<void> {
    const { account, demo, view } = this.#options
    if (account.phone === undefined) throw new Error(`${account.username} has no desk phone`)
    this.#id = (await this.api.signIn(account)).id
    this.#phone = await openPhone({
      host: demo.sip.host,
      server: demo.sip,
      ...account.phone,
      onRing: (ring) => this.inBackground(serve(ring)),
    })
    await this.#phone.register()
    await view.until((line) => line.agents.get(this.#id)?.phones.desk === true, reachableMs)
    this.#off = view.onChange(() => this.#look())
  }

  /** Signs out and closes the phone, which ends a call in progress. Idempotent. */
  async stop(): Promise<void> {
    if (this.hasLeft) return
    this.#leave()
    await this.#phone?.close()
    await this.api.signOut().catch((error: unknown) => this.#report(error))
  }

  /** Rejects when the account leaves meanwhile. */
  pause(fromMs: number, toMs: number): Promise<void> {
    return delay(this.#options.chance.between(fromMs, toMs), undefined, { signal: this.#abort.signal })
  }

  inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => this.tell(error))
  }

  /** Reports an error. Those of aborted work are expected after leaving. */
  tell(error: unknown): void {
    if (!this.hasLeft) this.#report(error)
  }

  #look(): void {
    // A person uses this account now: close our phone, keep their session.
    if (this.hasLeft || this.#options.view.agents.get(this.#id)?.phones.web !== true) return
    this.#leave()
    this.inBackground(this.#phone?.close() ?? Promise.resolve())
  }

  #leave(): void {
    this.#off()
    this.#abort.abort()
  }

  #report(error: unknown): void {
    const sentence = error instanceof Error ? error.message : String(error)
    this.#options.trouble(`${this.#options.account.name}: ${sentence}`)
  }
}
