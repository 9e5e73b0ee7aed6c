/**
 * Whose session a token is, asked of PostgreSQL at most every few seconds. While PostgreSQL is away, who
 * was signed in stays signed in: talking with citizens goes on.
 */

const freshMs = 5_000
/** How long a session is believed without PostgreSQL. */
const believedMs = 12 * 3_600_000
const sessionsMax = 10_000

interface Known<Account> {
  readonly account: Account
  readonly checkedAt: number
}

export class SessionCache<Account> {
  readonly #ask: (token: string) => Promise<Account | null>
  readonly #now: () => number
  readonly #known = new Map<string, Known<Account>>()

  constructor(ask: (token: string) => Promise<Account | null>, now: () => number) {
    this.#ask = ask
    this.#now = now
  }

  /** Null when there is no such session (any more). Throws when it cannot be known. */
  async accountOf(token: string): Promise<Account | null> {
    const known = this.#known.get(token)
    const age = known === undefined ? Infinity : this.#now() - known.checkedAt
    if (known !== undefined && age < freshMs) return known.account
    try {
      const account = await this.#ask(token)
      if (account === null) this.#known.delete(token)
      else this.#keep(token, account)
      return account
    } catch (error) {
      if (known !== undefined && age < believedMs) return known.account
      throw error
    }
  }

  forget(isOver: (token: string) => boolean): void {
    for (const token of this.#known.keys()) if (isOver(token)) this.#known.delete(token)
  }

  #keep(token: string, account: Account): void {
    // Re-inserting makes the map's order the order of use: the first is the longest unused.
    this.#known.delete(token)
    this.#known.set(token, { account, checkedAt: this.#now() })
    if (this.#known.size <= sessionsMax) return
    const [oldest] = this.#known.keys()
    if (oldest !== undefined) this.#known.delete(oldest)
  }
}
