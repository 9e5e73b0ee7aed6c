/** A SIP socket: repeats requests until they are answered, and delivers incoming messages. UDP only. */
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Address } from '../calls/exchange.ts'
import { header, parseMessage, write, type SipRequest, type SipResponse } from './message.ts'

export interface Transactions {
  readonly local: Address
  /** Sends a request (headers without Via) and awaits the final response; rejects after `answerMs`. */
  ask(
    to: Address,
    method: string,
    uri: string,
    headers: readonly (readonly [string, string])[],
  ): Promise<SipResponse>
  send(to: Address, message: string): void
  /** `at`: milliseconds of `performance.now()`; `from`: address for responses. */
  onRequest(listener: (request: SipRequest, at: number, from: Address) => void): void
  close(): void
}

const firstRepeatMs = 500
const answerMs = 8000

export async function openTransactions(host: string, ownPort = 0): Promise<Transactions> {
  const socket = createSocket({ type: 'udp4', lookup: (name, _, found) => found(null, name, 4) })
  // The lookup above is synchronous, so the event comes before bind() returns.
  const listening = once(socket, 'listening')
  socket.bind(ownPort, host)
  await listening
  const { port } = socket.address()
  const waiting = new Map<string, (response: SipResponse) => void>()
  let onRequest: ((request: SipRequest, at: number, from: Address) => void) | null = null
  let open = true

  socket.on('message', (bytes, { address, port }) => {
    const at = performance.now()
    const message = parseMessage(bytes.toString('utf8'))
    if (message === null) return
    if (message.kind === 'request') return onRequest?.(message, at, { host: address, port })
    const branch = /branch=([^;,\s]+)/.exec(header(message, 'via'))?.[1] ?? ''
    if (message.status >= 200) waiting.get(branch)?.(message)
  })
  // The server is down: requests are repeated until their time-out.
  socket.on('error', () => undefined)

  const send = (to: Address, message: string): void => {
    if (open) socket.send(message, to.port, to.host)
  }
  return {
    local: { host, port },
    send,
    onRequest(listener) {
      onRequest = listener
    },
    ask(to, method, uri, headers) {
      const branch = `z9hG4bK${randomBytes(9).toString('hex')}`
      const via = `SIP/2.0/UDP ${host}:${port};rport;branch=${branch}`
      const message = write(`${method} ${uri} SIP/2.0`, [['via', via], ['max-forwards', '70'], ...headers])
      const { promise, resolve, reject } = Promise.withResolvers<SipResponse>()
      let repeatMs = firstRepeatMs
      let repeat = setTimeout(function again() {
        send(to, message)
        repeatMs *= 2
        repeat = setTimeout(again, repeatMs)
      }, repeatMs)
      const bound = setTimeout(() => reject(new Error(`no answer to ${method} in ${answerMs} ms`)), answerMs)
      waiting.set(branch, resolve)
      send(to, message)
      return promise.finally(() => {
        clearTimeout(repeat)
        clearTimeout(bound)
        waiting.delete(branch)
      })
    },
    close() {
      if (!open) return
      open = false
      socket.close()
    },
  }
}
