/**
 * Qualifies of silent phones, spread over time: after a restart of Asterisk hundreds of phones register within seconds,
 * and each registration is followed by one. A phone that is alone is qualified at once.
 */
export interface QualifyQueueDeps {
  readonly ask: (endpoint: string) => void
  readonly after: (waitMs: number, act: () => void) => void
}

/** A hundred a second: five hundred phones are asked within five seconds. */
const atOnceMax = 20
const everyMs = 200

export class QualifyQueue {
  readonly #deps: QualifyQueueDeps
  readonly #waiting = new Map<string, () => boolean>()
  #sent = 0
  #isCounting = false

  constructor(deps: QualifyQueueDeps) {
    this.#deps = deps
  }

  /** `isWanted` is asked again when it is the endpoint's turn. */
  add(endpoint: string, isWanted: () => boolean): void {
    this.#waiting.set(endpoint, isWanted)
    this.#send()
  }

  clear(): void {
    this.#waiting.clear()
  }

  #send(): void {
    for (const [endpoint, isWanted] of this.#waiting) {
      if (this.#sent >= atOnceMax) break
      this.#waiting.delete(endpoint)
      if (!isWanted()) continue
      this.#sent += 1
      this.#deps.ask(endpoint)
    }
    if (this.#sent === 0 || this.#isCounting) return
    this.#isCounting = true
    this.#deps.after(everyMs, () => {
      this.#isCounting = false
      this.#sent = 0
      this.#send()
    })
  }
}
