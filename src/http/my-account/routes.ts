/** Activation of an account with a code, and the owner's view of their access: password, sessions, sign-ins, phone. */
import { openActivation, useActivation, type Activated } from '../../people/activations.ts'
import { changePassword, ownAccess, type PasswordChanged } from '../../people/own-access.ts'
import { attemptOf, mayTry, clearTries } from '../../people/throttle.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { iso, isoOrNull } from '../shell/iso-time.ts'
import { addressOf } from '../shell/origin.ts'
import { Refused } from '../shell/problem.ts'
import type { Code } from '../shell/sentences.ts'
import { Activate, ChangePassword, DeskPhone, MyAccess, OpenActivation, OpenedActivation } from './wire.ts'
import { browserKey } from '../session/browser.ts'
import { phoneAccountOf } from '../session/phone-account.ts'
import { accountOf } from '../session/session.ts'

/** Per address. A code cannot be guessed; this bounds the work. */
const activationTries = { max: 60, timeWindow: 60_000 }

const badPassword = {
  'too short': 'password-too-short',
  'too long': 'password-too-long',
  'your name': 'password-is-name',
  'too common': 'password-too-common',
} as const

const whyNotActivated = {
  'unknown code': 'activation-unknown',
  used: 'activation-used',
  expired: 'activation-expired',
  replaced: 'activation-replaced',
  'other browser': 'activation-other-browser',
  'account closed': 'account-closed',
  ...badPassword,
} as const satisfies Record<Extract<Activated, { ok: false }>['why'], Code>

const whyNotChanged = {
  'wrong password': 'wrong-password',
  ...badPassword,
} as const satisfies Record<Exclude<PasswordChanged, 'changed'>, Code>

export function myAccountRoutes(app: App, context: RouteContext): void {
  activationRoutes(app, context)
  ownRoutes(app, context)
}

function activationRoutes(app: App, { deps: { db, logger } }: RouteContext): void {
  app.post(
    '/api/activation',
    {
      config: { access: 'open', rateLimit: activationTries },
      schema: {
        operationId: 'openActivation',
        tags: ['session'],
        summary: 'Show an activation code: from now on it works in this browser only',
        body: OpenActivation,
        response: { 200: OpenedActivation, ...refusals(400, 404, 409, 429, 503) },
      },
    },
    async (request) => {
      const opened = await openActivation(db, request.body.code, browserKey(request))
      if (!opened.ok) throw new Refused(whyNotActivated[opened.why])
      const { username, name, employer, roles } = opened.account
      return { username, name, employer, roles, expiresAt: iso(opened.expiresAt), reset: opened.isReset }
    },
  )

  app.post(
    '/api/activation/password',
    {
      config: { access: 'open', rateLimit: activationTries },
      schema: {
        operationId: 'activate',
        tags: ['session'],
        summary: 'Set the password with an activation code, which is used up by that',
        description: 'All sessions of the account end. Sign in with the new password afterwards.',
        body: Activate,
        response: { 204: done, ...refusals(400, 404, 409, 429, 503) },
      },
    },
    async (request, reply) => {
      const activated = await useActivation(db, { ...request.body, browser: browserKey(request) })
      if (!activated.ok) throw new Refused(whyNotActivated[activated.why])
      logger.info({ account: activated.account.id }, 'an account was activated')
      return reply.code(204).send(null)
    },
  )
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
      const { passwordAt, activation, sessions, signIns, refused } = await ownAccess(
        db,
        accountOf(request).id,
      )
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
        summary: 'End all my other sessions, at once',
        response: { 204: done, ...refusals(401, 503) },
      },
    },
    async (request, reply) => {
      if (request.signedIn !== null) await context.sessions.endOthers(request.signedIn)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/api/me/phone/desk',
    {
      config: { access: ['agent'] },
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
