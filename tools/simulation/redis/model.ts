/**
 * Model of Redis: the Lua scripts of `src/redis` rewritten in TypeScript, line by line. `redis-model.test.ts` compares
 * it with the real scripts on a real Redis.
 */
type Argument = string | number
type Entry = [id: string, fields: string[]]

interface Stream {
  readonly entries: Entry[]
  /** Parts of the last id, which an emptied stream keeps. */
  ms: number
  seq: number
}
interface Text {
  readonly value: string
  /** Null: for ever. */
  readonly expiresAt: number | null
}

/** A snapshot, to restore later. */
export interface Kept {
  readonly texts: ReadonlyMap<string, Text>
  readonly hashes: ReadonlyMap<string, ReadonlyMap<string, string>>
  readonly streams: ReadonlyMap<string, Readonly<Stream>>
}

export type CommandName =
  | 'commitChange'
  | 'overwriteStates'
  | 'snapshotStates'
  | 'acknowledgeEffects'
  | 'takeLease'
  | 'renewLease'
  | 'releaseLease'
  | 'hgetall'
  | 'xrange'
  | 'info'

export class RedisModel {
  readonly #now: () => number
  #texts = new Map<string, Text>()
  #hashes = new Map<string, Map<string, string>>()
  #streams = new Map<string, Stream>()
  #runs = 1
  /** Called for every entry added to a stream. */
  onAdded: (key: string, fields: readonly string[]) => void = () => undefined

  /** `now`: epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  execute(name: CommandName, args: readonly Argument[]): unknown {
    const words = args.map(String)
    switch (name) {
      case 'commitChange':
        return this.#commit(words)
      case 'overwriteStates':
        return this.#overwrite(words)
      case 'snapshotStates':
        return this.#snapshot(words)
      case 'takeLease':
        return this.#takeLease(words)
      case 'renewLease':
        return this.#renewLease(words)
      case 'releaseLease':
        return this.#releaseLease(words)
      case 'hgetall':
        return Object.fromEntries(this.#hashes.get(words[0] ?? '') ?? [])
      case 'xrange':
        return (this.#streams.get(words[0] ?? '')?.entries ?? []).map(([id, fields]) => [id, [...fields]])
      case 'acknowledgeEffects':
        return this.#acknowledge(words)
      case 'info':
        return `# Server\r\nrun_id:${this.#runs}\r\n`
    }
  }

  /** Active expiry, as Redis does in the background. */
  expire(): void {
    for (const key of this.#texts.keys()) this.#get(key)
  }

  keep(): Kept {
    return {
      texts: new Map(this.#texts),
      hashes: new Map([...this.#hashes].map(([key, hash]) => [key, new Map(hash)])),
      streams: new Map(
        [...this.#streams].map(([key, stream]) => [key, { ...stream, entries: [...stream.entries] }]),
      ),
    }
  }

  /** A new process: empty, or with a snapshot. */
  restart(kept: Kept | null): void {
    this.#runs += 1
    this.#load(kept)
  }

  /** FLUSHALL: the same process, connections stay. */
  flush(): void {
    this.#load(null)
  }

  #load(kept: Kept | null): void {
    this.#texts = new Map(kept?.texts)
    this.#hashes = new Map([...(kept?.hashes ?? [])].map(([key, hash]) => [key, new Map(hash)]))
    this.#streams = new Map(
      [...(kept?.streams ?? [])].map(([key, stream]) => [key, { ...stream, entries: [...stream.entries] }]),
    )
  }

  // ---- commit.lua ---------------------------------------------------------------------------------

  #commit(words: readonly string[]): [number, Argument] {
    const [lease = '', versions = '', states = '', events = '', effects = '', last = '', ...argv] = words
    const [token = '', id = '', effectsJson = '', count] = argv
    const holder = this.#get(lease)
    if (holder !== token) {
      const latest = holder ?? this.#get(last)
      const later = latest !== null && latest !== token && fenceOf(latest) >= fenceOf(token)
      return [2, later ? 1 : 0]
    }

    const n = Number(count)
    for (let i = 0; i < n; i++) {
      const [subject = '', from] = argv.slice(4 + 4 * i)
      if ((this.#hash(versions).get(subject) ?? '0') !== from) return [1, i + 1]
    }
    for (let i = 0; i < n; i++) {
      const [subject = '', , to = '', state = ''] = argv.slice(4 + 4 * i)
      if (state === '') {
        this.#hdel(versions, subject)
        this.#hdel(states, subject)
      } else {
        this.#hash(versions).set(subject, to)
        this.#hash(states).set(subject, state)
      }
    }
    for (const event of argv.slice(4 + 4 * n)) this.#xadd(events, ['e', event])
    const effect = effectsJson === '' ? '' : this.#xadd(effects, ['commit', id, 'effects', effectsJson])
    return [0, effect]
  }

  // ---- overwrite.lua ------------------------------------------------------------------------------

  #overwrite(words: readonly string[]): [number, ...string[]] {
    const [lease = '', versions = '', states = '', events = '', effects = '', ...argv] = words
    const [token, count] = argv
    if (this.#get(lease) !== token) return [0]
    this.#hashes.delete(versions)
    this.#hashes.delete(states)
    const stream = this.#streams.get(effects)
    if (stream !== undefined) stream.entries.length = 0
    const n = Number(count)
    for (let i = 0; i < n; i++) {
      const [subject = '', version = '', state = ''] = argv.slice(2 + 3 * i)
      this.#hash(versions).set(subject, version)
      this.#hash(states).set(subject, state)
    }
    const [owed, ...rest] = argv.slice(2 + 3 * n)
    const m = Number(owed)
    const ids = Array.from({ length: m }, (_, i) =>
      this.#xadd(effects, ['commit', rest[2 * i] ?? '', 'effects', rest[2 * i + 1] ?? '']),
    )
    for (const event of rest.slice(2 * m)) this.#xadd(events, ['e', event])
    return [1, ...ids]
  }

  // ---- snapshot.lua -------------------------------------------------------------------------------

  #snapshot([states = '', events = '']: readonly string[]): string[] {
    const last = this.#streams.get(events)?.entries.at(-1)
    return [last?.[0] ?? '0-0', ...[...(this.#hashes.get(states) ?? [])].flat()]
  }

  // ---- acknowledge.lua ----------------------------------------------------------------------------

  #acknowledge([lease = '', effects = '', token, ...ids]: readonly string[]): number {
    if (this.#get(lease) !== token) return 0
    const stream = this.#streams.get(effects)
    for (const id of ids) {
      const at = stream?.entries.findIndex(([one]) => one === id) ?? -1
      if (at !== -1) stream?.entries.splice(at, 1)
    }
    return 1
  }

  // ---- lease-take.lua, lease-renew.lua, lease-release.lua -----------------------------------------

  #takeLease(words: readonly string[]): [string, string, number, string] {
    const [
      lease = '',
      lastKey = '',
      standby = '',
      seenKey = '',
      node = '',
      lifeMs,
      able,
      ableMs,
      whose,
      until,
    ] = words
    const now = Math.floor(this.#now())
    const own = `${node}:`
    const held = this.#get(lease)
    const last = this.#get(lastKey)
    const refuse = (): [string, string, number, string] => {
      if (able === '1') this.#set(standby, node, Number(ableMs))
      return ['', held ?? '', now, '']
    }
    if (until !== '0' && now > Number(until)) return refuse()
    if (held !== null && !held.startsWith(own)) return refuse()
    const givenBack = last?.startsWith(':') === true
    if (held === null && !givenBack && last?.startsWith(own) !== true) {
      if (whose === 'own' || (whose === 'new' && last !== null)) return refuse()
      if (whose === 'seen' && last === null) return refuse()
    }
    if (able !== '1') {
      const other = this.#get(standby)
      if (other !== null && other !== node) return refuse()
    }
    const fence = Math.max(Math.floor(this.#now() * 1000), last === null ? 0 : fenceOf(last) + 1)
    const token = `${own}${fence}`
    this.#set(lease, token, Number(lifeMs))
    this.#set(lastKey, token, null)
    if (this.#get(standby) === node) this.#texts.delete(standby)
    return [token, '', now, this.#get(seenKey) ?? '']
  }

  #renewLease(words: readonly string[]): [number, string] {
    const [lease = '', last = '', standby = '', seenKey = '', token = '', lifeMs, awake, at = ''] = words
    for (const key of [lease, last]) {
      const other = this.#get(key)
      if (other !== null && other !== token && fenceOf(other) >= fenceOf(token)) return [0, '']
      if (key === last && other === null && awake !== '1') return [0, '']
    }
    this.#set(lease, token, Number(lifeMs))
    this.#set(last, token, null)
    if (at !== '') this.#set(seenKey, at, null)
    return [1, this.#get(standby) ?? '']
  }

  #releaseLease([lease = '', last = '', token = '']: readonly string[]): number {
    if (this.#get(lease) !== token) return 0
    this.#texts.delete(lease)
    this.#set(last, token.slice(token.lastIndexOf(':')), null)
    return 1
  }

  // ---- commands -----------------------------------------------------------------------------------

  #xadd(key: string, fields: string[]): string {
    const stream = this.#streams.get(key) ?? { entries: [], ms: 0, seq: 0 }
    this.#streams.set(key, stream)
    const ms = Math.floor(this.#now())
    if (ms > stream.ms) {
      stream.ms = ms
      stream.seq = 0
    } else stream.seq += 1
    const id = `${stream.ms}-${stream.seq}`
    stream.entries.push([id, fields])
    this.onAdded(key, fields)
    return id
  }

  #get(key: string): string | null {
    const text = this.#texts.get(key)
    if (text === undefined) return null
    if (text.expiresAt === null || text.expiresAt > this.#now()) return text.value
    this.#texts.delete(key)
    return null
  }

  /** `lifeMs` null: without expiry. */
  #set(key: string, value: string, lifeMs: number | null): void {
    this.#texts.set(key, { value, expiresAt: lifeMs === null ? null : this.#now() + lifeMs })
  }

  #hash(key: string): Map<string, string> {
    const hash = this.#hashes.get(key) ?? new Map<string, string>()
    this.#hashes.set(key, hash)
    return hash
  }

  #hdel(key: string, field: string): void {
    const hash = this.#hashes.get(key)
    hash?.delete(field)
    if (hash?.size === 0) this.#hashes.delete(key)
  }
}

const fenceOf = (token: string): number => Number(/:(\d+)$/.exec(token)?.[1] ?? 0)
