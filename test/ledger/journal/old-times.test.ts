/** Rows of registers that have been quiet, inserted with an old time; what a system that was stopped leaves. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { checkDatabase, type CheckOutcome } from '../../../src/ledger/journal/check.ts'
import { appendEntry, journalHead } from '../../../src/ledger/journal/journal.ts'
import { journalRows, journalRuns } from '../../../src/ledger/journal/row-check.ts'
import { attack } from '../../support/attack.ts'
import { callEvents } from '../fixtures.ts'
import { rewritten, scene, signer, type Scene } from './scene.ts'

async function swept({ db }: Scene): Promise<void> {
  while ((await journalRows(db, 100)) > 0);
  while ((await journalRuns(db, 100)) > 0);
}

/** A journal that began 300 days ago; its last sweep was 90 days ago. */
async function aged(t: Parameters<typeof scene>[0], { accountsAgo = 300 } = {}): Promise<Scene> {
  const it = await scene(t)
  const { db } = it
  const account = sql`insert into accounts (username) values ('elena.serban')`
  const size = async () => (await journalHead(db)).size
  await writeEvents(db, callEvents({ id: 'pbx1-8.1' }))
  if (accountsAgo === 300) await account.execute(db)
  await swept(it)
  const old = await size()
  if (accountsAgo !== 300) await account.execute(db)
  await sql`insert into volume_marks (volume, mark, why)
              values ('recordings', repeat('0', 32), 'its first start')`.execute(db)
  await sql`insert into sign_ins (username_digest, account, outcome)
            select sha256('x'), id, 'signed in' from accounts`.execute(db)
  await swept(it)
  const newer = await size()
  await appendEntry(db, { what: 'look', about: 'today' })
  await it.force(
    rewritten({
      daysAgo: [
        [old, 300],
        [newer, 90],
      ],
    }),
  )
  return it
}

/** Against a head that the server has signed over all of it. */
async function verified({ db, dir }: Scene): Promise<CheckOutcome> {
  const heads = path.join(dir, 'signed.heads')
  writeFileSync(heads, signer.sign(await journalHead(db)).text)
  return checkDatabase(db, { anchor: heads, verifierKey: signer.verifierKey })
}

const past = (register: string, statement: string) =>
  sql.raw(`do $$ begin
    alter table ${register} disable trigger all;
    ${statement};
    alter table ${register} enable trigger all;
  end $$`)

const role = (daysAgo: number) =>
  past(
    'account_versions',
    `insert into account_versions (account, name, employer, roles, closed, recorded_at)
     select id, 'Elena Șerban', 'Firma', '{supervisor}', false, now() - interval '${daysAgo} days' from accounts`,
  )

const agentEvent = (daysAgo: number) =>
  past(
    'agent_events',
    `insert into agent_events (agent, seq, at, type, event, after, recorded_at)
     select id, 1, now(), 'signed_in', '{}', '{}', now() - interval '${daysAgo} days' from accounts`,
  )

const closedDay = past(
  'declared_days',
  `insert into declared_days (day, closed, recorded_at) values ('2026-12-24', false, now() - interval '180 days')`,
)

await attack(
  t,
  {
    attack: 'inserts the role of a supervisor with a time half a year ago into a register without newer rows',
    before: 'the sweep gave the row its entry, and the check found all intact',
    now: 'sweeps of other registers since then have not seen the row: it is named',
  },
  async (t) => {
    const it = await aged(t)
    t.match(await verified(it), { ok: true })
    await it.force(role(180))
    await swept(it)
    t.match(await verified(it), { ok: false, bad: { sentence: /of account_versions .* old time/ } })
  },
)

await attack(
  t,
  {
    attack: 'inserts an event of an agent with a time half a year ago into a register without newer rows',
    before: 'the sweep gave the row its run, and the check found all intact',
    now: 'runs of other registers since then do not cover the row: it is named',
  },
  async (t) => {
    const it = await aged(t)
    await it.force(agentEvent(180))
    await swept(it)
    t.match(await verified(it), { ok: false, bad: { sentence: /of agent_events .* old time/ } })
  },
)

t.test('rows that waited while the system was stopped are no forgery', async (t) => {
  const it = await aged(t)
  await it.force(role(80))
  await it.force(agentEvent(80))
  await swept(it)
  t.match(await verified(it), { ok: true })
})

t.test('rows that are older than their register’s place in the list are no forgery', async (t) => {
  const it = await aged(t, { accountsAgo: 90 })
  await it.force(closedDay)
  await swept(it)
  t.match(await verified(it), { ok: true })
  // Accounts were listed with declared days: 300 days ago.
  const other = await aged(t)
  await other.force(closedDay)
  await swept(other)
  t.match(await verified(other), { ok: false, bad: { sentence: /of declared_days .* old time/ } })
})
