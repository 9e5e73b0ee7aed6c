/** Waiting, retrying and repeating until a signal aborts, in real time. The ACD waits by its own `Clock` instead. */
import { setTimeout as sleep } from 'node:timers/promises'

/** Ends early when the signal aborts. Never rejects. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
}

/** Pauses between attempts: each twice as long as the last one, up to a bound. */
export class Backoff {
  readonly #firstMs: number
  readonly #maxMs: number
  #attempts = 0

  constructor(firstMs: number, maxMs: number) {
    this.#firstMs = firstMs
    this.#maxMs = maxMs
  }

  /** After a success: the next pause is the first one again. */
  reset(): void {
    this.#attempts = 0
  }

  async pause(signal: AbortSignal): Promise<void> {
    const grownMs = Math.min(this.#firstMs * 2 ** this.#attempts, this.#maxMs)
    this.#attempts += 1
    // With jitter, so that several nodes do not retry at the same moment.
    await pause(grownMs * (0.5 + Math.random()), signal)
  }
}

export interface Repetition {
  /** Pause between the end of one run and the start of the next. */
  readonly everyMs: number
  readonly signal: AbortSignal
  /** `inARow` is 1 for the first failure after a success: log that one alone. */
  readonly failed: (error: unknown, inARow: number) => void
}

/** Runs `work` again and again until the signal aborts, whatever it throws. */
export async function repeat(work: () => Promise<void>, repetition: Repetition): Promise<void> {
  const { everyMs, signal, failed } = repetition
  let failures = 0
  while (!signal.aborted) {
    try {
      await work()
      failures = 0
    } catch (error) {
      failures += 1
      if (!signal.aborted) failed(error, failures)
    }
    await pause(everyMs, signal)
  }
}

/** Runs `work` until it has succeeded once, or the signal aborts. */
export async function untilDone(
  work: () => Promise<unknown>,
  { everyMs, signal, failed }: Repetition,
): Promise<void> {
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      await work()
      return
    } catch (error) {
      if (!signal.aborted) failed(error, failures)
      await pause(everyMs, signal)
    }
  }
}
