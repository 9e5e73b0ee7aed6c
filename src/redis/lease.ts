/**
 * The lease that decides which node owns an Asterisk. The holder renews it twice a second, counts itself as the
 * holder only while the monotonic clock proves it, and fences its writes with its token. A standby asks ten times a
 * second. One instance serves one term: it is taken once, and once lost it stays lost.
 */
import type { Clock, Lease } from '../acd/ports.ts'
import type { Millis } from '../core/ids.ts'
import type { AcdKeys } from './keys.ts'
import type { AcdCommands } from './connection.ts'

const lifeMs = 2_000
const renewMs = 500
/** The holder stops this long before the expiry in Redis: clocks and replies are not exact. */
const marginMs = 400
/** Between two requests of a standby, and between two renewals while Redis does not answer. */
const askMs = 100
/** How long a standby's report that it reaches Asterisk stays valid. */
const ableMs = 1_000
/** A time by which no request takes the lease. */
const longAgoMs = 1
/** A request that Redis executes later than this was sent before Redis hung, and must not take the lease. */
const requestMs = 600

export interface RedisLeaseOptions {
  readonly node: string
  readonly clock: Clock
  /** Whether this node reaches Asterisk. One that does not leaves the lease to a standby that does. */
  readonly able?: () => boolean
  /** Whether this node must not own the line: then it only asks who does. */
  readonly declines?: () => boolean
  /** This process has had a term before: another node may be the owner although Redis has no lease. */
  readonly again?: boolean
}

export interface RedisLease extends Lease {
  /** The token that fences writes; '' before the acquisition and after the loss. */
  token(): string
  /** The node that held the lease at the last request; null for none. */
  holder(): string | null
}

export function redisLease(redis: AcdCommands, keys: AcdKeys, options: RedisLeaseOptions): RedisLease {
  return new TermLease(redis, keys, options)
}

class TermLease implements RedisLease {
  readonly #redis: AcdCommands
  readonly #names: readonly [lease: string, last: string, standby: string, lastSeen: string]
  readonly #node: string
  readonly #clock: Clock
  readonly #able: () => boolean
  readonly #declines: () => boolean
  #token = ''
  #lastSeenAt: Millis | null = null
  #seenAt: () => Millis | null = () => null
  #holder: string | null = null
  #surelyUntil = 0
  #askedAt = 0
  #away = false
  #standby = ''
  /** Cancels the next request. */
  #callOff: () => void = () => undefined
  #stopped = false
  /** Ends the pause of `acquire`. */
  #wake: () => void = () => undefined
  readonly #lost: (() => void)[] = []
  /** Another node has been seen as the holder: ever, and since Redis has answered without a break. */
  #knowsAnother = false
  #sawAnother = false
  /** Since when Redis has answered without a break, by our clock; and its own time at our time `at`. */
  #answersSince: number | null = null
  #redisTime: { readonly ms: number; readonly at: number } | null = null

  constructor(redis: AcdCommands, keys: AcdKeys, options: RedisLeaseOptions) {
    this.#redis = redis
    this.#names = [keys.lease, keys.lastLease, keys.standby, keys.lastSeen]
    this.#node = options.node
    this.#clock = options.clock
    this.#able = options.able ?? (() => true)
    this.#declines = options.declines ?? (() => false)
    this.#knowsAnother = options.again === true
    // The Redis that comes back may have lost its data.
    redis.on('close', () => this.#broken())
    // Redis is back: the first to ask gets the lease.
    redis.on('ready', () => {
      if (this.#token !== '' && !this.#stopped) void this.#renew()
    })
  }

  token(): string {
    return this.#token
  }

  holder(): string | null {
    return this.#token === '' ? this.#holder : this.#node
  }

  held(): boolean {
    return this.#token !== '' && this.#clock.monotonic() < this.#surelyUntil
  }

  away(): boolean {
    return this.#token !== '' && this.#away
  }

  standbyAble(): boolean {
    return this.#token !== '' && !this.#away && this.#standby !== ''
  }

  recordSeen(seenAt: () => Millis | null): void {
    this.#seenAt = seenAt
  }

  onLost(listener: () => void): void {
    this.#lost.push(listener)
  }

  async acquire(): Promise<{ readonly fence: number; readonly lastSeenAt: Millis | null }> {
    while (!(await this.#take())) {
      if (this.#stopped) throw new Error('The lease is no longer wanted')
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        this.#callOff = this.#clock.after(askMs, resolve)
      })
    }
    this.#renewIn(renewMs)
    return { fence: Number(this.#token.split(':').at(-1)), lastSeenAt: this.#lastSeenAt }
  }

  async release(): Promise<void> {
    this.#stopped = true
    this.#callOff()
    this.#wake()
    const token = this.#token
    this.#token = ''
    if (token === '') return
    try {
      await this.#redis.releaseLease(this.#names[0], this.#names[1], token)
    } catch {
      // Redis is away: the lease expires by itself.
    }
  }

  /** Asks for the lease; true when it is ours now. */
  async #take(): Promise<boolean> {
    const asked = this.#clock.monotonic()
    try {
      const declines = this.#declines()
      const able = !declines && this.#able() ? 1 : 0
      const whose = this.#mayTake(asked)
      const latest =
        this.#redisTime === null ? 0 : this.#redisTime.ms + asked - this.#redisTime.at + requestMs
      const [token, holder, nowMs, lastSeenAt] = await this.#redis.takeLease(
        ...this.#names,
        this.#node,
        lifeMs,
        able,
        ableMs,
        whose,
        declines ? longAgoMs : Math.round(latest),
      )
      this.#answersSince ??= asked
      this.#redisTime = { ms: nowMs, at: this.#clock.monotonic() }
      this.#holder = holder === '' ? null : (holder.split(':')[0] ?? null)
      if (token !== '') {
        this.#lastSeenAt = lastSeenAt === '' ? null : Number(lastSeenAt)
        return this.#taken(token, asked)
      }
      if (this.#holder !== null && this.#holder !== this.#node) {
        this.#knowsAnother = true
        this.#sawAnother = true
      } else if (whose === 'seen') {
        // Vacant, and yet refused: Redis may have been emptied under a holder, which goes first.
        this.#sawAnother = false
        this.#answersSince = asked
      }
    } catch {
      this.#broken()
    }
    return false
  }

  #taken(token: string, asked: number): boolean {
    if (this.#stopped) {
      // Granted after `release`: it expires by itself.
      return false
    }
    this.#token = token
    this.#askedAt = asked
    this.#surelyUntil = asked + lifeMs - marginMs
    return true
  }

  /**
   * Which vacant lease may be taken (ARGV[5] of lease-take.lua). A Redis that was away comes back with an expired
   * lease or none, while its holder goes on: the holder goes first. A holder that vanishes while Redis answers is
   * gone, unless Redis has lost all tokens at once.
   */
  #mayTake(now: number): 'any' | 'seen' | 'new' | 'own' {
    if (this.#sawAnother) return 'seen'
    if (this.#answersSince !== null && now - this.#answersSince > lifeMs) return 'any'
    return this.#knowsAnother ? 'own' : 'new'
  }

  #broken(): void {
    this.#answersSince = null
    this.#redisTime = null
    this.#sawAnother = false
  }

  #renewIn(waitMs: number): void {
    this.#callOff()
    this.#callOff = this.#clock.after(waitMs, () => void this.#renew())
  }

  async #renew(): Promise<void> {
    const asked = this.#clock.monotonic()
    const awake = asked - this.#askedAt < lifeMs ? 1 : 0
    const token = this.#token
    const seenAt = this.#seenAt() ?? ''
    const answer = await this.#redis
      .renewLease(...this.#names, token, lifeMs, awake, seenAt)
      .catch(() => null)
    if (this.#stopped || this.#token !== token) return
    this.#askedAt = asked
    this.#away = answer === null
    if (answer === null) {
      this.#renewIn(askMs)
      return
    }
    const [held, standby] = answer
    if (held !== 1) {
      this.#lose()
      return
    }
    this.#standby = standby
    this.#surelyUntil = asked + lifeMs - marginMs
    this.#renewIn(renewMs)
  }

  #lose(): void {
    this.#token = ''
    this.#surelyUntil = 0
    this.#callOff()
    for (const listener of this.#lost) listener()
  }
}
