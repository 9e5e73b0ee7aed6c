/** Supervisors in a call, the agent's call for help, and the pause of a recording. */
import type { Held, LiveCall, Queued, Supervision, Talking } from '../call.ts'
import type { CallEvent, CallEventOf, CallEventType } from '../call-event.ts'
import { isExternal } from '../contact.ts'
import type { Millis } from '../ids.ts'
import { bounds, type Rules } from '../rules.ts'
import { becomes, servedBy, type Next } from './next.ts'

export function supervisorRung(
  call: LiveCall,
  { supervision: offer, mode }: CallEventOf<'SupervisorRung'>,
): Next {
  if (call.supervisions.some((known) => known.offer.agent === offer.agent)) return becomes(call)
  return becomes({ ...call, supervisions: [...call.supervisions, { offer, mode, isUp: false }] })
}

type OfSupervisor<Type extends CallEventType = CallEventType> = (
  call: LiveCall,
  supervision: Supervision,
  event: CallEventOf<Type>,
  now: Millis,
  rules: Rules,
) => Next

const supervisor: { readonly [Type in CallEventType]?: OfSupervisor<Type> } = {
  AgentAnswered: (call, supervision) =>
    supervision.isUp ? becomes(call) : becomesOne(call, supervision, { ...supervision, isUp: true }),
  SupervisionChanged: (call, supervision, { mode }) =>
    supervision.mode === mode ? becomes(call) : becomesOne(call, supervision, { ...supervision, mode }),
  CallTakenOver: (call, supervision, _event, now, rules) =>
    (call.phase === 'talking' || call.phase === 'held') && supervision.isUp
      ? takenOver(call, supervision, now, rules)
      : becomes(call),
  OfferEnded: leaves,
  AgentHungUp: leaves,
  AgentLegLost: leaves,
}

/** An event of the supervisor's own leg. */
export function ofSupervisor(
  call: LiveCall,
  supervision: Supervision,
  event: CallEvent,
  now: Millis,
  rules: Rules,
): Next {
  const handle = supervisor[event.type] as OfSupervisor | undefined
  return handle?.(call, supervision, event, now, rules) ?? becomes(call)
}

const becomesOne = (call: LiveCall, before: Supervision, after: Supervision): Next =>
  becomes({ ...call, supervisions: call.supervisions.map((one) => (one === before ? after : one)) })

function leaves(call: LiveCall, supervision: Supervision): Next {
  return becomes(without(call, supervision))
}

const without = <Of extends LiveCall>(call: Of, supervision: Supervision): Of => ({
  ...call,
  supervisions: call.supervisions.filter((one) => one !== supervision),
})

function takenOver(call: Talking | Held, supervision: Supervision, now: Millis, rules: Rules): Next {
  const { agent, id } = call.offer
  return {
    call: servedBy(without(call, supervision), supervision.offer, now),
    agents: [
      { agent, event: { type: 'CallEnded', offer: id, wrapUpMs: rules.wrapUpMs } },
      {
        agent: supervision.offer.agent,
        event: { type: 'CallTaken', call: call.id, offer: supervision.offer },
      },
    ],
  }
}

export function helpRequested(
  call: Talking | Held,
  { offer, wanted }: CallEventOf<'HelpRequested'>,
  now: Millis,
): Next {
  if (offer !== call.offer.id || wanted === (call.helpSince !== null)) return becomes(call)
  return becomes({ ...call, helpSince: wanted ? now : null })
}

export function recordingPaused(
  call: Talking | Held,
  { offer, reason }: CallEventOf<'RecordingPaused'>,
  now: Millis,
): Next {
  if (offer !== call.offer.id || call.recordingPause !== null) return becomes(call)
  return becomes({ ...call, recordingPause: { since: now, until: now + bounds.recordingPauseMs, reason } })
}

export function recordingResumed(call: Talking | Held, { offer }: CallEventOf<'RecordingResumed'>): Next {
  if (offer !== call.offer.id || call.recordingPause === null) return becomes(call)
  return becomes({ ...call, recordingPause: null })
}

/**
 * A supervisor moves the caller: to the front of a queue, or to the place that their wait so far gives them there. One at the front
 * of their queue stays at the front.
 */
export function moved(call: Queued, { queue, toFront }: CallEventOf<'CallMoved'>): Next {
  const there = { ...call, queue, priority: toFront ? 0 : call.priority }
  return becomes(there.phase === 'waiting' ? { ...there, reservedFor: null } : there)
}

/** The end of a ringing or a pause beside the stage that has lasted too long; null: there is none. */
export function besideExpired(call: LiveCall, now: Millis): Next | null {
  const { consult, supervisions, recordingPause } = call
  if (consult?.seat === 'ringing' && now >= consult.offer.expiresAt)
    return {
      call: { ...call, consult: null },
      agents: isExternal(consult.offer)
        ? []
        : [
            {
              agent: consult.offer.agent,
              event: { type: 'OfferEnded', offer: consult.offer.id, end: 'expired' },
            },
          ],
    }
  const late = supervisions.find(({ offer, isUp }) => !isUp && now >= offer.expiresAt)
  if (late !== undefined) return becomes(without(call, late))
  if (recordingPause !== null && now >= recordingPause.until)
    return becomes({ ...call, recordingPause: null })
  return null
}
