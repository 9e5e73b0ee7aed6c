/** What is verified is a list in code: whoever owns the database cannot shorten it, nor answer in its place. */
import { sql } from 'kysely'
import t from 'tap'
import { anchorJournal } from '../../../src/ledger/journal/anchor.ts'
import { checkDatabase } from '../../../src/ledger/journal/check.ts'
import { appendEntry, journalHead } from '../../../src/ledger/journal/journal.ts'
import { journalRows, journalRuns } from '../../../src/ledger/journal/row-check.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { attack } from '../../support/attack.ts'
import { callEvents } from '../fixtures.ts'
import { now, scene, signer, type Scene } from './scene.ts'
import { openTestDatabase } from '../../support/postgres.ts'

const verified = (it: Scene) =>
  checkDatabase(it.db, { anchor: it.anchor, verifierKey: signer.verifierKey, place: it.place })

async function swept({ db }: Scene): Promise<void> {
  while ((await journalRows(db, 100)) > 0);
  while ((await journalRuns(db, 100)) > 0);
}

const past = (register: string, statement: string) =>
  sql.raw(`do $$ begin
    alter table ${register} disable trigger all;
    ${statement};
    alter table ${register} enable trigger all;
  end $$`)

await attack(
  t,
  {
    attack: 'strikes registers from the list of what is verified, then changes their rows',
    before: 'the check found all intact, with rows of calls and call_events changed',
    now: 'the list is in code: the rows are compared all the same, and the shortened list is a finding by name',
  },
  async (t) => {
    const it = await scene(t)
    await writeEvents(it.db, callEvents({ id: 'pbx1-8.1' }))
    await swept(it)
    t.match(await verified(it), { ok: true })
    await it.force(sql`delete from journalled_registers where register = 'sessions'`)
    t.match(await verified(it), { ok: false, bad: { sentence: /lacks sessions/ } })
    await it.force(sql`insert into journalled_registers (register, key) values ('sessions', '''x''')`)
    t.match(await verified(it), { ok: false, bad: { sentence: /sessions/ } })
    await it.force(
      sql`update journalled_registers set key = $$encode(token_digest, 'hex')$$ where register = 'sessions'`,
    )
    t.match(await verified(it), { ok: true })
    await it.force(sql`delete from journalled_registers where register = 'calls'`)
    await it.force(sql`update calls set outcome = 'abandoned' where id = 'pbx1-1.1'`)
    t.match(await verified(it), { ok: false, bad: { sentence: /Row pbx1-1\.1 of calls .* changed/ } })
    const other = await scene(t)
    await writeEvents(other.db, callEvents({ id: 'pbx1-8.1' }))
    await swept(other)
    await other.force(sql`delete from journalled_runs where register = 'call_events'`)
    t.match(await verified(other), { ok: false, bad: { sentence: /lacks call_events/ } })
    await other.force(past('call_events', `update call_events set at = at + interval '1 hour'`))
    t.match(await verified(other), { ok: false, bad: { sentence: /of call_events .* changed/ } })
  },
)

await attack(
  t,
  {
    attack: 'replaces the functions of the database that compare rows with the journal',
    before: 'with functions that find nothing, the check found changed calls and events intact',
    now: 'the comparison is in code; nothing of the database but its rows is asked',
  },
  async (t) => {
    const it = await scene(t)
    await writeEvents(it.db, callEvents({ id: 'pbx1-8.1' }))
    await swept(it)
    await it.force(sql`create or replace function rows_unlike_journal(target text, rows_max integer)
      returns table (entry_index bigint, row_key text, why text) language sql as
      $$ select 1::bigint, '', '' where false $$`)
    await it.force(sql`create or replace function runs_unlike_journal(target text, first_index bigint, last_index bigint)
      returns table (entry_index bigint, row_number bigint, why text) language sql as
      $$ select 1::bigint, 1::bigint, '' where false $$`)
    await it.force(sql`create or replace function row_digest(body jsonb) returns text language sql as
      $$ select '' $$`)
    await it.force(past('call_events', `update call_events set at = at + interval '1 hour'`))
    t.match(await verified(it), { ok: false, bad: { sentence: /of call_events .* changed/ } })
    await it.force(sql`update calls set outcome = 'abandoned' where id = 'pbx1-1.1'`)
    t.match(await verified(it), { ok: false, bad: { sentence: /Row pbx1-1\.1 of calls .* changed/ } })
  },
)

await attack(
  t,
  {
    attack: 'files entries of rows away under another name, so that the rows seem to need none',
    before: 'a deleted call and its caller: the check found all intact',
    now: 'the columns by which entries are found are compared with their text',
  },
  async (t) => {
    const it = await scene(t)
    await it.force(sql`do $$ begin
      alter table journal_entries alter column what drop expression;
      update journal_entries set what = 'gone' where row_key = 'pbx1-1.1';
      delete from calls where id = 'pbx1-1.1';
      delete from callers where call = 'pbx1-1.1';
    end $$`)
    t.match(await verified(it), { ok: false, bad: { sentence: /Entry \d+ is stored under/ } })
  },
)

await attack(
  t,
  {
    attack: 'inserts a row with an old time and sets the sweep back, so that the row gets an entry',
    before: 'the sweep gave the rows their entries, the server signed them, and the check found all intact',
    now: 'the row is older than its entry, and later rows had entries before: it is named',
  },
  async (t) => {
    const it = await scene(t)
    await writeEvents(it.db, callEvents({ id: 'pbx1-8.1' }))
    await swept(it)
    await sql`insert into accounts (username) values ('elena.serban')`.execute(it.db)
    await sql`insert into account_passwords (account, hash) select id, 'theirs' from accounts`.execute(it.db)
    await swept(it)
    await it.force(sql`update journalled_registers set swept_until = '-infinity'`)
    await it.force(
      past(
        'account_passwords',
        `insert into account_passwords (account, hash, recorded_at)
         select id, 'known', now() - interval '30 days' from accounts`,
      ),
    )
    await swept(it)
    t.equal(await anchorJournal(it.db, it.place, signer, now), 'goes on')
    t.match(await verified(it), { ok: false, bad: { sentence: /of account_passwords .* old time/ } })
    const busy = await scene(t)
    await writeEvents(busy.db, callEvents({ id: 'pbx1-8.1' }))
    await swept(busy)
    await busy.force(sql`update journalled_runs set swept_until = '-infinity'`)
    await busy.force(
      past(
        'call_events',
        `insert into call_events (call, seq, at, type, event, after, recorded_at)
         select 'forged', seq, at, type, event, after, recorded_at - interval '1 day' from call_events limit 1`,
      ),
    )
    await swept(busy)
    t.match(await verified(busy), { ok: false, bad: { sentence: /of call_events .* old time/ } })
  },
)

await attack(
  t,
  {
    attack: 'exchanges the user names of two accounts, and opens a closed day',
    before: 'neither register had entries: the check found all intact',
    now: 'accounts and declared days have entries, too: the row is named',
  },
  async (t) => {
    const it = await scene(t)
    await sql`insert into accounts (username) values ('elena.serban'), ('dan.rusu')`.execute(it.db)
    await sql`insert into declared_days (day, closed) values ('2026-12-24', false)`.execute(it.db)
    await swept(it)
    t.match(await verified(it), { ok: true })
    await it.force(
      past(
        'accounts',
        `update accounts set username = username || '.x';
         update accounts set username = case username when 'dan.rusu.x' then 'elena.serban' else 'dan.rusu' end`,
      ),
    )
    t.match(await verified(it), { ok: false, bad: { sentence: /of accounts .* changed/ } })
    const days = await scene(t)
    await sql`insert into declared_days (day, closed) values ('2026-12-24', false)`.execute(days.db)
    await swept(days)
    await days.force(past('declared_days', `update declared_days set day = '2026-12-31'`))
    t.match(await verified(days), { ok: false, bad: { sentence: /of declared_days .* changed/ } })
  },
)

await attack(
  t,
  {
    attack: 'puts a view in the place of a register, which shows the check the true rows',
    before: 'for calls, events, callers and the journal itself the check found all intact',
    now: 'what is compared must be tables: the view is named',
  },
  async (t) => {
    for (const table of ['calls', 'call_events', 'callers', 'journal_entries']) {
      const it = await scene(t)
      await writeEvents(it.db, callEvents({ id: 'pbx1-8.1' }))
      await swept(it)
      t.equal(await anchorJournal(it.db, it.place, signer, now), 'goes on')
      const { rows } = await sql<{ app: string }>`select current_user as app`.execute(it.db)
      const admin = openTestDatabase(it.adminUrl)
      await sql
        .raw(
          `do $$ begin
             alter table ${table} rename to true_rows;
             create view ${table} as select * from true_rows;
             grant select on ${table} to ${rows[0]!.app};
           end $$`,
        )
        .execute(admin)
      await admin.destroy()
      t.match(await verified(it), { ok: false, bad: { sentence: `${table} is not a table` } })
    }
  },
)

await attack(
  t,
  {
    attack: 'adds an entry with a far index, behind the part of the journal that is hashed, for a forged row',
    before: 'in a journal of 200 entries the check found all intact, with a forged call',
    now: 'an entry outside the tree is named',
  },
  async (t) => {
    const it = await scene(t)
    // Entries are read 200 at a time: here the last batch is full.
    while ((await journalHead(it.db)).size < 200) await appendEntry(it.db, { what: 'look', about: 'more' })
    t.equal(await anchorJournal(it.db, it.place, signer, now), 'goes on')
    await it.force(sql`do $$ begin
      insert into calls select 'forged', pbx, line, caller_digest, queue, arrived_at, queued_at, offered_at,
        answered_at, ended_at, wait_ms, talk_ms, held_ms, agent, outcome, ended_by, source,
        recorded_at - interval '1 day' from calls limit 1;
      insert into callers select 'forged', salt, number, name, recorded_at from callers limit 1;
      insert into journal_entries (index, entry, leaf, recorded_at)
        select 1000, format('{"index":1000,"at":%s,"what":"row","register":"calls","key":"forged","digest":"%s"}',
                 to_json(recorded_at), row_digest(to_jsonb(c))), sha256(''), recorded_at
        from calls c where id = 'forged';
    end $$`)
    t.match(await verified(it), { ok: false, bad: { index: 1000, sentence: /outside the journal/ } })
  },
)
