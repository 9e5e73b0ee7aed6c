/** The owner's view of their access: password, sessions, sign-ins, phone. */
import { changePassword, ownAccess, type PasswordChanged } from '../../people/own-access.ts'
import { attemptOf, mayTry, clearTries } from '../../people/throttle.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { iso, isoOrNull } from '../shell/iso-time.ts'
import { addressOf } from '../shell/origin.ts'
import { Refused } from '../shell/problem.ts'
import type { Code } from '../shell/sentences.ts'
import { activationRoutes, badPassword } from './activation-routes.ts'
import { ChangePassword, DeskPhone, MyAccess } from './wire.ts'
import { phoneAccountOf } from '../session/phone-account.ts'
import { accountOf } from '../session/session.ts'

const whyNotChanged = {
  'wrong password': 'wrong-password',
  ...badPassword,
} as const satisfies Record<Exclude<PasswordChanged, 'changed'>, Code>

export function myAccountRoutes(app: App, context: RouteContext): void {
  activationRoutes(app, context)
  ownRoutes(app, context)
}

function ownRoutes(app: App, context: RouteContext): void {
  const { db, logger, settings } = context.deps

  app.get(
    '/api/me/access',
    {
      schema: {
        operationId: 'myAccess',
        tags: ['me'],
        summary: 'Activation, password, sign-ins and refused tries of my account',
        response: { 200: MyAccess, ...refusals(401, 503) },
      },
    },
    async (request) => {
      const access = await ownAccess(db, accountOf(request).id)
      const { passwordAt, activation, sessions, signIns, refused } = access
      return {
        passwordAt: isoOrNull(passwordAt),
        activation:
          activation === null
            ? null
            : {
                issuedAt: iso(activation.issuedAt),
                by: activation.by,
                openedAt: isoOrNull(activation.openedAt),
                usedAt: isoOrNull(activation.usedAt),
              },
        recoveryUsedAt: isoOrNull(access.recoveryUsedAt),
        sessions,
        signIns: signIns.map(({ at, address, method }) => ({ at: iso(at), address, method })),
        refused: refused.map(({ lastAt, address, tries }) => ({ lastAt: iso(lastAt), address, tries })),
      }
    },
  )

  app.put(
    '/api/me/password',
    {
      schema: {
        operationId: 'changeMyPassword',
        tags: ['me'],
        summary: 'Change my password; my other sessions end',
        body: ChangePassword,
        response: { 204: done, ...refusals(400, 401, 403, 429, 503) },
      },
    },
    async (request, reply) => {
      const account = accountOf(request)
      // A stolen session must not serve to guess the password.
      const attempt = attemptOf(settings.sessionSecret, `change ${account.id}`, addressOf(request))
      const may = await mayTry(db, attempt)
      if (!may.ok) throw new Refused('too-many-attempts', may.retryAfterMs / 1_000)
      const keep = request.signedIn?.token ?? ''
      const changed = await changePassword(db, account, { ...request.body, keep })
      if (changed !== 'wrong password') await clearTries(db, attempt)
      if (changed !== 'changed') throw new Refused(whyNotChanged[changed])
      logger.info({ account: account.id }, 'a password was changed')
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/me/sessions',
    {
      schema: {
        operationId: 'endMyOtherSessions',
        tags: ['me'],
        summary: 'End all my other sessions, and the tokens of programs in my name, at once',
        response: { 204: done, ...refusals(401, 503) },
      },
    },
    async (request, reply) => {
      if (request.signedIn !== null) await context.sessions.endOthers(request.signedIn, 'with tokens')
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/api/me/phone/desk',
    {
      config: { access: ['agent', 'supervisor'] },
      schema: {
        operationId: 'myDeskPhone',
        tags: ['me'],
        summary: 'Credentials of my desk phone',
        response: { 200: DeskPhone, ...refusals(401, 403) },
      },
    },
    async (request) => phoneAccountOf(context, accountOf(request), 'desk'),
  )
}
