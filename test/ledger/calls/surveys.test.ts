import t from 'tap'
import type { Survey } from '../../../src/core/announcements/survey.ts'
import type { Call, Ended } from '../../../src/core/call.ts'
import type { AcdCallEvent } from '../../../src/core/acd-event.ts'
import { CallId, OfferId, PlaybackId, QueueId } from '../../../src/core/ids.ts'
import { callById } from '../../../src/ledger/calls/calls.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { surveys } from '../../../src/ledger/calls/surveys.ts'
import { testDatabase } from '../../support/postgres.ts'
import { callEvents, monday } from '../fixtures.ts'

const { db } = await testDatabase(t)
const answers = (askedAt: number, helped: boolean | null, rating: Survey['rating']): Survey => ({
  askedAt,
  helped,
  rating,
})

/** A conversation that the agent ends after a minute, and a survey of ten seconds. */
function surveyed(id: string, queue: string, { askedAt, ...given }: Survey): AcdCallEvent[] {
  const story = callEvents({ id, arrivedAt: askedAt - 64_000 })
  const [last] = story.splice(-1)
  const end = last?.after as Ended
  const { answeredAt, queuedAt } = end
  if (answeredAt === null || queuedAt === null) throw new Error('nobody has talked')
  const { endedAt: _, outcome: _outcome, endedBy: _by, ...facts } = end
  const asked: Call = {
    ...facts,
    phase: 'survey',
    queuedAt,
    answeredAt,
    survey: { askedAt, helped: null, rating: null },
    part: 'helped',
    playback: PlaybackId(`survey1-${id}`),
    sounds: ['helped'],
    isReading: true,
    until: askedAt + 60_000,
    since: askedAt,
  }
  const survey = { ...given, askedAt }
  const steps: [AcdCallEvent['event'], number, Call][] = [
    [{ type: 'AgentHungUp', offer: OfferId(`o-${id}`), survey: true }, askedAt, asked],
    [{ type: 'KeyPressed', key: '1' }, askedAt + 5_000, { ...asked, survey, part: 'rating' }],
    [
      { type: 'CallerHungUp' },
      askedAt + 10_000,
      { ...end, endedAt: askedAt + 10_000, endedBy: 'agent', survey },
    ],
  ]
  const told = steps.map(([event, at, after], index) => ({
    subject: 'call' as const,
    id: CallId(id),
    seq: story.length + index + 1,
    at,
    event,
    after: { ...after, queue: QueueId(queue) },
  }))
  return [...story, ...told]
}

void t.test('the answers are in the row of the call, and the survey is no conversation', async (t) => {
  await writeEvents(db, surveyed('s-1', 'general', answers(monday, true, 5)))
  const call = await callById(db, CallId('s-1'))
  t.match(call, {
    survey: { askedAt: monday, helped: true, rating: 5 },
    talkMs: 60_000,
    endedAt: monday + 10_000,
    endedBy: 'agent',
  })
  t.same(
    call?.events.filter(({ isForSupervisors }) => isForSupervisors).map(({ type }) => type),
    ['KeyPressed'],
    'a key is an answer, which agents are not shown',
  )
  await writeEvents(db, callEvents({ id: 's-2', arrivedAt: monday }))
  t.equal((await callById(db, CallId('s-2')))?.survey, null)
})

void t.test('surveys are counted by queue, by the end of the conversation', async (t) => {
  const from = monday + 86_400_000
  const given: [string, string, Survey][] = [
    ['d-1', 'taxe', answers(from, true, 5)],
    ['d-2', 'taxe', answers(from + 1_000, false, 2)],
    ['d-3', 'taxe', answers(from + 2_000, true, null)],
    ['d-4', 'taxe', answers(from + 3_000, null, null)],
    ['d-5', 'general', answers(from + 4_000, null, 4)],
    ['d-6', 'general', answers(from - 1_000, true, 1)],
    ['d-7', 'general', answers(from + 60_000, true, 1)],
  ]
  for (const [id, queue, survey] of given) await writeEvents(db, surveyed(id, queue, survey))
  const rows = await surveys(db, { slotsFromMs: from, toMs: from + 60_000 })
  t.same(
    rows.toSorted((a, b) => (a.queue < b.queue ? -1 : 1)),
    [
      { queue: 'general', asked: 1, answered: 0, helped: 0, rated: 1, ratings: 4 },
      { queue: 'taxe', asked: 4, answered: 3, helped: 2, rated: 2, ratings: 7 },
    ],
  )
})
