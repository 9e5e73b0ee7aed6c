/** Whether a caller whose agent hangs up is asked how it was, by what their queue says now. */
import { isWorthAsking, surveyParts, surveySound } from '../../core/announcements/survey.ts'
import { inConversation } from '../../core/call.ts'
import type { CallEventOf } from '../../core/call-event.ts'
import type { CallId, OfferId } from '../../core/ids.ts'
import type { AcdState } from '../acd-state.ts'
import type { Clock, Directory } from '../ports.ts'

export interface SurveyDeps {
  readonly acdState: Pick<AcdState, 'call'>
  readonly directory: Pick<Directory, 'queues'>
  readonly hasSound: (sound: string) => boolean
  readonly clock: Pick<Clock, 'now'>
}

/** The event of an agent who hangs up. Only callers who have called are asked, and only if every word of it can be heard. */
export function agentHungUp(id: CallId, offer: OfferId, deps: SurveyDeps): CallEventOf<'AgentHungUp'> {
  const { acdState, directory, hasSound, clock } = deps
  const event = { type: 'AgentHungUp', offer } as const
  const call = acdState.call(id)?.value
  if (call === undefined || !inConversation(call) || call.offer.id !== offer) return event
  if (call.direction !== 'inbound') return event
  const survey = directory.queues().find((queue) => queue.id === call.queue)?.survey
  // After a transfer the conversation with this agent counts.
  const since = call.legs.findLast(({ agent }) => agent === call.offer.agent)?.from ?? call.answeredAt
  if (survey === undefined || !isWorthAsking(since, survey, clock.now())) return event
  const sounds = surveyParts.map((part) => surveySound(call.language, part))
  return sounds.every(hasSound) ? { ...event, survey: true } : event
}
