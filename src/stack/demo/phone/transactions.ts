/** A SIP socket: sends requests until they are answered, hands over what comes in. UDP only. */
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Address } from '../exchange.ts'
import { header, parseMessage, write, type SipRequest, type SipResponse } from './message.ts'

export interface Transactions {
  readonly local: Address
  /** Sends a request (its headers without Via) until the final answer; rejects after `answerMs`. */
  ask(
    method: string,
    uri: string,
    headers: readonly (readonly [string, string])[],
    body?: string,
  ): Promise<SipResponse>
  send(message: string): void
  onRequest(listener: (request: SipRequest, at: number) => void): void
  close(): void
}

const firstRepeatMs = 500
const answerMs = 8000

export async function openTransactions(host: string, server: Address): Promise<Transactions> {
  const socket = createSocket({ type: 'udp4', lookup: (name, _, found) => found(null, name, 4) })
  // The look-up above answers at once, so the event comes before bind() returns.
  const listening = once(socket, 'listening')
  socket.bind(0, host)
  await listening
  const { port } = socket.address()
  const waiting = new Map<string, (response: SipResponse) => void>()
  let onRequest: ((request: SipRequest, at: number) => void) | null = null
  let open = true

  socket.on('message', (bytes) => {
    const at = performance.now()
    const message = parseMessage(bytes.toString('utf8'))
    if (message === null) return
    if (message.kind === 'request') return onRequest?.(message, at)
    const branch = /branch=([^;,\s]+)/.exec(header(message, 'via'))?.[1] ?? ''
    if (message.status >= 200) waiting.get(branch)?.(message)
  })
  // The server is away: requests are repeated, and their bound tells.
  socket.on('error', () => undefined)

  const send = (message: string): void => {
    if (open) socket.send(message, server.port, server.host)
  }
  return {
    local: { host, port },
    send,
    onRequest(listener) {
      onRequest = listener
    },
    ask(method, uri, headers, body = '') {
      const branch = `z9hG4bK${randomBytes(9).toString('hex')}`
      const via = `SIP/2.0/UDP ${host}:${port};rport;branch=${branch}`
      const message = write(
        `${method} ${uri} SIP/2.0`,
        [['via', via], ['max-forwards', '70'], ...headers],
        body,
      )
      const { promise, resolve, reject } = Promise.withResolvers<SipResponse>()
      let repeatMs = firstRepeatMs
      let repeat = setTimeout(function again() {
        send(message)
        repeatMs *= 2
        repeat = setTimeout(again, repeatMs)
      }, repeatMs)
      const bound = setTimeout(() => reject(new Error(`no answer to ${method} in ${answerMs} ms`)), answerMs)
      waiting.set(branch, resolve)
      send(message)
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
