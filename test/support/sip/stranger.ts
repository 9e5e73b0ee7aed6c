/** An unknown host that sends given bytes from an address and reads the responses. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { Test } from 'tap'
import type { Address } from '../../../tools/demo/calls/exchange.ts'

export interface Stranger {
  readonly host: string
  readonly port: number
  /** All received packets, as text. */
  readonly heard: readonly string[]
  send(bytes: string | Buffer): void
  /** Sends, and resolves with the first packet that names this request's Call-ID; null when none comes. */
  ask(request: (id: string) => string, withinMs?: number): Promise<string | null>
}

export async function openStranger(
  t: Pick<Test, 'teardown'>,
  target: Address,
  host = '127.0.0.8',
): Promise<Stranger> {
  const socket = createSocket('udp4')
  socket.bind(0, host)
  await once(socket, 'listening')
  t.teardown(() => socket.close())
  const heard: string[] = []
  const waiting = new Map<string, (text: string) => void>()
  socket.on('message', (bytes) => {
    const text = bytes.toString('latin1')
    heard.push(text)
    const id = /^(?:Call-ID|i)\s*:\s*(\S+)/im.exec(text)?.[1] ?? ''
    waiting.get(id)?.(text)
  })
  // A closed port is reported as an error; the test detects it by a missing answer.
  socket.on('error', () => undefined)
  const send = (bytes: string | Buffer): void => {
    socket.send(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, target.port, target.host)
  }
  return {
    host,
    port: socket.address().port,
    heard,
    send,
    async ask(request, withinMs = 15_000) {
      const id = randomBytes(9).toString('hex')
      const answer = Promise.withResolvers<string | null>()
      waiting.set(id, answer.resolve)
      const bound = setTimeout(() => answer.resolve(null), withinMs)
      send(request(id))
      try {
        return await answer.promise
      } finally {
        clearTimeout(bound)
        waiting.delete(id)
      }
    },
  }
}

/** A TCP connection of an unknown host, closed with the test. */
export async function openTcpStranger(
  t: Pick<Test, 'teardown'>,
  target: Address,
  host = '127.0.0.8',
): Promise<{ readonly socket: Socket; readonly heard: () => string }> {
  const socket = connect({ ...target, localAddress: host })
  let heard = ''
  socket.on('data', (bytes) => (heard += bytes.toString('latin1')))
  // The other side may close the connection at any time.
  socket.on('error', () => undefined)
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  return { socket, heard: () => heard }
}

/** A well-formed request, from which the tests build malformed ones. */
export function requestOf(
  method: string,
  user: string,
  { host, port }: { readonly host: string; readonly port: number },
  id: string,
  extra: readonly string[] = [],
  transport: 'UDP' | 'TCP' = 'UDP',
): string {
  const body = method === 'INVITE' && extra.every((line) => !line.startsWith('Content-Type')) ? sdp(host) : ''
  return [
    `${method} sip:${method === 'REGISTER' ? '' : `${user}@`}127.0.0.1 SIP/2.0`,
    `Via: SIP/2.0/${transport} ${host}:${port};rport;branch=z9hG4bK${id}`,
    'Max-Forwards: 70',
    `From: <sip:${user}@127.0.0.1>;tag=f${id}`,
    `To: <sip:${user}@127.0.0.1>`,
    `Call-ID: ${id}`,
    `CSeq: 1 ${method}`,
    `Contact: <sip:${user}@${host}:${port}>`,
    ...extra,
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n')
}

export function sdp(host: string): string {
  return `v=0\r\no=x 1 1 IN IP4 ${host}\r\ns=-\r\nc=IN IP4 ${host}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n`
}
