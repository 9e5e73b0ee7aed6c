/** One citizen's call: signalling by SIPp, audio by this process. */
import { randomUUID } from 'node:crypto'
import { openExchange, type Address, type Exchange, type Report } from './exchange.ts'
import { openRtp, type RtpEnd } from './rtp.ts'

export interface CitizenOrder {
  /** The number dialled. */
  readonly number: string
  /** Caller id as the network delivers it; null: withheld. */
  readonly callerId: string | null
  readonly callerName?: string
  /** A-law audio, played in a loop; null: silence. */
  readonly speech: Buffer | null
  /** Hangs up when the network has not answered within this. */
  readonly patienceMs?: number
  /** Hangs up this long after the network's answer. */
  readonly talkMs?: number
  /** How much received audio to keep, for measuring. */
  readonly keepMs?: number
}

export type Ending =
  /** The citizen hung up, after or before the network's answer. */
  | 'hung up'
  | 'gave up'
  /** The system hung up, or rejected the call (`status`). */
  | 'line hung up'
  | 'refused'
  /** SIPp aborted the call: no answer, or an unexpected message. */
  | 'failed'

export interface CallOutcome {
  readonly ending: Ending
  readonly status: number | null
  /** SIPp's reason for `failed`. */
  readonly why: string | null
  /** Wall clock, milliseconds with fractions. */
  readonly calledAt: number
  readonly answeredAt: number | null
  readonly endedAt: number
  /** Received RTP packets. */
  readonly packets: number
}

export interface Citizen {
  readonly callId: string
  readonly rtp: RtpEnd
  /** The INVITE's time; rejects when the call could not be placed. */
  readonly called: Promise<number>
  /** Resolves with true when the network answers (which may be music), with false if it never does. */
  readonly answered: Promise<boolean>
  readonly ended: Promise<CallOutcome>
  hangUp(): void
}

const endings: Partial<Record<Report['what'], Ending>> = {
  bye: 'line hung up',
  'hung-up': 'hung up',
  cancelled: 'gave up',
  refused: 'refused',
  aborted: 'failed',
}

function fromHeader(order: CitizenOrder, host: string): string {
  if (order.callerId === null) return `"Anonymous" <sip:anonymous@anonymous.invalid>`
  const name = order.callerName === undefined ? '' : `"${order.callerName}" `
  return `${name}<sip:${order.callerId}@${host}>`
}

/** A process that was busy finds the end before the sound: so long it reads the packets that have arrived. */
const lastPacketsMs = 200

/** Places a call through an open exchange. */
export async function callThrough(exchange: Exchange, order: CitizenOrder): Promise<Citizen> {
  const rtp = await openRtp(exchange.from, order.keepMs ?? 0)
  const callId = `citizen-${randomUUID()}`
  const called = Promise.withResolvers<number>()
  const answered = Promise.withResolvers<boolean>()
  const ended = Promise.withResolvers<CallOutcome>()
  // Awaiting it is optional: no unhandled rejection.
  called.promise.catch(() => undefined)
  const hangUp = (): void => exchange.hangUp(callId)
  let calledAt = 0
  let answeredAt: number | null = null
  let timer: NodeJS.Timeout | undefined
  if (order.patienceMs !== undefined) timer = setTimeout(hangUp, order.patienceMs)

  const finish = (ending: Ending, report: Report): void => {
    clearTimeout(timer)
    rtp.stop()
    called.reject(new Error('the call could not be placed'))
    answered.resolve(false)
    const status = ending === 'refused' ? Number(report.detail[0]) : null
    const why = ending === 'failed' ? report.detail.join(' ') : null
    setTimeout(() => {
      rtp.close()
      ended.resolve({ ending, status, why, calledAt, answeredAt, endedAt: report.at, packets: rtp.packets() })
    }, lastPacketsMs)
  }
  exchange.call(
    { callId, number: order.number, fromHeader: fromHeader(order, exchange.from), rtpPort: rtp.port },
    (report) => {
      const ending = endings[report.what]
      if (ending !== undefined) return finish(ending, report)
      if (report.what === 'calling') {
        calledAt = report.at
        called.resolve(report.at)
      }
      const [host, port] = report.detail
      if (host !== undefined && port !== undefined) rtp.play({ host, port: Number(port) }, order.speech)
      if (report.what === 'answered') {
        answeredAt = report.at
        answered.resolve(true)
        clearTimeout(timer)
        if (order.talkMs !== undefined) timer = setTimeout(hangUp, order.talkMs)
      }
    },
  )
  return { callId, rtp, called: called.promise, answered: answered.promise, ended: ended.promise, hangUp }
}

/** Places a single call through its own exchange. */
export async function callCitizen(
  options: CitizenOrder & {
    readonly target: Address
    readonly from: string
  },
): Promise<Citizen> {
  const exchange = await openExchange(options.from, options.target)
  const citizen = await callThrough(exchange, options)
  const ended = citizen.ended.then(async (outcome) => {
    await exchange.close()
    return outcome
  })
  return { ...citizen, ended }
}
