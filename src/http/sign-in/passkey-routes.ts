/** The ways to sign in, and signing in with a passkey, which needs neither name nor password. */
import { accountById } from '../../people/accounts.ts'
import { answeringPasskey, authenticationOptions, passkeySite } from '../../people/sign-in/passkeys.ts'
import { attemptOf } from '../../people/throttle.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { refuseElsewhere } from '../session/local-sign-in.ts'
import { signIn } from '../session/routes.ts'
import { Me } from '../session/wire.ts'
import { refusals } from '../shell/documented.ts'
import { addressOf } from '../shell/origin.ts'
import { Refused } from '../shell/problem.ts'
import { PasskeyAnswer, PasskeyOptions, SignInMethods } from './wire.ts'

/** An office may share an address. */
const rateLimit = { max: 600, timeWindow: 60_000 }

export function passkeyRoutes(app: App, context: RouteContext): void {
  const { db, settings } = context.deps
  const site = passkeySite(settings.signIn.origin)

  app.get(
    '/api/sign-in',
    {
      config: { access: 'open', rateLimit },
      schema: {
        operationId: 'signInMethods',
        tags: ['session'],
        summary: 'The ways to sign in',
        response: { 200: SignInMethods, ...refusals(429) },
      },
    },
    async () => ({ passkeysAt: site?.origin ?? null, provider: offered(context) }),
  )

  app.post(
    '/api/sign-in/passkey/options',
    {
      config: { access: 'open', rateLimit },
      schema: {
        operationId: 'passkeyOptions',
        tags: ['session'],
        summary: 'A challenge for a passkey: the options for the browser’s WebAuthn',
        response: { 200: PasskeyOptions, ...refusals(409, 429) },
      },
    },
    async (request) => {
      if (site === null) throw new Refused('no-passkeys-here')
      const options = await authenticationOptions(site)
      request.flow.set('passkey', { challenge: options.challenge, about: 'sign-in' })
      return options
    },
  )

  app.post(
    '/api/sign-in/passkey',
    {
      config: { access: 'open', rateLimit },
      schema: {
        operationId: 'signInWithPasskey',
        tags: ['session'],
        summary: 'Sign in with a passkey',
        body: PasskeyAnswer,
        response: { 200: Me, ...refusals(400, 401, 409, 429, 503) },
      },
    },
    async (request) => {
      if (site === null) throw new Refused('no-passkeys-here')
      const open = request.flow.get('passkey')
      request.flow.set('passkey', undefined)
      if (open?.about !== 'sign-in') throw new Refused('challenge-gone')
      const passkey = await answeringPasskey(db, site, open.challenge, request.body)
      const account = passkey === null ? null : await accountById(db, passkey.account)
      if (passkey === null || account === null || account.closedAt !== null)
        throw new Refused('passkey-refused')
      await refuseElsewhere(context, account, passkey.addedAt)
      const attempt = attemptOf(settings.sessionSecret, account.username, addressOf(request))
      return signIn(context, request, attempt, { account, method: 'passkey', password: null })
    },
  )
}

function offered({ deps: { provider, settings } }: RouteContext): SignInMethods['provider'] {
  if (provider === null) return null
  const { name } = provider.settings
  return { name, answers: provider.answers(), passwordsToo: settings.signIn.local === 'all' }
}
