/** Settings of sign-in: the site's address, second factors, and the city's identity provider. */
import { resolve } from 'node:path'
import { isRole, roles, type Role } from './people/roles.ts'
import * as kind from './setting.ts'
import type { Kind, Reader } from './setting.ts'

export interface SignInSettings {
  /** The address that people open, for passkeys and for the identity provider's redirect (WEB_ORIGIN). */
  readonly origin: string
  /** Roles that need a second factor (SECOND_FACTOR). */
  readonly secondFactor: readonly Role[]
  /** Usernames that may sign in with a password although there is an identity provider; `all`: every one (LOCAL_SIGN_IN). */
  readonly local: 'all' | readonly string[]
  /** Null: accounts and their roles are kept here alone. */
  readonly provider: ProviderSettings | null
}

/** The city's identity provider (OpenID Connect). */
export interface ProviderSettings {
  readonly issuer: string
  readonly clientId: string
  /** File with the client's secret. */
  readonly secretFile: string
  /** Certificate authority of the city's own (PEM) that the provider's certificate is from; null: a public one. */
  readonly caFile: string | null
  /** As the sign-in page names it. */
  readonly name: string
  readonly scopes: string
  /** Where the roles are in the claims; dots lead into objects. */
  readonly rolesClaim: string
  /** Value of that claim → role. */
  readonly roles: ReadonlyMap<string, Role>
  /** Skills that values of that claim give; empty: skills are kept here alone. */
  readonly skills: readonly GroupSkill[]
  /** The employer of accounts that are made at a first sign-in. */
  readonly employer: string
  /** How often the provider is asked whether a session may go on. */
  readonly recheckMs: number
  /** How long a session goes on while the provider cannot be asked. */
  readonly unreachedMaxMs: number
}

export interface GroupSkill {
  /** Of the claim that also has the roles. */
  readonly value: string
  readonly skill: string
  readonly level: number
}

interface Site {
  readonly http: { readonly host: string; readonly port: number }
  readonly lan: string | null
}

export function signInFrom(reader: Reader, { http, lan }: Site): SignInSettings {
  const own = lan === null ? `http://localhost:${http.port}` : `https://${lan}:${http.port}`
  const provider = providerFrom(reader)
  const local = reader.optional('LOCAL_SIGN_IN', usernames, null)
  if (provider !== null && local === null)
    reader.wrong(
      'LOCAL_SIGN_IN',
      null,
      'beside OIDC_ISSUER: who may still sign in with a password when it is down, as user names, or all',
    )
  return {
    origin: reader.optional('WEB_ORIGIN', webOrigin, own),
    secondFactor: reader.optional('SECOND_FACTOR', roleList, []),
    local: local ?? 'all',
    provider,
  }
}

function providerFrom(reader: Reader): ProviderSettings | null {
  const issuer = reader.optional('OIDC_ISSUER', issuerUrl, null)
  const clientId = reader.optional('OIDC_CLIENT_ID', kind.text, null)
  const secretFile = reader.optional('OIDC_SECRET_FILE', kind.text, null)
  const caFile = reader.optional('OIDC_CA_FILE', kind.text, null)
  const mapped = reader.optional('OIDC_ROLES', roleMap, null)
  const provider = {
    issuer: issuer ?? '',
    clientId: clientId ?? '',
    secretFile: resolve(secretFile ?? ''),
    caFile: caFile === null ? null : resolve(caFile),
    name: reader.optional('OIDC_NAME', kind.text, issuer === null ? '' : new URL(issuer).hostname),
    scopes: reader.optional('OIDC_SCOPES', scopes, 'openid profile'),
    rolesClaim: reader.optional('OIDC_ROLES_CLAIM', kind.text, 'groups'),
    roles: mapped ?? new Map<string, Role>(),
    skills: reader.optional('OIDC_SKILLS', skillMap, []),
    employer: reader.optional('OIDC_EMPLOYER', kind.text, 'Primăria'),
    recheckMs: reader.optional('OIDC_RECHECK_MS', kind.millis(5_000, 3_600_000), 60_000),
    unreachedMaxMs: reader.optional('OIDC_UNREACHED_MAX_MS', kind.millis(0, 24 * 3_600_000), 4 * 3_600_000),
  }
  if (issuer === null && clientId === null && secretFile === null && mapped === null) return null
  if (issuer === null) reader.wrong('OIDC_ISSUER', null, issuerUrl.accepted)
  if (clientId === null) reader.wrong('OIDC_CLIENT_ID', null, 'the name that the provider has given to Linia')
  if (secretFile === null)
    reader.wrong('OIDC_SECRET_FILE', null, 'the file with the secret of OIDC_CLIENT_ID')
  if (mapped === null) reader.wrong('OIDC_ROLES', null, roleMap.accepted)
  return provider
}

const local = (host: string): boolean => host === 'localhost' || /^(127\.[\d.]+|\[::1\])$/.test(host)

/** Nothing secret may travel in the clear, except on this machine. */
function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && local(hostname))
}

const webOrigin: Kind<string> = {
  accepted: 'https://host[:port] without a path, or http:// on this machine',
  parse: (given) => {
    const url = URL.canParse(given) ? new URL(given) : null
    return url !== null && isSafe(url) && given.replace(/\/$/, '') === url.origin ? url.origin : undefined
  },
}
const issuerUrl: Kind<string> = {
  accepted: 'the provider’s https://… as it names itself, without user, query and fragment',
  parse: (given) => {
    const url = URL.canParse(given) ? new URL(given) : null
    const plain = url !== null && url.username === '' && url.search === '' && url.hash === ''
    return plain && isSafe(url) ? given : undefined
  },
}
const scopes: Kind<string> = {
  accepted: 'scopes separated by spaces, openid among them',
  parse: (given) =>
    given.split(' ').includes('openid') && /^[\x21\x23-\x5B\x5D-\x7E ]+$/.test(given) ? given : undefined,
}
const usernames: Kind<'all' | readonly string[]> = {
  accepted: 'all, or user names separated by commas',
  parse: (given) => {
    const names = given.split(',').map((one) => one.trim())
    if (given === 'all') return 'all'
    return names.every((one) => /^[a-z][a-z0-9._-]{1,39}$/.test(one)) ? names : undefined
  },
}
const roleList: Kind<readonly Role[]> = {
  accepted: `roles separated by commas: ${roles.join(', ')}`,
  parse: (given) => {
    const words = given.split(',').map((one) => one.trim())
    return words.every(isRole) ? words : undefined
  },
}
/** The value may contain `=`, as a directory's names do: the role is after the last one. */
const roleMap: Kind<ReadonlyMap<string, Role>> = {
  accepted: `value=role separated by semicolons, such as linia-agents=agent; roles: ${roles.join(', ')}`,
  parse: (given) => {
    const map = new Map<string, Role>()
    for (const pair of given.split(';').map((one) => one.trim())) {
      const [, value = '', role = ''] = /^(.+)=([a-z]+)$/.exec(pair) ?? []
      if (value === '' || !isRole(role) || map.has(value)) return undefined
      map.set(value, role)
    }
    return map
  },
}
/** As `roleMap`. One value may give several skills. */
const skillMap: Kind<readonly GroupSkill[]> = {
  accepted: 'value=skill:level separated by semicolons, such as linia-taxes=taxe:3; levels 1 to 5',
  parse: (given) => {
    const found = given.split(';').map((one) => /^(.+)=([a-z][a-z0-9-]*):([1-5])$/.exec(one.trim()))
    return found.every((one) => one !== null)
      ? found.map(([, value = '', skill = '', level]) => ({ value, skill, level: Number(level) }))
      : undefined
  },
}
