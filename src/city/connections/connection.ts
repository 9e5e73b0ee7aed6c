/**
 * The outside systems on which the line depends, as an administrator sees and tries them: the words for each, for its state
 * and for what is wrong. Each state is the fact of the part that owns it.
 */
import type { Millis } from '../../core/ids.ts'

export const connectionIds = [
  'trunk',
  'documents',
  'fiscal',
  'asterisk',
  'redis',
  'database',
  'sign-in',
  'time-stamps',
  'witness',
  'webhooks',
] as const
export type ConnectionId = (typeof connectionIds)[number]

/** Those that a button tries. The others are asked all the time by what the node does. */
export const triedConnections = ['trunk', 'documents', 'fiscal'] as const satisfies readonly ConnectionId[]
export type TriedConnection = (typeof triedConnections)[number]

export const connectionStates = [
  'works',
  'fails',
  /** Nothing has been asked of it since the start. */
  'not asked',
  /** The settings name none. */
  'not set up',
] as const
export type ConnectionState = (typeof connectionStates)[number]

export const connectionCauses = [
  'no connection',
  'no answer in time',
  'answer not understood',
  /** It answered with a status that is no success. */
  'refused',
  'login refused',
  /** The login may not execute what it has to. */
  'not permitted',
  /** The database has no such function. */
  'function missing',
  'registration refused',
  'not registered',
  /** The settings name no host to which calls leave. */
  'no host',
  'asterisk away',
  /** No node runs the ACD. */
  'no owner',
  /** Of a test: the node that runs the ACD did not answer, so the provider was not asked. */
  'owner silent',
  /** Messages that should have gone out are late. */
  'late',
  'other',
] as const
export type ConnectionCause = (typeof connectionCauses)[number]

/** The two addresses of a document system. */
export const documentParts = ['deliveries', 'look-ups'] as const
export type DocumentPart = (typeof documentParts)[number]

/** The terms of retention that are settings. */
export const retentionTerms = ['audio', 'details', 'requests', 'logs'] as const
export type RetentionTerm = (typeof retentionTerms)[number]

/** A test and every part of it end within this time. */
export const testWithinMs = 10_000

export type TestResult =
  | {
      readonly outcome: 'works'
      readonly tookMs: number
      /** Fiscal database: whether its login can write nothing; null: not known, or another connection. */
      readonly readOnly: boolean | null
    }
  | {
      readonly outcome: 'fails'
      readonly tookMs: number
      readonly cause: ConnectionCause
      /** Of the answer, for `refused`. */
      readonly status: number | null
      /** Which address of the document system; null: another connection. */
      readonly part: DocumentPart | null
    }

/** Knowledge of a connection that is asked now and then. */
export interface Standing {
  readonly state: Extract<ConnectionState, 'works' | 'fails' | 'not asked'>
  /** When this state was first seen. */
  readonly since: Millis | null
  readonly goodAt: Millis | null
  readonly badAt: Millis | null
  /** Of the last failure, also where it works again. */
  readonly cause: ConnectionCause | null
  readonly status: number | null
}

export interface Failure {
  readonly at: Millis
  readonly cause: ConnectionCause
  readonly status: number | null
}

/** Where answers are on record: deliveries, tests, the memory of a process. */
export interface Answers {
  lastGood(): Promise<Millis | null>
  lastBad(): Promise<Failure | null>
  /** The first good or bad one after a moment; null as moment: the first one known. */
  firstAfter(good: boolean, at: Millis | null): Promise<Millis | null>
}

/** The newest answer decides; the state began with the first of its kind after the last of the other. */
export async function standingOf(sources: readonly Answers[]): Promise<Standing> {
  const goods = await Promise.all(sources.map((one) => one.lastGood()))
  const bads = (await Promise.all(sources.map((one) => one.lastBad()))).filter((bad) => bad !== null)
  const goodAt = latest(goods)
  const bad = bads.toSorted((a, b) => b.at - a.at)[0] ?? null
  const badAt = bad?.at ?? null
  const told = { goodAt, badAt, cause: bad?.cause ?? null, status: bad?.status ?? null }
  if (goodAt === null && badAt === null) return { state: 'not asked', since: null, ...told }
  const good = (goodAt ?? -Infinity) >= (badAt ?? -Infinity)
  const firsts = await Promise.all(sources.map((one) => one.firstAfter(good, good ? badAt : goodAt)))
  const known = firsts.filter((at) => at !== null)
  const since = known.length === 0 ? (good ? goodAt : badAt) : Math.min(...known)
  return { state: good ? 'works' : 'fails', since, ...told }
}

const latest = (times: readonly (Millis | null)[]): Millis | null => {
  const known = times.filter((at) => at !== null)
  return known.length === 0 ? null : Math.max(...known)
}

/** The answers that one process has had, in its memory. */
export class HeardAnswers implements Answers {
  readonly #now: () => Millis
  #good: { readonly since: Millis; readonly at: Millis } | null = null
  #bad: (Failure & { readonly since: Millis }) | null = null
  #last: 'good' | 'bad' | null = null
  #lastAt: Millis = 0

  constructor(now: () => Millis) {
    this.#now = now
  }

  good(): void {
    const at = this.#next()
    this.#good = { since: this.#last === 'good' ? (this.#good?.since ?? at) : at, at }
    this.#last = 'good'
  }

  bad(cause: ConnectionCause): void {
    const at = this.#next()
    this.#bad = { since: this.#last === 'bad' ? (this.#bad?.since ?? at) : at, at, cause, status: null }
    this.#last = 'bad'
  }

  /** Never the same moment twice: of two answers within a millisecond the later one decides. */
  #next(): Millis {
    this.#lastAt = Math.max(this.#now(), this.#lastAt + 1)
    return this.#lastAt
  }

  async lastGood(): Promise<Millis | null> {
    return this.#good?.at ?? null
  }

  async lastBad(): Promise<Failure | null> {
    return this.#bad
  }

  async firstAfter(good: boolean, at: Millis | null): Promise<Millis | null> {
    const run = good ? this.#good : this.#bad
    if (run === null) return null
    if (at === null || run.since > at) return run.since
    return run.at > at ? run.at : null
  }
}
