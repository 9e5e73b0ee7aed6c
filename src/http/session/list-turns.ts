/** Turns of queries that read a whole page: they must not delay the calls, which the same process and database serve. */
import type { FastifyRequest } from 'fastify'
import { KeyedLimiter } from '../shell/keyed-limiter.ts'
import { Refused } from '../shell/problem.ts'

/** A screen reads two lists at most; a session that asks for more waits, then is refused. */
const perSession = { atOnceMax: 2, waitingMax: 6 }
/** Of the pool's ten connections: the others stay free for what agents do in calls. */
const perNode = { atOnceMax: 3, waitingMax: 200 }
/** An export reads many pages: exports take turns of their own, so that agents' lists do not wait for them. */
const exportsOfNode = { atOnceMax: 1, waitingMax: 20 }
const againAfterSeconds = 1

/** The part of a request that names its session. */
interface Asking {
  readonly signedIn: Pick<NonNullable<FastifyRequest['signedIn']>, 'token'> | null
}

export class ListTurns {
  readonly #ofSession = new KeyedLimiter(perSession)
  readonly #ofNode = new KeyedLimiter(perNode)
  readonly #exports = new KeyedLimiter(exportsOfNode)

  /** Runs a list's query when its turn comes. @throws {Refused} `too-many-reads`, with `Retry-After` */
  inTurn<Value extends object>(asking: Asking, read: () => Promise<Value>): Promise<Value> {
    return this.#ofSessionInTurn(asking, () => this.#ofNode.inTurn('lists', read))
  }

  /** Runs an export's query, one of the node at once. @throws {Refused} `too-many-reads`, with `Retry-After` */
  exportInTurn<Value extends object>(asking: Asking, read: () => Promise<Value>): Promise<Value> {
    return this.#ofSessionInTurn(asking, () => this.#exports.inTurn('exports', read))
  }

  async #ofSessionInTurn<Value extends object>(
    { signedIn }: Asking,
    ofNode: () => Promise<Value | null>,
  ): Promise<Value> {
    const answer = await this.#ofSession.inTurn(signedIn?.token ?? '', ofNode)
    if (answer === null) throw new Refused('too-many-reads', againAfterSeconds)
    return answer
  }
}
