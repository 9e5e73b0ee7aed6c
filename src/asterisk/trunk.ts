/** The provider's side of `pjsip.conf`: known by its addresses, and registered with where it asks for that. */

const register = /^sip:(?<user>[\w.+-]+):(?<password>[^@\s;"]+)@(?<host>[\w.-]+)(?::(?<port>\d{1,5}))?$/
const hostOrNetwork = /^[\w.:-]+(\/\d{1,3})?$/

export function trunkSettings(
  hosts: readonly string[],
  registration: string | null,
): Record<'trunkAuth' | 'trunkContact' | 'trunkMatches' | 'trunkRegistration', string> {
  for (const host of hosts)
    if (!hostOrNetwork.test(host)) throw new Error(`Not a trunk address: ${JSON.stringify(host)}`)
  if (registration === null) {
    const first = hosts[0]
    return {
      trunkAuth: '',
      trunkContact: first === undefined || first.includes('/') ? '' : `contact = sip:${first}`,
      trunkMatches: matches(hosts),
      trunkRegistration: '',
    }
  }
  const parts = register.exec(registration)?.groups
  if (!parts?.['host']) throw new Error('TRUNK_REGISTER must look like sip:user:password@host[:port]')
  const server = parts['port'] === undefined ? parts['host'] : `${parts['host']}:${parts['port']}`
  return {
    // A provider knows its customer by the name in From; our number stands in P-Asserted-Identity.
    trunkAuth: [
      'outbound_auth = trunk-auth',
      `from_user = ${parts['user']}`,
      `from_domain = ${parts['host']}`,
    ].join('\n'),
    trunkContact: `contact = sip:${server}`,
    trunkMatches: matches([...new Set([parts['host'], ...hosts])]),
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
      // Most providers call what was registered, not the number that was dialled: it is the line.
      'contact_user = 969',
      'retry_interval = 20',
      'forbidden_retry_interval = 300',
      'fatal_retry_interval = 300',
      'max_retries = 1000000',
      'expiration = 600',
    ].join('\n'),
  }
}

const matches = (all: readonly string[]) => all.map((host) => `match = ${host}`).join('\n')
