/** The recorded prompts and texts: each change of one is a further version, also the one that gives it the machine's voice again. */
import { sql } from 'kysely'
import type { AgentId, Millis } from '../../core/ids.ts'
import type { PromptName } from '../../core/prompts/recordable.ts'
import type { Database } from '../database.ts'
import { addObligatoryText } from '../retention/free-texts.ts'

export interface PromptVersion {
  readonly id: number
  readonly prompt: PromptName
  /** Null: the machine's voice. */
  readonly sound: {
    readonly lengthMs: number
    /** Null: it was published before this was measured. */
    readonly loudnessLufs: number | null
  } | null
  readonly publishedAt: Millis
  readonly byName: string
  /** Empty: retention has deleted it. */
  readonly reason: string
}

export interface PromptPublication {
  readonly prompt: PromptName
  /** The version that was seen; null: there was none. */
  readonly basedOn: number | null
  /** As `checkPrepared` accepts it; null: the machine's voice again. */
  readonly sound: {
    readonly wave: Buffer
    readonly lengthMs: number
    readonly levelDb: number
    readonly loudnessLufs: number
  } | null
  readonly reason: string
  readonly by: AgentId
}

export type PromptPublished =
  | { readonly ok: true; readonly id: number }
  /** Another one has been published since `basedOn`, or that one does not exist. */
  | { readonly ok: false; readonly why: 'changed meanwhile' }

const changedMeanwhile = { ok: false, why: 'changed meanwhile' } as const

export function publishPrompt(db: Database, publication: PromptPublication): Promise<PromptPublished> {
  const { prompt, basedOn, sound, reason, by } = publication
  return db.transaction().execute(async (trx): Promise<PromptPublished> => {
    const [newest] = await promptVersions(trx, { prompt, before: null, limit: 1 })
    if ((newest?.id ?? null) !== basedOn) return changedMeanwhile
    const reason_digest = await addObligatoryText(trx, reason)
    const published = await trx
      .insertInto('prompt_versions')
      .values({
        prompt,
        based_on: basedOn,
        sound: sound?.wave ?? null,
        length_ms: sound?.lengthMs ?? null,
        level_db: sound?.levelDb ?? null,
        loudness_lufs: sound?.loudnessLufs ?? null,
        reason_digest,
        by,
      })
      // Of two at once the second waits for the first, and then changes nothing.
      .onConflict((conflict) => conflict.columns(['prompt', 'based_on']).doNothing())
      .returning('id')
      .executeTakeFirst()
    return published === undefined ? changedMeanwhile : { ok: true, id: published.id }
  })
}

/** The newest version of each prompt that has one. */
export async function newestPrompts(db: Database): Promise<PromptVersion[]> {
  const rows = await versions(db)
    .distinctOn('version.prompt')
    .orderBy('version.prompt')
    .orderBy('version.id', 'desc')
    .execute()
  return rows.map(versionOf)
}

/** The versions of a prompt, newest first, those before `before`. */
export async function promptVersions(
  db: Database,
  page: { readonly prompt: PromptName; readonly before: number | null; readonly limit: number },
): Promise<PromptVersion[]> {
  const { prompt, before, limit } = page
  const listed = versions(db).where('version.prompt', '=', prompt).orderBy('version.id', 'desc').limit(limit)
  const rows = await (before === null ? listed : listed.where('version.id', '<', before)).execute()
  return rows.map(versionOf)
}

/** The sound of a version; null: it has none, or there is no such version of this prompt. */
export async function promptSound(db: Database, prompt: PromptName, id: number): Promise<Buffer | null> {
  const row = await db
    .selectFrom('prompt_versions')
    .select('sound')
    .where('prompt', '=', prompt)
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.sound ?? null
}

/** The recordings in force. */
export async function recordedPrompts(
  db: Database,
): Promise<readonly { readonly prompt: PromptName; readonly id: number }[]> {
  const { rows } = await sql<{ prompt: PromptName; id: number }>`
    select prompt, id
    from prompt_versions version
    where sound is not null and not exists (
      select from prompt_versions later where later.prompt = version.prompt and later.id > version.id
    )`.execute(db)
  return rows
}

/** SHA-256, hexadecimal, of the sounds of these versions. */
export async function soundDigests(
  db: Database,
  ids: readonly number[],
): Promise<readonly { readonly id: number; readonly digest: string }[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('prompt_versions')
    .select(['id', sql<string>`encode(sha256(sound), 'hex')`.as('digest')])
    .where('id', 'in', ids)
    .where('sound', 'is not', null)
    .execute()
}

const versions = (db: Database) =>
  db
    .selectFrom('prompt_versions as version')
    .leftJoin('free_texts as said', 'said.digest', 'version.reason_digest')
    .innerJoin('current_accounts as author', 'author.id', 'version.by')
    .select([
      'version.id',
      'version.prompt',
      'version.length_ms',
      'version.loudness_lufs',
      'version.recorded_at as publishedAt',
      'author.name as byName',
      sql<string>`coalesce(said.text, '')`.as('reason'),
    ])

function versionOf({
  length_ms,
  loudness_lufs,
  ...version
}: Omit<PromptVersion, 'sound'> & {
  readonly length_ms: number | null
  readonly loudness_lufs: number | null
}): PromptVersion {
  const sound = length_ms === null ? null : { lengthMs: length_ms, loudnessLufs: loudness_lufs }
  return { ...version, sound }
}
