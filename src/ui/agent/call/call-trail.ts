/** The steps of the present call as this page has seen them. */
import { liveCallStages } from '../../../core/call.ts'
import type { CallDetail } from '../../../http/calls/wire.ts'
import type { LiveCallView } from '../../../http/live/wire.ts'

export type TrailStep =
  | 'arrived'
  | 'placed'
  | 'queued'
  | 'ringing'
  | 'talking'
  | 'held'
  | 'resumed'
  | 'reconnecting'
  | 'ended'

export interface TrailMark {
  readonly step: TrailStep
  readonly at: string
}

/**
 * Adds the step that `call` has newly reached. A page opened during a call begins with the times stored in the
 * call itself.
 */
export function extendTrail(before: readonly TrailMark[], call: LiveCallView): readonly TrailMark[] {
  const marks = before.length > 0 ? before : remembered(call)
  const step = stepOf(call)
  const last = marks.at(-1)
  if (step === null || last === undefined) return marks
  const again = step === 'talking' && marks.some((mark) => mark.step === 'talking')
  const next = again ? (last.step === 'talking' || last.step === 'resumed' ? null : 'resumed') : step
  if (next === null || last.step === next) return marks
  return [...marks, { step: next, at: call.since }]
}

/** The steps from the ledger, for a page that was opened later. */
export function trailOf(
  record: Pick<CallDetail, 'arrivedAt' | 'events'>,
  call: LiveCallView,
): readonly TrailMark[] {
  const steps = record.events.flatMap(({ at, detail }) => {
    const phase = liveCallStages.find((name) => name === detail['phase'])
    return phase === undefined ? [] : [{ ...call, phase, since: at, queuedAt: null, answeredAt: null }]
  })
  return steps.reduce<readonly TrailMark[]>((marks, step) => extendTrail(marks, step), [])
}

/** The steps from the ledger, followed by those that the page has seen since. */
export function joinTrails(known: readonly TrailMark[], seen: readonly TrailMark[]): readonly TrailMark[] {
  const last = known.at(-1)
  if (last === undefined) return seen
  const isKnown = (mark: TrailMark): boolean =>
    known.some(({ step, at }) => step === mark.step && Date.parse(at) === Date.parse(mark.at))
  // A call that is offered at once is queued and rings in the same millisecond.
  const later = seen.filter((mark) => Date.parse(mark.at) >= Date.parse(last.at) && !isKnown(mark))
  return [...known, ...(later[0]?.step === last.step ? later.slice(1) : later)]
}

function remembered(call: LiveCallView): TrailMark[] {
  if (call.direction === 'outbound') {
    const answered: TrailMark[] = call.answeredAt === null ? [] : [{ step: 'talking', at: call.answeredAt }]
    return [{ step: 'placed', at: call.arrivedAt }, ...answered]
  }
  const marks: TrailMark[] = [{ step: 'arrived', at: call.arrivedAt }]
  if (call.queuedAt !== null) marks.push({ step: 'queued', at: call.queuedAt })
  if (call.answeredAt !== null) marks.push({ step: 'talking', at: call.answeredAt })
  return marks
}

function stepOf(call: LiveCallView): TrailStep | null {
  switch (call.phase) {
    case 'ringing':
    case 'talking':
    case 'held':
    case 'reconnecting':
      return call.phase
    case 'waiting':
      return 'queued'
    case 'dialling':
      return 'ringing'
    case 'greeting':
    case 'menu':
    case 'promised':
    case 'summoning':
    case 'connecting':
    case 'transferring':
    case 'transferred':
    case 'survey':
    case 'closed':
    case 'voicemail':
    case 'dismissing':
      return null
  }
}
