/** What is printed of many days: sums and greatest values, by kind of day. */
import type { Millis } from '../../src/core/ids.ts'
import {
  isAt,
  judged,
  judgements,
  places,
  type Judgement,
  type Place,
  type Told,
} from './checks/estimates.ts'
import type { Tracked } from './checks/callers.ts'
import type { DayResult } from './day.ts'
import { ageings, kinds, type Ageing, type Day, type Kind } from './scenario.ts'

export interface OfKind {
  readonly days: number
  readonly callers: number
  /** In the call in which they came; callbacks are counted apart. */
  readonly served: number
  readonly hungUp: number
  readonly promised: number
  readonly calledBack: number
  readonly longestMs: Millis
  readonly told: Judged
}

/** How many estimates were so. */
export type Judged = Readonly<Record<Judgement, number>>

export interface OfAgeing {
  readonly days: number
  readonly longestMs: Millis
  /** The longest time after a caller at which one of another queue came who overtook them. */
  readonly latestMs: Millis
  /** The same as a share of the bound, where there is one. */
  readonly latestShare: number
}

export interface Figures {
  readonly days: number
  readonly callers: number
  readonly decisions: number
  readonly byKind: Readonly<Record<Kind, OfKind>>
  readonly byAgeing: Readonly<Record<Ageing, OfAgeing>>
  /** The estimates. */
  readonly byPlace: Readonly<Record<Place, Judged>>
}

const noneJudged: Judged = { within: 0, 'too long': 0, 'too short': 0 }
const none: OfKind = {
  days: 0,
  callers: 0,
  served: 0,
  hungUp: 0,
  promised: 0,
  calledBack: 0,
  longestMs: 0,
  told: noneJudged,
}
const noneOfAgeing: OfAgeing = { days: 0, longestMs: 0, latestMs: 0, latestShare: 0 }

const each = <Name extends string, Value>(names: readonly Name[], value: (name: Name) => Value) =>
  Object.fromEntries(names.map((name) => [name, value(name)])) as { [Each in Name]: Value }

export const noFigures: Figures = {
  days: 0,
  callers: 0,
  decisions: 0,
  byKind: each(kinds, () => none),
  byAgeing: each(ageings, () => noneOfAgeing),
  byPlace: each(places, () => noneJudged),
}

export function figuresOf({ kind, ageing }: Day, result: DayResult): Figures {
  const { callers, told, decisions, latestMs, latestShare } = result
  const longestMs = longestWait(callers)
  const count = (matches: (one: Tracked) => boolean): number => callers.filter(matches).length
  return {
    ...noFigures,
    days: 1,
    callers: callers.length,
    decisions,
    byKind: {
      ...noFigures.byKind,
      [kind]: {
        days: 1,
        callers: callers.length,
        served: count(isServedAtOnce),
        hungUp: count(({ servedAt, promisedAt }) => servedAt === null && promisedAt === null),
        promised: count(({ promisedAt }) => promisedAt !== null),
        calledBack: count(({ servedAt, promisedAt }) => servedAt !== null && promisedAt !== null),
        longestMs,
        told: judgedOf(told),
      },
    },
    byAgeing: { ...noFigures.byAgeing, [ageing]: { days: 1, longestMs, latestMs, latestShare } },
    byPlace: each(places, (place) => judgedOf(told.filter((one) => isAt(one, place)))),
  }
}

function judgedOf(told: readonly Told[]): Judged {
  const all = told.map(judged)
  return each(judgements, (name) => all.filter((one) => one === name).length)
}

const together = (one: Judged, other: Judged): Judged => each(judgements, (name) => one[name] + other[name])

export const sumOf = (all: readonly Figures[]): Figures => all.reduce(plus, noFigures)

function plus(one: Figures, other: Figures): Figures {
  return {
    days: one.days + other.days,
    callers: one.callers + other.callers,
    decisions: one.decisions + other.decisions,
    byKind: each(kinds, (kind) => {
      const [a, b] = [one.byKind[kind], other.byKind[kind]]
      return {
        days: a.days + b.days,
        callers: a.callers + b.callers,
        served: a.served + b.served,
        hungUp: a.hungUp + b.hungUp,
        promised: a.promised + b.promised,
        calledBack: a.calledBack + b.calledBack,
        longestMs: Math.max(a.longestMs, b.longestMs),
        told: together(a.told, b.told),
      }
    }),
    byAgeing: each(ageings, (ageing) => {
      const [a, b] = [one.byAgeing[ageing], other.byAgeing[ageing]]
      return {
        days: a.days + b.days,
        longestMs: Math.max(a.longestMs, b.longestMs),
        latestMs: Math.max(a.latestMs, b.latestMs),
        latestShare: Math.max(a.latestShare, b.latestShare),
      }
    }),
    byPlace: each(places, (place) => together(one.byPlace[place], other.byPlace[place])),
  }
}

const isServedAtOnce = ({ servedAt, promisedAt }: Tracked): boolean =>
  servedAt !== null && promisedAt === null

/** Of those who waited on the line until they were served. */
export const longestWait = (callers: readonly Tracked[]): Millis =>
  callers.reduce(
    (longest, one) =>
      isServedAtOnce(one) ? Math.max(longest, (one.servedAt ?? 0) - one.caller.at) : longest,
    0,
  )
