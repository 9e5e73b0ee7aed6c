/**
 * The figures of docs/rules/figures.md. The board, the wallboard and every other reader compute them here, from counts of
 * the ledger and the calls that wait now, so that they agree.
 */

import { usualPercent } from './target.ts'

/** Counts of calls that entered a queue in one period; those that still wait are in `offered` alone. */
export interface Tally {
  readonly offered: number
  readonly answered: number
  /** Answered no later than T after entering the queue; T is that of the call's queue, as it was when the call entered. */
  readonly answeredWithin: number
  /** Gone without an answer, short abandons apart: the caller hung up, or the line sent them away. */
  readonly abandoned: number
  /** Hung up within S of entering the queue: nobody could have answered. */
  readonly shortAbandoned: number
  /** Sum of queue entry → answer of the answered calls. */
  readonly waitedMs: number
}

export const noTally: Tally = {
  offered: 0,
  answered: 0,
  answeredWithin: 0,
  abandoned: 0,
  shortAbandoned: 0,
  waitedMs: 0,
}

export function sumOf(tallies: Iterable<Tally>): Tally {
  let sum = noTally
  for (const one of tallies) {
    sum = {
      offered: sum.offered + one.offered,
      answered: sum.answered + one.answered,
      answeredWithin: sum.answeredWithin + one.answeredWithin,
      abandoned: sum.abandoned + one.abandoned,
      shortAbandoned: sum.shortAbandoned + one.shortAbandoned,
      waitedMs: sum.waitedMs + one.waitedMs,
    }
  }
  return sum
}

export interface Figures extends Omit<Tally, 'waitedMs'> {
  /** Calls that have waited for longer than T and still wait, also those that entered before the period. */
  readonly waitingBeyond: number
  /** The calls whose service is decided: answered, abandoned, or waiting beyond T. */
  readonly counted: number
  /** So many of a hundred are to be in time. */
  readonly targetPercent: number
  /** 0–1; null while `counted` is 0. */
  readonly serviceLevel: number | null
  readonly abandonment: number | null
  /** Mean queue entry → answer; null before the first answer. */
  readonly averageAnswerMs: number | null
}

export function figuresOf(
  { waitedMs, ...tally }: Tally,
  waitingBeyond: number,
  targetPercent = usualPercent,
): Figures {
  const { answered, answeredWithin, abandoned } = tally
  const counted = answered + abandoned + waitingBeyond
  return {
    ...tally,
    waitingBeyond,
    counted,
    targetPercent,
    serviceLevel: counted === 0 ? null : answeredWithin / counted,
    abandonment: counted === 0 ? null : abandoned / counted,
    averageAnswerMs: answered === 0 ? null : waitedMs / answered,
  }
}

/** Below so many calls one caller moves a percentage by more than five points: it gets no colour. */
export const colouredFrom = 20

/** Our default target: fewer than 5 % abandoned. */
export const abandonmentTarget = 0.05

export const missesServiceLevel = ({ counted, answeredWithin, targetPercent }: Figures): boolean =>
  counted >= colouredFrom && answeredWithin * 100 < targetPercent * counted

export const missesAbandonment = ({ counted, abandonment }: Figures): boolean =>
  counted >= colouredFrom && abandonment !== null && abandonment >= abandonmentTarget

/** Columns of the trend. */
export const slotMs = 30 * 60_000
/** The recent figures beside those of the day are of the calls that entered a queue within this time. */
export const recentMs = 30 * 60_000
