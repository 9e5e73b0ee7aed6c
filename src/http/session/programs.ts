/**
 * Requests of other programs, with a token in `Authorization: Bearer lin_…`. A route takes tokens only where its config
 * names a scope; then the roles and the signed agreement of its account count as for the person's own requests.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { recordAccess } from '../../ledger/journal/access-log.ts'
import type { Scope } from '../../people/programs/scopes.ts'
import { isProgramToken, type OpenProgram } from '../../people/programs/tokens.ts'
import { digestOf, type OpenSession } from '../../people/sessions.ts'
import { networkOf } from '../../people/throttle.ts'
import { RecentLooks } from '../access/recent-looks.ts'
import type { App } from '../app.ts'
import type { HttpDeps } from '../ports.ts'
import { KeyedLimiter } from '../shell/keyed-limiter.ts'
import { addressOf } from '../shell/origin.ts'
import { Refused } from '../shell/problem.ts'
import { ProgramRate } from './program-rate.ts'

/** Wrong tokens from one network: they spend its budget, and never keep a right one out. */
const guesses = { max: 20, timeWindow: 60_000 }
/** Look-ups at once of tokens from one network that this node has not found before. */
const lookUps = { atOnceMax: 2, waitingMax: 100 }
const knownMax = 1_000

/** Null: the request has no such header, and is a browser's. */
export function bearerOf({ headers: { authorization } }: FastifyRequest): string | null {
  const [, token] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? []
  return token ?? null
}

/** Of a session or of a token; `program` is null for a session. */
type Open = OpenSession & { readonly program: OpenProgram | null }

/** The part of `Sessions` that finds tokens, with its cache. */
interface Tokens {
  sessionOf(token: string): Promise<Open | null>
}

type Limit = ReturnType<App['createRateLimit']>

export class Programs {
  readonly #deps: HttpDeps
  readonly #tokens: Tokens
  readonly #rate: ProgramRate
  readonly #ofNetwork: Limit
  readonly #lookUps = new KeyedLimiter(lookUps)
  /** Digests of tokens that were right before: they do not wait behind guesses. */
  readonly #known = new Set<string>()
  readonly #recent: RecentLooks

  constructor(app: App, deps: HttpDeps, tokens: Tokens) {
    this.#deps = deps
    this.#tokens = tokens
    this.#rate = new ProgramRate(deps)
    this.#ofNetwork = app.createRateLimit({
      ...guesses,
      keyGenerator: (request) => `guesses ${networkOf(addressOf(request))}`,
    })
    this.#recent = new RecentLooks(deps.now)
  }

  /** @throws {Refused} `wrong-token`, `token-scope`, `too-many-attempts` */
  async signedIn(request: FastifyRequest, reply: FastifyReply, scope: Scope | undefined) {
    const token = bearerOf(request) ?? ''
    const digest = digestOf(token).toString('base64url')
    const turn = this.#known.has(digest) ? `token ${digest}` : `network ${networkOf(addressOf(request))}`
    const found = await this.#lookUps.inTurn(turn, async () => ({ session: await this.#find(token) }))
    if (found === null) throw new Refused('too-many-attempts', 1)
    const { session } = found
    const program = session?.program ?? null
    if (session === null || program === null || program.expiresAt <= this.#deps.now()) {
      this.#known.delete(digest)
      await refuseBeyond(this.#ofNetwork, request)
      throw new Refused('wrong-token')
    }
    await this.#rate.count(reply, program)
    if (this.#known.size >= knownMax) this.#known.clear()
    this.#known.add(digest)
    if (scope === undefined || !program.scopes.includes(scope)) throw new Refused('token-scope')
    return { account: session.account, token, session, program }
  }

  async #find(token: string): Promise<Open | null> {
    return isProgramToken(token) ? this.#tokens.sessionOf(token) : null
  }

  /**
   * Before the route: each command of a program, and the first look of some minutes, is on record under its token and account by
   * its operation. The URL may be any text, so it names no object here.
   */
  async recordOperation(request: FastifyRequest): Promise<void> {
    await this.#record(request, operationOf(request))
  }

  /** Before the answer is sent, once the route has found the object. */
  async recordObject(
    request: FastifyRequest,
    { statusCode }: { readonly statusCode: number },
  ): Promise<void> {
    const { id } = (request.params ?? {}) as { readonly id?: string }
    if (id !== undefined && statusCode < 300) await this.#record(request, id)
  }

  async #record(request: FastifyRequest, about: string): Promise<void> {
    const { program = null, token = '' } = request.signedIn ?? {}
    if (program === null) return
    const query = `${program.program} (token ${program.id}): ${operationOf(request)}`
    const what = `${about} ${query}`
    // A look that is repeated is one look; a command that is repeated is another command.
    if (request.method === 'GET' && this.#recent.isKnown(token, what)) return
    const { id: account } = program.account
    await recordAccess(this.#deps.db, { kind: 'program', account, call: null, about, person: null, query })
    this.#recent.add(token, what)
  }
}

async function refuseBeyond(limit: Limit, request: FastifyRequest): Promise<void> {
  const counted = await limit(request)
  if (!counted.isAllowed && counted.isExceeded) throw new Refused('too-many-attempts', counted.ttlInSeconds)
}

const operationOf = ({ routeOptions, method }: FastifyRequest): string =>
  routeOptions.schema?.operationId ?? method
