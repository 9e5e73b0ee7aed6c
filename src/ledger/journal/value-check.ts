/**
 * Personal values are stored beside their registers, where retention can delete them. A register keeps only a digest,
 * which the journal covers. This check compares values with their digests, so that a changed value is detected as a
 * changed row is.
 */
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { closedStates } from '../../city/requests/standing.ts'
import type { Database } from '../database.ts'
import { runLimits, type RunLimits } from '../retention/run-limits.ts'

export interface BadEntry {
  /** The first bad entry; null when the finding is not about a journal entry. */
  readonly index: number | null
  readonly sentence: string
}

interface StoredValue {
  readonly register: string
  /** Default: the register's table. */
  readonly from?: RawBuilder<unknown>
  readonly digest: string
  readonly details: string
  /** The column of the details that names the register's row, by default by its id. */
  readonly of: string
  readonly by?: string
  /** The key of the row in the journal; default: its id. */
  readonly key?: string
  readonly recordedAt?: string
  /** The bytes that were digested after the salt, from `d`. */
  readonly value: RawBuilder<Buffer>
  /** Whether retention may have deleted the value of row `r`. */
  readonly ended: (run: RunLimits) => RawBuilder<SqlBool>
}

const utf8 = (column: string) => sql<Buffer>`convert_to(coalesce(${sql.ref(column)}, ''), 'UTF8')`

/** A value may be older than its row: a caller is written when the call arrives, the call's row when it ends. */
const oldBy =
  (column: string) =>
  ({ before }: RunLimits) =>
    sql<SqlBool>`${sql.ref(`r.${column}`)} < ${before}::timestamptz + interval '1 day'`
const old = oldBy('recorded_at')
/** A request that was closed before the limit may have lost its values, even when it was reopened since. */
const closed =
  (request: string) =>
  ({ closedBefore }: RunLimits) =>
    sql<SqlBool>`exists (select from public.request_statuses c where c.request = ${sql.ref(request)}
      and c.state in (${sql.join(closedStates)}) and c.recorded_at < ${closedBefore}::timestamptz)`

const traced = ({ tracedBefore }: RunLimits) =>
  sql<SqlBool>`r.recorded_at < ${tracedBefore}::timestamptz + interval '1 day'`

/** A text beside a register is found by its digest. */
const freeText = { details: 'free_texts', of: 'digest', value: utf8('d.text') } as const

const storedValues: readonly StoredValue[] = [
  {
    register: 'calls',
    digest: 'caller_digest',
    details: 'callers',
    of: 'call',
    value: sql`${utf8('d.number')} || '\\x00'::bytea || ${utf8('d.name')}`,
    ended: old,
  },
  {
    register: 'notes',
    digest: 'digest',
    details: 'note_texts',
    of: 'note',
    value: utf8('d.text'),
    ended: old,
  },
  {
    register: 'justified_accesses',
    digest: 'text_digest',
    details: 'justified_access_texts',
    of: 'access',
    value: utf8('d.text'),
    ended: old,
  },
  {
    register: 'outbox',
    digest: 'digest',
    details: 'outbox_bodies',
    of: 'message',
    value: utf8('d.body'),
    ended: old,
  },
  {
    register: 'requests',
    digest: 'detail_digest',
    details: 'request_details',
    of: 'request',
    value: utf8('d.value'),
    ended: closed('r.id'),
  },
  {
    register: 'request_statuses',
    digest: 'note_digest',
    details: 'request_status_notes',
    of: 'status',
    value: utf8('d.text'),
    ended: closed('r.request'),
  },
  {
    register: 'sign_ins',
    digest: 'network_digest',
    details: 'sign_in_networks',
    of: 'sign_in',
    value: utf8('d.network'),
    ended: traced,
  },
  ...(
    [
      ['wrap_ups', 'subject_digest', 'id'],
      ['identity_unlocks', 'reason_digest', 'lock'],
      ['full_hearings', 'reason_digest', 'opening'],
      ['request_number_raises', 'reason_digest', 'id'],
      ['declared_days', 'reason_digest', 'id'],
      ['configuration_versions', 'reason_digest', 'id'],
      ['caller_blocks', 'number_digest', 'id'],
      ['caller_blocks', 'reason_digest', 'id'],
      ['agent_skill_versions', 'reason_digest', 'id'],
      ['webhook_receiver_versions', 'reason_digest', 'id'],
      ['voicemail_steps', 'note_digest', 'id'],
      ['prompt_versions', 'reason_digest', 'id'],
    ] as const
  ).map(([register, digest, key]) => ({ register, digest, key, ...freeText, by: digest, ended: old })),
  {
    register: 'journal_remarks',
    from: sql`(select index, recorded_at as at, decode(entry::jsonb ->> 'textDigest', 'hex') as text_digest
               from public.journal_entries where what = 'remark')`,
    digest: 'text_digest',
    key: 'index',
    recordedAt: 'at',
    ...freeText,
    by: 'text_digest',
    ended: oldBy('at'),
  },
]

/** The columns of registers whose values are compared. */
export const checkedDigests: readonly { readonly register: string; readonly digest: string }[] = storedValues

/** The tables of the values. */
export const valueTables = [...new Set(storedValues.map(({ details }) => details))]

/** The first value that does not match its digest, or was deleted before its time. */
export async function firstWrongValue(db: Database): Promise<BadEntry | null> {
  const run = await runLimits(db)
  for (const storedValue of storedValues) {
    const { register, digest, details, of, value, ended } = storedValue
    const {
      by = 'id',
      key = 'id',
      recordedAt = 'recorded_at',
      from = sql.id('public', register),
    } = storedValue
    const rowKey = sql.ref(`r.${key}`)
    const kept = sql.ref(`d.${of}`)
    const { rows } = await sql<{ key: string; gone: boolean; index: number | null }>`
      select ${rowKey}::text as key, ${kept} is null as gone,
             (select e.index from public.journal_entries e
              where e.what = 'row' and e.register = ${register} and e.row_key = ${rowKey}::text) as index
      from ${from} r left join ${sql.id('public', details)} d on ${kept} = ${sql.ref(`r.${by}`)}
      where ${sql.ref(`r.${digest}`)} is not null and case
        when ${kept} is null then not coalesce(${ended(run)}, false)
        else sha256(d.salt || ${value}) <> ${sql.ref(`r.${digest}`)} end
      order by ${sql.ref(`r.${recordedAt}`)} limit 1`.execute(db)
    const [bad] = rows
    if (bad === undefined) continue
    // A run of retention may have ended it since the limits were read.
    if (bad.gone && JSON.stringify(await runLimits(db)) !== JSON.stringify(run)) return firstWrongValue(db)
    const what = bad.gone
      ? `is missing before the end of its retention: it has been deleted.`
      : `does not match row ${bad.key} of ${register}: it has been changed.`
    return { index: bad.index, sentence: `The value in ${details} of ${bad.key} ${what}` }
  }
  return null
}
