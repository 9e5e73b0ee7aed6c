/**
 * Signing in and out through the city's identity provider: the browser goes to it and comes back. A program cannot use
 * these addresses, which answer with nothing but a redirect, so that the API's document leaves them out.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AgentId } from '../../core/ids.ts'
import { spendChallenge } from '../../people/sign-in/challenges.ts'
import { providedAccount } from '../../people/sign-in/provided-accounts.ts'
import { endProviderSessions, keepProviderSession, tokensOf } from '../../people/sign-in/provider-sessions.ts'
import type { IdentityProvider } from '../../people/sign-in/provider.ts'
import { sealWith } from '../../people/sign-in/sealed.ts'
import type { Link } from '../../people/sign-in/subjects.ts'
import { digestOf } from '../../people/sessions.ts'
import { attemptOf } from '../../people/throttle.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import type { FlowData } from '../session/flow.ts'
import { signIn, signOut } from '../session/routes.ts'
import { tokenOf } from '../session/session.ts'
import { refusals } from '../shell/documented.ts'
import { addressOf } from '../shell/origin.ts'
import { Refused } from '../shell/problem.ts'
import { fresh } from './freshness.ts'

const rateLimit = { max: 600, timeWindow: 60_000 }
const tags = ['session']
const elsewhere = { description: 'Leads the browser on.', type: 'null' } as const
/** How a sign-in ended, for the sign-in page (`src/ui/sign-in/outcome.ts`). */
type Outcome = 'away' | 'refused' | 'expired' | 'no-role' | 'closed' | 'linked'
const outcomes = {
  'no role': 'no-role',
  closed: 'closed',
  'linked elsewhere': 'linked',
  // The account was reset meanwhile, or its owner has signed out.
  'session over': 'expired',
} as const

export const callbackPath = '/api/sign-in/provider/callback'

export function providerRoutes(app: App, context: RouteContext): void {
  const { db, logger, settings } = context.deps
  const { origin } = settings.signIn
  const seal = sealWith(settings.factorKey)

  app.get(
    '/api/sign-in/provider',
    {
      config: { access: 'open', rateLimit, undocumented: true },
      schema: {
        operationId: 'goToProvider',
        tags,
        summary: 'Go to the identity provider to sign in',
        response: { 302: elsewhere, ...refusals(404, 429) },
      },
    },
    async (request, reply) => {
      const provider = providerOf(context)
      // The provider leads back to this address, where the cookie must be.
      if (request.host !== new URL(origin).host) return reply.redirect(`${origin}/api/sign-in/provider`)
      return begin(provider, request, reply, null)
    },
  )

  app.get(
    '/api/sign-in/provider/link',
    {
      config: { undocumented: true },
      schema: {
        operationId: 'linkProvider',
        tags,
        summary: 'Link my account with the identity provider',
        response: { 302: elsewhere, ...refusals(401, 403, 404, 503) },
      },
    },
    async (request, reply) => {
      const provider = providerOf(context)
      const account = fresh(context, request).id
      return begin(provider, request, reply, { account, session: digestOf(tokenOf(request) ?? '') })
    },
  )

  app.get(
    callbackPath,
    {
      config: { access: 'open', rateLimit, anyParameters: true, undocumented: true },
      schema: {
        operationId: 'comeFromProvider',
        tags,
        summary: 'Where the identity provider leads the browser back to',
        response: { 302: elsewhere, ...refusals(404, 429, 503) },
      },
    },
    async (request, reply) => {
      const provider = providerOf(context)
      const open = request.flow.get('provider')
      request.flow.set('provider', undefined)
      if (open === undefined || !(await spendChallenge(db, open.state))) return leave(reply, 'expired')
      const answer = await provider.finish(request.url.split('?')[1] ?? '', open)
      if (!answer.ok) {
        logger.warn({ why: answer.why, detail: answer.detail }, 'the identity provider has signed nobody in')
        return leave(reply, answer.why)
      }
      const { person, tokens } = answer
      const { employer } = provider.settings
      const provided = await providedAccount(db, person, { employer, link: linkIn(open), isSignIn: true })
      if (!provided.ok) {
        logger.warn({ why: provided.why }, 'a person whom the identity provider knows was not signed in')
        return leave(reply, outcomes[provided.why])
      }
      const { account } = provided
      const attempt = attemptOf(settings.sessionSecret, account.username, addressOf(request))
      try {
        await signIn(context, request, attempt, {
          account,
          method: 'oidc',
          password: null,
          withSession: (trx, token) => keepProviderSession(trx, seal, token, person, tokens),
        })
      } catch (error) {
        // A reset of the account is pending.
        if (error instanceof Refused) return leave(reply, 'closed')
        throw error
      }
      return reply.redirect('/')
    },
  )

  app.get(
    '/api/sign-in/provider/sign-out',
    {
      config: { withoutSecondFactor: true, undocumented: true },
      schema: {
        operationId: 'signOutOfProvider',
        tags,
        summary: 'Sign out here and, where it has a page for that, at the identity provider',
        description: 'A link of another site carries no session cookie, so that it signs nobody out.',
        response: { 302: elsewhere, ...refusals(401, 404, 503) },
      },
    },
    async (request, reply) => {
      const provider = providerOf(context)
      const tokens = await tokensOf(db, seal, tokenOf(request) ?? '')
      await signOut(context, request)
      const url = tokens === null ? null : provider.endSessionUrl(tokens.idToken, `${origin}/sign-in`)
      return reply.redirect(url?.href ?? '/sign-in')
    },
  )

  app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )
    logoutRoute(scope, context)
  })
}

function logoutRoute(app: App, context: RouteContext): void {
  const { db, logger } = context.deps
  app.post(
    '/api/sign-in/provider/logout',
    {
      config: { access: 'open', rateLimit },
      schema: {
        operationId: 'providerLogout',
        tags,
        summary: 'A message of the identity provider that a session has ended there (back-channel logout)',
        description: 'A form, as OpenID Connect has it; its signature is checked.',
        body: Type.Object({ logout_token: Type.String({ minLength: 1, maxLength: 20_000 }) }),
        response: {
          200: { description: 'The sessions have ended.', type: 'null' },
          ...refusals(400, 404, 429, 503),
        },
      },
    },
    async (request, reply) => {
      const token = await providerOf(context).logoutToken(request.body.logout_token)
      if ('refused' in token) {
        logger.warn({ detail: token.refused }, 'a logout message is not in order')
        throw new Refused('bad-request')
      }
      // Together: a message whose sessions could not be ended may come again.
      const ended = await db.transaction().execute(async (trx) => {
        if (!(await spendChallenge(trx, `logout ${token.id}`))) throw new Refused('bad-request')
        return endProviderSessions(trx, token)
      })
      logger.info({ ended }, 'the identity provider has ended sessions')
      return reply.code(200).send(null)
    },
  )
}

/** @throws {Refused} */
function providerOf({ deps: { provider } }: RouteContext): IdentityProvider {
  if (provider === null) throw new Refused('not-found')
  return provider
}

async function begin(
  provider: IdentityProvider,
  request: FastifyRequest,
  reply: FastifyReply,
  link: Link | null,
): Promise<FastifyReply> {
  const begun = await provider.begin()
  if (begun === null) return leave(reply, 'away')
  const kept = link === null ? null : { ...link, session: link.session.toString('base64url') }
  request.flow.set('provider', { ...begun.flow, link: kept })
  return reply.redirect(begun.url.href)
}

function linkIn({ link }: FlowData['provider']): Link | null {
  if (link === null) return null
  return { account: AgentId(link.account), session: Buffer.from(link.session, 'base64url') }
}

function leave(reply: FastifyReply, outcome: Outcome): FastifyReply {
  return reply.redirect(`/sign-in?outcome=${outcome}`)
}
