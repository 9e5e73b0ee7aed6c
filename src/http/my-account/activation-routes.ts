/** Activation of an account with a code, and where the code alone is not enough, with the owner's second factor. */
import type { FastifyRequest } from 'fastify'
import { openActivation, useActivation, type Activated } from '../../people/activations.ts'
import type { Account } from '../../people/accounts.ts'
import { factorsOf } from '../../people/sign-in/factors.ts'
import { answeringPasskey, authenticationOptions, passkeySite } from '../../people/sign-in/passkeys.ts'
import { attemptOf } from '../../people/throttle.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { browserKey } from '../session/browser.ts'
import { secondStepOf } from '../session/routes.ts'
import { done, refusals } from '../shell/documented.ts'
import { iso } from '../shell/iso-time.ts'
import { addressOf } from '../shell/origin.ts'
import { Refused } from '../shell/problem.ts'
import type { Code } from '../shell/sentences.ts'
import { PasskeyOptions } from '../sign-in/wire.ts'
import { Activate, OpenActivation, OpenedActivation } from './wire.ts'

/** Per address. A code cannot be guessed; this bounds the work. */
const rateLimit = { max: 60, timeWindow: 60_000 }
const config = { access: 'open', rateLimit } as const

export const badPassword = {
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
  'factor needed': 'activation-factor-gone',
  ...badPassword,
} as const satisfies Record<Extract<Activated, { ok: false }>['why'], Code>

export function activationRoutes(app: App, context: RouteContext): void {
  const { db, logger, settings } = context.deps
  const site = passkeySite(settings.signIn.origin)

  /** Null: the account has no passkey, or passkeys work nowhere. */
  async function passkeysAt({ id }: Account): Promise<string | null> {
    const has = (await factorsOf(db, id)).some(({ kind }) => kind === 'passkey')
    return has ? (site?.origin ?? null) : null
  }

  app.post(
    '/api/activation',
    {
      config,
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
      const { account, expiresAt, isReset, asksFactor } = opened
      const { username, name, employer, roles } = account
      const factor = asksFactor ? { passkeysAt: await passkeysAt(account) } : null
      return { username, name, employer, roles, expiresAt: iso(expiresAt), reset: isReset, factor }
    },
  )

  app.post(
    '/api/activation/passkey/options',
    {
      config,
      schema: {
        operationId: 'activationPasskeyOptions',
        tags: ['session'],
        summary:
          'A challenge for the passkey that an activation asks for: the options for the browser’s WebAuthn',
        response: { 200: PasskeyOptions, ...refusals(409, 429) },
      },
    },
    async (request) => {
      if (site === null) throw new Refused('no-passkeys-here')
      const options = await authenticationOptions(site)
      request.flow.set('passkey', { challenge: options.challenge, about: 'activation' })
      return options
    },
  )

  app.post(
    '/api/activation/password',
    {
      config,
      schema: {
        operationId: 'activate',
        tags: ['session'],
        summary: 'Set the password with an activation code, which is used up by that',
        description:
          'All sessions of the account end. Sign in with the new password afterwards. A code that leaves the second ' +
          'factors as they are (`factor` of the answer that showed it) needs one of them: `factorCode` or `passkey`.',
        body: Activate,
        response: { 204: done, ...refusals(400, 401, 404, 409, 429, 503) },
      },
    },
    async (request, reply) => {
      const { code, password } = request.body
      const activated = await useActivation(db, {
        code,
        password,
        browser: browserKey(request),
        provesFactor: (account) => provesFactor(context, request, request.body, account),
      })
      if (!activated.ok) throw new Refused(whyNotActivated[activated.why])
      logger.info({ account: activated.account.id }, 'an account was activated')
      return reply.code(204).send(null)
    },
  )
}

/** False: the account has no factor any more. @throws {Refused} when no factor was shown, or a wrong one. */
async function provesFactor(
  context: RouteContext,
  request: FastifyRequest,
  { factorCode, passkey }: Activate,
  account: Account,
): Promise<boolean> {
  const { db, settings } = context.deps
  if (passkey !== undefined) {
    const site = passkeySite(settings.signIn.origin)
    const open = request.flow.get('passkey')
    request.flow.set('passkey', undefined)
    if (site === null) throw new Refused('no-passkeys-here')
    if (open?.about !== 'activation') throw new Refused('challenge-gone')
    const answering = await answeringPasskey(db, site, open.challenge, passkey)
    if (answering?.account === account.id) return true
    throw new Refused('passkey-refused')
  }
  const attempt = attemptOf(settings.sessionSecret, account.username, addressOf(request))
  return (await secondStepOf(context, attempt, account, factorCode ?? null)) !== 'password'
}
