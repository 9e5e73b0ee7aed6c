/** The bench's agents: phones that pick up at once and talk for a fixed time; every moment is noted. */
import { Api } from '../../src/stack/demo/api.ts'
import { openPhone, type DeskPhone } from '../../src/stack/demo/phone/desk-phone.ts'
import type { Ring } from '../../src/stack/demo/phone/call.ts'
import type { DemoAccount } from '../../src/stack/demo/demo-file.ts'
import type { Address } from '../../src/stack/demo/exchange.ts'
import { tone } from '../support/audio.ts'
import { until } from '../support/until.ts'

/** Milliseconds of `performance.now()`. */
export interface Moments {
  /** From the end of a call to the next INVITE at the same phone, by who had hung up. */
  readonly afterAgent: number[]
  readonly afterCaller: number[]
  /** From our 200 OK to the first sound of the caller. */
  readonly sound: number[]
}

export interface BenchAgents {
  readonly moments: Moments
  /** Agents whose phone neither rings nor talks. */
  idle(): number
  close(): Promise<void>
}

export interface AgentsOptions {
  readonly url: string
  readonly server: Address
  readonly accounts: readonly DemoAccount[]
  /** On average; each call differs by up to a tenth. */
  readonly talkMs: number
  /** Every n-th call is ended by its caller. */
  readonly callerHangsUpEvery: number
  hangUpCaller(caller: string): void
  onRing(ring: Ring): void
}

const speech = tone(600)
const reachableMs = 10_000

interface Seat {
  rings: number
  /** The last INVITE. */
  invitedAt: number
  busy: boolean
  /** The end of the last call, until the next one rings. */
  ended: { readonly at: number; readonly by: 'us' | 'them' } | null
}

export async function seatAgents(options: AgentsOptions): Promise<BenchAgents> {
  const moments: Moments = { afterAgent: [], afterCaller: [], sound: [] }
  const seats: Seat[] = []
  const phones: DeskPhone[] = []
  let answered = 0

  function note(endedBy: 'us' | 'them', gap: number): void {
    if (endedBy === 'us') moments.afterAgent.push(gap)
    else moments.afterCaller.push(gap)
  }

  async function serve(seat: Seat, ring: Ring): Promise<void> {
    seat.rings += 1
    const own = seat.rings
    if (seat.ended !== null) note(seat.ended.by, ring.invitedAt - seat.ended.at)
    seat.invitedAt = ring.invitedAt
    seat.ended = null
    seat.busy = true
    options.onRing(ring)
    // A caller who hung up in this very moment.
    const talk = await ring.answer(speech).catch(() => null)
    if (talk === null) {
      seat.busy = false
      return
    }
    answered += 1
    const byCaller = answered % options.callerHangsUpEvery === 0 && ring.caller !== null
    // Apart from each other, or all agents that began together would end together for ever.
    const thisTalkMs = options.talkMs * (0.9 + 0.2 * Math.random())
    setTimeout(() => {
      const firstAt = talk.rtp.firstPacketAt()
      if (firstAt !== null) moments.sound.push(firstAt - talk.answeredAt)
      if (byCaller) options.hangUpCaller(ring.caller ?? '')
      else talk.hangUp()
    }, thisTalkMs)
    const { at, by } = await talk.ended
    // The next INVITE may overtake the BYE of a caller's end: then the time is below zero.
    if (seat.rings > own) return note(by, seat.invitedAt - at)
    seat.busy = false
    seat.ended = { at, by }
  }

  for (const account of options.accounts) {
    if (account.phone === undefined) throw new Error(`${account.username} has no desk phone`)
    const seat: Seat = { rings: 0, invitedAt: 0, busy: false, ended: null }
    seats.push(seat)
    const phone = await openPhone({
      host: '127.0.0.1',
      server: options.server,
      ...account.phone,
      onRing: (ring) => void serve(seat, ring),
    })
    phones.push(phone)
    await phone.register()
    const api = new Api(options.url)
    await api.signIn(account)
    await until(() => api.setState({ state: 'ready' }).then(...asBoolean), reachableMs)
  }
  return {
    moments,
    idle: () => seats.filter((seat) => !seat.busy).length,
    close: async () => void (await Promise.all(phones.map((phone) => phone.close()))),
  }
}

/** The phone is reachable a moment after its registration. */
const asBoolean = [() => true, () => false] as const
