/** Colleagues who are consulted, and supervisors, in the ledger of calls. */
import { sql } from 'kysely'
import t from 'tap'
import type { Leg } from '../../../src/core/call.ts'
import { agentLegOf, CallId, OfferId, type AgentId } from '../../../src/core/ids.ts'
import { callById, calls } from '../../../src/ledger/calls/calls.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { unfinishedWrapUps } from '../../../src/ledger/calls/wrap-ups.ts'
import { addRecordings } from '../../../src/ledger/recordings/recordings.ts'
import { agentDay } from '../../../src/ledger/reports/agent-day.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { quickHash } from '../../support/passwords.ts'
import { testDatabase } from '../../support/postgres.ts'
import { callEvents } from '../fixtures.ts'

const { db } = await testDatabase(t)
const agent = await agentNamed('ana', 'Ana Ștefănescu')
// Recent, because only calls of the last hours count as in progress.
const start = Date.now() - 3_600_000

async function agentNamed(username: string, name: string): Promise<AgentId> {
  const account = { username, name, roles: ['agent' as const], employer: 'Firma', password: 'parola' }
  const added = await addAccount(db, account, quickHash)
  if (!added.ok) throw new Error(added.why)
  return added.account.id
}

void t.test('colleagues and supervisors of a call are on record, and have not served it', async (t) => {
  const [dan, vera] = [await agentNamed('danut', 'Dan Olaru'), await agentNamed('vera', 'Vera Micu')]
  const part = { device: 'web' as const, until: start + 9_000 }
  const legs: readonly Leg<'agent'>[] = [
    { ...part, id: OfferId('leg-1'), role: 'agent', agent, from: start, until: start + 20_000 },
  ]
  const others: readonly Leg<'consulted' | 'supervisor'>[] = [
    { ...part, id: OfferId('leg-2'), role: 'consulted', agent: dan, from: start + 5_000 },
    { ...part, id: OfferId('leg-3'), role: 'supervisor', agent: vera, from: start + 6_000 },
  ]
  const shapes = [
    { id: 'others-1', arrivedAt: start - 60_000 },
    { id: 'others-2', arrivedAt: start - 59_999, upTo: 4 },
  ]
  for (const { upTo, ...shape } of shapes) {
    const events = callEvents({ agent, ...shape }).slice(0, upTo)
    await writeEvents(
      db,
      events.map((event) => ({ ...event, after: { ...event.after, legs, others } })),
    )
  }
  const of = { device: 'web', until: start + 9_000 }
  // No event tells how they took part.
  const unseen = { withCaller: false, modes: [] }
  for (const { id } of shapes) {
    const record = await callById(db, CallId(id))
    t.equal(record?.legs.length, 1, id)
    t.strictSame(record?.others, [
      { ...of, agent: { id: dan, name: 'Dan Olaru' }, from: start + 5_000, role: 'consulted', ...unseen },
      { ...of, agent: { id: vera, name: 'Vera Micu' }, from: start + 6_000, role: 'supervisor', ...unseen },
    ])
    t.match(record, { agent: { id: agent }, earlierAgents: [] })
  }
  const times = { from: start - 60_000, to: start - 59_000 }
  const both = ['others-2', 'others-1']
  const listOf = async (one: AgentId) => {
    const answer = await calls(db, { ...times, agent: one, limit: 9 })
    return answer.error === undefined ? answer.items.map(({ id }) => id) : answer.error
  }
  t.strictSame(await listOf(agent), both)
  t.strictSame(await listOf(dan), both, 'of the colleague too')
  t.strictSame(await listOf(vera), [], 'a supervisor did not have it')
  for (const one of [dan, vera]) {
    t.match(await agentDay(db, one, start - 100_000), { answered: 0, talkMs: 0 })
    t.strictSame(await unfinishedWrapUps(db, one, start - 100_000), [])
  }
  const { rows } = await sql<{ others: unknown }>`
    select others from calls where others is not null and id not like 'others-%'`.execute(db)
  t.strictSame(rows, [], 'nobody else: null')
})

void t.test('a colleague who took the call over has both parts, and served from then on', async (t) => {
  const dan = await agentNamed('dinu', 'Dinu Olaru')
  const id = OfferId('leg-2')
  const part = { id, agent: dan, device: 'web' as const }
  const legs: readonly Leg<'agent'>[] = [
    { ...part, id: OfferId('leg-1'), role: 'agent', agent, from: start, until: start + 9_000 },
    { ...part, role: 'agent', from: start + 9_000, until: start + 20_000 },
  ]
  const others: readonly Leg<'consulted'>[] = [
    { ...part, role: 'consulted', from: start + 5_000, until: start + 9_000 },
  ]
  const shape = { id: 'others-3', arrivedAt: start - 40_000 }
  await writeEvents(
    db,
    callEvents({ agent: dan, ...shape }).map((event) => ({
      ...event,
      after: { ...event.after, legs, others },
    })),
  )
  await addRecordings(db, CallId(shape.id), [], [{ leg: agentLegOf(id), why: 'there are no files' }])
  const record = await callById(db, CallId(shape.id))
  t.match(record, {
    legs: [{ agent: { id: agent } }, { agent: { id: dan } }],
    others: [{ role: 'consulted' }],
  })
  t.equal(record?.losses.length, 1, 'one leg')
  t.match(await agentDay(db, dan, start - 100_000), { answered: 1, talkMs: 11_000 }, 'not the consultation')
})
