/** SIP transactions of a desk phone over one TCP connection, without any UDP socket. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Address } from '../../../tools/demo/calls/exchange.ts'
import { header, parseMessage, write, type SipResponse } from '../../../tools/demo/phone/message.ts'
import type { Transactions } from '../../../tools/demo/phone/transactions.ts'

const answerMs = 8_000

/** Every message goes to this server over the phone's own connection, whatever its destination. */
export const overTcp =
  (server: Address) =>
  async (host: string): Promise<Transactions> => {
    const socket = connect({ ...server, localAddress: host })
    await once(socket, 'connect', { signal: AbortSignal.timeout(answerMs) })
    // The server may close the connection; pending requests then time out.
    socket.on('error', () => undefined)
    const local = { host, port: socket.localPort ?? 0 }
    const waiting = new Map<string, (response: SipResponse) => void>()
    let onRequest: Parameters<Transactions['onRequest']>[0] | null = null
    let unread = Buffer.alloc(0)

    const take = (text: string): void => {
      const message = parseMessage(text)
      if (message === null) return
      if (message.kind === 'request') return onRequest?.(message, performance.now(), server)
      const branch = /branch=([^;,\s]+)/.exec(header(message, 'via'))?.[1] ?? ''
      if (message.status >= 200) waiting.get(branch)?.(message)
    }
    socket.on('data', (bytes: Buffer) => {
      unread = Buffer.concat([unread, bytes])
      for (let length = firstLength(unread); length !== null; length = firstLength(unread)) {
        const text = unread.toString('utf8', 0, length)
        unread = unread.subarray(length)
        take(text)
      }
    })

    const send = (_to: Address, message: string): void => {
      if (!socket.destroyed) socket.write(message)
    }
    return {
      local,
      send,
      onRequest(listener) {
        onRequest = listener
      },
      async ask(to, method, uri, headers) {
        const branch = `z9hG4bK${randomBytes(9).toString('hex')}`
        const via = `SIP/2.0/TCP ${host}:${local.port};rport;branch=${branch}`
        const { promise, resolve, reject } = Promise.withResolvers<SipResponse>()
        const bound = setTimeout(() => reject(new Error(`no answer to ${method}`)), answerMs)
        waiting.set(branch, resolve)
        send(to, write(`${method} ${uri} SIP/2.0`, [['via', via], ['max-forwards', '70'], ...headers]))
        try {
          return await promise
        } finally {
          clearTimeout(bound)
          waiting.delete(branch)
        }
      },
      close: () => socket.destroy(),
    }
  }

/**
 * Length of the first message in a stream in bytes; null while it is incomplete. Empty lines between messages are
 * keep-alives.
 */
function firstLength(bytes: Buffer): number | null {
  const head = bytes.indexOf('\r\n\r\n')
  if (head < 0) return null
  const body = /^(?:content-length|l)\s*:\s*(\d+)/im.exec(bytes.toString('utf8', 0, head))?.[1] ?? '0'
  const length = head + 4 + Number(body)
  return bytes.length < length ? null : length
}
