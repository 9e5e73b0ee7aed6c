/**
 * Which node owns an Asterisk. The holder renews twice a second, counts as the holder by the monotonic
 * clock only as long as it surely is one, and fences its writes with its token. Who stands by asks ten
 * times a second. One of these serves one term: it is taken once, and once lost it stays lost.
 */
import type { Clock, Lease } from '../acd/ports.ts'
import type { AcdKeys } from './keys.ts'
import type { AcdCommands } from './connection.ts'

const lifeMs = 2_000
const renewMs = 500
/** The lease counts as lost so much before Redis lets it go: clocks and replies are not exact. */
const marginMs = 400
/** Standing by, and while Redis gives no answer. */
const askMs = 100
/** That a standby reaches Asterisk is believed for so long. */
const ableMs = 1_000
/** A time by which no request takes the lease. */
const longAgoMs = 1
/** A request that Redis reads later than this was asked before Redis hung. */
const requestMs = 600

export interface RedisLeaseOptions {
  readonly node: string
  readonly clock: Clock
  /** Whether this node reaches Asterisk: who does not leaves the lease to who does. */
  readonly able?: () => boolean
  /** Whether this node must not own the line: then it only asks who does. */
  readonly declines?: () => boolean
  /** This process has had a term before: another node may own the line although Redis knows of none. */
  readonly again?: boolean
}

export interface RedisLease extends Lease {
  /** The token that fences writes; '' before the acquisition and after the loss. */
  token(): string
  /** The node that held the lease when it was last asked for; null while nobody does. */
  holder(): string | null
}

export function redisLease(redis: AcdCommands, keys: AcdKeys, options: RedisLeaseOptions): RedisLease {
  return new TermLease(redis, keys, options)
}

class TermLease implements RedisLease {
  readonly #redis: AcdCommands
  readonly #names: readonly [lease: string, last: string, standby: string]
  readonly #node: string
  readonly #clock: Clock
  readonly #able: () => boolean
  readonly #declines: () => boolean
  #token = ''
  #holder: string | null = null
  #surelyUntil = 0
  #askedAt = 0
  #away = false
  #standby = ''
  /** Calls off what is to be done next. */
  #callOff: () => void = () => undefined
  #stopped = false
  /** Ends the wait of `acquire`. */
  #wake: () => void = () => undefined
  readonly #lost: (() => void)[] = []
  /** Another node has been seen to hold it, ever, and since Redis has answered without a break. */
  #knowsAnother = false
  #sawAnother = false
  /** Since when Redis answers without a break, by our clock; and what its clock said last, when. */
  #answersSince: number | null = null
  #redisTime: { readonly ms: number; readonly at: number } | null = null

  constructor(redis: AcdCommands, keys: AcdKeys, options: RedisLeaseOptions) {
    this.#redis = redis
    this.#names = [keys.lease, keys.lastLease, keys.standby]
    this.#node = options.node
    this.#clock = options.clock
    this.#able = options.able ?? (() => true)
    this.#declines = options.declines ?? (() => false)
    this.#knowsAnother = options.again === true
    // Whether the same Redis is back, or one that has forgotten, is not known.
    redis.on('close', () => this.#broken())
    // Redis is back: whoever asks first has the lease.
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

  onLost(listener: () => void): void {
    this.#lost.push(listener)
  }

  async acquire(): Promise<{ readonly fence: number }> {
    while (!(await this.#take())) {
      if (this.#stopped) throw new Error('The lease is no longer wanted')
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        this.#callOff = this.#clock.after(askMs, resolve)
      })
    }
    this.#renewIn(renewMs)
    return { fence: Number(this.#token.split(':').at(-1)) }
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
      // Redis is away: the lease runs out by itself.
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
      const [token, holder, nowMs] = await this.#redis.takeLease(
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
      if (token !== '') return this.#taken(token, asked)
      if (this.#holder !== null && this.#holder !== this.#node) {
        this.#knowsAnother = true
        this.#sawAnother = true
      } else if (whose === 'seen') {
        // Vacant, and yet refused: Redis may have been emptied under its holder, who has the first word.
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
      // Granted while nobody wanted it any more: it runs out by itself.
      return false
    }
    this.#token = token
    this.#askedAt = asked
    this.#surelyUntil = asked + lifeMs - marginMs
    return true
  }

  /**
   * Whose vacant lease may be taken. A Redis that was away comes back with an expired lease, or with none:
   * then its holder, who goes on without it, has the first word. A holder who vanishes while Redis answers
   * is gone, unless Redis has forgotten all holders at once.
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
    const answer = await this.#redis.renewLease(...this.#names, token, lifeMs, awake).catch(() => null)
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
