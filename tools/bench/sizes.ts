/** How much of each measure is taken, from the environment; 0: nothing. */

export interface Sizes {
  readonly handovers: number
  readonly arrivals: number
  readonly queued: number
  readonly painted: number
  readonly decisions: number
  /** Requests that one desk registers, and ten at once. */
  readonly registrations: number
  readonly looks: number
  /** Of papers. */
  readonly searches: number
  /** Of one taxpayer's account. */
  readonly views: number
  readonly loadSeconds: number
  /** New calls at the highest load; before it, Linia is given half of them. */
  readonly perSecond: number
  /** 0: the limit is not looked for. */
  readonly limit: number
}

export function sizesWanted(): Sizes {
  return {
    handovers: wanted('HANDOVERS', 300),
    arrivals: wanted('ARRIVALS', 200),
    queued: wanted('QUEUED', 600),
    painted: wanted('PAINTED', 100),
    decisions: wanted('DECISIONS', 5_000),
    registrations: wanted('REGISTRATIONS', 1_000),
    looks: wanted('LOOKS', 1_000),
    searches: wanted('SEARCHES', 2_000),
    views: wanted('VIEWS', 300),
    loadSeconds: wanted('LOAD_SECONDS', 60),
    perSecond: wanted('PER_SECOND', 40),
    limit: wanted('LIMIT', 1),
  }
}

function wanted(name: string, otherwise: number): number {
  const given = Number(process.env[name] ?? otherwise)
  if (!Number.isInteger(given) || given < 0) throw new Error(`${name}: a whole number is expected`)
  return given
}
