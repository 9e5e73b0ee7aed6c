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
  digestOf,
  endSessionsOf,
  type NewSession,
  type OpenSession,
  openSession,
  revokeSession,
  sessionHoursMax,
  sessionOf,
} from '../../people/sessions.ts'
import type { Scope } from '../../people/programs/scopes.ts'
import { endTokensOf, isProgramToken, type OpenProgram, programOf } from '../../people/programs/tokens.ts'
import type { App } from '../app.ts'
import { browserDays, type BrowserData } from './browser.ts'
import { challengeMs } from '../../people/sign-in/challenges.ts'
import { lacksSecondFactor } from '../../people/sign-in/second-factor.ts'
import { refuseUnsigned } from './city-data.ts'
import { cookieNames, readPrefixedCookies, writePrefixedCookies } from './cookie-names.ts'
import type { FlowData } from './flow.ts'
import { refuseCrossSite } from '../shell/origin.ts'
import type { HttpDeps } from '../ports.ts'
import { Refused } from '../shell/problem.ts'
import { bearerOf, Programs } from './programs.ts'
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
    /** Also for the tokens of programs that have this scope; without it no token is accepted. */
    scope?: Scope
    /** Also for a session that must enrol a second factor before it can do anything else. */
    withoutSecondFactor?: true
  }
  interface FastifyRequest {
    /** Outlives the sessions (`browser.ts`). */
    browser: Session<BrowserData>
    /** The open challenges of a sign-in or an enrolment, for some minutes. */
    flow: Session<FlowData>
    /** Null on open routes. */
    signedIn: SignedIn | null
  }
}

export interface SignedIn {
  readonly account: Account
  readonly token: string
  readonly session: OpenSession
  /** Null: a person. */
  readonly program: OpenProgram | null
}

type Open = OpenSession & Pick<SignedIn, 'program'>

export class Sessions {
  readonly #db: HttpDeps['db']
  readonly #publishEnd: (digest: string) => Promise<void>
  readonly #cache: SessionCache<Open>

  /** `publishEnd` announces the end of a session to all nodes, this one included. */
  constructor({ db, now }: Pick<HttpDeps, 'db' | 'now'>, publishEnd: (digest: string) => Promise<void>) {
    this.#db = db
    this.#publishEnd = publishEnd
    this.#cache = new SessionCache((token) => openOf(db, token), now)
  }

  /** @throws {Refused} when the account was reset or closed meanwhile. */
  async open(request: FastifyRequest, session: NewSession): Promise<void> {
    const opened = await openSession(this.#db, session)
    if (opened === null) throw new Refused('wrong-credentials')
    request.session.set('token', opened.token)
  }

  /** Ends all sessions of the account, on all nodes, except the one of this request; `tokens`: and those of programs. */
  async endOthers(
    { account, token }: SignedIn,
    tokens: 'with tokens' | 'sessions' = 'sessions',
  ): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      await endSessionsOf(trx, account.id, { keep: token })
      if (tokens === 'with tokens') await endTokensOf(trx, account.id, account.id)
    })
  }

  /** `keepCookie`: the page asks with it whether its call may go on; it opens nothing any more. */
  async end(request: FastifyRequest, token: string, keepCookie: boolean): Promise<void> {
    if (!keepCookie) request.session.delete()
    await this.revoke(token)
  }

  /** Ends a session whose browser keeps its cookie: it has another one by now. */
  async revoke(token: string): Promise<void> {
    await revokeSession(this.#db, token)
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
    return this.#cache.recheck(({ account: { id } }) => account === null || id === account)
  }

  /** Null when there is no such session (any more). Throws while that cannot be found out. */
  sessionOf(token: string): Promise<Open | null> {
    return this.#cache.accountOf(token)
  }

  /** A token was ended, of a program: on all nodes. */
  async endedEverywhere(digest: Buffer): Promise<void> {
    const name = digest.toString('base64url')
    this.ended(name)
    await this.#publishEnd(name)
  }
}

async function openOf(db: HttpDeps['db'], token: string): Promise<Open | null> {
  if (!isProgramToken(token)) {
    const session = await sessionOf(db, token)
    return session === null ? null : { ...session, program: null }
  }
  const program = await programOf(db, token)
  return program === null
    ? null
    : { account: program.account, method: null, openedAt: program.madeAt, program }
}

export async function installSessions(app: App, deps: HttpDeps, sessions: Sessions): Promise<void> {
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure: 'auto' } as const
  // The secret is random, so a fast key derivation is enough.
  const key = (of: string) => Buffer.from(hkdfSync('sha256', deps.settings.sessionSecret, '', of, 32))
  const webOrigin = deps.settings.signIn.origin
  readPrefixedCookies(app, webOrigin)
  await app.register(secureSession, [
    {
      sessionName: 'session',
      cookieName: cookieNames.session,
      key: key('linia session cookie'),
      // The database ends a session; a call may go on until its end (`phone-socket-routes.ts`).
      expiry: 2 * sessionHoursMax * 3_600,
      cookie,
    },
    {
      sessionName: 'browser',
      cookieName: cookieNames.browser,
      key: key('linia browser cookie'),
      expiry: browserDays * 86_400,
      cookie: { ...cookie, maxAge: browserDays * 86_400 },
    },
    {
      sessionName: 'flow',
      cookieName: cookieNames.flow,
      key: key('linia flow cookie'),
      expiry: challengeMs / 1_000,
      // Lax: it must come along when the identity provider's page leads back to ours.
      cookie: { ...cookie, sameSite: 'lax', maxAge: challengeMs / 1_000 },
    },
  ])
  writePrefixedCookies(app, webOrigin)
  app.decorateRequest('signedIn', null)
  const programs = new Programs(app, deps, sessions)
  app.addHook('onSend', (request, reply) => programs.recordObject(request, reply))
  app.addHook('onRoute', ({ config, url }) => {
    if (config?.cityData === true && config.access === 'open')
      throw new Error(`${url} would show city data without a session`)
  })
  app.addHook('onRequest', async (request, reply) => {
    refuseCrossSite(request)
    const { access, cityData, scope, withoutSecondFactor } = request.routeOptions.config
    if (access === 'open' || request.is404) return
    const bearer = bearerOf(request)
    request.signedIn =
      bearer === null ? await signedInOf(request, sessions) : await programs.signedIn(request, reply, scope)
    if (bearer === null && withoutSecondFactor !== true)
      refuseWeak(request.signedIn, deps.settings.signIn.secondFactor)
    if (access !== undefined && !mayUse(request.signedIn.account, access)) throw new Refused('forbidden')
    if (cityData === true || (bearer !== null && scope !== 'configuration:read'))
      await refuseUnsigned(deps.db, request.signedIn.account)
    await programs.recordOperation(request)
  })
}

/** @throws {Refused} when a role of the account requires a second factor that the session lacks. */
function refuseWeak({ account, session }: SignedIn, required: readonly Role[]): void {
  if (lacksSecondFactor(account.roles, session.method, required)) throw new Refused('second-factor-needed')
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
  const session = token === null ? null : await sessions.sessionOf(token)
  if (token === null || session === null) throw new Refused('no-session')
  return { account: session.account, token, session, program: null }
}
