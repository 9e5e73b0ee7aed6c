import { pino } from 'pino'
import t from 'tap'
import { openDatabase } from '../../../src/ledger/database.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { lastRecorded } from '../../../src/ledger/calls/last-recorded.ts'
import { Spool } from '../../../src/ledger/calls/spool.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { quickHash } from '../../support/passwords.ts'
import { testDatabase } from '../../support/postgres.ts'
import { agentEvent, callEvents } from '../fixtures.ts'

const log = pino({ level: 'silent' })
const { db } = await testDatabase(t)
const now = Date.now()
const emptySpool = (folder: string) => new Spool({ folder, log, now: Date.now })

async function agentNamed(username: string): Promise<string> {
  const account = { username, name: username, roles: ['agent' as const], employer: 'Firma' }
  const added = await addAccount(db, { ...account, password: 'o parolă lungă' }, quickHash)
  if (!added.ok) throw new Error(added.why)
  return added.account.id
}

void t.test('last recorded: the last sequence number of each agent and each call in progress', async (t) => {
  const [ana, ion] = [await agentNamed('ana'), await agentNamed('ion')]
  await writeEvents(db, [agentEvent(ana, 1), agentEvent(ana, 2), agentEvent(ion, 7)])
  await writeEvents(db, callEvents({ id: 'open', arrivedAt: now }).slice(0, 3))
  await writeEvents(db, callEvents({ id: 'over', arrivedAt: now }))
  await writeEvents(db, callEvents({ id: 'lost days ago', arrivedAt: now - 3 * 86_400_000 }).slice(0, 3))
  const last = await lastRecorded(db, emptySpool(t.testdir()), log)
  t.same(
    last.agents,
    new Map([
      [ana, 2],
      [ion, 7],
    ]),
  )
  t.same(last.calls, new Map([['open', 3]]))

  const spool = emptySpool(t.testdir())
  spool.add([
    agentEvent(ana, 3),
    agentEvent(ion, 6),
    ...callEvents({ id: 'here', arrivedAt: now }).slice(0, 2),
  ])
  spool.add(callEvents({ id: 'over here', arrivedAt: now }))
  const both = await lastRecorded(db, spool, log)
  t.same(
    both.agents,
    new Map([
      [ana, 3],
      [ion, 7],
    ]),
    'what this disk keeps for the ledger counts as well',
  )
  t.same(
    both.calls,
    new Map([
      ['open', 3],
      ['here', 2],
    ]),
  )
})

void t.test('while PostgreSQL is away the last sequence numbers come from the spool', async (t) => {
  const away = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' })
  t.teardown(() => away.destroy())
  const spool = emptySpool(t.testdir())
  spool.add([agentEvent('a1', 4)])
  t.same(await lastRecorded(away, spool, log), { agents: new Map([['a1', 4]]), calls: new Map() })
})
