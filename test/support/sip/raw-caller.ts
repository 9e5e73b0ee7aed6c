/**
 * A SIP caller that sends each message at the moment that the test chooses, malformed ones included. SIPp waits for
 * answers, so it cannot produce races.
 */
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Test } from 'tap'
import type { Address } from '../../../tools/demo/calls/exchange.ts'
import { header, parseMessage, sdp, uriOf, write } from '../../../tools/demo/phone/message.ts'

export interface RawCall {
  readonly callId: string
  /** Status codes of the INVITE's answers, in order. */
  readonly statuses: readonly number[]
  /** Resolves with the first response of any kind: a CANCEL is not allowed before it (RFC 3261, section 9.1). */
  readonly heardOf: Promise<void>
  /** The final response's status. */
  readonly final: Promise<number>
  /** Resolves when the other side hangs up after a 200. */
  readonly hungUp: Promise<void>
  cancel(): void
  /** Only after a 200. */
  bye(): void
}

export interface RawInvite {
  readonly number?: string
  /** The whole From value without its tag. */
  readonly from?: string
  /** Each character is one byte. */
  readonly callId?: string
  readonly withSdp?: boolean
}

export interface RawCaller {
  invite(options?: RawInvite): RawCall
}

const rtpPort = 9

interface Known {
  respond(
    status: number,
    message: { readonly to: string; readonly contact: string; readonly cseq: string },
  ): void
  ended(): void
}

export async function openRawCaller(
  t: Pick<Test, 'teardown'>,
  target: Address,
  host = '127.0.0.2',
): Promise<RawCaller> {
  const socket = createSocket('udp4')
  socket.bind(0, host)
  await once(socket, 'listening')
  const { port } = socket.address()
  t.teardown(() => socket.close())
  const calls = new Map<string, Known>()
  const send = (text: string): void => socket.send(Buffer.from(text, 'latin1'), target.port, target.host)

  socket.on('message', (bytes) => {
    const message = parseMessage(bytes.toString('latin1'))
    if (message === null) return
    const call = calls.get(header(message, 'call-id'))
    if (message.kind === 'response') {
      const [to, contact, cseq] = ['to', 'contact', 'cseq'].map((name) => header(message, name))
      call?.respond(message.status, { to: to ?? '', contact: contact ?? '', cseq: cseq ?? '' })
      return
    }
    const kept = message.headers.filter(([name]) => ['via', 'from', 'to', 'call-id', 'cseq'].includes(name))
    if (message.method !== 'ACK') send(write('SIP/2.0 200 OK', kept))
    if (message.method === 'BYE') call?.ended()
  })

  function invite({
    number = '969',
    from = '<sip:0722000950@test>',
    callId = randomBytes(8).toString('hex'),
    withSdp = true,
  }: RawInvite = {}): RawCall {
    const branch = `z9hG4bK${randomBytes(8).toString('hex')}`
    const uri = `sip:${number}@${target.host}:${target.port}`
    const statuses: number[] = []
    const heardOf = Promise.withResolvers<void>()
    const final = Promise.withResolvers<number>()
    const hungUp = Promise.withResolvers<void>()
    let dialog = { to: `<${uri}>`, target: uri }
    const request = (
      method: string,
      cseq: number,
      suffix: string,
      extra: readonly (readonly [string, string])[],
      body = '',
    ): void =>
      send(
        write(
          `${method} ${method === 'INVITE' || method === 'CANCEL' ? uri : dialog.target} SIP/2.0`,
          [
            ['via', `SIP/2.0/UDP ${host}:${port};rport;branch=${branch}${suffix}`],
            ['max-forwards', '70'],
            ['from', `${from};tag=raw`],
            ['to', dialog.to],
            ['call-id', callId],
            ['cseq', `${cseq} ${method}`],
            ...extra,
          ],
          body,
        ),
      )
    calls.set(callId, {
      respond(status, { to, contact, cseq }) {
        if (!cseq.endsWith('INVITE')) return
        statuses.push(status)
        heardOf.resolve()
        if (status < 200) return
        dialog = { to, target: contact === '' ? uri : uriOf(contact) }
        // Without an SDP offer in the INVITE, the ACK carries the answer to the other side's offer.
        const answers = status < 300 && !withSdp
        const type = answers ? ([['content-type', 'application/sdp']] as const) : []
        request('ACK', 1, status < 300 ? 'a' : '', type, answers ? sdp(host, rtpPort) : '')
        final.resolve(status)
      },
      ended: hungUp.resolve,
    })
    const contact = [['contact', `<sip:raw@${host}:${port}>`]] as const
    if (withSdp)
      request('INVITE', 1, '', [...contact, ['content-type', 'application/sdp']], sdp(host, rtpPort))
    else request('INVITE', 1, '', contact)
    return {
      callId,
      statuses,
      heardOf: heardOf.promise,
      final: final.promise,
      hungUp: hungUp.promise,
      cancel: () => request('CANCEL', 1, '', []),
      bye: () => request('BYE', 2, 'b', []),
    }
  }
  return { invite }
}
