/**
 * The account behind a session token, read from PostgreSQL at most every few seconds. While PostgreSQL is not
 * available, accounts that were signed in stay signed in, so that conversations with citizens go on.
 */

const freshMs = 5_000
/** How long a session stays valid without PostgreSQL. */
const validWithoutDatabaseMs = 12 * 3_600_000
const sessionsMax = 10_000

interface Known<Account> {
  readonly account: Account
  readonly checkedAt: number
  /** The account has changed since: the entry serves only while PostgreSQL cannot be asked. */
  readonly changed: boolean
}

export class SessionCache<Account> {
  readonly #ask: (token: string) => Promise<Account | null>
  readonly #now: () => number
  readonly #known = new Map<string, Known<Account>>()
  /** Number of changes reported so far. */
  #changes = 0

  constructor(ask: (token: string) => Promise<Account | null>, now: () => number) {
    this.#ask = ask
    this.#now = now
  }

  /** Null when there is no such session (any more). Throws when that cannot be found out. */
  async accountOf(token: string): Promise<Account | null> {
    const known = this.#known.get(token)
    const age = known === undefined ? Infinity : this.#now() - known.checkedAt
    if (known !== undefined && !known.changed && age < freshMs) return known.account
    const changes = this.#changes
    try {
      const account = await this.#ask(token)
      if (account === null) this.#known.delete(token)
      // A query that was sent before a change may have read the account as it was before it.
      else this.#keep(token, account, changes !== this.#changes)
      return account
    } catch (error) {
      if (known !== undefined && age < validWithoutDatabaseMs) return known.account
      throw error
    }
  }

  forget(isOver: (token: string) => boolean): void {
    for (const token of this.#known.keys()) if (isOver(token)) this.#known.delete(token)
  }

  /** The next request of these sessions reads PostgreSQL again. Answers their tokens. */
  recheck(isConcerned: (account: Account) => boolean): ReadonlySet<string> {
    this.#changes += 1
    const tokens = new Set<string>()
    for (const [token, known] of this.#known) {
      if (!isConcerned(known.account)) continue
      this.#known.set(token, { ...known, changed: true })
      tokens.add(token)
    }
    return tokens
  }

  #keep(token: string, account: Account, changed: boolean): void {
    // Re-inserting makes the map's order the order of use: the first is the longest unused.
    this.#known.delete(token)
    this.#known.set(token, { account, checkedAt: this.#now(), changed })
    if (this.#known.size <= sessionsMax) return
    const [oldest] = this.#known.keys()
    if (oldest !== undefined) this.#known.delete(oldest)
  }
}
