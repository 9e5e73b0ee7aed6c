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
  /** Something about the account has changed since: it is asked before it is believed. */
  readonly changed: boolean
}

export class SessionCache<Account> {
  readonly #ask: (token: string) => Promise<Account | null>
  readonly #now: () => number
  readonly #known = new Map<string, Known<Account>>()
  /** How often something was told to have changed. */
  #changes = 0

  constructor(ask: (token: string) => Promise<Account | null>, now: () => number) {
    this.#ask = ask
    this.#now = now
  }

  /** Null when there is no such session (any more). Throws when it cannot be known. */
  async accountOf(token: string): Promise<Account | null> {
    const known = this.#known.get(token)
    const age = known === undefined ? Infinity : this.#now() - known.checkedAt
    if (known !== undefined && !known.changed && age < freshMs) return known.account
    const changes = this.#changes
    try {
      const account = await this.#ask(token)
      if (account === null) this.#known.delete(token)
      // What was asked before a change may be the answer from before it.
      else this.#keep(token, account, changes !== this.#changes)
      return account
    } catch (error) {
      if (known !== undefined && age < believedMs) return known.account
      throw error
    }
  }

  forget(isOver: (token: string) => boolean): void {
    for (const token of this.#known.keys()) if (isOver(token)) this.#known.delete(token)
  }

  /** From now on these are asked before they are believed, as far as they can be asked. Their tokens. */
  doubt(isConcerned: (account: Account) => boolean): ReadonlySet<string> {
    this.#changes += 1
    const doubted = new Set<string>()
    for (const [token, known] of this.#known) {
      if (!isConcerned(known.account)) continue
      this.#known.set(token, { ...known, changed: true })
      doubted.add(token)
    }
    return doubted
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
