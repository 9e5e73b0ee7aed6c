/** A provider of the tests that lies, is slow, broken or down, as told. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import type { Teardown } from '../../support/postgres.ts'
import { bodyOf } from '../../support/request-body.ts'

export interface Lies {
  /** Over the right claims of the ID token. */
  claims?: JWTPayload
  /** Signed with a key that is not published. */
  foreignKey?: boolean
  /** `alg: none`. */
  unsigned?: boolean
  /** The metadata name another issuer. */
  issuer?: string
  /** Answer of the token endpoint instead of tokens. */
  tokens?: { readonly status: number; readonly body: string }
  /** Claims of the userinfo endpoint, over the person's name. */
  userinfo?: JWTPayload
  /** The metadata name no userinfo endpoint. */
  noUserinfo?: boolean
  /** Tokens are refreshed without an ID token. */
  noRefreshedId?: boolean
  /** Each answer waits so long. */
  slowMs?: number
}

export interface LyingIdp {
  readonly lies: Lies
  readonly issuer: string
  /** Returns what the provider's page would send the browser back with, for this address of the page. */
  back(address: string): string
  logoutToken(claims: JWTPayload, foreignKey?: boolean): Promise<string>
  stop(): Promise<void>
}

export const clientId = 'linia'

export async function startLyingIdp(t: Teardown, port: number): Promise<LyingIdp> {
  const issuer = `http://127.0.0.1:${port}`
  const own = await generateKeyPair('RS256')
  const foreign = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }
  const lies: Lies = {}
  let nonce = ''

  const signed = (claims: JWTPayload, foreignKey = false, typ = 'JWT') =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'k1', typ })
      .sign(foreignKey ? foreign.privateKey : own.privateKey)

  async function idToken(): Promise<string> {
    const now = Math.floor(Date.now() / 1_000)
    const claims = {
      iss: issuer,
      aud: clientId,
      sub: 'subject',
      nonce,
      iat: now,
      exp: now + 300,
      groups: ['cc-agents'],
      ...lies.claims,
    }
    if (lies.unsigned !== true) return signed(claims, lies.foreignKey)
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    return `${part({ alg: 'none' })}.${part(claims)}.`
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (lies.slowMs !== undefined) await delay(lies.slowMs, undefined, { ref: false })
    const send = (body: unknown, status = 200) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(typeof body === 'string' ? body : JSON.stringify(body))
    const path = request.url?.split('?')[0]
    if (path === '/.well-known/openid-configuration')
      send({
        issuer: lies.issuer ?? issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        ...(lies.noUserinfo !== true && { userinfo_endpoint: `${issuer}/me` }),
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      })
    else if (path === '/jwks') send({ keys: [jwk] })
    else if (path === '/me') send({ sub: 'subject', ...lies.userinfo })
    else if (lies.tokens !== undefined) send(lies.tokens.body, lies.tokens.status)
    else {
      const body = await bodyOf(request)
      if (body === null) return
      const refreshed = body.includes('grant_type=refresh_token')
      const withoutId = refreshed && lies.noRefreshedId === true
      send({
        access_token: 'access',
        refresh_token: 'refresh',
        token_type: 'Bearer',
        expires_in: 300,
        ...(!withoutId && { id_token: await idToken() }),
      })
    }
  }
  const server = createServer((request, response) => void answer(request, response))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const stop = async (): Promise<void> => {
    if (!server.listening) return
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  t.teardown(stop)
  return {
    lies,
    issuer,
    back(address) {
      const page = new URL(address)
      nonce = page.searchParams.get('nonce') ?? ''
      return `code=a-code&state=${page.searchParams.get('state')}`
    },
    logoutToken: (claims, foreignKey) => signed(claims, foreignKey, 'logout+jwt'),
    stop,
  }
}
