/** A journal that a superuser tampers with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { headSigner } from '../../../src/city/journal/checkpoint.ts'
import { type Database } from '../../../src/ledger/database.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { anchorJournal, type AnchorPlace } from '../../../src/ledger/journal/anchor.ts'
import { checkDatabase, checkExport } from '../../../src/ledger/journal/check.ts'
import { appendEntry, journalEntries } from '../../../src/ledger/journal/journal.ts'
import { journalRows } from '../../../src/ledger/journal/row-check.ts'
import { removeAgreementTexts } from '../../support/city/journal-entries.ts'
import { openTestDatabase, testDatabase } from '../../support/postgres.ts'
import { callEvents } from '../fixtures.ts'

export const signer = headSigner('signs the heads of these tests, long enough')
export const now = Date.UTC(2026, 10, 25, 12)

export interface Scene {
  readonly db: Database
  readonly adminUrl: string
  readonly dir: string
  readonly anchor: string
  readonly place: AnchorPlace
  /** Does what only a superuser can: past every trigger. */
  force(statement: ReturnType<typeof sql>): Promise<void>
  /** What the check of the database finds, and that of an export, from the same anchor. */
  found(): Promise<{ database: number | null | 'good'; export: number | null | 'good'; sentence: string }>
}

/** A journal of some calls and accesses, anchored three times. */
export async function scene(t: Parameters<typeof testDatabase>[0]): Promise<Scene> {
  const database = await testDatabase(t)
  await removeAgreementTexts(database)
  const { db } = database
  const admin = openTestDatabase(database.adminUrl)
  const dir = mkdtempSync(path.join(tmpdir(), 'linia-tamper-'))
  const anchor = path.join(dir, 'anchor')
  const place = { folder: anchor, own: path.join(dir, 'own'), verifierKey: signer.verifierKey }
  t.teardown(async () => {
    await admin.destroy()
    rmSync(dir, { recursive: true })
  })
  for (let round = 0; round < 3; round++) {
    for (let count = 0; count < 7; count++)
      await appendEntry(db, { what: 'look', about: `${round}/${count}` })
    await writeEvents(db, callEvents({ id: `pbx1-${round}.1` }))
    await journalRows(db, 100)
    await anchorJournal(db, place, signer, now + round * 60_000)
  }
  const against = { anchor, verifierKey: signer.verifierKey }
  return {
    db,
    adminUrl: database.adminUrl,
    dir,
    anchor,
    place,
    async force(statement) {
      const tables = [
        'journal_entries',
        'journal_nodes',
        'journal_head',
        'calls',
        'callers',
        'outbox_bodies',
        'journalled_registers',
      ]
      for (const table of tables)
        await sql`alter table ${sql.table(table)} disable trigger all`.execute(admin)
      await statement.execute(admin)
      for (const table of tables) await sql`alter table ${sql.table(table)} enable trigger all`.execute(admin)
    },
    async found() {
      const inDatabase = await checkDatabase(db, against)
      const file = path.join(dir, 'export')
      writeFileSync(file, (await journalEntries(db, 0, 10_000)).map(({ entry }) => `${entry}\n`).join(''))
      const exported = await checkExport(file, against)
      return {
        database: inDatabase.ok ? 'good' : inDatabase.bad.index,
        export: exported.ok ? 'good' : exported.bad.index,
        sentence: inDatabase.ok ? '' : inDatabase.bad.sentence,
      }
    },
  }
}

/**
 * What a forger with every right does: an entry rewritten, and the journal cut after `keep` entries, with everything in
 * the database that follows from it: leaves, nodes and frontier.
 */
export const rewritten = ({
  entry = 0,
  from = '',
  to = '',
  keep = 1_000_000,
  daysAgo = [],
}: {
  readonly entry?: number
  readonly from?: string
  readonly to?: string
  readonly keep?: number
  /** Pairs: the entries below this index are older by so many days. */
  readonly daysAgo?: readonly (readonly [below: number, days: number])[]
}) => sql`
  do $$
  declare
    line record;
    lines text[];
  begin
    select array_agg(entry order by index) into lines from journal_entries;
    lines := lines[1:${sql.lit(keep)}];
    lines[${sql.lit(entry)} + 1] := replace(lines[${sql.lit(entry)} + 1], ${sql.lit(from)}, ${sql.lit(to)});
    for place in 1 .. cardinality(lines) loop
      lines[place] := regexp_replace(lines[place], '"at":"[^"]+"', format('"at":"%s"', to_char(
        (lines[place]::jsonb ->> 'at')::timestamptz at time zone 'UTC' - interval '1 day' * (case
          ${sql.join([...daysAgo.map(([below, days]) => sql`when place <= ${sql.lit(below)} then ${sql.lit(days)}`), sql`when false then 0`], sql` `)} else 0 end),
        'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')));
    end loop;
    delete from journal_nodes;
    delete from journal_entries;
    update journal_head set size = 0, frontier = '{}';
    for line in select ordinality - 1 as index, value from unnest(lines) with ordinality as l (value, ordinality) loop
      declare
        head journal_head;
        hash bytea := sha256(decode('00', 'hex') || convert_to(line.value, 'UTF8'));
        rest bigint;
        height integer := 0;
      begin
        select * into head from journal_head;
        insert into journal_entries (index, entry, leaf, recorded_at) values (head.size, line.value, hash,
          (line.value::jsonb ->> 'at')::timestamptz);
        rest := head.size;
        while rest % 2 = 1 loop
          hash := sha256(decode('01', 'hex') || head.frontier[cardinality(head.frontier)] || hash);
          head.frontier := trim_array(head.frontier, 1);
          height := height + 1;
          rest := rest / 2;
          insert into journal_nodes (level, position, hash, recorded_at) values (height, rest, hash, now());
        end loop;
        update journal_head set size = head.size + 1, frontier = head.frontier || hash;
      end;
    end loop;
  end $$`
