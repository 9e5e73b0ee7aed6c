/** What the owner of the database and of the machine could do unseen, and cannot any more. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { headSigner } from '../../../src/city/journal/checkpoint.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { anchorJournal, stateSentences } from '../../../src/ledger/journal/anchor.ts'
import { checkDatabase, checkExport } from '../../../src/ledger/journal/check.ts'
import { appendEntry, journalEntries, journalHead } from '../../../src/ledger/journal/journal.ts'
import { checkProof, proofOf } from '../../../src/ledger/journal/proof.ts'
import { acceptRollback, rollbacks } from '../../../src/ledger/journal/rollback.ts'
import { journalRows, journalRuns } from '../../../src/ledger/journal/row-check.ts'
import { recordTerms } from '../../../src/ledger/retention/retention.ts'
import { recordRun } from '../../../src/ledger/retention/runs.ts'
import { firstWrongValue } from '../../../src/ledger/journal/value-check.ts'
import { attack } from '../../support/attack.ts'
import { agentEvent, callEvents } from '../fixtures.ts'
import { now, rewritten, scene, signer, type Scene } from './scene.ts'

const other = headSigner('another key, of at least so many bytes')
const day = 86_400_000

/** The entries of an export, as a file. */
async function exported({ db, dir }: Scene): Promise<string> {
  const file = path.join(dir, 'journal.ndjson')
  writeFileSync(file, (await journalEntries(db, 0, 10_000)).map(({ entry }) => `${entry}\n`).join(''))
  return file
}

const verified = (it: Scene) =>
  checkDatabase(it.db, { anchor: it.anchor, verifierKey: signer.verifierKey, place: it.place })

await attack(
  t,
  {
    attack: 'folder emptied: empties the anchor folder and rewrites the journal',
    before:
      'the state was "goes on"; within a minute the server signed the forgery, and the check found it intact',
    now: 'nothing is signed, "anchor emptied" or "another journal" is an alarm, and the check fails',
  },
  async (t) => {
    const it = await scene(t)
    rmSync(it.anchor, { recursive: true })
    t.equal(await anchorJournal(it.db, it.place, signer, now), 'anchor emptied')
    t.match(await verified(it), { ok: false, bad: { sentence: /no signed head/ } })
    await it.force(rewritten({ entry: 10, from: '1/2', to: '9/9' }))
    t.equal(await anchorJournal(it.db, it.place, signer, now), 'another journal')
    t.strictSame(readdirSync(it.anchor), [], 'nothing was signed')
    t.match(await verified(it), { ok: false })
    // One of the two marks is enough.
    await it.force(sql`update journal_mark set size = 0, head = null`)
    t.equal(await anchorJournal(it.db, it.place, signer, now), 'another journal')
    const again = await scene(t)
    rmSync(again.anchor, { recursive: true })
    rmSync(path.join(again.place.own, 'mark'))
    t.equal(await anchorJournal(again.db, again.place, signer, now), 'anchor emptied')
  },
)

await attack(
  t,
  {
    attack: 'rolled back: deletes the newest heads and cuts the journal back to the older ones',
    before: 'the state was "goes on", and the check found all entries and heads intact',
    now: '"shorter" is an alarm; with the journal left whole, "anchor rolled back"',
  },
  async (t) => {
    const it = await scene(t)
    const old = path.join(it.dir, 'old')
    cpSync(it.anchor, old, { recursive: true })
    for (let count = 0; count < 5; count++) await appendEntry(it.db, { what: 'look', about: `new ${count}` })
    t.equal(await anchorJournal(it.db, it.place, signer, now + day), 'goes on')
    rmSync(it.anchor, { recursive: true })
    cpSync(old, it.anchor, { recursive: true })
    t.equal(await anchorJournal(it.db, it.place, signer, now), 'anchor rolled back')
    t.match(await verified(it), { ok: false, bad: { sentence: stateSentences['anchor rolled back'] } })
    await it.force(rewritten({ keep: 24 }))
    t.equal((await journalHead(it.db)).size, 24)
    t.equal(await anchorJournal(it.db, it.place, signer, now), 'shorter')
    t.match(await verified(it), { ok: false, bad: { sentence: stateSentences.shorter } })
    // Leaves that were cut off would make every later check name wrong entries.
    const cut = await scene(t)
    writeFileSync(path.join(cut.anchor, 'leaves'), '')
    t.equal(await anchorJournal(cut.db, cut.place, signer, now), 'anchor rolled back')
  },
)

await attack(
  t,
  {
    attack:
      're-signed: signs a rewritten journal anew with a key of their own and puts that key beside the heads',
    before: 'the check took the key from the folder that it checked, and found all intact',
    now: 'the key is given or pinned elsewhere: "not signed by the journal’s key"; without a key it fails',
  },
  async (t) => {
    const it = await scene(t)
    await it.force(rewritten({ entry: 10, from: '1/2', to: '9/9' }))
    rmSync(it.anchor, { recursive: true })
    const forged = { folder: it.anchor, own: path.join(it.dir, 'theirs'), verifierKey: other.verifierKey }
    await it.force(sql`update journal_mark set size = 0, head = null`)
    t.equal(await anchorJournal(it.db, forged, other, now), 'goes on')
    t.equal(readFileSync(path.join(it.anchor, 'key'), 'utf8').trim(), other.verifierKey)
    const file = await exported(it)
    const check = (verifierKey: string) => checkExport(file, { anchor: it.anchor, verifierKey })
    t.match(await check(signer.verifierKey), { ok: false, bad: { sentence: /not signed/ } })
    t.match(await check(''), { ok: false, bad: { sentence: /public key is missing/ } })
    t.match(await check('no key at all'), { ok: false, bad: { sentence: /public key is missing/ } })
    t.match(await verified(it), { ok: false, bad: { sentence: /not signed/ } })
  },
)

await attack(
  t,
  {
    attack: 'key swapped: gives the server another signing key',
    before:
      'in an emptied folder the server signed with the new key and wrote it beside the heads as the true one',
    now: 'the key is pinned at the first anchoring: "another key" is an alarm, and nothing is signed',
  },
  async (t) => {
    const it = await scene(t)
    const swapped = { ...it.place, verifierKey: other.verifierKey }
    await appendEntry(it.db, { what: 'look', about: 'later' })
    t.equal(await anchorJournal(it.db, swapped, other, now), 'another key')
    rmSync(it.anchor, { recursive: true })
    t.equal(await anchorJournal(it.db, swapped, other, now), 'another key')
    t.strictSame(readdirSync(it.anchor), [])
    rmSync(path.join(it.place.own, 'keys'))
    t.equal(
      await anchorJournal(it.db, swapped, other, now),
      'damaged',
      'the marks were signed with the true one',
    )
    t.strictSame(readdirSync(it.anchor), [])
  },
)

await attack(
  t,
  {
    attack: 'proof without key: shows a proof of a forged entry to somebody who has no key',
    before: 'linia verify checked no signature, printed "The proof holds" and exited with 0',
    now: 'a proof without a key is not verified and fails',
  },
  async (t) => {
    const it = await scene(t)
    await it.force(rewritten({ entry: 10, from: '1/2', to: '9/9' }))
    const { size, root } = await journalHead(it.db)
    const file = path.join(it.dir, 'forged.tlog-proof')
    writeFileSync(file, (await proofOf(it.db, 10, other.sign({ size, root }))) ?? '')
    t.equal(await checkProof(file, other.verifierKey), null, 'it would hold with their key')
    t.match(await checkProof(file, ''), /public key is missing/)
    t.match(await checkProof(file, signer.verifierKey), /not signed/)
  },
)

await attack(
  t,
  {
    attack:
      'forged run: deletes notes and callers before their time and forges the entry of a retention run that excuses it',
    before: 'a run with a limit in the year 2099 excused every deleted value: the check found all intact',
    now: 'a limit later than the run’s own time, less the terms in force, is void: the deleted value is named',
  },
  async (t) => {
    const it = await scene(t)
    const { db, force } = it
    await recordTerms(db, { audioDays: 183, detailsDays: 1_095, requestsDays: 1_825, logsDays: 183 })
    await force(sql`delete from callers where call = 'pbx1-1.1'`)
    const gone = { ok: false, bad: { sentence: /callers of pbx1-1\.1 is missing before the end/ } }
    t.match(await verified(it), gone)
    const audio = { before: '2026-01-01', recordings: 0 }
    for (const before of ['2099-01-01T00:00:00.000Z', new Date().toISOString()]) {
      await recordRun(db, { audio, details: { before, closedBefore: before, rows: {} } })
      t.match(await verified(it), gone, before)
    }
    // What retention may delete: a value that is older than the terms.
    await force(sql`
      do $$ begin
        alter table calls disable trigger all;
        update calls set recorded_at = recorded_at - interval '1200 days' where id = 'pbx1-1.1';
      end $$`)
    const before = new Date(Date.now() - 1_095 * day).toISOString()
    await recordRun(db, { audio, details: { before, closedBefore: before, rows: { callers: 1 } } })
    t.equal(await firstWrongValue(db), null, 'what retention has ended is not missing')
  },
)

await attack(
  t,
  {
    attack: 'inserted password: inserts a password that they know, signs in with it, and removes the traces',
    before: 'passwords, sessions and sign-ins had no entries: the check found all intact',
    now: 'a row with an old time has no entry, a row that was swept and deleted is missing: both are named',
  },
  async (t) => {
    const it = await scene(t)
    const { db, force } = it
    const { rows } = await sql<{ id: string }>`
      insert into accounts (username) values ('elena.serban') returning id`.execute(db)
    const account = rows[0]?.id ?? ''
    await sql`insert into account_passwords (account, hash) values (${account}, 'theirs')`.execute(db)
    await sql`insert into sessions (token_digest, account) values (sha256('token'), ${account})`.execute(db)
    while ((await journalRows(db, 100)) > 0);
    t.match(await verified(it), { ok: true })
    const known = 'a hash whose password they know'
    await force(sql`
      do $$ begin
        alter table account_passwords disable trigger all;
        insert into account_passwords (account, hash, recorded_at)
        values (${sql.lit(account)}, ${sql.lit(known)}, now() - interval '30 days');
        alter table account_passwords enable trigger all;
      end $$`)
    t.match(await verified(it), { ok: false, bad: { sentence: /of account_passwords has no entry/ } })
    await force(sql`
      do $$ begin
        alter table account_passwords disable trigger all;
        delete from account_passwords where hash = ${sql.lit(known)};
        insert into account_passwords (account, hash, recorded_at)
        values (${sql.lit(account)}, ${sql.lit(known)}, now());
        alter table account_passwords enable trigger all;
      end $$`)
    while ((await journalRows(db, 100)) > 0);
    t.match(
      await verified(it),
      { ok: true },
      'a row of now is on record with its time: who wrote it is not proved',
    )
    await force(sql`
      do $$ begin
        create table swept_passwords as table account_passwords;
        alter table account_passwords disable trigger all;
        delete from account_passwords where hash = ${sql.lit(known)};
      end $$`)
    t.match(await verified(it), { ok: false, bad: { sentence: /of account_passwords, .* has been deleted/ } })
    await force(sql`
      do $$ begin
        insert into account_passwords (id, account, hash, recorded_at) overriding system value
        select row_key::bigint, ${sql.lit(account)}, 'another', now() from journal_entries
        where register = 'account_passwords' order by index desc limit 1;
      end $$`)
    t.match(await verified(it), { ok: false, bad: { sentence: /of account_passwords .* has been changed/ } })
    await force(sql`
      do $$ begin
        delete from account_passwords where hash = 'another';
        insert into account_passwords overriding system value select * from swept_passwords where hash = ${sql.lit(known)};
        alter table sessions disable trigger all;
        delete from sessions;
      end $$`)
    t.match(await verified(it), { ok: false, bad: { sentence: /of sessions, .* has been deleted/ } })
  },
)

await attack(
  t,
  {
    attack: 'old backup restored: restores database and anchor from one old backup, by hand',
    before: 'both agreed: the state was "goes on", and database and export verified without the lost entries',
    now: 'the mark beside the server is greater: "shorter" is an alarm until the rollback is accepted, on record',
  },
  async (t) => {
    const it = await scene(t)
    const backup = path.join(it.dir, 'backup')
    cpSync(it.anchor, backup, { recursive: true })
    const { head } = await it.db.selectFrom('journal_mark').select('head').executeTakeFirstOrThrow()
    for (let count = 0; count < 9; count++) await appendEntry(it.db, { what: 'look', about: `lost ${count}` })
    t.equal(await anchorJournal(it.db, it.place, signer, now + day), 'goes on')
    await it.force(rewritten({ keep: 24 }))
    await it.force(sql`update journal_mark set size = 24, head = ${head}`)
    rmSync(it.anchor, { recursive: true })
    cpSync(backup, it.anchor, { recursive: true })
    t.equal(await anchorJournal(it.db, it.place, signer, now), 'shorter')
    for (let count = 0; count < 20; count++)
      await appendEntry(it.db, { what: 'look', about: `other ${count}` })
    t.equal(await anchorJournal(it.db, it.place, signer, now), 'another journal')

    const accepted = await acceptRollback(it.db, it.place, { reason: 'disc stricat', by: 'root' }, now)
    t.match(accepted, { index: 44, state: 'another journal' })
    t.ok(existsSync(path.join(accepted?.aside ?? '', '2026-11-25.heads')), 'the old heads are kept')
    t.ok(existsSync(path.join(accepted?.aside ?? '', 'mark')))
    t.equal(await anchorJournal(it.db, it.place, signer, now), 'goes on')
    t.match(await verified(it), { ok: true, entries: 45 })
    t.match(await rollbacks(it.db, 10), [{ index: 44, reason: 'disc stricat', by: 'root', greatest: 33 }])
    t.equal(await acceptRollback(it.db, it.place, { reason: 'again', by: 'root' }, now), null)
    const restored = await acceptRollback(
      it.db,
      it.place,
      { reason: 'restored', by: 'root', always: true },
      now,
    )
    t.match(restored, { index: 45, state: 'goes on' }, 'a restore is on record also when nothing is given up')
    t.equal(await anchorJournal(it.db, it.place, signer, now), 'goes on')
    t.match(await verified(it), { ok: true, entries: 46, heads: 2 })
    // Who kept the head that was given up can still prove it.
    const kept = path.join(it.dir, 'kept')
    mkdirSync(kept)
    cpSync(path.join(accepted?.aside ?? '', 'mark'), path.join(kept, 'mailed.heads'))
    t.match(await checkExport(await exported(it), { anchor: kept, verifierKey: signer.verifierKey }), {
      ok: false,
      bad: { sentence: /not what the head of 33 entries/ },
    })
  },
)

await attack(
  t,
  {
    attack: 'events changed: changes, deletes and inserts events of calls and agents, and sign-ins',
    before: 'these registers had no entries: the check found all intact',
    now: 'runs of rows have entries; the row is named',
  },
  async (t) => {
    const it = await scene(t)
    const { db, force } = it
    const rows = async () => {
      while ((await journalRuns(db, 7)) > 0);
    }
    await rows()
    await writeEvents(db, [
      ...callEvents({ id: 'pbx1-7.1' }),
      agentEvent('agent-1', 1, now),
      agentEvent('agent-1', 2, now),
    ])
    await rows()
    t.match(await verified(it), { ok: true })
    const tampered = (register: string, statement: ReturnType<typeof sql>) =>
      force(sql`do $$ begin alter table ${sql.table(register)} disable trigger all; end $$`).then(() =>
        force(statement),
      )
    const last = await db
      .selectFrom('call_events')
      .select('ordinal')
      .orderBy('ordinal', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    const [, middle] = await db
      .selectFrom('call_events')
      .select('ordinal')
      .orderBy('ordinal')
      .limit(2)
      .execute()
    await tampered(
      'call_events',
      sql`update call_events set at = at + interval '1 hour' where ordinal = ${middle?.ordinal}`,
    )
    t.match(await verified(it), {
      bad: { sentence: new RegExp(`^Row ${middle?.ordinal} of call_events .* changed`) },
    })
    await force(sql`update call_events set at = at - interval '1 hour' where ordinal = ${middle?.ordinal}`)
    t.match(await verified(it), { ok: true })
    await tampered('call_events', sql`delete from call_events where ordinal = ${last.ordinal}`)
    t.match(await verified(it), {
      bad: { sentence: new RegExp(`^Row ${last.ordinal} of call_events, .* deleted`) },
    })
    // Numbered after the last run, and before it.
    const inserted = (seq: number, ordinal: number) =>
      tampered(
        'agent_events',
        sql`insert into agent_events (agent, seq, at, type, event, after, recorded_at, ordinal)
          overriding system value
          select agent, ${seq}::bigint, at, type, event, after, now() - interval '1 day', ${ordinal}::bigint
          from agent_events limit 1`,
      )
    await inserted(98, 98)
    t.match(await verified(it), { bad: { sentence: /^Row 98 of agent_events has no entry/ } })
    await inserted(99, 0)
    t.match(await verified(it), { bad: { sentence: /^Row 0 of agent_events has no entry/ } })
    await force(sql`delete from agent_events where ordinal = 98`)
    t.match(await verified(it), { bad: { sentence: /^Row 0 of agent_events has no entry/ } })
  },
)

await attack(
  t,
  {
    attack:
      'folder emptied at an update: empties the anchor folder before the first start after the update, which finds no mark anywhere',
    before: 'the state was "goes on": the folder counted as new, and the server signed at once',
    now: 'a journal that is older than its first minutes has been anchored: "anchor emptied", until it is accepted on record',
  },
  async (t) => {
    const it = await scene(t)
    const forgotten = async () => {
      await it.force(sql`update journal_mark set size = 0, head = null`)
      rmSync(it.anchor, { recursive: true, force: true })
      rmSync(it.place.own, { recursive: true, force: true })
    }
    await forgotten()
    t.equal(await anchorJournal(it.db, it.place, signer, now), 'goes on', 'the first minutes of a new system')
    await forgotten()
    await it.force(sql`update journal_entries set recorded_at = recorded_at - interval '11 minutes'`)
    // As the mark of a volume, which the start makes.
    mkdirSync(it.anchor)
    writeFileSync(
      path.join(it.anchor, 'linia-volume.json'),
      JSON.stringify({ volume: 'anchor', mark: 'ab'.repeat(16) }),
    )
    t.equal(await anchorJournal(it.db, it.place, signer, now), 'anchor emptied')
    t.match(await verified(it), { ok: false })
    const accepted = await acceptRollback(it.db, it.place, { reason: 'disc nou', by: 'root' }, now)
    t.match(accepted, { state: 'anchor emptied' })
    t.equal(await anchorJournal(it.db, it.place, signer, now), 'goes on')
    await it.force(
      sql`update journal_entries set recorded_at = recorded_at + interval '11 minutes' where index < 24`,
    )
    t.match(await verified(it), { ok: true, entries: 25 })
    t.match(await rollbacks(it.db, 1), [{ reason: 'disc nou', state: 'anchor emptied', greatest: null }])
    await forgotten()
    t.equal(
      await anchorJournal(it.db, it.place, signer, now),
      'goes on',
      'nothing has followed the acceptance',
    )
    // With the clock set back, too, the journal's own length in time tells.
    await forgotten()
    await it.force(sql`
      update journal_entries set recorded_at = now() + interval '1 year' + index * interval '1 minute'
      where what <> 'rollback'`)
    await it.force(sql`
      do $$ begin
        alter table journal_entries alter column what drop expression;
        update journal_entries set what = 'gone' where what = 'rollback';
      end $$`)
    t.equal(await anchorJournal(it.db, it.place, signer, now), 'anchor emptied')
  },
)

t.test('two nodes that anchor at midnight, the later clock the smaller head, are no rollback', async (t) => {
  const it = await scene(t)
  const { size, root } = await journalHead(it.db)
  await appendEntry(it.db, { what: 'look', about: 'more' })
  t.equal(await anchorJournal(it.db, it.place, signer, now), 'goes on')
  writeFileSync(path.join(it.anchor, '2026-11-26.heads'), signer.sign({ size, root }).text)
  t.equal(await anchorJournal(it.db, it.place, signer, now), 'goes on')
  t.match(await verified(it), { ok: true, entries: 25 })
})
