/** Number of samples of each measure, from the environment; 0: not measured. */
import { UserError } from '../../src/stack/terminal.ts'

export interface Sizes {
  readonly handovers: number
  readonly arrivals: number
  readonly queued: number
  readonly painted: number
  readonly decisions: number
  /** Requests registered by one desk, and again by ten at once. */
  readonly registrations: number
  /** Entries of the access log. */
  readonly looks: number
  /** Searches of the knowledge base. */
  readonly searches: number
  /** Views of one taxpayer's account. */
  readonly views: number
  readonly loadSeconds: number
  /** New calls per second at the highest load; Linia is also measured at half of it. */
  readonly perSecond: number
  /** 0: the highest rate is not searched. */
  readonly limit: number
}

/** Chosen so that a full run ends within 20 minutes on two cores (`docs/bench.md`). */
const full = {
  handovers: 200,
  arrivals: 120,
  queued: 300,
  painted: 60,
  decisions: 5_000,
  registrations: 500,
  looks: 1_000,
  searches: 1_000,
  views: 300,
  loadSeconds: 45,
  limit: 1,
}

/** Names for ONLY. */
const measures = {
  handovers: 'handovers',
  arrivals: 'arrivals',
  queued: 'queued',
  painted: 'painted',
  decisions: 'decisions',
  registrations: 'registrations',
  looks: 'looks',
  searches: 'searches',
  views: 'views',
  load: 'loadSeconds',
  limit: 'limit',
} as const

type Env = Readonly<Record<string, string | undefined>>

/** ONLY names the measures to take, separated by commas. Throws `UserError` for a name or a number that is none. */
export function sizesWanted(env: Env = process.env): Sizes {
  const only = onlyOf(env['ONLY'])
  const size = (of: keyof typeof full, name: string): number =>
    only.has(of) ? wanted(env, name, full[of]) : 0
  return {
    handovers: size('handovers', 'HANDOVERS'),
    arrivals: size('arrivals', 'ARRIVALS'),
    queued: size('queued', 'QUEUED'),
    painted: size('painted', 'PAINTED'),
    decisions: size('decisions', 'DECISIONS'),
    registrations: size('registrations', 'REGISTRATIONS'),
    looks: size('looks', 'LOOKS'),
    searches: size('searches', 'SEARCHES'),
    views: size('views', 'VIEWS'),
    loadSeconds: size('loadSeconds', 'LOAD_SECONDS'),
    perSecond: wanted(env, 'PER_SECOND', 40),
    limit: size('limit', 'LIMIT'),
  }
}

/** Bound of a whole run in milliseconds: BENCH_MINUTES. */
export function benchMsMax(env: Env = process.env): number {
  return wanted(env, 'BENCH_MINUTES', 20) * 60_000
}

function onlyOf(text: string | undefined): ReadonlySet<string> {
  if (text === undefined || text.trim() === '') return new Set(Object.keys(full))
  return new Set(
    text.split(',').map((name) => {
      const measure = Object.entries(measures).find(([known]) => known === name.trim())
      if (measure === undefined)
        throw new UserError(
          `ONLY: no measure is called "${name.trim()}"; there are ${Object.keys(measures).join(', ')}`,
        )
      return measure[1]
    }),
  )
}

function wanted(env: Env, name: string, otherwise: number): number {
  const given = Number(env[name] ?? otherwise)
  if (!Number.isInteger(given) || given < 0) throw new UserError(`${name}: a whole number is expected`)
  return given
}
