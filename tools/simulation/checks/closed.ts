/** Callers of a closed number who may choose by key to be called back. The product's own functions are not asked. */
import type { AcdCallEvent } from '../../../src/core/acd-event.ts'
import type { Call, LiveCall } from '../../../src/core/call.ts'
import { callerLegOf, type CallId } from '../../../src/core/ids.ts'
import type { FakeAsterisk } from '../../../test/support/pbx/fake-pbx.ts'
import { startOfTime } from '../kernel/schedule.ts'
import { eveningNumber } from '../scenario.ts'
import type { World } from '../world/world.ts'
import { must } from './violation.ts'

export type ClosedFlaw =
  | 'a caller of a closed number hears a reading past its bound'
  | 'a key of a caller of a closed number awaited past its bound'
  | 'music while it is closed'
  | 'a caller who has left hears that it is closed'

const turnedAway: ReadonlySet<Call['phase']> = new Set(['closed', 'voicemail', 'dismissing'])
/** Fewer may always stand in a queue of the simulated city, and hear why they are not served. */
const fewMax = 2

/**
 * An event as it enters the stream. `latest`: each call before it. A caller whose number can be called is asked, and nobody who calls
 * another number, or who has a call already.
 */
export function checkClosedArrival(
  latest: ReadonlyMap<CallId, Call>,
  { id, at, event, after }: AcdCallEvent,
  { scenario }: World,
): void {
  if (event.type !== 'CallArrived' || latest.has(id)) return
  const text = () => JSON.stringify(after)
  const { faults, eveningOpensMs } = scenario
  if (faults.some(({ fault }) => fault === 'clock jumped' || fault.startsWith('redis'))) return
  const isEvening = after.line === eveningNumber
  const opensAt = startOfTime + eveningOpensMs
  // Its clock is read a moment before the step.
  if (after.phase === 'closed')
    must(isEvening && at < opensAt + 1_000, 'a caller was asked who can wait', text)
  if (!isEvening || after.phase !== 'dismissing' || at >= opensAt) return
  const live = [...latest.values()].filter(({ phase }) => phase !== 'ended')
  const isAlone = live.every(({ caller }) => caller.number !== after.caller.number)
  const taken = live.filter(
    (call) =>
      call.callback !== null || turnedAway.has(call.phase) || ('question' in call && call.question !== null),
  )
  const isFree = isAlone && taken.length < fewMax
  must(!isFree, 'a caller of a closed number was not asked', text)
}

/** Checks an event of a call against the call before it. */
export function checkClosed(before: Call, { event, after }: AcdCallEvent, text: () => string): void {
  if (before.phase !== 'closed') return
  if (event.type === 'KeyPressed') {
    const wanted = before.awaits === 'confirmation' ? 'dismissing' : 'closed'
    must(before.awaits === 'confirmation' || event.key === '2', 'a key without a meaning was taken', text)
    must(after.phase === wanted, 'a key led elsewhere while it is closed', text)
    must(after.phase !== 'closed' || after.awaits === 'confirmation', 'a number was not read out', text)
  }
  if (event.type === 'PlaybackEnded')
    must(event.playback === before.playback, 'the end of another reading was applied', text)
  if (event.type === 'CallbackPromised')
    must(before.awaits === 'confirmation', 'a callback was promised without a confirmation', text)
  // Asterisk, or the server, may fail.
  const isKnown = after.phase !== 'ended' || after.outcome === 'closed' || after.outcome === 'failed'
  must(isKnown, 'a caller of a closed number ended as another one', text)
  const isPromise = after.phase === 'dismissing' && after.outcome === 'callback'
  must(!isPromise || event.type === 'CallbackPromised', 'a promise without its event', text)
}

export function closedFlaws(
  call: LiveCall,
  { channels, playing }: FakeAsterisk,
): readonly { readonly flaw: ClosedFlaw; readonly subject: string }[] {
  const caller = callerLegOf(call.id)
  const isWanted = (reading: string): boolean =>
    call.phase === 'closed' && call.isReading && reading === call.playback
  const isLeft = [...playing].some(
    ([reading, channel]) => channel === caller && reading.startsWith('closed') && !isWanted(reading),
  )
  const left = isLeft
    ? [{ flaw: 'a caller who has left hears that it is closed', subject: call.id } as const]
    : []
  if (call.phase !== 'closed') return left
  return [
    ...left,
    {
      flaw: call.isReading
        ? 'a caller of a closed number hears a reading past its bound'
        : 'a key of a caller of a closed number awaited past its bound',
      subject: call.playback,
    },
    ...(channels.get(caller)?.music ? [{ flaw: 'music while it is closed', subject: call.id } as const] : []),
  ]
}
