/** The trunk's part of `pjsip.conf`: the provider is identified by its addresses, with a registration if it requires one. */
import { isIP } from 'node:net'

const register = /^sip:(?<user>[\w.+-]+):(?<password>[^@\s;"]+)@(?<host>[\w.-]+)(?::(?<port>\d{1,5}))?$/
const hostOrNetwork = /^[\w.:-]+(\/\d{1,3})?$/

export interface Trunk {
  readonly trunkHosts: readonly string[]
  /** `sip:user:password@host[:port]`; null: the provider requires none. */
  readonly trunkRegister: string | null
}

/** Outbound hosts, tried in order; `[host]:port` as in a SIP address. */
type Exits = readonly string[]

export function trunkSettings(
  hosts: readonly string[],
  registration: string | null,
): Record<
  'trunkAors' | 'trunkAuth' | 'trunkContacts' | 'trunkExits' | 'trunkMatches' | 'trunkRegistration',
  string
> {
  for (const host of hosts)
    if (!hostOrNetwork.test(host)) throw new Error(`Not a trunk address: ${JSON.stringify(host)}`)
  if (registration === null)
    return {
      ...leaving(hosts.filter(isHost).map(inAddress)),
      trunkAuth: '',
      trunkMatches: matches(hosts),
      trunkRegistration: '',
    }
  const parts = register.exec(registration)?.groups
  if (!parts?.['host']) throw new Error('TRUNK_REGISTER must look like sip:user:password@host[:port]')
  const registrar = parts['host']
  const server = parts['port'] === undefined ? registrar : `${registrar}:${parts['port']}`
  const others = hosts.filter((host) => isHost(host) && host !== registrar)
  return {
    ...leaving([server, ...others.map(inAddress)]),
    // The provider recognises its customer by the user in From; our number is in P-Asserted-Identity.
    trunkAuth: [
      'outbound_auth = trunk-auth',
      `from_user = ${parts['user']}`,
      `from_domain = ${registrar}`,
    ].join('\n'),
    trunkMatches: matches([...new Set([registrar, ...hosts])]),
    trunkRegistration: [
      '[trunk-auth]',
      'type = auth',
      'auth_type = digest',
      `username = ${parts['user']}`,
      `password = ${parts['password']}`,
      '',
      '[trunk-registration]',
      'type = registration',
      'outbound_auth = trunk-auth',
      `server_uri = sip:${server}`,
      `client_uri = sip:${parts['user']}@${server}`,
      // Most providers put the registered contact into the request URI instead of the dialled number: it is 969.
      'contact_user = 969',
      // Identifies the provider's calls by a token in our contact, from any address.
      'line = yes',
      'endpoint = trunk',
      'retry_interval = 20',
      'forbidden_retry_interval = 300',
      'fatal_retry_interval = 300',
      'max_retries = 1000000',
      'expiration = 600',
    ].join('\n'),
  }
}

/** One AOR for each host: of several contacts in one AOR Asterisk would use any. */
function leaving(exits: Exits): Record<'trunkAors' | 'trunkContacts' | 'trunkExits', string> {
  const names = exits.length === 0 ? ['trunk'] : exits.map((_, index) => placeOf(index))
  const places = names.map((name, index) =>
    [
      `[${name}]`,
      'type = aor',
      'max_contacts = 0',
      // For monitoring only: calls are tried in any case.
      'qualify_frequency = 30',
      'qualify_timeout = 3',
      ...exits.slice(index, index + 1).map((exit) => `contact = sip:${exit}`),
    ].join('\n'),
  )
  const numbered = exits.map((exit, index) => `LINIA_EXIT_${index + 1} = ${exit}`)
  return {
    trunkAors: names.join(','),
    trunkContacts: places.join('\n\n'),
    trunkExits: [`LINIA_EXITS = ${exits.length}`, ...numbered].join('\n'),
  }
}

const placeOf = (index: number) => (index === 0 ? 'trunk' : `trunk-${index + 1}`)
/** A network is no destination for calls. */
const isHost = (host: string) => !host.includes('/')
const inAddress = (host: string) => (host.includes(':') ? `[${host}]` : host)
/** One section for each: a name that cannot be resolved must not disable the others. */
const matches = (all: readonly string[]) =>
  all
    .map((host, index) =>
      [`[trunk-identify-${index + 1}]`, 'type = identify', 'endpoint = trunk', `match = ${host}`].join('\n'),
    )
    .join('\n\n')

/** The provider's hosts that are names and have to be resolved. */
export function trunkNames({ trunkHosts, trunkRegister }: Trunk): readonly string[] {
  const registrar = trunkRegister === null ? undefined : register.exec(trunkRegister)?.groups?.['host']
  return [...new Set([...trunkHosts, ...(registrar === undefined ? [] : [registrar])])].filter(
    (host) => isHost(host) && isIP(host) === 0,
  )
}
