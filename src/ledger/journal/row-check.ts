/**
 * The registers compared with the journal, and the sweep that adds their rows to it. Most registers have an entry for
 * each row; busy ones (events, sign-ins) have an entry for a run of rows.
 *
 * The comparison asks the database for rows and entries alone: a function or view of the database is its owner's, who
 * could replace it.
 */
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import { journalledRegisters, journalledRuns, listedTogether } from './registers.ts'
import { wrongRelation } from './relations.ts'
import type { BadEntry } from './value-check.ts'

/** Bounds the time of one statement. */
const runsAtOnce = 5_000
/** Rows of transactions that committed late get their entries within this time. */
const lateMax = sql`interval '5 minutes'`
/** A row without an entry that is older than the journal's end by this much was left out on purpose. */
const unsweptMax = sql`interval '1 day'`
/** Of a row that gets its entry after later rows have theirs. */
const outOfOrderMaxMs = 3_600_000
const outOfOrderMax = sql`interval '1 hour'`
/** Of a row that was added in time: while its sweep failed or the system was down, there is no other sweep either. */
const waitMax = sql`interval '2 hours'`

const rowSentences: Readonly<
  Record<string, (register: string, key: string, index: number | null) => string>
> = {
  changed: (register, key, index) =>
    `Row ${key} of ${register} does not match entry ${index}: it has been changed.`,
  missing: (register, key, index) =>
    `Row ${key} of ${register}, recorded by entry ${index}, is missing: it has been deleted.`,
  unknown: (register, key) => `Row ${key} of ${register} has no entry: it was added without the journal.`,
  dated: (register, key, index) =>
    `Row ${key} of ${register} got entry ${index} long after later rows had theirs: it was added with an old time.`,
}

/** As the sweep digests a row (migrations/0005), in UTC. */
const digestOf = (body: RawBuilder<unknown>) =>
  sql<string>`encode(sha256(convert_to(jsonb_strip_nulls(${body})::text, 'UTF8')), 'hex')`

/**
 * In a transaction with the sweep's time zone, in which only PostgreSQL's own functions are found, a policy that hides
 * rows is an error, and what is compared are tables.
 */
export function comparing(
  db: Database,
  work: (trx: Database) => Promise<BadEntry | null>,
): Promise<BadEntry | null> {
  return db.transaction().execute(async (trx) => {
    await sql`set local timezone to 'UTC'`.execute(trx)
    await sql`set local search_path to pg_catalog, pg_temp`.execute(trx)
    await sql`set local row_security to off`.execute(trx)
    return (await wrongRelation(trx)) ?? (await work(trx))
  })
}

/** The journal's end: the time of its last entry. */
const journalEnd = sql<Millis>`
  (select (entry::jsonb ->> 'at')::timestamptz from public.journal_entries order by index desc limit 1)`

/** When the journal had begun, and the register was in its list; older rows got their entries late. */
function listedAt(what: Swept, register: string) {
  const together = listedTogether.find((registers) => registers.includes(register))
  return together === undefined
    ? sql<Millis>`(select recorded_at from public.journal_entries order by index limit 1)`
    : sql<Millis>`(select min(recorded_at) from public.journal_entries
                   where what = ${sql.lit(what)} and register in (${sql.join(together)}))`
}

type Swept = 'row' | 'rows'

/**
 * The sweep takes the registers by name, each only when those before it have no rows left. So an entry of a later
 * register, well after a row was recorded and well before its own entry, means that the row was not there.
 */
function wasPassed(what: Swept, register: string, row: 'c' | 'r'): RawBuilder<SqlBool> {
  const [recordedAt, at, index] = [
    sql.id(row, 'recorded_at'),
    sql.id(row, 'at'),
    sql.id(row, 'index'),
  ] as const
  return sql<SqlBool>`${at} > ${recordedAt} + ${waitMax} and ${recordedAt} >= ${listedAt(what, register)} and exists (
    select from public.journal_entries j
    where j.what = ${sql.lit(what)} and j.register > ${register} and j.index < ${index}
      and j.recorded_at between ${recordedAt} + ${outOfOrderMax} and ${at} - ${outOfOrderMax})`
}

/** The first row of any register that does not match its journal entry. */
export async function firstBadRow(db: Database): Promise<BadEntry | null> {
  for (const [register, key] of Object.entries(journalledRegisters)) {
    const { rows } = await rowsUnlikeJournal(register, key).execute(db)
    const [bad] = rows
    if (bad !== undefined) return badRow(register, bad.why, bad.key, bad.index)
  }
  return null
}

/**
 * A row rewritten by migration 0020 matches while its text, where it still exists, makes it the row of the entry
 * (rewritten-rows.ts).
 */
function rowsUnlikeJournal(register: string, key: string) {
  const isOpen = sql<SqlBool>`c.recorded_at < c.swept - ${lateMax}
    or (c.recorded_at < ${journalEnd} - ${unsweptMax} and c.first_at < ${journalEnd} - ${unsweptMax})`
  const isDated = sql<SqlBool>`c.recorded_at < c.swept_before - ${outOfOrderMax} and c.at > c.recorded_at + ${outOfOrderMax}
    or (${wasPassed('row', register, 'c')})`
  return sql<{ index: number | null; key: string; why: string }>`
    with entries as (
      select index, row_key, entry::jsonb ->> 'digest' as digest, (entry::jsonb ->> 'at')::timestamptz as at
      from public.journal_entries where what = 'row' and register = ${register}),
    present as (
      select (${sql.raw(key)})::text as key, t.recorded_at, to_jsonb(t) as body, ${digestOf(sql`to_jsonb(t)`)} as digest
      from ${sql.id('public', register)} t),
    compared as (
      select e.index, coalesce(e.row_key, p.key) as key, e.digest as told, p.digest as found, e.at, p.recorded_at,
             p.key is null as gone, case when e.digest <> p.digest then p.body end as body,
             min(e.at) over () as first_at,
             max(p.recorded_at) filter (where e.index is not null and p.recorded_at <= now()) over () as swept,
             max(p.recorded_at) filter (where e.index is not null and p.recorded_at <= now())
               over (order by e.index rows between unbounded preceding and 1 preceding) as swept_before
      from entries e full join present p on p.key = e.row_key)
    select c.index, c.key,
           case when c.gone then 'missing' when c.index is null then 'unknown'
                when c.told <> c.found then 'changed' else 'dated' end as why
    from compared c
    left join public.rewritten_rows w on w.register = ${register} and w.row_key = c.key and c.told <> c.found
    left join public.free_texts f on f.digest = decode(substr(c.body ->> (w.field || '_digest'), 3), 'hex')
    where case
        when c.gone then true
        when c.index is null then ${isOpen}
        when c.told <> c.found then not coalesce(w.before = c.told and w.after = c.found and (f.text is null or c.told =
          ${digestOf(sql`(c.body - (w.field || '_digest') || jsonb_build_object(w.field, f.text))`)}), false)
        else ${isDated} end
    order by c.index nulls last, c.key limit 1`
}

/** The first row of a busy register that does not match the run that covers it, or that no run covers. */
export async function firstBadRun(db: Database, entries: number): Promise<BadEntry | null> {
  for (const [register, ordinal] of Object.entries(journalledRuns)) {
    const busy = { register, ordinal }
    const bad = (await firstUnlikeRun(db, busy, entries)) ?? (await firstWithoutRun(db, busy))
    if (bad !== null) return bad
  }
  return null
}

interface Busy {
  readonly register: string
  readonly ordinal: string
}

async function firstUnlikeRun(db: Database, busy: Busy, entries: number): Promise<BadEntry | null> {
  let sweptBefore = -Infinity
  for (let from = 0; from < entries; from += runsAtOnce) {
    const { rows } = await runsOf(busy, from, from + runsAtOnce - 1).execute(db)
    for (const { index, at, first, wrong, passed, oldest, newest } of rows) {
      if (wrong) return wrongRow(db, busy, index)
      if (passed) return badRow(busy.register, 'dated', String(first), index)
      if (oldest < sweptBefore - outOfOrderMaxMs && at > oldest + outOfOrderMaxMs)
        return badRow(busy.register, 'dated', String(first), index)
      sweptBefore = Math.max(sweptBefore, newest ?? -Infinity)
    }
  }
  return null
}

interface Run {
  readonly index: number
  readonly at: Millis
  readonly first: number
  readonly wrong: boolean
  readonly passed: boolean
  readonly oldest: Millis
  /** Rows of a clock that was ahead do not count. */
  readonly newest: Millis | null
}

/** The runs among some entries; `wrong`: the rows are not those of the run, `passed`: an earlier sweep did not see them. */
function runsOf({ register, ordinal }: Busy, from: number, to: number): RawBuilder<Run> {
  const [table, place] = [sql.id('public', register), sql.id('t', ordinal)]
  return sql<Run>`
    with runs as (
      select index, (entry::jsonb ->> 'at')::timestamptz as at, (entry::jsonb ->> 'from')::bigint as first,
             (entry::jsonb ->> 'to')::bigint as last, entry::jsonb ->> 'digest' as digest
      from public.journal_entries where what = 'rows' and register = ${register} and index between ${from} and ${to})
    select r.index, r.at, r.first, r.recorded_at as oldest, r.newest, r.wrong,
           coalesce(${wasPassed('rows', register, 'r')}, false) as passed
    from (
    select r.index, r.at, r.first, p.oldest as recorded_at, p.newest,
           p.rows <> r.last - r.first + 1 or p.digest is distinct from r.digest as wrong
    from runs r
    cross join lateral (
      select count(*) as rows, min(t.recorded_at) as oldest,
             max(t.recorded_at) filter (where t.recorded_at <= now()) as newest,
             encode(sha256(convert_to(coalesce(string_agg(${digestOf(sql`to_jsonb(t)`)}, '' order by ${place}), ''),
                                      'UTF8')), 'hex') as digest
      from ${table} t where ${place} between r.first and r.last) p) r
    order by r.index`
}

/** The row of a wrong run that differs, by the first 8 hex digits of its digest. */
async function wrongRow(db: Database, { register, ordinal }: Busy, index: number): Promise<BadEntry> {
  const place = sql.id('t', ordinal)
  const { rows } = await sql<{ n: number; why: string }>`
    select g.n, case when ${place} is null then 'missing' else 'changed' end as why
    from (select (entry::jsonb ->> 'from')::bigint as first, (entry::jsonb ->> 'to')::bigint as last,
                 entry::jsonb ->> 'marks' as marks
          from public.journal_entries where index = ${index}) r
    cross join lateral generate_series(r.first, r.last) g (n)
    left join ${sql.id('public', register)} t on ${place} = g.n
    where ${place} is null
       or left(${digestOf(sql`to_jsonb(t)`)}, 8) <> substr(r.marks, (g.n - r.first)::integer * 8 + 1, 8)
    order by g.n limit 1`.execute(db)
  const [{ n, why } = { n: null, why: 'changed' }] = rows
  return badRow(register, why, String(n ?? '?'), index)
}

async function firstWithoutRun(db: Database, busy: Busy): Promise<BadEntry | null> {
  const { register, ordinal } = busy
  const [table, place] = [sql.id('public', register), sql.id('t', ordinal)]
  const { rows: ends } = await sql<{
    top: number
    covered: number
    swept: Millis | null
    isOld: boolean | null
  }>`
    with runs as (
      select coalesce(max((entry::jsonb ->> 'to')::bigint), -1) as top,
             coalesce(sum((entry::jsonb ->> 'to')::bigint - (entry::jsonb ->> 'from')::bigint + 1), 0)::bigint as covered,
             min((entry::jsonb ->> 'at')::timestamptz) < ${journalEnd} - ${unsweptMax} as is_old
      from public.journal_entries where what = 'rows' and register = ${register})
    select top, covered, is_old as "isOld", (select max(t.recorded_at) from ${table} t where ${place} <= top and t.recorded_at <= now()) as swept
    from runs`.execute(db)
  const { top, covered, swept, isOld } = ends[0]!
  const isOpen = sql<SqlBool>`(t.recorded_at < to_timestamp(${swept}::float8 / 1000) - ${lateMax}
    or (coalesce(${isOld}::boolean, false) and t.recorded_at < ${journalEnd} - ${unsweptMax}))`
  if (!(await mayHaveRowsWithoutRun(db, busy, { top, covered, isOpen }))) return null
  const { rows } = await sql<{ n: number }>`
    select ${place} as n from ${table} t
    where ${isOpen} and not exists (
      select from (select e.entry from public.journal_entries e
                   where e.what = 'rows' and e.register = ${register}
                     and (e.entry::jsonb ->> 'to')::bigint >= ${place}
                   order by (e.entry::jsonb ->> 'to')::bigint limit 1) e
      where (e.entry::jsonb ->> 'from')::bigint <= ${place})
    order by 1 limit 1`.execute(db)
  const [bad] = rows
  return bad === undefined ? null : badRow(register, 'unknown', String(bad.n), null)
}

/**
 * Runs do not overlap, and the rows of each have been counted: a row without a run, numbered below the last run's end,
 * makes the register larger than the sum of its runs. Counting takes a hundredth of looking up each row's run.
 */
async function mayHaveRowsWithoutRun(
  db: Database,
  { register, ordinal }: Busy,
  {
    top,
    covered,
    isOpen,
  }: { readonly top: number; readonly covered: number; readonly isOpen: RawBuilder<SqlBool> },
): Promise<boolean> {
  const [table, place] = [sql.id('public', register), sql.id('t', ordinal)]
  const { rows } = await sql<{ may: boolean }>`
    select (select count(*) from ${table} t where ${place} <= ${top}) > ${covered}
        or exists (select from ${table} t where ${place} > ${top} and ${isOpen}) as may`.execute(db)
  return rows[0]?.may ?? true
}

function badRow(register: string, why: string, key: string, index: number | null): BadEntry {
  return { index, sentence: rowSentences[why]?.(register, key, index) ?? `${register}: ${why}` }
}

/**
 * Adds the digests of up to `rowsMax` rows that have none yet; returns how many.
 * @param backMs how far before the last swept row to look for rows of transactions that committed late.
 */
export async function journalRows(db: Database, rowsMax: number, backMs = 5 * 60_000): Promise<number> {
  const { rows } = await sql<{ appended: number }>`
    select journal_rows(${rowsMax}, ${backMs}::float8 * interval '1 millisecond') as appended`.execute(db)
  return rows[0]!.appended
}

/** The same for the busy registers; returns how many rows were covered. */
export async function journalRuns(db: Database, rowsMax: number, backMs = 5 * 60_000): Promise<number> {
  const { rows } = await sql<{ swept: number }>`
    select journal_row_runs(${rowsMax}, ${backMs}::float8 * interval '1 millisecond') as swept`.execute(db)
  return rows[0]!.swept
}

/** After PostgreSQL's clock was ahead: the sweep goes on at the present. */
export async function boundSweep(db: Database): Promise<void> {
  await sql`select bound_journal_sweep()`.execute(db)
}
