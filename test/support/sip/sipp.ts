/**
 * SIPp in tests: builds a scenario from small steps, runs it and reads its messages back. A run that is still active at
 * the end of the test is stopped.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { killAtExit } from '../at-exit.ts'
import { until } from '../until.ts'

export interface SippRun {
  /** SIPp's exit code; 0 when every step matched the scenario. */
  readonly done: Promise<number>
  /** Everything sent and received so far. */
  readonly messages: () => string
  readonly stop: () => Promise<void>
}

export interface SippOptions {
  readonly scenario: string
  readonly local: { readonly host: string; readonly port: number }
  readonly remote: { readonly host: string; readonly port: number }
  /** `[service]`: the number to call, or the username of the phone. */
  readonly service: string
  readonly calls?: number
  readonly rate?: number
  readonly extra?: readonly string[]
}

/** Starts SIPp and waits until its socket is open. */
export async function runSipp(t: Test, options: SippOptions): Promise<SippRun> {
  const dir = await mkdtemp(join(tmpdir(), 'linia-sipp-'))
  const file = join(dir, 'scenario.xml')
  const log = join(dir, 'messages.log')
  await writeFile(file, `<?xml version="1.0"?>\n<scenario name="test">\n${options.scenario}\n</scenario>\n`)
  const { local, remote, service, calls = 1, rate = 10, extra = [] } = options
  const args = [
    `-sf ${file} -s ${service} -i ${local.host} -p ${local.port} -mi ${mediaHost()}`,
    `-m ${calls} -l ${Math.max(calls, 3)} -r ${rate} -nostdin -aa -timeout 600`,
    `-trace_msg -message_file ${log} -message_overwrite true`,
    ...extra,
    `${remote.host}:${remote.port}`,
  ].flatMap((part) => part.split(' ').filter((word) => word !== ''))
  const child = spawn('sipp', args, { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  killAtExit(child)
  const done = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : 255))
  const stop = () => end(child, done)
  t.teardown(async () => {
    const ended = child.exitCode
    await stop()
    // A failed test logs the messages of its phones and callers: a failure in CI may not be reproducible.
    if (!t.passing())
      t.comment(`sipp (exit code ${ended ?? 'none, it was still running'})\n${complaints}\n${messages()}`)
    await rm(dir, { recursive: true, force: true })
  })
  const messages = () => {
    try {
      return readFileSync(log, 'utf8')
    } catch {
      // Nothing sent yet.
      return ''
    }
  }
  await until(() => child.exitCode !== null || child.signalCode !== null || listens(local))
  return { done, messages, stop }
}

/** Linux lists UDP sockets with address and port in hexadecimal, the address in host byte order. */
function listens({ host, port }: SippOptions['local']): boolean {
  const address = host.split('.').map(Number).reverse()
  const hex = (number: number, digits: number) => number.toString(16).toUpperCase().padStart(digits, '0')
  const listed = `${address.map((part) => hex(part, 2)).join('')}:${hex(port, 4)} `
  return readFileSync('/proc/net/udp', 'utf8').includes(listed)
}

export interface SipRequest {
  readonly method: string
  readonly callId: string
}

/** The requests of these methods, sent and received, in order; a retransmission counts once. */
export function requestsOf(
  run: Pick<SippRun, 'messages'>,
  methods: readonly string[],
): readonly SipRequest[] {
  const known = new Set<string>()
  return [...run.messages().matchAll(/^([A-Z]+) sip:[^]*?^Call-ID: (\S+)[^]*?^CSeq: (\d+)/gm)].flatMap(
    ([, method = '', callId = '', cseq = '']) => {
      const id = `${method} ${callId} ${cseq}`
      if (!methods.includes(method) || known.has(id)) return []
      known.add(id)
      return [{ method, callId }]
    },
  )
}

/** A random address for media, so that concurrent SIPp processes do not use the same RTP ports. */
const mediaHost = () => `127.${randomInt(16, 128)}.${randomInt(256)}.${randomInt(1, 255)}`

async function end(child: ChildProcess, done: Promise<number>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await done
}

// ---- steps ---------------------------------------------------------------------------------

const sdp = (direction: string) => `
      v=0
      o=test 1 1 IN IP4 [local_ip]
      s=-
      c=IN IP4 [media_ip]
      t=0 0
      m=audio [rtpstream_audio_port] RTP/AVP 8 101
      a=rtpmap:8 PCMA/8000
      a=rtpmap:101 telephone-event/8000
      a=${direction}
`
const message = (lines: readonly string[], body = '') => `<send retrans="500"><![CDATA[
      ${lines.join('\n      ')}
      ${body === '' ? 'Content-Length: 0' : 'Content-Type: application/sdp\n      Content-Length: [len]'}
${body}
    ]]></send>`

export interface InviteOptions {
  /** The whole From header's name and address, without tag. */
  readonly from?: string
  readonly withSdp?: boolean
  readonly headers?: readonly string[]
  readonly to?: string
  readonly cseq?: number
}

export const caller = {
  invite: ({ from, withSdp = true, headers = [], to = '[service]', cseq = 1 }: InviteOptions = {}) =>
    message(
      [
        `INVITE sip:${to}@[remote_ip]:[remote_port] SIP/2.0`,
        'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK[pid]i[call_number]' +
          (cseq === 1 ? '' : `x${cseq}`),
        `From: ${from ?? '"Ana" <sip:0256123456@[local_ip]>'};tag=[pid]t[call_number]`,
        `To: <sip:${to}@[remote_ip]:[remote_port]>`,
        'Call-ID: [call_id]',
        `CSeq: ${cseq} INVITE`,
        'Contact: <sip:caller@[local_ip]:[local_port]>',
        'Max-Forwards: 70',
        ...headers,
      ],
      withSdp ? sdp('sendrecv') : '',
    ),
  answered: `<recv response="100" optional="true"/><recv response="180" optional="true"/>
    <recv response="183" optional="true"/><recv response="200" rrs="true"/>`,
  refused: (
    status: number,
  ) => `<recv response="100" optional="true"/><recv response="183" optional="true"/><recv response="${status}"/>
    ${inDialog('ACK', 1)}`,
  /** After a challenge. */
  ackRefused: inDialog('ACK', 1),
  ackTo: (cseq: number) => ack(cseq),
  ack: ack(1),
  ackWithSdp: `<send><![CDATA[
      ACK [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:caller@[local_ip]>;tag=[pid]t[call_number]
      [last_To:]
      Call-ID: [call_id]
      CSeq: 1 ACK
      Max-Forwards: 70
      Content-Type: application/sdp
      Content-Length: [len]
${sdp('sendrecv')}
    ]]></send>`,
  cancel: `${inDialog('CANCEL', 1)}<recv response="200"/><recv response="487"/>${inDialog('ACK', 1)}`,
  hangUp: `${inDialog('BYE', 5, '[next_url]')}<recv response="200"/>`,
  hungUp: `<recv request="BYE"/>${reply('200 OK')}`,
} as const

/** Steps of a called phone. */
export const phone = {
  hangUp: `<send retrans="500"><![CDATA[
      BYE [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:[service]@[local_ip]>;tag=[pid]p[call_number]
      To[$remote]
      Call-ID: [call_id]
      CSeq: 9 BYE
      Max-Forwards: 70
      Content-Length: 0
    ]]></send><recv response="200"/>`,
  invited: `<recv request="INVITE" rrs="true"><action>
      <ereg regexp=":.*" search_in="hdr" header="From" assign_to="remote"/>
    </action></recv><Reference variables="remote"/>`,
  /** The phone's hold key: a re-INVITE with this direction. */
  reInvite: (direction: 'sendonly' | 'sendrecv', cseq: number) => `<send retrans="500"><![CDATA[
      INVITE [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:[service]@[local_ip]>;tag=[pid]p[call_number]
      To[$remote]
      Call-ID: [call_id]
      CSeq: ${cseq} INVITE
      Contact: <sip:[service]@[local_ip]:[local_port]>
      Max-Forwards: 70
      Content-Type: application/sdp
      Content-Length: [len]
${sdp(direction)}
    ]]></send><recv response="100" optional="true"/><recv response="200"/><send><![CDATA[
      ACK [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:[service]@[local_ip]>;tag=[pid]p[call_number]
      To[$remote]
      Call-ID: [call_id]
      CSeq: ${cseq} ACK
      Max-Forwards: 70
      Content-Length: 0
    ]]></send>`,
  /** The phone's transfer key, and the report of what became of it. */
  refer: (to: string, cseq: number) => `<send retrans="500"><![CDATA[
      REFER [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:[service]@[local_ip]>;tag=[pid]p[call_number]
      To[$remote]
      Call-ID: [call_id]
      CSeq: ${cseq} REFER
      Contact: <sip:[service]@[local_ip]:[local_port]>
      Refer-To: ${to}
      Max-Forwards: 70
      Content-Length: 0
    ]]></send><recv response="202"/><recv request="NOTIFY"/>${reply('200 OK')}`,
  hungUp: `<recv request="BYE"/>${reply('200 OK')}`,
  ringing: reply('180 Ringing', '', ';tag=[pid]p[call_number]'),
  accept: `${reply('200 OK', sdp('sendrecv'), ';tag=[pid]p[call_number]')}<recv request="ACK"/>`,
  refuse: (line: string) => `${reply(line, '', ';tag=[pid]p[call_number]')}<recv request="ACK"/>`,
  cancelled: `<recv request="CANCEL"/>${reply('200 OK')}<send><![CDATA[
      SIP/2.0 487 Request Terminated
      [last_Via:]
      [last_From:]
      [last_To:];tag=[pid]p[call_number]
      [last_Call-ID:]
      CSeq: 1 INVITE
      Content-Length: 0
    ]]></send><recv request="ACK"/>`,
} as const

export const pause = (ms: number) => `<pause milliseconds="${ms}"/>`
/** Plays a raw A-law file for ever. */
export const playAlaw = (path: string) =>
  `<nop><action><exec rtp_stream="${path},-1,8,PCMA/8000"/></action></nop>`

function ack(cseq: number): string {
  return `<send><![CDATA[
      ACK [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:caller@[local_ip]>;tag=[pid]t[call_number]
      [last_To:]
      Call-ID: [call_id]
      CSeq: ${cseq} ACK
      Max-Forwards: 70
      Content-Length: 0
    ]]></send>`
}

/** A request inside a dialog that SIPp began. */
function inDialog(method: string, cseq: number, target = 'sip:[service]@[remote_ip]:[remote_port]'): string {
  return `<send${method === 'ACK' ? '' : ' retrans="500"'}><![CDATA[
      ${method} ${target} SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=${method === 'BYE' ? '[branch]' : 'z9hG4bK[pid]i[call_number]'}
      From: <sip:caller@[local_ip]>;tag=[pid]t[call_number]
      [last_To:]
      Call-ID: [call_id]
      CSeq: ${cseq} ${method}
      Max-Forwards: 70
      Content-Length: 0
    ]]></send>`
}

function reply(line: string, body = '', tag = ''): string {
  return `<send><![CDATA[
      SIP/2.0 ${line}
      [last_Via:]
      [last_From:]
      [last_To:]${tag}
      [last_Call-ID:]
      [last_CSeq:]
      Contact: <sip:[service]@[local_ip]:[local_port]>
      ${body === '' ? 'Content-Length: 0' : 'Content-Type: application/sdp\n      Content-Length: [len]'}
${body}
    ]]></send>`
}

/** The password in hexadecimal: SIPp decodes a password that begins with 0x, and would then use another one. */
export const authentication = (username: string, password: string): string =>
  `[authentication username=${username} password=0x${Buffer.from(password).toString('hex')}]`

/** Registers a phone at `local`; expires after an hour. */
export const register = (username: string, password: string, expires = 3600) => {
  const request = (cseq: number, authorization: string) =>
    message([
      'REGISTER sip:[remote_ip]:[remote_port] SIP/2.0',
      'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
      'From: <sip:[service]@[remote_ip]>;tag=[pid]r[call_number]',
      'To: <sip:[service]@[remote_ip]>',
      'Call-ID: [call_id]',
      `CSeq: ${cseq} REGISTER`,
      'Contact: <sip:[service]@[local_ip]:[local_port]>',
      `Expires: ${expires}`,
      'Max-Forwards: 70',
      ...(authorization === '' ? [] : [authorization]),
    ])
  return `${request(1, '')}<recv response="401" auth="true"/>
    ${request(2, authentication(username, password))}<recv response="200"/>`
}
