/** A caller whose agent has hung up answers two questions by key. The agent is free: nothing here concerns them. */
import { answerOf, surveyParts, surveySound, type Survey, type SurveyPart } from '../announcements/survey.ts'
import type { InConversation, InSurvey } from '../call.ts'
import { surveyReadingOf, type Millis } from '../ids.ts'
import { bounds, type Rules } from '../rules.ts'
import { becomes, end, heldUntil, withoutAgent, type Handlers, type Next } from './next.ts'

/** The agent has hung up, and nobody else serves the caller. Supervisors leave: what they were there for is over. */
export function surveyed(call: InConversation, now: Millis, { wrapUpMs }: Rules): Next {
  const { answeredAt, offer, queuedAt } = call
  const facts = {
    ...withoutAgent(call),
    supervisions: [],
    heldMs: heldUntil(call, now),
    queuedAt,
    answeredAt,
    since: now,
  }
  return {
    call: asking(facts, 'helped', { askedAt: now, helped: null, rating: null }, now),
    agents: [{ agent: offer.agent, event: { type: 'CallEnded', offer: offer.id, wrapUpMs } }],
  }
}

export const survey: Handlers<'survey'> = {
  PlaybackEnded(call, { playback, queuedAt }, now) {
    if (playback !== call.playback) return becomes(call)
    // Back from the fallback queue: served long ago, and kept waiting since.
    if (queuedAt !== undefined) return over(call, now)
    return call.isReading ? afterReading(call, now) : becomes(call)
  },
  KeyPressed(call, { key }, now) {
    const answers = answerOf(call.part, key, call.survey)
    return becomes(answers === null ? call : asking(call, nextOf(call.part), answers, now))
  },
  DeadlinePassed(call, _event, now) {
    if (now < call.until) return becomes(call)
    // One who does not answer is not asked on.
    return call.isReading ? afterReading(call, now) : becomes(asking(call, 'thanks', call.survey, now))
  },
  CallEndedBySupervisor: (call, _event, now) => over(call, now),
  CallerHungUp: (call, _event, now) => over(call, now),
  CallerLost: (call, _event, now) => over(call, now),
}

const afterReading = (call: InSurvey, now: Millis): Next =>
  call.part === 'thanks'
    ? over(call, now)
    : becomes({ ...call, isReading: false, until: now + bounds.menuKeyMs })

/** The conversation was ended by the agent, whoever hangs up now. */
const over = (call: InSurvey, now: Millis): Next => end(call, 'answered', 'agent', now)

const nextOf = (part: SurveyPart): SurveyPart => surveyParts[surveyParts.indexOf(part) + 1] ?? 'thanks'

function asking(
  facts: Omit<InSurvey, 'phase' | 'survey' | 'part' | 'playback' | 'sounds' | 'isReading' | 'until'>,
  part: SurveyPart,
  answers: Survey,
  now: Millis,
): InSurvey {
  return {
    ...facts,
    phase: 'survey',
    survey: answers,
    part,
    playback: surveyReadingOf(facts.id, surveyParts.indexOf(part) + 1),
    sounds: [surveySound(facts.language, part)],
    isReading: true,
    until: now + bounds.promptMs,
  }
}
