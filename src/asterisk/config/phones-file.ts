/**
 * `phones.conf`: two endpoints for each agent. A browser phone offers only DTLS-SRTP and a desk phone
 * cannot, so each has its own: `<username>` over UDP/TCP and `<username>-web` over WebSocket.
 */
import type { Device } from '../../core/offer.ts'
import type { AgentProfile } from '../../core/queue.ts'

/** The password of a phone in an epoch of its secret. */
export type PhonePassword = (username: string, device: Device, epoch: number) => string

export const noPhones = '; Written by the application from its accounts.\n'
const webSuffix = '-web'

export const endpointOf = (username: string, device: Device): string =>
  device === 'web' ? `${username}${webSuffix}` : username

/** The agent and device behind an endpoint's name. */
export function phoneOf(endpoint: string): { readonly username: string; readonly device: Device } {
  return endpoint.endsWith(webSuffix)
    ? { username: endpoint.slice(0, -webSuffix.length), device: 'web' }
    : { username: endpoint, device: 'desk' }
}

/** Safe in a configuration file and in a SIP address. No all-digit names: scanners guess them first. */
const validUsername = /^[a-z][a-z0-9._-]{0,59}$/
const validPassword = /^[\w.~+/=-]{16,200}$/
/** The trunk has several sections of its own. */
const reserved = /^(trunk(-.*)?|blocked|anonymous|global|system)$/

export const canHavePhone = (username: string): boolean =>
  validUsername.test(username) && !username.endsWith(webSuffix) && !reserved.test(username)

/** The agent and device behind a channel's name (`PJSIP/agent01-web-0000002a`); null for any other. */
export function phoneOfChannel(name: string): { readonly username: string; readonly device: Device } | null {
  const endpoint = /^PJSIP\/(?<endpoint>.+)-[0-9a-f]{8}$/.exec(name)?.groups?.['endpoint']
  return endpoint === undefined || endpoint === 'trunk' ? null : phoneOf(endpoint)
}

export interface Media {
  /** The address offered for audio, on which desk phones' RTP is bound. */
  readonly host: string
  /** Whether browsers' RTP is bound there too. On loopback it is not: browsers avoid that interface. */
  readonly bindWeb: boolean
  /** The only source address of browser phones, as Asterisk sees them; null: any. */
  readonly webFrom: string | null
}

export function phonesFile(agents: readonly AgentProfile[], password: PhonePassword, media: Media): string {
  const address = `media_address = ${media.host}\n`
  const bound = `${address}bind_rtp_to_media_address = yes\n`
  // A stolen password of a browser phone is useless over UDP, TCP or another WebSocket.
  const gateOnly =
    media.webFrom === null ? '' : `deny = 0.0.0.0/0\ndeny = ::/0\npermit = ${media.webFrom}/32\n`
  const phones = agents
    .filter(({ username }) => canHavePhone(username))
    .flatMap(({ username, phoneEpochs: { web, desk } = { web: 0, desk: 0 } }) => [
      endpoint(endpointOf(username, 'desk'), `${common}${deskOnly}${bound}`, [
        password(username, 'desk', desk),
      ]),
      // The next epoch's password is accepted in advance, so that a page that gets it need not wait for a reload.
      endpoint(
        endpointOf(username, 'web'),
        `${common}${webOnly}${gateOnly}${media.bindWeb ? bound : address}`,
        [password(username, 'web', web), password(username, 'web', web + 1)],
      ),
    ])
  return `${noPhones}${phones.join('')}`
}

function secret(password: string): string {
  if (!validPassword.test(password))
    throw new Error('A phone password has characters that SIP files cannot hold.')
  return password
}

/**
 * One codec on every leg: what Asterisk need not translate costs nothing, and its translator drops a voice whose packets
 * have lower numbers than the one before it, as when another agent takes a caller over. Every browser has A-law
 * (RFC 7874), every desk phone, and the public network.
 */
const common = `context = agents
disallow = all
allow = alaw
direct_media = no
force_rport = yes
rtp_symmetric = yes
rewrite_contact = yes
allow_subscribe = no
send_connected_line = no
timers = yes
dtmf_mode = rfc4733
language = ro
max_audio_streams = 1
max_video_streams = 0
`
/**
 * With rtp_timeout Asterisk itself ends the leg of a dead phone or a closed page. On hold silence is allowed
 * (`acd/dead-held-phones.ts` covers that). Desk phones may pause their audio for a while, browsers do not.
 *
 * `ari-only`: a desk phone's REFER, in any call of its, becomes an event and moves no channel.
 */
const deskOnly = `allow_transfer = yes
set_var = PJSIP_TRANSFER_HANDLING()=ari-only
rtp_timeout = 30
rtp_timeout_hold = 0
`
const webOnly = `webrtc = yes
allow_transfer = no
rtp_timeout = 5
rtp_timeout_hold = 0
`

function endpoint(name: string, settings: string, passwords: readonly string[]): string {
  const authOf = (index: number) => `${name}-auth${index === 0 ? '' : '-next'}`
  const auths = passwords.map(
    (password, index) => `
[${authOf(index)}]
type = auth
auth_type = digest
username = ${name}
password = ${secret(password)}
`,
  )
  return `
[${name}]
type = endpoint
aors = ${name}
auth = ${passwords.map((_, index) => authOf(index)).join(',')}
${settings}
[${name}]
type = aor
max_contacts = 1
remove_existing = yes
remove_unavailable = yes
qualify_frequency = 30
qualify_timeout = 3
minimum_expiration = 30
maximum_expiration = 3600
${auths.join('')}`
}
