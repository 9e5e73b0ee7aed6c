/** Calls that rang an agent without an answer: the agent's own with the reason, another's for supervisors only. */
import t from 'tap'
import type { AcdEvent } from '../../../src/core/acd-event.ts'
import type { AgentEvent } from '../../../src/core/agent-event.ts'
import type { AgentId } from '../../../src/core/ids.ts'
import { offerEnds, type OfferEnd } from '../../../src/core/offer.ts'
import { unansweredReason } from '../../../src/core/reports/unanswered-offer.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { serve } from '../serve.ts'
import { agentAt, offerOf, Story } from '../states.ts'

const seconds = 1_000
const hour = 3_600_000
let calls = 0
let seq = 0

interface Rang {
  readonly agent: AgentId
  readonly at: number
  readonly end: OfferEnd
  readonly number?: string | null
  readonly ringMs?: number
  readonly answered?: boolean
  /** The call is over at the same moment. */
  readonly callerLeaves?: boolean
}

/** A call that rang this agent, and the end of the offer. */
function rang({ agent, at, end, number = '+40722300511', ringMs = 7 * seconds, ...rest }: Rang): AcdEvent[] {
  calls += 1
  const story = new Story(`pbx1-${process.pid}.8${calls}`, at - 2 * seconds, number)
  const { id: offer } = offerOf(story.id, agent, at)
  const of = (event: AgentEvent, when: number): AcdEvent => {
    seq += 1
    return { subject: 'agent', id: agent, seq, at: when, event, after: agentAt(agent, when) }
  }
  return [
    story.arrives(),
    story.rings(agent, at),
    of({ type: 'Offered', call: story.id, offer: offerOf(story.id, agent, at) }, at),
    ...(rest.answered === true ? [of({ type: 'OfferAnswered', offer }, at + ringMs - 10)] : []),
    rest.callerLeaves === true ? story.ends(at + ringMs, 'abandoned') : story.missed(at + ringMs, agent),
    of({ type: 'OfferEnded', offer, end }, at + ringMs),
  ]
}

t.test('an agent sees each offer without an answer, its reason, and no number', async (t) => {
  const served = await serve(t)
  const { agent01, agent02 } = served.people
  // Noon in the city: no hour of this test is in another day.
  const noon = Date.parse('2026-11-24T10:00:00Z')
  served.state.now = noon
  const before = (ms: number) => noon - ms
  await writeEvents(
    served.db,
    [
      { agent: agent01.id, at: before(24 * hour), end: 'declined' } as const,
      { agent: agent01.id, at: before(3 * hour), end: 'declined' } as const,
      { agent: agent01.id, at: before(2.5 * hour), end: 'no answer', ringMs: 18 * seconds } as const,
      { agent: agent01.id, at: before(2 * hour), end: 'did not ring', number: null } as const,
      { agent: agent01.id, at: before(1.5 * hour), end: 'withdrawn', callerLeaves: true } as const,
      { agent: agent01.id, at: before(hour), end: 'withdrawn', number: '112' } as const,
      { agent: agent01.id, at: before(hour / 2), end: 'expired', answered: true } as const,
      { agent: agent02.id, at: before(hour), end: 'busy' } as const,
    ].flatMap(rang),
  )
  const as = await served.signIn('agent01')
  const ask = (query = '', cookie = as) => served.ask('GET', `/api/calls/unanswered${query}`, { as: cookie })
  const own = await ask()
  t.equal(own.status, 200)
  const items = own.json['items'] as Record<string, unknown>[]
  t.strictSame(
    items.map(({ reason, ringMs, callerEnding }) => [reason, ringMs, callerEnding]),
    [
      ['not connected', 7_000, '511'],
      ['withdrawn', 7_000, null],
      ['caller hung up', 7_000, '511'],
      ['did not ring', 7_000, null],
      ['no answer', 18_000, '511'],
      ['declined', 7_000, '511'],
    ],
    'of today, newest first',
  )
  t.match(items[0], { queue: 'general', offeredAt: '2026-11-24T09:30:00.000Z' })
  t.equal(own.json['more'], false)
  t.notMatch(own.text, /722300/, 'the number does not leave the server')
  t.match((await ask('?limit=2')).json, { items: { length: 2 }, more: true })

  t.equal((await ask(`?agent=${agent01.id}`)).status, 200, 'themselves by name')
  t.match(await ask(`?agent=${agent02.id}`), { status: 403, json: { code: 'forbidden' } })
  const boss = await served.signIn('super')
  t.match((await ask(`?agent=${agent02.id}`, boss)).json, { items: [{ reason: 'busy' }] })
  t.strictSame((await ask('', boss)).json['items'], [], 'a supervisor without calls has none')
  const looks = await served.db.selectFrom('journal_looks').select(['kind', 'query']).execute()
  t.strictSame(
    looks.filter(({ query }) => query?.includes('without an answer')),
    [{ kind: 'call-list', query: `without an answer, agent ${agent02.id}` }],
    'a supervisor’s look is on record, an agent’s own is none',
  )
  t.match(await ask('?limit=201'), { status: 400 })
})

t.test('a colleague who did not answer a question has missed no call', async (t) => {
  const served = await serve(t)
  const { agent01, agent02 } = served.people
  const at = Date.now() - 60 * seconds
  const story = new Story(`pbx1-${process.pid}.99`, at)
  const consult = offerOf(story.id, agent01.id, at + 5 * seconds)
  const of = (event: AgentEvent, when: number): AcdEvent => {
    seq += 1
    return { subject: 'agent', id: agent01.id, seq, at: when, event, after: agentAt(agent01.id, when) }
  }
  const { id: offer } = offerOf(story.id, agent02.id, at + seconds)
  await writeEvents(served.db, [
    story.arrives(),
    story.rings(agent02.id, at + seconds),
    story.talks(agent02.id, at + 2 * seconds),
    story.beside({ type: 'ConsultRequested', offer, consult, secondLine: null }, at + 5 * seconds, {
      consult: { offer: consult, seat: 'ringing', secondLine: null },
    }),
    of({ type: 'Offered', call: story.id, offer: consult }, at + 5 * seconds),
    story.beside({ type: 'ConsultCancelled', offer }, at + 9 * seconds, { consult: null }),
    of({ type: 'OfferEnded', offer: consult.id, end: 'withdrawn' }, at + 9 * seconds),
  ])
  const as = await served.signIn('agent01')
  t.strictSame((await served.ask('GET', '/api/calls/unanswered', { as })).json['items'], [])
})

t.test('each end of an offer has a reason', (t) => {
  for (const end of offerEnds)
    t.type(unansweredReason(end, { picked: false, callEndedBy: null }), 'string', end)
  const withdrawn = (callEndedBy: 'caller' | 'agent' | 'system' | null) =>
    unansweredReason('withdrawn', { picked: false, callEndedBy })
  t.equal(withdrawn('caller'), 'caller hung up')
  t.equal(withdrawn('system'), 'interrupted')
  t.equal(withdrawn(null), 'withdrawn')
  t.equal(unansweredReason('unreachable', { picked: false, callEndedBy: null }), 'did not ring')
  t.equal(unansweredReason('unreachable', { picked: true, callEndedBy: null }), 'not connected')
  t.end()
})
