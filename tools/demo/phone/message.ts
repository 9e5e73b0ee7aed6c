/** Parsing and writing of SIP messages (RFC 3261), as far as a desk phone needs. */

export interface SipRequest {
  readonly kind: 'request'
  readonly method: string
  readonly uri: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}
export interface SipResponse {
  readonly kind: 'response'
  readonly status: number
  readonly reason: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}
export type SipMessage = SipRequest | SipResponse

const compact: Record<string, string> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  l: 'content-length',
}

/** Parses a message; null for a keep-alive or anything else. */
export function parseMessage(text: string): SipMessage | null {
  const split = text.indexOf('\r\n\r\n')
  if (split < 0) return null
  const [start = '', ...lines] = text.slice(0, split).split('\r\n')
  const headers = lines.flatMap((line) => {
    const colon = line.indexOf(':')
    if (colon < 0) return []
    const name = line.slice(0, colon).trim().toLowerCase()
    return [[compact[name] ?? name, line.slice(colon + 1).trim()] as const]
  })
  const body = text.slice(split + 4)
  const response = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(start)
  if (response !== null) {
    return { kind: 'response', status: Number(response[1]), reason: response[2] ?? '', headers, body }
  }
  const request = /^([A-Z]+) (\S+) SIP\/2\.0$/.exec(start)
  if (request === null) return null
  return { kind: 'request', method: request[1] ?? '', uri: request[2] ?? '', headers, body }
}

/** The first header of that name, '' when there is none. */
export function header(message: SipMessage, name: string): string {
  return message.headers.find(([each]) => each === name)?.[1] ?? ''
}

/** Header names are case-insensitive, but not every program handles that. */
const written = (name: string): string =>
  name === 'call-id'
    ? 'Call-ID'
    : name === 'cseq'
      ? 'CSeq'
      : name.replace(/(^|-)[a-z]/g, (at) => at.toUpperCase())

export function write(start: string, headers: readonly (readonly [string, string])[], body = ''): string {
  const lines = headers.map(([name, value]) => `${written(name)}: ${value}`)
  return [start, ...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n')
}

/** A response to a request; `tag` identifies the dialog and is required in all responses but 100. */
export function answer(
  request: SipRequest,
  status: number,
  reason: string,
  tag: string | null,
  extra: readonly (readonly [string, string])[] = [],
  body = '',
): string {
  const kept = request.headers.filter(([name]) =>
    ['via', 'from', 'call-id', 'cseq', 'record-route'].includes(name),
  )
  const to = header(request, 'to')
  const tagged = tag === null || to.includes(';tag=') ? to : `${to};tag=${tag}`
  return write(`SIP/2.0 ${status} ${reason}`, [...kept, ['to', tagged], ...extra], body)
}

/** `sip:user@host` from a From, To or Contact value. */
export function uriOf(value: string): string {
  return /<([^>]*)>/.exec(value)?.[1] ?? value.split(';')[0]?.trim() ?? ''
}
export function userOf(value: string): string | null {
  return /sips?:([^@;>]+)@/.exec(value)?.[1] ?? null
}

/** Remote media address from an SDP body. */
export function audioOf(sdp: string): { readonly host: string; readonly port: number } | null {
  const host = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1]
  const port = /^m=audio (\d+)/m.exec(sdp)?.[1]
  return host === undefined || port === undefined ? null : { host, port: Number(port) }
}

/** SDP offer or answer of one A-law stream. */
export function sdp(host: string, port: number): string {
  return [
    'v=0',
    `o=phone 1 1 IN IP4 ${host}`,
    's=-',
    `c=IN IP4 ${host}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 8 101`,
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=ptime:20',
    'a=sendrecv',
    '',
  ].join('\r\n')
}
