/** Messages that callers leave: Asterisk's own recording tells what was said, whatever the product has on record. */
import type { AcdCallEvent } from '../../../src/core/acd-event.ts'
import type { Call, LiveCall } from '../../../src/core/call.ts'
import { callerLegOf, type CallId } from '../../../src/core/ids.ts'
import type { FakeAsterisk } from '../../../test/support/pbx/fake-pbx.ts'
import type { World } from '../world/world.ts'
import type { Callbacks } from './callbacks.ts'
import { must } from './violation.ts'

export type VoicemailFlaw = 'a message that is not recorded' | 'a message past its bound'

/** Ends of a call that are noticed late, and clocks that jump, make less than this of it uncertain. */
const surelySpokenMs = 7_000

/**
 * An event as it enters the stream. `latest`: each call before it. A Redis with an older state lets a call begin anew where it was: then
 * the recording alone tells.
 */
export function checkVoicemail(
  latest: ReadonlyMap<CallId, Call>,
  callbacks: Pick<Callbacks, 'isAgain'>,
  acdEvent: AcdCallEvent,
  { asterisk, scenario }: World,
): void {
  const before = latest.get(acdEvent.id)
  if (callbacks.isAgain(acdEvent)) return
  if (before?.phase === 'menu') checkRoom(latest, acdEvent, scenario)
  if (before?.phase !== 'voicemail') return
  if (scenario.faults.some(({ fault }) => fault.startsWith('redis'))) return
  const { event, after } = acdEvent
  const text = () => JSON.stringify([before, acdEvent])
  if (event.type === 'KeyPressed')
    must(before.prompt === null && event.key === '#', 'a key ended what was no message', text)
  if (after.phase !== 'ended') return
  const message = asterisk.messages.get(callerLegOf(after.id))
  const spokenMs = message === undefined ? 0 : (message.until ?? asterisk.elapsed) - message.from
  // One whom nobody has seen leave is judged by the sound; and by a clock that was set back a message is shorter.
  const clockJumps = scenario.faults.some(({ fault }) => fault === 'clock jumped')
  if (event.type === 'CallerLost' || (clockJumps && event.type === 'CallerHungUp')) return
  must(spokenMs < surelySpokenMs || after.outcome === 'voicemail', 'a message left no trace', text)
  must(
    after.outcome !== 'voicemail' || before.prompt === null,
    'a message of a caller who has not spoken',
    text,
  )
}

const notServed: ReadonlySet<Call['phase']> = new Set(['closed', 'voicemail', 'dismissing'])

/** A key leads to a message while there is room for one, and to a person otherwise. */
function checkRoom(
  latest: ReadonlyMap<CallId, Call>,
  acdEvent: AcdCallEvent,
  { rules }: World['scenario'],
): void {
  const { event, after } = acdEvent
  const others = [...latest.values()].filter(({ phase }) => notServed.has(phase))
  const isRoom = others.length < rules.lineLengthMax / 2
  const text = () => JSON.stringify([others.length, acdEvent])
  must(after.phase !== 'voicemail' || isRoom, 'too many leave a message by key', text)
  const isRefused = event.type === 'KeyPressed' && event.instead !== undefined
  must(!isRefused || !isRoom, 'a key led to no message while there is room', text)
}

export function voicemailFlaws(
  call: LiveCall,
  asterisk: FakeAsterisk,
): readonly { readonly flaw: VoicemailFlaw; readonly subject: string }[] {
  if (call.phase !== 'voicemail' || (call.prompt !== null && call.prompt.say !== 'tone')) return []
  const flaws: VoicemailFlaw[] = ['a message past its bound']
  if (!asterisk.speaks(callerLegOf(call.id))) flaws.push('a message that is not recorded')
  return flaws.map((flaw) => ({ flaw, subject: call.id }))
}
