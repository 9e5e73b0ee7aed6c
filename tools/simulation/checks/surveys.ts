/** Callers who are asked how it was: who, what each key answers, and that nobody stays. The product's own functions are not asked. */
import type { AcdCallEvent } from '../../../src/core/acd-event.ts'
import type { Call, InConversation, LiveCall } from '../../../src/core/call.ts'
import { callerLegOf } from '../../../src/core/ids.ts'
import type { FakeAsterisk } from '../../../test/support/pbx/fake-pbx.ts'
import type { Scenario } from '../scenario.ts'
import { must } from './violation.ts'

export type SurveyFlaw =
  | 'a question of a survey read past its bound'
  | 'an answer to a survey awaited past its bound'
  | 'music in a survey'
  | 'a survey is read to a caller who has left it'

const conversation = ['talking', 'held', 'reconnecting']

/** Checks an event of a call against the call before it. */
export function checkSurvey(
  before: Call,
  { at, event, after }: AcdCallEvent,
  { queues, faults }: Scenario,
  text: () => string,
): void {
  const jumps = faults.some(({ fault }) => fault === 'clock jumped')
  const survey = queues.find(({ id }) => id === before.queue)?.survey
  const served =
    'offer' in before ? before.legs.findLast(({ agent }) => agent === before.offer.agent) : undefined
  const talkedMs = served === undefined ? -1 : at - served.from
  const boundMs = (survey?.talkedSeconds ?? Infinity) * 1_000
  if (before.phase === 'survey') {
    must(after.phase === 'survey' || after.phase === 'ended', 'a caller came back from a survey', text)
    if (event.type === 'PlaybackEnded')
      must(event.playback === before.playback, 'the end of another question was applied', text)
    checkAnswers(before, event, after, text)
    return
  }
  if (after.phase === 'survey') {
    must(
      event.type === 'AgentHungUp' && conversation.includes(before.phase),
      'a survey of somebody else',
      text,
    )
    must(before.direction === 'inbound' && (jumps || talkedMs >= boundMs), 'a survey of somebody else', text)
    must(after.supervisions.length === 0 && after.consult === null, 'somebody stays for a survey', text)
    return
  }
  if (event.type !== 'AgentHungUp' || after.phase !== 'ended' || jumps) return
  const hangsUp = 'offer' in before && before.offer.id === event.offer && conversation.includes(before.phase)
  const isAsked = hangsUp && isAlone(before as InConversation) && before.direction === 'inbound'
  // The owner looks at the clock a moment before the step does.
  must(!isAsked || talkedMs < boundMs + 1_000, 'a caller who should have been asked', text)
}

const isAlone = ({ consult }: InConversation): boolean => consult === null || consult.seat === 'ringing'

/** By part: what each key means. */
const meanings = {
  helped: { '1': true, '2': false },
  rating: { '1': 1, '2': 2, '3': 3, '4': 4, '5': 5 },
  thanks: {},
} as const
const nextOf = { helped: 'rating', rating: 'thanks', thanks: 'ended' } as const

function checkAnswers(
  before: LiveCall & { phase: 'survey' },
  event: AcdCallEvent['event'],
  after: Call,
  text: () => string,
): void {
  const { part, survey } = before
  const meaning =
    event.type === 'KeyPressed' ? (meanings[part] as Record<string, unknown>)[event.key] : undefined
  const wanted = meaning === undefined ? survey : { ...survey, [part]: meaning }
  must(
    after.survey?.helped === wanted.helped && after.survey.rating === wanted.rating,
    'an answer that the caller did not give',
    text,
  )
  if (event.type !== 'KeyPressed') return
  must(meaning !== undefined, 'a key without a meaning changed a survey', text)
  must(after.phase === 'survey' && after.part === nextOf[part], 'a key led elsewhere in a survey', text)
}

export function surveyFlaws(
  call: LiveCall,
  { channels, playing }: FakeAsterisk,
): readonly { readonly flaw: SurveyFlaw; readonly subject: string }[] {
  const caller = callerLegOf(call.id)
  const isWanted = (reading: string): boolean =>
    call.phase === 'survey' && call.isReading && reading === call.playback
  const isLeft = [...playing].some(
    ([reading, channel]) => channel === caller && reading.startsWith('survey') && !isWanted(reading),
  )
  const left = isLeft
    ? [{ flaw: 'a survey is read to a caller who has left it', subject: call.id } as const]
    : []
  if (call.phase !== 'survey') return left
  return [
    ...left,
    {
      flaw: call.isReading
        ? 'a question of a survey read past its bound'
        : 'an answer to a survey awaited past its bound',
      subject: call.playback,
    },
    ...(channels.get(caller)?.music ? [{ flaw: 'music in a survey', subject: call.id } as const] : []),
  ]
}
