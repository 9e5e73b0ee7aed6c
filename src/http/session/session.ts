/**
 * Who is asking. The sealed cookie holds a revocable token; every route says who may use it, and a route
 * that says nothing is for anybody with a session. What shows city data says so too, and this is the one
 * place that asks for the signed agreement.
 */
import { hkdfSync } from 'node:crypto'
import secureSession from '@fastify/secure-session'
import type { FastifyRequest } from 'fastify'
import type { AgentId } from '../../core/ids.ts'
import type { Account } from '../../people/accounts.ts'
import {
  accountOfSession,
  digestOf,
  openSession,
  revokeSession,
  sessionHoursMax,
} from '../../people/sessions.ts'
import type { App } from '../app.ts'
import { refuseUnsigned } from './city-data.ts'
import { refuseCrossSite } from '../shell/origin.ts'
import type { HttpDeps } from '../ports.ts'
import { Refused } from '../shell/problem.ts'
import { SessionCache } from './session-cache.ts'
import type { Role } from '../wire.ts'

/** `open`: without a session. A list: any of these roles. */
export type Access = 'open' | readonly Role[]

declare module '@fastify/secure-session' {
  interface SessionData {
    token: string
  }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** Shows what the city knows of citizens: only to who has signed the agreement, never to an administrator. */
    cityData?: true
  }
  interface FastifyRequest {
    /** Null on open routes. */
    signedIn: SignedIn | null
  }
}

export interface SignedIn {
  readonly account: Account
  readonly token: string
}

export class Sessions {
  readonly #db: HttpDeps['db']
  readonly #tellEnd: (digest: string) => Promise<void>
  readonly #cache: SessionCache<Account>

  /** `tellEnd` tells all nodes, this one included, that a session is over. */
  constructor({ db, now }: Pick<HttpDeps, 'db' | 'now'>, tellEnd: (digest: string) => Promise<void>) {
    this.#db = db
    this.#tellEnd = tellEnd
    this.#cache = new SessionCache((token) => accountOfSession(db, token), now)
  }

  async open(request: FastifyRequest, account: Account): Promise<void> {
    const { token } = await openSession(this.#db, account)
    request.session.set('token', token)
  }

  async end(request: FastifyRequest, token: string): Promise<void> {
    await revokeSession(this.#db, token)
    request.session.delete()
    const digest = digestOf(token).toString('base64url')
    this.heardEnd(digest)
    await this.#tellEnd(digest)
  }

  heardEnd(digest: string): void {
    this.#cache.forget((token) => digestOf(token).toString('base64url') === digest)
  }

  /** Something about the account has changed; null: about any of them, perhaps. The tokens of its sessions. */
  heardChange(account: AgentId | null): ReadonlySet<string> {
    return this.#cache.doubt(({ id }) => account === null || id === account)
  }

  /** Null when there is no session (any more). Throws while that cannot be known. */
  accountOf(token: string): Promise<Account | null> {
    return this.#cache.accountOf(token)
  }
}

export async function installSessions(app: App, deps: HttpDeps, sessions: Sessions): Promise<void> {
  await app.register(secureSession, {
    cookieName: 'linia',
    // The secret is random: it needs no slow derivation.
    key: Buffer.from(hkdfSync('sha256', deps.settings.sessionSecret, '', 'linia session cookie', 32)),
    expiry: sessionHoursMax * 3_600,
    cookie: { path: '/', httpOnly: true, sameSite: 'strict', secure: 'auto' },
  })
  app.decorateRequest('signedIn', null)
  app.addHook('onRoute', ({ config, url }) => {
    if (config?.cityData === true && config.access === 'open')
      throw new Error(`${url} would show city data to anybody`)
  })
  app.addHook('onRequest', async (request) => {
    refuseCrossSite(request)
    const { access, cityData } = request.routeOptions.config
    if (access === 'open' || request.is404) return
    request.signedIn = await signedInOf(request, sessions)
    if (access !== undefined && !mayUse(request.signedIn.account, access)) throw new Refused('forbidden')
    if (cityData === true) await refuseUnsigned(deps.db, request.signedIn.account)
  })
}

/** The account that asks, on a route that needs a session. */
export function accountOf(request: FastifyRequest): Account {
  if (request.signedIn === null) throw new Refused('no-session')
  return request.signedIn.account
}

export function tokenOf(request: FastifyRequest): string | null {
  return request.session.get('token') ?? null
}

export function mayUse(account: Account, access: readonly Role[]): boolean {
  return account.roles.some((role) => access.includes(role))
}

async function signedInOf(request: FastifyRequest, sessions: Sessions): Promise<SignedIn> {
  const token = tokenOf(request)
  const account = token === null ? null : await sessions.accountOf(token)
  if (token === null || account === null) throw new Refused('no-session')
  return { account, token }
}
