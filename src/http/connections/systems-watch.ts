/**
 * Since when the systems beside the server answer: Asterisk, Redis and PostgreSQL are asked now and then, because only a part that looks
 * all the time knows since when something is so.
 */
import { sql } from 'kysely'
import { HeardAnswers } from '../../city/connections/connection.ts'
import type { HttpDeps } from '../ports.ts'

const askEveryMs = 5_000

type SystemsDeps = Pick<HttpDeps, 'readiness' | 'db' | 'now'> & {
  readonly connections: Pick<HttpDeps['connections'], 'redisAnswers'>
}

export class SystemsWatch {
  readonly asterisk: HeardAnswers
  readonly redis: HeardAnswers
  readonly database: HeardAnswers
  readonly #deps: SystemsDeps
  readonly #timer: NodeJS.Timeout
  #looking: Promise<void> | null = null
  #lookedAt = -Infinity

  constructor(deps: SystemsDeps) {
    this.#deps = deps
    this.asterisk = new HeardAnswers(deps.now)
    this.redis = new HeardAnswers(deps.now)
    this.database = new HeardAnswers(deps.now)
    this.#timer = setInterval(() => void this.look(), askEveryMs)
    this.#timer.unref()
  }

  /** Asks now, unless that was just done. Resolves within the bounds of Redis and PostgreSQL. */
  async look(): Promise<void> {
    if (performance.now() - this.#lookedAt < askEveryMs / 5) return
    this.#looking ??= this.#look().finally(() => {
      this.#lookedAt = performance.now()
      this.#looking = null
    })
    await this.#looking
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#looking
  }

  async #look(): Promise<void> {
    const { readiness, db, connections } = this.#deps
    const { missing, owner } = readiness()
    if (owner === null) this.asterisk.bad('no owner')
    else if (missing.includes('asterisk')) this.asterisk.bad('no connection')
    else this.asterisk.good()
    const [redis, database] = await Promise.all([
      connections.redisAnswers().catch(() => false),
      sql`select 1`.execute(db).then(
        () => true,
        () => false,
      ),
    ])
    if (redis) this.redis.good()
    else this.redis.bad('no connection')
    if (database) this.database.good()
    else this.database.bad('no connection')
  }
}
