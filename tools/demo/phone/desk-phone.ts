/** A desk phone: registers with user name and password, rings, answers and hangs up. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { Address } from '../calls/exchange.ts'
import { takeCall, type PhoneCall, type Ring } from './call.ts'
import { digestAnswer } from './digest.ts'
import { answer, header, type SipRequest, type SipResponse } from './message.ts'
import { openTransactions, type Transactions } from './transactions.ts'

export interface PhoneOptions {
  /** Address of the phone itself. */
  readonly host: string
  readonly server: Address
  readonly username: string
  readonly password: string
  onRing(ring: Ring): void
  /** How much received audio to keep, for measuring. */
  readonly keepMs?: number
  /** Sends no 180 Ringing. */
  readonly silent?: boolean
  readonly expiresS?: number
  /** Transport; default: UDP. */
  readonly connect?: (host: string) => Promise<Transactions>
}

export interface DeskPhone {
  readonly username: string
  readonly address: Address
  register(): Promise<void>
  unregister(): Promise<void>
  /** Hangs up all calls, unregisters and closes. */
  close(): Promise<void>
  /** As if the cable were pulled: sends nothing. */
  vanish(): void
}

export class RegistrationRefused extends Error {
  override name = 'RegistrationRefused'
}

export async function openPhone(options: PhoneOptions): Promise<DeskPhone> {
  const { username, server } = options
  const sip = await (options.connect ?? openTransactions)(options.host)
  const calls = new Map<string, PhoneCall>()
  const registration = { callId: randomUUID(), tag: randomBytes(6).toString('hex'), cseq: 0 }
  let refresh: NodeJS.Timeout | undefined
  let registered = false

  sip.onRequest((request: SipRequest, at: number, from: Address) => {
    const callId = header(request, 'call-id')
    const call = calls.get(callId)
    if (call !== undefined) return call.receive(request, at)
    if (request.method === 'ACK') return
    if (request.method !== 'INVITE') {
      // OPTIONS is Asterisk's qualify; a late BYE or CANCEL of an ended call needs an answer too.
      const known = request.method === 'OPTIONS' || request.method === 'NOTIFY'
      return sip.send(from, answer(request, known ? 200 : 481, known ? 'OK' : 'Call Does Not Exist', 'phone'))
    }
    const taken = takeCall(sip, request, at, {
      username,
      peer: from,
      keepMs: options.keepMs ?? 0,
      silent: options.silent ?? false,
      onOver: () => {
        // Kept for a moment, for retransmissions.
        setTimeout(() => calls.delete(callId), 2000).unref()
      },
    })
    calls.set(callId, taken)
    options.onRing(taken.ring)
  })

  const uri = `sip:${server.host}:${server.port}`
  const who = `<sip:${username}@${server.host}>`
  async function tryRegister(expiresS: number, credentials: string | null): Promise<SipResponse> {
    registration.cseq += 1
    return sip.ask(server, 'REGISTER', uri, [
      ['from', `${who};tag=${registration.tag}`],
      ['to', who],
      ['call-id', registration.callId],
      ['cseq', `${registration.cseq} REGISTER`],
      ['contact', `<sip:${username}@${sip.local.host}:${sip.local.port}>`],
      ['expires', `${expiresS}`],
      ...(credentials === null ? [] : [['authorization', credentials] as const]),
    ])
  }
  async function sendRegister(expiresS: number): Promise<void> {
    let response = await tryRegister(expiresS, null)
    if (response.status === 401) {
      const challenge = header(response, 'www-authenticate')
      response = await tryRegister(expiresS, digestAnswer(challenge, options, 'REGISTER', uri))
    }
    if (response.status !== 200) {
      throw new RegistrationRefused(`${username}: ${response.status} ${response.reason}`)
    }
  }

  const shut = (): void => {
    clearTimeout(refresh)
    sip.close()
  }
  const expiresS = options.expiresS ?? 300
  async function register(): Promise<void> {
    clearTimeout(refresh)
    await sendRegister(expiresS)
    registered = true
    const again = (): void => {
      // The server is down; the next attempt follows soon.
      register().catch(() => {
        refresh = setTimeout(again, 5000)
      })
    }
    refresh = setTimeout(again, (expiresS * 1000) / 2)
  }
  async function unregister(): Promise<void> {
    clearTimeout(refresh)
    if (!registered) return
    registered = false
    await sendRegister(0)
  }
  return {
    username,
    address: sip.local,
    register,
    unregister,
    async close() {
      for (const call of calls.values()) call.drop()
      try {
        await unregister()
      } catch (error) {
        // The server may have ended first.
        if (!(error instanceof Error)) throw error
      }
      shut()
    },
    vanish() {
      registered = false
      shut()
    },
  }
}
