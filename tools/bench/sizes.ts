/** Number of samples of each measure, from the environment; 0: not measured. */

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
