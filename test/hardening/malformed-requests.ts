/** Malformed SIP requests, each made from a correct INVITE by one change. */
import { sdp } from '../support/sip/stranger.ts'

/** Changes a correct INVITE, which has CRLF after each header and an SDP body. */
export type Break = (good: string) => string | Buffer

/** Nearly the size of the largest UDP packet; Asterisk reads it completely. */
const hugeBytes = 64_000
/** Much longer than any field of a real request. */
const longBytes = 2_500

const line = (name: string): RegExp => new RegExp(`^${name}: .*\r\n`, 'm')
const without =
  (name: string): Break =>
  (good) =>
    good.replace(line(name), '')
const doubled =
  (name: string, value?: string): Break =>
  (good) =>
    good.replace(line(name), (found) => `${found}${value === undefined ? found : `${name}: ${value}\r\n`}`)
const having =
  (name: string, value: string): Break =>
  (good) =>
    good.replace(line(name), () => `${name}: ${value}\r\n`)
const more =
  (...lines: readonly string[]): Break =>
  (good) =>
    good.replace('Max-Forwards: 70\r\n', (found) => `${found}${lines.join('\r\n')}\r\n`)
const starting =
  (first: string): Break =>
  (good) =>
    good.replace(/^.*\r\n/, () => `${first}\r\n`)
/** A malformed body with a correct Content-Length. */
const about =
  (body: string, type = 'application/sdp'): Break =>
  (good) =>
    [
      (good.split('\r\n\r\n')[0] ?? '')
        .replace(/^Content-Type: .*$/m, `Content-Type: ${type}`)
        .replace(/^Content-Length: .*$/m, `Content-Length: ${Buffer.byteLength(body, 'latin1')}`),
      body,
    ].join('\r\n\r\n')

const offer = sdp('127.0.0.1')
/** Deterministic, so that a failure can be repeated. */
const rubbish = Buffer.from(Array.from({ length: 1200 }, (_, at) => (at * 73 + (at >> 3) * 31 + 129) & 255))
const mandatory = ['Via', 'From', 'To', 'Call-ID', 'CSeq']

const rows = (names: readonly string[], what: string, breaking: (name: string) => Break): [string, Break][] =>
  names.map((name) => [`${what} ${name}`, breaking(name)])

export const malformed: ReadonlyMap<string, Break> = new Map<string, Break>([
  ...rows(['999999', '4', '-1', '99999999999999999999', 'many', ''], 'Content-Length:', (value) =>
    having('Content-Length', value),
  ),
  ...rows([...mandatory, 'Max-Forwards', 'Contact', 'Content-Type', 'Content-Length'], 'without', without),
  ...rows([...mandatory, 'Contact', 'Content-Type', 'Content-Length'], 'twice the same', (name) =>
    doubled(name),
  ),
  ['a second Via', doubled('Via', 'SIP/2.0/UDP 127.0.0.99:1;branch=z9hG4bKother')],
  ['a second From', doubled('From', '<sip:other@127.0.0.1>;tag=other')],
  ['a second Call-ID', doubled('Call-ID', 'another')],
  ['a second CSeq', doubled('CSeq', '7 BYE')],
  ['a second Content-Length', doubled('Content-Length', '3')],
  ['a hundred Via', more(...Array.from({ length: 100 }, () => 'Via: SIP/2.0/UDP 127.0.0.99'))],
  ...rows(['1 BYE', '1 ACK', '1', 'INVITE', '-1 INVITE', '4294967296 INVITE', ''], 'CSeq:', (value) =>
    having('CSeq', value),
  ),
  ['Via of another protocol', having('Via', 'HTTP/1.1/QUIC 127.0.0.9:99999;rport=-1;branch=')],
  ['Via with a wrong branch', having('Via', 'SIP/2.0/UDP [::1;branch=z9hG4bK";ttl=999;maddr=%s')],
  ['From with an open quotation', having('From', '"Ion <sip:969@127.0.0.1>;tag=a')],
  ['From with an open bracket', having('From', '<sip:969@127.0.0.1;tag=a')],
  ['From without a tag', having('From', '<sip:969@127.0.0.1>')],
  [
    'From with NUL and control bytes',
    having('From', '"a\0b\x07\x1b[2J\x7f" <sip:9\x0069@127.0.0.1>;tag=a\0'),
  ],
  ['From in broken UTF-8', having('From', '"\xc3\x28\xff\xfe\xf0\x9f" <sip:\xc3\x28@127.0.0.1>;tag=\xff')],
  ['From with format marks', having('From', '"%s%n%x" <sip:%s%n%00%0d%0a@127.0.0.1>;tag=%n')],
  ['a long From', having('From', `"${'a'.repeat(longBytes)}" <sip:969@127.0.0.1>;tag=a`)],
  ['a long tag', having('From', `<sip:969@127.0.0.1>;tag=${'a'.repeat(longBytes)}`)],
  ['a long Call-ID', having('Call-ID', 'a'.repeat(longBytes))],
  ['a Call-ID with NUL', having('Call-ID', 'a\0b')],
  ['a long branch', (good) => good.replace(/branch=\w+/, `$&${'b'.repeat(longBytes)}`)],
  ['Contact: *', having('Contact', '*')],
  ['Contact of rubbish', having('Contact', '<sip:@:0;;>;q=9;expires=-9')],
  ['Max-Forwards: -1', having('Max-Forwards', '-1')],
  ['Max-Forwards: 0', having('Max-Forwards', '0')],
  ['Authorization of rubbish', more('Authorization: Digest username="a, realm=, nonce=";;response=\0')],
  [
    'Session-Expires of rubbish',
    more('Supported: timer', 'Session-Expires: -1;refresher=nobody', 'Min-SE: x'),
  ],
  ['Replaces of rubbish', more('Supported: replaces', 'Replaces: a;to-tag=;from-tag')],
  ['Require of an unknown extension', more('Require: flying, 100rel;x, ,')],
  ['asserted identity of rubbish', more('P-Asserted-Identity: <tel:>, "" <sip:>', 'Remote-Party-ID: ";')],
  ['a header without a colon', more('this is no header')],
  ['a header without a name', more(': nothing')],
  ['headers that are folded for ever', more(`X-Folded: a${'\r\n b'.repeat(400)}`)],
  ['a thousand headers', more(...Array.from({ length: 1000 }, (_, at) => `X-${at}: ${at}`))],
  ['a header of 64 kB', more(`X-Long: ${'x'.repeat(hugeBytes)}`)],
  ['a request line of 64 kB', starting(`INVITE sip:${'9'.repeat(hugeBytes)}@127.0.0.1 SIP/2.0`)],
  ['a long request line', starting(`INVITE sip:${'9'.repeat(longBytes)}@127.0.0.1 SIP/2.0`)],
  ['NUL in the request line', starting('INVITE sip:9\x0069@127.0.0.1 SIP/2.0')],
  ['another scheme', starting('INVITE h323:969@127.0.0.1 SIP/2.0')],
  ['no address', starting('INVITE SIP/2.0')],
  ['a port out of range', starting('INVITE sip:969@127.0.0.1:99999999 SIP/2.0')],
  ['SIP/3.0', starting('INVITE sip:969@127.0.0.1 SIP/3.0')],
  ['no version', starting('INVITE sip:969@127.0.0.1')],
  ['an unknown method', starting(`${'X'.repeat(300)} sip:969@127.0.0.1 SIP/2.0`)],
  ['line ends without CR', (good) => good.replaceAll('\r\n', '\n')],
  ['no empty line after the headers', (good) => good.split('\r\n\r\n')[0] ?? ''],
  ['half a request', (good) => good.slice(0, good.length / 3)],
  ['without SDP', about('')],
  ['an SDP of words', about('not at all\r\n')],
  ['an SDP cut off', about(offer.slice(0, 40))],
  ['an SDP with wrong numbers', about(offer.replace('4000 RTP/AVP 8', '-4000/99999 RTP/AVP 999999 -1 x'))],
  ['an SDP of an unknown address', about(offer.replaceAll(/IN IP4 \S+/g, 'IN IP9 %s'))],
  [
    'an SDP with a codec of rubbish',
    about(`${offer}a=rtpmap:8 PCMA/0/0\r\na=fmtp:\r\na=ptime:-20\r\na=rtpmap:`),
  ],
  [
    'an SDP with NUL and high bytes',
    about(offer.replace('s=-', 's=\0\xff\xfe') + rubbish.toString('latin1')),
  ],
  ['an SDP of a hundred streams', about(offer + 'm=audio 4000 RTP/AVP 8\r\n'.repeat(100))],
  ['an SDP of all payload types', about(offer.replace('AVP 8', `AVP ${[...Array(256).keys()].join(' ')}`))],
  ['an SDP of 60 kB', about(offer + `a=x:${'x'.repeat(60)}\r\n`.repeat(900))],
  ['a body in parts that never come', about('--x\r\n--x\r\n', 'multipart/mixed;boundary=')],
  ['a type of rubbish', about(offer, 'application/;;=/')],
  ['an answer that nobody asked for', starting('SIP/2.0 200 OK')],
  ['an answer with a wrong status', starting('SIP/2.0 99999 \0')],
  ['rubbish', () => rubbish],
  ['rubbish behind a request', (good) => Buffer.concat([Buffer.from(good, 'latin1'), rubbish])],
  ['line ends only', () => '\r\n'.repeat(500)],
  ['NUL only', () => Buffer.alloc(1000)],
  ['nothing', () => ''],
])
