/**
 * The rate of a program's token, held by all nodes together. While Redis is away each node counts by itself: most requests need PostgreSQL
 * alone, so that refusing all of them would end what could go on, and letting all of them through would let a flood into a system
 * that has trouble already.
 */
import type { FastifyReply } from 'fastify'
import type { Millis } from '../../core/ids.ts'
import type { OpenProgram } from '../../people/programs/tokens.ts'
import type { HttpDeps } from '../ports.ts'
import { Refused } from '../shell/problem.ts'
import { OwnRates } from './own-rates.ts'

/** A Redis that hangs delays a program's requests for the bound of one command, then not for so long. */
const againAfterMs: Millis = 5_000

type Deps = Pick<HttpDeps, 'programRates' | 'now' | 'logger'>

export class ProgramRate {
  readonly #deps: Deps
  readonly #own: OwnRates
  #alone = false
  #askAgainAt: Millis = 0

  constructor(deps: Deps) {
    this.#deps = deps
    this.#own = new OwnRates(deps.now)
  }

  /** Every answer says how much is left. @throws {Refused} `too-many-attempts`, with `Retry-After` */
  async count(reply: FastifyReply, { id, perMinute }: OpenProgram): Promise<void> {
    const { count, endsInMs } = await this.#counted(id, perMinute)
    const endsInSeconds = Math.max(1, Math.ceil(endsInMs / 1_000))
    reply.headers({
      'ratelimit-limit': perMinute,
      'ratelimit-remaining': Math.max(0, perMinute - count),
      'ratelimit-reset': endsInSeconds,
    })
    if (count <= perMinute) return
    throw new Refused('too-many-attempts', endsInSeconds, [], {
      ro: `Programul întreabă prea des: limita tokenului este ${perMinute} pe minut.`,
      en: `The program asks too often: the token’s limit is ${perMinute} a minute.`,
    })
  }

  async #counted(token: number, perMinute: number): Promise<{ count: number; endsInMs: number }> {
    const { programRates, now, logger } = this.#deps
    if (now() < this.#askAgainAt) return this.#own.count(token, perMinute)
    try {
      const counted = await programRates.count(token, perMinute)
      this.#alone = false
      return counted
    } catch {
      this.#askAgainAt = now() + againAfterMs
      if (!this.#alone)
        logger.warn('the rates of programs are counted by this node alone: Redis does not answer')
      this.#alone = true
      return this.#own.count(token, perMinute)
    }
  }
}
