/** Calls to citizens in the register: beside those that came in, and in none of their figures. */
import t from 'tap'
import type { AcdEvent } from '../../../src/core/acd-event.ts'
import type { CallEvent } from '../../../src/core/call-event.ts'
import { step } from '../../../src/core/call-step.ts'
import type { Call } from '../../../src/core/call.ts'
import { AgentId, bridgeOf, type CallId, outboundCallIn, PbxName } from '../../../src/core/ids.ts'
import { placed } from '../../../src/core/steps/placed.ts'
import { callById, calls, callsAsJson } from '../../../src/ledger/calls/calls.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { tallies } from '../../../src/ledger/reports/figures.ts'
import { answered, offerTo, queue, rules } from '../../core/samples.ts'
import { testDatabase } from '../../support/postgres.ts'

const { db } = await testDatabase(t)
const now = Date.now() - 60_000
let made = 0

/** The events of a call that Ana makes, as the writer gets them; each a second after the one before. */
function story(...events: readonly CallEvent[]): { id: CallId; events: AcdEvent[] } {
  made += 1
  const id = outboundCallIn(PbxName('pbx1'), now, `u${made}`)
  const offer = { ...offerTo('ana', `leg-${id}-u1`, now) }
  const begun = placed(
    { id, pbx: PbxName('pbx1'), line: '969', number: '+40722000111', queue, offer },
    now,
  ).call
  const first: CallEvent = { type: 'CallPlaced', by: AgentId('ana'), returns: null }
  const all: readonly CallEvent[] = [answered(offer), ...events]
  let call: Call = begun
  const of = (event: CallEvent, seq: number): AcdEvent => ({
    subject: 'call',
    id,
    seq,
    at: now + 1_000 * (seq - 1),
    event: event.type === 'Bridged' ? { ...event, bridge: bridgeOf(offer.id) } : event,
    after: call,
  })
  const written = [of(first, 1)]
  for (const [index, event] of all.entries()) {
    const full = event.type === 'Bridged' ? { ...event, bridge: bridgeOf(offer.id) } : event
    call = step(call, full, now + 1_000 * (index + 1), rules).call
    written.push(of(event, index + 2))
  }
  return { id, events: written }
}

const talks: readonly CallEvent[] = [
  { type: 'CallerAnswered' },
  { type: 'Bridged', bridge: bridgeOf(offerTo('x', 'x').id) },
]

t.test('each is a row with its direction, whether the citizen was reached or not', async (t) => {
  const period = { fromMs: now - 3_600_000, toMs: now + 3_600_000, slotsFromMs: now, recentFromMs: now }
  const counted = () => tallies(db, period, { targetMs: 20_000, shortAbandonMs: 5_000 })
  const before = await counted()
  const reached = story(...talks, { type: 'CallerHungUp' })
  const engaged = story({ type: 'CallerUnreached', why: 'busy' })
  const dialled = story()
  const talking = story(...talks)
  await writeEvents(db, [...reached.events, ...engaged.events, ...dialled.events, ...talking.events])
  t.match(await callById(db, outboundCallIn(PbxName('pbx1'), now, 'u1')), {
    direction: 'outbound',
    caller: '+40722000111',
    outcome: 'answered',
    endedBy: 'caller',
    agent: { id: 'ana' },
    queue: null,
    queuedAt: null,
    waitMs: null,
    talkMs: 2_000,
    legs: [{ agent: { id: 'ana' } }],
  })
  t.match(await callById(db, outboundCallIn(PbxName('pbx1'), now, 'u2')), {
    direction: 'outbound',
    outcome: 'busy',
    agent: { id: 'ana' },
    answeredAt: null,
    legs: [],
    recording: 'none',
  })
  for (const { id } of [dialled, talking])
    t.match(
      await db.selectFrom('call_rows').selectAll().where('id', '=', id).executeTakeFirst(),
      { direction: 'outbound', over: false, queue: null, queued_at: null, wait_ms: null, agent: 'ana' },
      'one that goes on',
    )
  const listed = await calls(db, { agent: AgentId('ana'), limit: 10 })
  t.match(listed, { items: { length: 4 } })
  const json = await callsAsJson(db, { limit: 10 })
  t.match(json.error === undefined && JSON.parse(json.items.toString()), [
    { direction: 'outbound' },
    { direction: 'outbound' },
    { direction: 'outbound' },
    { direction: 'outbound' },
  ])
  t.same(await counted(), before, 'no figure of those who call has changed')
})
