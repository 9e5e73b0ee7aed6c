/** An independent identity provider: `oidc-provider`, with people whose groups and accounts a test changes. */
import { createServer } from 'node:http'
import { once } from 'node:events'
import { Provider } from 'oidc-provider'
import type { Teardown } from '../../support/postgres.ts'

export interface IdpPerson {
  readonly username: string
  readonly name: string
  groups: string[]
  active: boolean
}

export interface Idp {
  readonly people: Map<string, IdpPerson>
  /** Follows the provider's pages as the browser of this person; answers the address that it leads back to. */
  signIn(address: string, subject: string): Promise<URL>
  /** The provider's own page to sign out, as the person's browser is led there. */
  signOut(address: string, subject: string): Promise<number>
}

interface Options {
  readonly port: number
  readonly clientId: string
  readonly secret: string
  readonly redirectUri: string
  readonly logoutUri: string
  readonly backTo: string
}

export async function startIdp(t: Teardown, options: Options): Promise<Idp> {
  const issuer = `http://127.0.0.1:${options.port}`
  const people = new Map<string, IdpPerson>()
  let present = ''
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: options.clientId,
        client_secret: options.secret,
        redirect_uris: [options.redirectUri],
        post_logout_redirect_uris: [options.backTo],
        grant_types: ['authorization_code', 'refresh_token'],
        backchannel_logout_uri: options.logoutUri,
        backchannel_logout_session_required: true,
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups'] },
    cookies: { keys: ['a key of the tests'] },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    // Its protection against requests to this machine would refuse the server under test.
    fetch: (url, options = {}) => fetch(url, { ...options, dispatcher: undefined } as RequestInit),
    issueRefreshToken: async () => true,
    // Consent is not asked for: the city's own application.
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client?.clientId ?? '',
        accountId: ctx.oidc.session?.accountId ?? '',
      })
      grant.addOIDCScope('openid profile')
      await grant.save()
      return grant
    },
    findAccount: async (_ctx, sub) => {
      const person = people.get(sub)
      if (person?.active !== true) return undefined
      const { name, username, groups } = person
      return { accountId: sub, claims: async () => ({ sub, name, preferred_username: username, groups }) }
    },
  })
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next()
    await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: present } })
    ctx.respond = false
    return undefined
  })
  const server = createServer((request, response) => void provider.callback()(request, response))
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })

  const jars = new Map<string, Map<string, string>>()
  async function follow(address: string, subject: string, body?: URLSearchParams): Promise<Response> {
    const jar = jars.get(subject) ?? new Map<string, string>()
    jars.set(subject, jar)
    present = subject
    const response = await fetch(address, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(body === undefined ? {} : { method: 'POST', body }),
    })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }
  return {
    people,
    async signIn(address, subject) {
      let at = new URL(address)
      for (let steps = 0; steps < 10; steps += 1) {
        if (at.origin !== issuer) return at
        const response = await follow(at.href, subject)
        const to = response.headers.get('location')
        if (to === null) throw new Error(`the provider stays at ${at.href}: ${await response.text()}`)
        at = new URL(to, at)
      }
      throw new Error('the provider leads nowhere')
    },
    async signOut(address, subject) {
      const page = await (await follow(address, subject)).text()
      const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
      const form = new URLSearchParams({ xsrf, logout: 'yes' })
      return (await follow(`${issuer}/session/end/confirm`, subject, form)).status
    },
  }
}
