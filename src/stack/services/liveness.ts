/** Tells a dead part from one that is slow, cut off, or waits for a processor: only a dead one may be killed. */
import { schedulingSampleOf, type SchedulingSample } from '../privileges/cpu-starvation.ts'

/** A look is inconclusive when this process itself was delayed by more than this. */
const ownDelayMaxMs = 500
const ownLookEveryMs = 20
/** A part is dead after this many looks in a row without a sign of life. */
const silentMax = 3
/** Weight of an inconclusive look, so that a machine that stays busy does not hide a dead part for ever. */
const unknownCounts = 1 / 8
/** A part that waited for a processor for this share of a look could not show a sign of life. */
const waitingShare = 1 / 2
/** A start that computes, or waits for a processor, for this share of the time goes on. */
const progressShare = 1 / 20

/** Null: inconclusive, because this process itself was delayed, or the part had no processor. */
export async function lives(look: () => Promise<boolean>, pid: number): Promise<boolean | null> {
  let lookedAt = performance.now()
  let heldUpMs = 0
  const turn = (): void => {
    const now = performance.now()
    heldUpMs = Math.max(heldUpMs, now - lookedAt)
    lookedAt = now
  }
  const began = lookedAt
  const before = schedulingSampleOf(pid)
  const turning = setInterval(turn, ownLookEveryMs)
  const alive = await look().finally(() => clearInterval(turning))
  turn()
  if (alive || heldUpMs >= ownDelayMaxMs) return alive || null
  return sharesOf(before, schedulingSampleOf(pid), lookedAt - began).waited > waitingShare ? null : false
}

/** Counts the looks without a sign of life. */
export class Silence {
  #looks = 0

  goesOn(alive: false | null): void {
    this.#looks += alive === null ? unknownCounts : 1
  }

  broken(): void {
    this.#looks = 0
  }

  get tooLong(): boolean {
    return this.#looks >= silentMax
  }
}

/** The idle time of a part that starts. */
export class StartProgress {
  readonly #pid: number
  #lookedAt = performance.now()
  #sample: SchedulingSample | null
  #idleMs = 0

  constructor(pid: number) {
    this.#pid = pid
    this.#sample = schedulingSampleOf(pid)
  }

  /** Milliseconds, of all looks, in which it neither computed nor waited for a processor; `turned`: nor showed a sign of life. */
  look(turned: boolean): number {
    const now = performance.now()
    const sample = schedulingSampleOf(this.#pid)
    const { computed, waited } = sharesOf(this.#sample, sample, now - this.#lookedAt)
    if (!turned && computed + waited < progressShare) this.#idleMs += now - this.#lookedAt
    this.#lookedAt = now
    this.#sample = sample
    return this.#idleMs
  }
}

function sharesOf(
  before: SchedulingSample | null,
  after: SchedulingSample | null,
  spanMs: number,
): { readonly computed: number; readonly waited: number } {
  if (before === null || after === null) return { computed: 0, waited: 0 }
  const computedMs = after.computedMs - before.computedMs
  const computed = computedMs / spanMs
  // The kernel adds a wait when it ends: this one lasts.
  const waited = after.isReady ? 1 - computed : (after.waitedMs - before.waitedMs) / spanMs
  return { computed, waited }
}
