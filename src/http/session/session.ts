/**
 * Authentication and authorisation of requests. The sealed cookie contains a revocable token. Each route declares
 * in its config which roles may use it (`access`); without a declaration it is for everybody with a session. A route
 * that shows city data declares that as well (`cityData`), and only this file checks the signed agreement for it.
 */
import { hkdfSync } from 'node:crypto'
import secureSession, { type Session } from '@fastify/secure-session'
import type { FastifyRequest } from 'fastify'
import type { AgentId } from '../../core/ids.ts'
import type { Account } from '../../people/accounts.ts'
import {
  accountOfSession,
  digestOf,
  endSessionsOf,
  type NewSession,
  openSession,
  revokeSession,
  sessionHoursMax,
} from '../../people/sessions.ts'
import type { App } from '../app.ts'
import { browserDays, type BrowserData } from './browser.ts'
import { refuseUnsigned } from './city-data.ts'
import { refuseCrossSite } from '../shell/origin.ts'
import type { HttpDeps } from '../ports.ts'
import { Refused } from '../shell/problem.ts'
import { SessionCache } from './session-cache.ts'
import type { Role } from '../wire.ts'

/** `open`: no session is needed. A list: any of these roles. */
export type Access = 'open' | readonly Role[]

declare module '@fastify/secure-session' {
  interface SessionData {
    token: string
  }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /**
     * The route shows the city's data about citizens: only to accounts that have signed the agreement, never to
     * an administrator.
     */
    cityData?: true
  }
  interface FastifyRequest {
    /** Outlives the sessions (`browser.ts`). */
    browser: Session<BrowserData>
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
  readonly #publishEnd: (digest: string) => Promise<void>
  readonly #cache: SessionCache<Account>

  /** `publishEnd` announces the end of a session to all nodes, this one included. */
  constructor({ db, now }: Pick<HttpDeps, 'db' | 'now'>, publishEnd: (digest: string) => Promise<void>) {
    this.#db = db
    this.#publishEnd = publishEnd
    this.#cache = new SessionCache((token) => accountOfSession(db, token), now)
  }

  /** @throws {Refused} when the account was reset or closed meanwhile. */
  async open(request: FastifyRequest, session: NewSession): Promise<void> {
    const opened = await openSession(this.#db, session)
    if (opened === null) throw new Refused('wrong-credentials')
    request.session.set('token', opened.token)
  }

  /** Ends all sessions of the account, on all nodes, except the one of this request. */
  async endOthers({ account, token }: SignedIn): Promise<void> {
    await this.#db.transaction().execute((trx) => endSessionsOf(trx, account.id, { keep: token }))
  }

  async end(request: FastifyRequest, token: string): Promise<void> {
    await revokeSession(this.#db, token)
    request.session.delete()
    const digest = digestOf(token).toString('base64url')
    this.ended(digest)
    await this.#publishEnd(digest)
  }

  /** The session was ended, here or at another node. */
  ended(digest: string): void {
    this.#cache.forget((token) => digestOf(token).toString('base64url') === digest)
  }

  /** The account was changed; null: any account may have been. Answers the tokens of the sessions concerned. */
  accountChanged(account: AgentId | null): ReadonlySet<string> {
    return this.#cache.recheck(({ id }) => account === null || id === account)
  }

  /** Null when there is no such session (any more). Throws while that cannot be found out. */
  accountOf(token: string): Promise<Account | null> {
    return this.#cache.accountOf(token)
  }
}

export async function installSessions(app: App, deps: HttpDeps, sessions: Sessions): Promise<void> {
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure: 'auto' } as const
  // The secret is random, so a fast key derivation is enough.
  const key = (of: string) => Buffer.from(hkdfSync('sha256', deps.settings.sessionSecret, '', of, 32))
  await app.register(secureSession, [
    {
      sessionName: 'session',
      cookieName: 'linia',
      key: key('linia session cookie'),
      expiry: sessionHoursMax * 3_600,
      cookie,
    },
    {
      sessionName: 'browser',
      cookieName: 'linia-browser',
      key: key('linia browser cookie'),
      expiry: browserDays * 86_400,
      cookie: { ...cookie, maxAge: browserDays * 86_400 },
    },
  ])
  app.decorateRequest('signedIn', null)
  app.addHook('onRoute', ({ config, url }) => {
    if (config?.cityData === true && config.access === 'open')
      throw new Error(`${url} would show city data without a session`)
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

/** The account of the request, on a route that needs a session. */
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
