/**
 * Reloads of Asterisk's modules. A reload of `res_pjsip.so` reads the endpoints of all phones: when a shift ends, each
 * sign-out changes one of them. So at most one is sent in a few seconds, for all changes since the last; a change after
 * a quiet time is loaded at once, and none waits longer than that.
 */
import { pause } from '../../repeat.ts'

/** Of a few hundred phones a reload takes Asterisk a fraction of a second. */
const spacingMs = 5_000
const spaced = 'res_pjsip.so'

export class SpacedReloads {
  readonly #send: (module: string) => Promise<unknown>
  /** The reload that has not been sent yet. */
  #next: Promise<void> | null = null
  #sentAt = -Infinity
  #hurry = new AbortController()

  constructor(send: (module: string) => Promise<unknown>) {
    this.#send = send
  }

  /** Resolves after a reload that was sent after this call. */
  async reload(module: string): Promise<void> {
    if (module !== spaced) return void (await this.#send(module))
    this.#next ??= this.#sendNext()
    return this.#next
  }

  /** Sends what waits now. */
  hurry(): void {
    this.#sentAt = -Infinity
    this.#hurry.abort()
    this.#hurry = new AbortController()
  }

  async #sendNext(): Promise<void> {
    const waitMs = this.#sentAt + spacingMs - performance.now()
    await pause(Math.max(0, waitMs), this.#hurry.signal)
    // From here on a change needs another one.
    this.#next = null
    this.#sentAt = performance.now()
    await this.#send(spaced)
  }
}
