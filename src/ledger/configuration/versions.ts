/** The published configurations of the line: each change is a further version, and an earlier one is published again as a new one. */
import { sql } from 'kysely'
import { codePath } from '../../core/configuration/codes.ts'
import { faultsOf, type ConfigurationFault } from '../../core/configuration/check.ts'
import { firstConfiguration } from '../../core/configuration/line.ts'
import type { AbroadBound } from '../../core/configuration/outbound.ts'
import type { PauseName } from '../../core/configuration/pauses.ts'
import type { Configuration } from '../../core/configuration/schema.ts'
import { QueueId, type AgentId, type Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import { addFreeText } from '../retention/free-texts.ts'

export interface ConfigurationVersion {
  /** 0: as installed, before the first publication. */
  readonly id: number
  /** Null: the installation, the command line or the demo. */
  readonly by: AgentId | null
  readonly byName: string | null
  /** Empty: none was given, or retention has deleted it. */
  readonly reason: string
  /** Null: as installed. */
  readonly publishedAt: Millis | null
}

export interface PublishedConfiguration extends ConfigurationVersion {
  readonly document: Configuration
}

export interface Publication {
  readonly document: Configuration
  /** The version that was changed. */
  readonly basedOn: number
  readonly reason: string
  readonly by: AgentId | null
  /** The settings of the server, which bound the numbers abroad. Absent: none. */
  readonly server?: AbroadBound
}

export type Published =
  | { readonly ok: true; readonly id: number }
  | { readonly ok: false; readonly why: 'faults'; readonly faults: readonly ConfigurationFault[] }
  /** Another one has been published since `basedOn`, or that one does not exist. */
  | { readonly ok: false; readonly why: 'changed meanwhile' }

/**
 * A publication that is repeated answers with the version that it has already made: the answer to its commit may have been
 * lost, and nobody should read of their own version as somebody else's.
 */
export async function publishConfiguration(db: Database, publication: Publication): Promise<Published> {
  const { document, basedOn, reason, by, server } = publication
  const faults = faultsOf(document, server)
  if (faults.length > 0) return { ok: false, why: 'faults', faults }
  return db.transaction().execute(async (trx) => {
    const { id: newest } = await newestConfiguration(trx)
    if (newest !== basedOn) return repeated(trx, publication)
    const reason_digest = await addFreeText(trx, reason)
    const published = await trx
      .insertInto('configuration_versions')
      .values({
        based_on: basedOn || null,
        document: sql`${JSON.stringify(document)}::jsonb`,
        reason_digest,
        by,
      })
      // Of two at once the second waits for the first, and then changes nothing.
      .onConflict((conflict) => conflict.column('based_on').doNothing())
      .returning('id')
      .executeTakeFirst()
    return published === undefined ? repeated(trx, publication) : { ok: true, id: published.id }
  })
}

async function repeated(db: Database, publication: Publication): Promise<Published> {
  const { document, basedOn, reason, by } = publication
  const newest = await versions(db)
    .select([
      'version.based_on as basedOn',
      sql<boolean>`version.document = ${JSON.stringify(document)}::jsonb`.as('isSame'),
    ])
    .orderBy('version.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const isOurs =
    newest !== undefined &&
    newest.isSame &&
    (newest.basedOn ?? 0) === basedOn &&
    newest.by === by &&
    newest.reason === reason
  return isOurs ? { ok: true, id: newest.id } : { ok: false, why: 'changed meanwhile' }
}

const asInstalled: PublishedConfiguration = {
  id: 0,
  by: null,
  byName: null,
  reason: '',
  publishedAt: null,
  document: firstConfiguration,
}

/** The one that is in force. */
export async function newestConfiguration(db: Database): Promise<PublishedConfiguration> {
  const newest = await versions(db)
    .select('document')
    .orderBy('version.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return newest ?? asInstalled
}

export async function configurationVersion(
  db: Database,
  id: number,
): Promise<PublishedConfiguration | undefined> {
  if (id === asInstalled.id) return asInstalled
  return versions(db).select('document').where('version.id', '=', id).executeTakeFirst()
}

/** The published ones, newest first, those before `before`. */
export function configurationVersions(
  db: Database,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<ConfigurationVersion[]> {
  const listed = versions(db).orderBy('version.id', 'desc').limit(limit)
  return (before === null ? listed : listed.where('version.id', '<', before)).execute()
}

/** The names of these queues, of one that has been removed its last one. */
export async function queueNamesOf(
  db: Database,
  queues: readonly QueueId[],
): Promise<ReadonlyMap<QueueId, string>> {
  if (queues.length === 0) return new Map()
  const { rows } = await sql<{ id: QueueId; name: string }>`
    select distinct on (queue ->> 'id') queue ->> 'id' as id, queue ->> 'name' as name
    from configuration_versions version, jsonb_array_elements(version.document -> 'queues') queue
    where queue ->> 'id' in (${sql.join(queues)})
    order by queue ->> 'id', version.id desc`.execute(db)
  const installed = asInstalled.document.queues.map(({ id, name }) => ({ id: QueueId(id), name }))
  const named = installed.filter(({ id }) => queues.includes(id))
  return new Map([...named, ...rows].map(({ id, name }) => [id, name]))
}

/**
 * The path of a code in the version in force, or in the newest one that has it: a code may have been removed while an agent
 * was choosing it. Null: no version has it.
 */
export async function codePathOf(db: Database, code: string): Promise<string | null> {
  const version = await db
    .selectFrom('configuration_versions')
    .select(sql<Configuration['codes'] | null>`document -> 'codes'`.as('codes'))
    .where(sql<boolean>`document -> 'codes' @> jsonb_build_array(jsonb_build_object('id', ${code}::text))`)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return codePath(version?.codes ?? [], code) || null
}

/** Every reason for a pause that a version has, by its last name. */
export async function pauseNames(db: Database): Promise<PauseName[]> {
  const { rows } = await sql<{ id: string; name: string; nameEn: string | null }>`
    select distinct on (pause ->> 'id') pause ->> 'id' as id, pause ->> 'name' as name, pause ->> 'nameEn' as "nameEn"
    from configuration_versions version, jsonb_array_elements(version.document -> 'pauses') pause
    order by pause ->> 'id', version.id desc`.execute(db)
  return rows.map(({ nameEn, ...pause }) => (nameEn === null ? pause : { ...pause, nameEn }))
}

const versions = (db: Database) =>
  db
    .selectFrom('configuration_versions as version')
    .leftJoin('free_texts as said', 'said.digest', 'version.reason_digest')
    .leftJoin('current_accounts as author', 'author.id', 'version.by')
    .select([
      'version.id',
      'version.by',
      'author.name as byName',
      sql<string>`coalesce(said.text, '')`.as('reason'),
      'version.recorded_at as publishedAt',
    ])
