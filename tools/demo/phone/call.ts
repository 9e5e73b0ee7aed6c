/**
 * One call on a desk phone, from the INVITE to its end.
 *
 *   ringing ──► answered (200 sent) ──► talking (ACK seen) ──► over
 *      └─────────────► over (cancelled, refused)
 */
import { randomBytes } from 'node:crypto'
import { openRtp, type RtpEnd } from '../calls/rtp.ts'
import { answer, audioOf, header, sdp, uriOf, userOf, type SipRequest } from './message.ts'
import type { Address } from '../calls/exchange.ts'
import type { Transactions } from './transactions.ts'

/** Times are milliseconds of `performance.now()`. */
export interface Ring {
  readonly callId: string
  /** Calling number; null: withheld. */
  readonly caller: string | null
  readonly invitedAt: number
  header(name: string): string
  /** Answers; resolves with the ACK, rejects when the caller was gone. */
  answer(sound: Buffer | null): Promise<Talk>
  refuse(status: 480 | 486 | 603): void
  readonly over: Promise<'answered' | 'cancelled' | 'refused'>
}

export interface Talk {
  readonly callId: string
  readonly caller: string | null
  readonly rtp: RtpEnd
  /** When the 200 OK was sent. */
  readonly answeredAt: number
  /** Hangs up; resolves with the time at which the BYE was sent. */
  hangUp(): number
  readonly ended: Promise<{ readonly by: 'us' | 'them'; readonly at: number }>
}

export interface PhoneCall {
  readonly ring: Ring
  /** Any further request of this call. */
  receive(request: SipRequest, at: number): void
  /** Ends the call when the phone is switched off: hangs up or refuses. */
  drop(): void
}

const repeatFirstMs = 500
const confirmedByMs = 8000
const reasons = { 480: 'Temporarily Unavailable', 486: 'Busy Here', 603: 'Decline' } as const

export function takeCall(
  sip: Transactions,
  invite: SipRequest,
  invitedAt: number,
  options: {
    readonly username: string
    /** Source of the INVITE. */
    readonly peer: Address
    readonly keepMs: number
    readonly silent: boolean
    readonly onOver: () => void
  },
): PhoneCall {
  const tag = randomBytes(6).toString('hex')
  const callId = header(invite, 'call-id')
  const from = header(invite, 'from')
  const caller = userOf(from) === 'anonymous' ? null : userOf(from)
  const contact = [['contact', `<sip:${options.username}@${sip.local.host}:${sip.local.port}>`]] as const
  const ringEnd = Promise.withResolvers<'answered' | 'cancelled' | 'refused'>()
  const ended = Promise.withResolvers<{ by: 'us' | 'them'; at: number }>()
  const confirmed = Promise.withResolvers<void>()
  confirmed.promise.catch(() => undefined)
  let state: 'ringing' | 'answered' | 'talking' | 'over' = 'ringing'
  let lastAnswer = ''
  let rtp: RtpEnd | null = null
  let sound: Buffer | null = null
  let repeat: NodeJS.Timeout | undefined

  const say = (request: SipRequest, status: number, reason: string, body = ''): void => {
    const type = body === '' ? [] : ([['content-type', 'application/sdp']] as const)
    const text = answer(request, status, reason, status === 100 ? null : tag, [...contact, ...type], body)
    if (request === invite) lastAnswer = text
    sip.send(options.peer, text)
  }
  const over = (): void => {
    state = 'over'
    clearTimeout(repeat)
    rtp?.close()
    options.onOver()
  }
  const endTalk = (by: 'us' | 'them', at: number): void => {
    confirmed.reject(new Error('the caller was gone'))
    over()
    ended.resolve({ by, at })
  }
  const listenTo = (body: string): void => {
    const audio = audioOf(body)
    if (audio !== null) rtp?.play(audio, sound)
  }

  function hangUp(): number {
    const at = performance.now()
    if (state === 'over' || state === 'ringing') return at
    const to = header(invite, 'from')
    const headers = [
      ['from', `${header(invite, 'to')};tag=${tag}`],
      ['to', to],
      ['call-id', callId],
      ['cseq', '1 BYE'],
    ] as const
    // No answer when the other side has gone, which is fine.
    sip.ask(options.peer, 'BYE', uriOf(header(invite, 'contact')), headers).catch(() => undefined)
    endTalk('us', at)
    return at
  }

  async function pickUp(next: Buffer | null): Promise<Talk> {
    if (state !== 'ringing') throw new Error(`the call is not ringing but ${state}`)
    state = 'answered'
    sound = next
    const end = await openRtp(sip.local.host, options.keepMs)
    // The caller may have hung up while the port was being opened.
    if (ringing.gone) {
      end.close()
      throw new Error('the caller was gone')
    }
    rtp = end
    const answeredAt = performance.now()
    say(invite, 200, 'OK', sdp(sip.local.host, end.port))
    listenTo(invite.body)
    ringEnd.resolve('answered')
    let waitMs = repeatFirstMs
    const again = (): void => {
      if (waitMs > confirmedByMs) return void hangUp()
      sip.send(options.peer, lastAnswer)
      waitMs *= 2
      repeat = setTimeout(again, waitMs)
    }
    repeat = setTimeout(again, waitMs)
    await confirmed.promise
    return { callId, caller, rtp: end, answeredAt, hangUp, ended: ended.promise }
  }

  const ringing = { gone: false }
  function cancelled(request: SipRequest): void {
    say(request, 200, 'OK')
    // A CANCEL after the 200 has no effect; the caller then sends BYE.
    if (state === 'over' || rtp !== null) return
    ringing.gone = true
    say(invite, 487, 'Request Terminated')
    ringEnd.resolve('cancelled')
    over()
  }

  function receive(request: SipRequest, at: number): void {
    if (request.method === 'ACK') {
      clearTimeout(repeat)
      if (state === 'answered') state = 'talking'
      listenTo(request.body)
      confirmed.resolve()
    } else if (request.method === 'CANCEL') cancelled(request)
    else if (request.method === 'BYE') {
      say(request, 200, 'OK')
      if (state !== 'over') endTalk('them', at)
    } else if (request.method === 'INVITE' && header(request, 'cseq') === header(invite, 'cseq'))
      sip.send(options.peer, lastAnswer)
    else if (request.method === 'INVITE' && rtp !== null) {
      say(request, 200, 'OK', sdp(sip.local.host, rtp.port))
      listenTo(request.body)
    } else say(request, 200, 'OK')
  }

  function refuse(status: 480 | 486 | 603): void {
    if (state !== 'ringing') return
    say(invite, status, reasons[status])
    ringEnd.resolve('refused')
    over()
  }

  if (!options.silent) say(invite, 180, 'Ringing')
  return {
    ring: {
      callId,
      caller,
      invitedAt,
      header: (name) => header(invite, name),
      answer: pickUp,
      refuse,
      over: ringEnd.promise,
    },
    receive,
    drop: () => (state === 'ringing' ? refuse(480) : hangUp()),
  }
}
