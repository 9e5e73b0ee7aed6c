/**
 * A real Redis with the real scripts as the engine of a run. Only time is simulated: keys are deleted when their
 * simulated expiry has passed, and TIME is passed to the script as arguments.
 */
import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import type { AcdKeys } from '../../../src/redis/keys.ts'
import { scripts } from '../../../src/redis/connection.ts'
import type { CommandName } from './model.ts'
import type { RedisEngine } from '../world/world.ts'

type Argument = string | number
interface Kept {
  readonly dumps: readonly (readonly [key: string, dump: Buffer])[]
  readonly expiries: ReadonlyMap<string, number>
}

/** Replaces a script's text, to plant a bug. */
export type ChangeScript = (file: string, text: string) => string

/** Longer than any run lasts. */
const foreverMs = 1_000_000_000
/** Positions of the arguments that are times to live. */
const lifeArguments: Partial<Record<CommandName, readonly number[]>> = {
  takeLease: [5, 7],
  renewLease: [5],
}
const asksForTime = "redis.call('TIME')"
const passedTime = '{ ARGV[#ARGV - 1], ARGV[#ARGV] }'

/** Commands that append to the event stream. */
const appending: ReadonlySet<CommandName> = new Set(['commitChange', 'overwriteStates'])

const isScript = (name: CommandName): name is CommandName & keyof typeof scripts => name in scripts

/** The text of one script of `src/redis`. */
function scriptText(file: string): string {
  return readFileSync(new URL(`../../../src/redis/${file}`, import.meta.url), 'utf8')
}

export class RealEngine implements RedisEngine {
  readonly #redis: Redis
  readonly #keys: AcdKeys
  readonly #now: () => number
  readonly #texts: ReadonlyMap<string, string>
  #expiries = new Map<string, number>()
  /** SHA1 digests of the loaded scripts. */
  readonly #digests = new Map<CommandName, Promise<string>>()
  #runs = 1
  #readTo = '0-0'
  /** Whether there may be unread events. */
  #hasUnread = false

  /** `redis` belongs to this run and is emptied. `change` may alter a script. */
  constructor(redis: Redis, keys: AcdKeys, now: () => number, change: ChangeScript) {
    this.#redis = redis
    this.#keys = keys
    this.#now = now
    this.#texts = new Map(
      Object.entries(scripts).map(([name, { file }]) => [
        name,
        change(file, scriptText(file)).replace(asksForTime, passedTime),
      ]),
    )
  }

  async execute(name: CommandName, args: readonly Argument[]): Promise<unknown> {
    await this.#expire()
    if (!isScript(name)) return this.#command(name, args)
    this.#hasUnread ||= appending.has(name)
    const answer = await this.#redis.evalsha(
      await this.#digestOf(name),
      scripts[name].keys,
      ...this.#withoutExpiry(name, args),
    )
    this.#rememberExpiry(name, args, answer)
    return answer
  }

  async newEvents(now?: true): Promise<readonly string[]> {
    if (now === undefined || !this.#hasUnread) return []
    this.#hasUnread = false
    const entries = await this.#redis.xrange(this.#keys.events, `(${this.#readTo}`, '+')
    this.#readTo = entries.at(-1)?.[0] ?? this.#readTo
    return entries.map(([, fields]) => fields[1] ?? '')
  }

  #digestOf(name: CommandName): Promise<string> {
    const known = this.#digests.get(name)
    if (known !== undefined) return known
    const loaded = this.#redis.script('LOAD', this.#texts.get(name) ?? '') as Promise<string>
    this.#digests.set(name, loaded)
    return loaded
  }

  async keep(): Promise<Kept> {
    const dumps: [string, Buffer][] = []
    for (const key of await this.#redis.keys('*')) {
      const dump = await this.#redis.dumpBuffer(key)
      if (dump !== null) dumps.push([key, dump])
    }
    return { dumps, expiries: new Map(this.#expiries) }
  }

  async restart(kept: unknown): Promise<void> {
    this.#runs += 1
    await this.#load(kept as Kept | null)
  }

  async flush(): Promise<void> {
    await this.#load(null)
  }

  async #load(from: Kept | null): Promise<void> {
    this.#readTo = '0-0'
    this.#hasUnread = true
    this.#expiries = new Map(from?.expiries)
    await this.#redis.flushdb()
    for (const [key, dump] of from?.dumps ?? []) await this.#redis.restore(key, 0, dump)
  }

  async #command(name: CommandName, args: readonly Argument[]): Promise<unknown> {
    const key = String(args[0])
    // A hash has no order, and each server has another; a seed gives the same run on every server.
    if (name === 'hgetall')
      return Object.fromEntries(
        Object.entries(await this.#redis.hgetall(key)).sort(([a], [b]) => (a < b ? -1 : 1)),
      )
    if (name === 'xrange') return this.#redis.xrange(key, '-', '+')
    return `# Server\r\nrun_id:${this.#runs}\r\n`
  }

  async #expire(): Promise<void> {
    const now = this.#now()
    for (const [key, at] of this.#expiries) {
      if (at > now) continue
      this.#expiries.delete(key)
      await this.#redis.del(key)
    }
  }

  /** Replaces times to live by a very long one, and appends the time for the script that calls TIME. */
  #withoutExpiry(name: CommandName, args: readonly Argument[]): Argument[] {
    const endless = [...args]
    for (const at of lifeArguments[name] ?? []) endless[at] = foreverMs
    if (name !== 'takeLease') return endless
    const microseconds = Math.floor(this.#now() * 1000)
    return [...endless, Math.floor(microseconds / 1_000_000), microseconds % 1_000_000]
  }

  #rememberExpiry(name: CommandName, args: readonly Argument[], answer: unknown): void {
    const { lease, standby } = this.#keys
    const [first] = Array.isArray(answer) ? (answer as unknown[]) : []
    if (name === 'takeLease') {
      if (first !== '') this.#expiries.set(lease, this.#now() + Number(args[5]))
      else if (String(args[6]) === '1') this.#expiries.set(standby, this.#now() + Number(args[7]))
    }
    if (name === 'renewLease' && first === 1) this.#expiries.set(lease, this.#now() + Number(args[5]))
    if (name === 'releaseLease' && answer === 1) this.#expiries.delete(lease)
  }
}
