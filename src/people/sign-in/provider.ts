/**
 * The city's identity provider (OpenID Connect): authorization code with PKCE, ID tokens whose signature is checked, roles
 * from claims. The provider's words stop here.
 */
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as oidc from 'openid-client'
import type { ProviderSettings } from '../../config.ts'
import type { Role } from '../roles.ts'
import type { SkillLevels } from '../skills/agent-skills.ts'
import { skillsOfGroups } from './provided-skills.ts'

/** Values that tie the provider's answer to the browser that asked; kept in its sealed cookie. */
export interface ProviderFlow {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** A person as the provider vouches for them. */
export interface ProvidedPerson {
  readonly issuer: string
  /** The provider's name of the person, never given to another. */
  readonly subject: string
  /** The provider's session; null: it has no name for it. */
  readonly sid: string | null
  readonly username: string | null
  readonly name: string | null
  readonly roles: readonly Role[]
  /** Null: the groups give none, and skills are kept here alone. */
  readonly skills: SkillLevels | null
}

/** Secret. */
export interface ProviderTokens {
  readonly idToken: string
  readonly accessToken: string
  readonly refreshToken: string | null
}

export type ProviderAnswer =
  | { readonly ok: true; readonly person: ProvidedPerson; readonly tokens: ProviderTokens }
  /** `away`: it did not answer in time, or not with an answer. `refused`: it said no, or its answer is not in order. */
  | {
      readonly ok: false
      readonly why: 'away' | 'refused'
      readonly detail: string
      /** Refreshed before the answer broke off: the earlier ones may be void. */
      readonly tokens?: ProviderTokens
    }

interface Before {
  readonly subject: string
  readonly sid: string | null
}

export interface LogoutToken {
  readonly issuer: string
  /** One of both is there. */
  readonly subject: string | null
  readonly sid: string | null
  /** Names the token: each is accepted once. */
  readonly id: string
}

const answerWithinS = 5
const clockToleranceS = 30
/** Its metadata is read anew after so long. */
const metadataMs = 60 * 60_000
/** Between two attempts to reach a provider that is away, and between two looks whether it answers. */
const lookEveryMs = 10_000
const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout'

interface Known {
  readonly config: oidc.Configuration
  readonly keys: ReturnType<typeof createRemoteJWKSet>
  readonly readAt: number
}

export class IdentityProvider {
  readonly settings: ProviderSettings
  readonly #secret: string
  readonly #redirectUri: string
  readonly #now: () => number
  #known: Known | null = null
  #reading: Promise<Known> | null = null
  #failedAt = -Infinity
  #failure: unknown = null

  constructor(settings: ProviderSettings, secret: string, redirectUri: string, now: () => number) {
    this.settings = settings
    this.#secret = secret
    this.#redirectUri = redirectUri
    this.#now = now
  }

  /** Whether it answered when last asked. Asks again in the background, so that no page waits for it. */
  answers(): boolean {
    const lookedAt = Math.max(this.#known?.readAt ?? -Infinity, this.#failedAt)
    if (this.#now() - lookedAt > lookEveryMs) void this.#read().catch(() => undefined)
    return this.#failedAt < (this.#known?.readAt ?? 0) || this.#failedAt === -Infinity
  }

  /** The provider's page that the browser is sent to. Null: it is away. */
  async begin(): Promise<{ readonly url: URL; readonly flow: ProviderFlow } | null> {
    const known = await this.#configuration().catch(() => null)
    if (known === null) return null
    const flow = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
    }
    const url = oidc.buildAuthorizationUrl(known.config, {
      redirect_uri: this.#redirectUri,
      scope: this.settings.scopes,
      state: flow.state,
      nonce: flow.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
      // A refresh token, by which the session is checked again, needs consent at some providers.
      ...(this.settings.scopes.includes('offline_access') ? { prompt: 'consent' } : {}),
    })
    return { url, flow }
  }

  /** `query`: of the address to which the provider has sent the browser back. */
  finish(query: string, { state, nonce, verifier }: ProviderFlow): Promise<ProviderAnswer> {
    return this.#asked(async ({ config }) => {
      const url = new URL(this.#redirectUri)
      url.search = query
      const tokens = await oidc.authorizationCodeGrant(config, url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      })
      const { access_token: accessToken, id_token: idToken = '', refresh_token: refreshToken = null } = tokens
      return this.#personIn(config, { idToken, accessToken, refreshToken }, null)
    })
  }

  /** Whether the person may go on, and their present roles. */
  async recheck(subject: string, sid: string | null, tokens: ProviderTokens): Promise<ProviderAnswer> {
    const before = { subject, sid }
    let renewed: ProviderTokens | null = null
    const answer = await this.#asked(async ({ config }) => {
      if (tokens.refreshToken === null) return this.#personAt(config, tokens, before)
      const given = await oidc.refreshTokenGrant(config, tokens.refreshToken)
      renewed = {
        idToken: given.id_token ?? tokens.idToken,
        accessToken: given.access_token,
        refreshToken: given.refresh_token ?? tokens.refreshToken,
      }
      // The earlier ID token has the roles of then.
      if (given.id_token === undefined) return this.#personAt(config, renewed, before)
      return this.#personIn(config, renewed, before)
    })
    return answer.ok || renewed === null ? answer : { ...answer, tokens: renewed }
  }

  /** Where the browser ends the provider's session too. Null: the provider has no such page, or was never reached. */
  endSessionUrl(idToken: string, backTo: string): URL | null {
    const config = this.#known?.config
    if (config?.serverMetadata().end_session_endpoint === undefined) return null
    return oidc.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: backTo })
  }

  /** A message of the provider that a session of its has ended (OpenID Connect Back-Channel Logout), if it is in order. */
  async logoutToken(token: string): Promise<LogoutToken | { readonly refused: string }> {
    try {
      const { keys } = await this.#configuration()
      const { payload } = await jwtVerify(token, keys, {
        issuer: this.settings.issuer,
        audience: this.settings.clientId,
        clockTolerance: clockToleranceS,
        maxTokenAge: 5 * 60,
        requiredClaims: ['iat', 'jti', 'events'],
        // Never `none`, and never the client's secret.
        algorithms: [
          'RS256',
          'RS384',
          'RS512',
          'PS256',
          'PS384',
          'PS512',
          'ES256',
          'ES384',
          'ES512',
          'EdDSA',
        ],
      })
      const { events, sub = null, sid = null, jti = '', nonce } = payload
      const isLogout = typeof events === 'object' && events !== null && logoutEvent in events
      // A nonce is forbidden: otherwise an ID token would pass for this one.
      if (!isLogout || nonce !== undefined || (sub === null && typeof sid !== 'string'))
        return { refused: 'not a logout token' }
      return {
        issuer: this.settings.issuer,
        subject: sub,
        sid: typeof sid === 'string' ? sid : null,
        id: jti,
      }
    } catch (error) {
      return { refused: detailOf(error) }
    }
  }

  async #personIn(
    config: oidc.Configuration,
    tokens: ProviderTokens,
    before: Before | null,
  ): Promise<ProviderAnswer> {
    const claims = claimsIn(tokens.idToken)
    const subject = String(claims['sub'])
    if (before !== null && subject !== before.subject)
      return { ok: false, why: 'refused', detail: 'the refreshed tokens are of another person' }
    const has = valueAt(claims, this.settings.rolesClaim) !== undefined
    const endpoint = config.serverMetadata().userinfo_endpoint
    // Many providers put groups into the answer of this endpoint only.
    const more =
      has || endpoint === undefined ? {} : await oidc.fetchUserInfo(config, tokens.accessToken, subject)
    const person = this.#person({ ...claims, ...more }, before)
    return { ok: true, person, tokens }
  }

  /** The person as the userinfo endpoint has them now. Where only ID tokens tell of roles, that is no answer. */
  async #personAt(
    config: oidc.Configuration,
    tokens: ProviderTokens,
    before: Before,
  ): Promise<ProviderAnswer> {
    const { rolesClaim } = this.settings
    if (config.serverMetadata().userinfo_endpoint === undefined)
      return { ok: false, why: 'away', detail: 'the provider has no userinfo endpoint' }
    const claims = await oidc.fetchUserInfo(config, tokens.accessToken, before.subject)
    const inIdToken = valueAt(claimsIn(tokens.idToken), rolesClaim) !== undefined
    if (valueAt(claims, rolesClaim) === undefined && inIdToken)
      return { ok: false, why: 'away', detail: 'the userinfo endpoint does not name the roles' }
    return { ok: true, person: this.#person(claims, before), tokens }
  }

  #person(claims: Readonly<Record<string, unknown>>, before: Before | null): ProvidedPerson {
    const { issuer, roles, rolesClaim, skills } = this.settings
    const given = valueAt(claims, rolesClaim)
    const values: readonly unknown[] = Array.isArray(given) ? given : [given]
    const mapped = values.flatMap((value) => (typeof value === 'string' ? (roles.get(value) ?? []) : []))
    return {
      issuer,
      subject: before?.subject ?? String(claims['sub']),
      sid: before?.sid ?? textIn(claims, 'sid'),
      username: textIn(claims, 'preferred_username'),
      name: textIn(claims, 'name'),
      roles: [...new Set(mapped)],
      skills: skills.length === 0 ? null : skillsOfGroups(skills, values),
    }
  }

  async #asked(ask: (known: Known) => Promise<ProviderAnswer>): Promise<ProviderAnswer> {
    try {
      return await ask(await this.#configuration())
    } catch (error) {
      return { ok: false, why: isAway(error) ? 'away' : 'refused', detail: detailOf(error) }
    }
  }

  async #configuration(): Promise<Known> {
    const now = this.#now()
    if (this.#known !== null && now - this.#known.readAt < metadataMs) return this.#known
    // One that is away is not asked by every sign-in.
    if (now - this.#failedAt < lookEveryMs / 5) return this.#knownOr(this.#failure)
    try {
      return await this.#read()
    } catch (error) {
      return this.#knownOr(error)
    }
  }

  /** The metadata of an hour ago may still be right. */
  #knownOr(failure: unknown): Known {
    if (this.#known !== null) return this.#known
    throw failure
  }

  #read(): Promise<Known> {
    this.#reading ??= this.#discover().finally(() => {
      this.#reading = null
    })
    return this.#reading
  }

  async #discover(): Promise<Known> {
    const { issuer, clientId } = this.settings
    const insecure = new URL(issuer).protocol === 'http:' ? [oidc.allowInsecureRequests] : []
    try {
      const config = await oidc.discovery(
        new URL(issuer),
        clientId,
        { client_secret: this.#secret, [oidc.clockTolerance]: clockToleranceS },
        undefined,
        { timeout: answerWithinS, execute: [oidc.enableNonRepudiationChecks, ...insecure] },
      )
      const { jwks_uri } = config.serverMetadata()
      if (jwks_uri === undefined) throw new TypeError('the provider publishes no keys')
      const keys = createRemoteJWKSet(new URL(jwks_uri), {
        timeoutDuration: answerWithinS * 1_000,
        cacheMaxAge: 2 * metadataMs,
      })
      // Before the first logout message: a provider with one process cannot answer while it waits for ours.
      void keys.reload().catch(() => undefined)
      this.#known = { config, keys, readAt: this.#now() }
      return this.#known
    } catch (error) {
      this.#failedAt = this.#now()
      this.#failure = error
      throw error
    }
  }
}

/** No answer, or that of a broken server: it says nothing about the person. */
function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, cause, status } = error as { code?: unknown; cause?: unknown; status?: unknown }
  if (error instanceof oidc.ResponseBodyError)
    // A wrong client secret is no reason to end everybody's session.
    return (
      Number(status) >= 500 ||
      ['invalid_client', 'server_error', 'temporarily_unavailable'].includes(error.error)
    )
  if (cause instanceof Response) return cause.status >= 500 || cause.status === 429 || cause.status === 404
  return (
    code === 'OAUTH_TIMEOUT' ||
    code === 'OAUTH_RESPONSE_IS_NOT_JSON' ||
    (error instanceof TypeError && code === undefined)
  )
}

function detailOf(error: unknown): string {
  if (error instanceof oidc.ResponseBodyError) return error.error
  return error instanceof Error ? error.message : String(error)
}

/** The payload of an ID token that the library has verified. */
function claimsIn(idToken: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >
}

function textIn(claims: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = claims[name]
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

/** `realm_access.roles` leads into an object; a claim of that very name comes first. */
function valueAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path]
  return path
    .split('.')
    .reduce<unknown>(
      (value, part) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, part)
          ? (value as Record<string, unknown>)[part]
          : undefined,
      claims,
    )
}
