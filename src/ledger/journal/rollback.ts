/**
 * The way back after a rollback that is meant, such as a restored backup. Nothing is deleted: what the journal was
 * compared with is put aside in the anchor's folder, and the acceptance is an entry of the journal that names it. The
 * server then signs the present journal; whoever holds an older head can still prove what was given up.
 */
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import type { Millis } from '../../core/ids.ts'
import { unlessMissing } from '../../missing-file.ts'
import type { Database } from '../database.ts'
import { viewAnchor, type AnchorPlace, type AnchorState } from './anchor.ts'
import { keysFileIn, pinnedKeys } from './keys.ts'
import { writeWhole } from '../whole-file.ts'
import { markFileIn } from './marks.ts'
import { markFile as volumeMark } from '../volumes/volume.ts'

export interface Acceptance {
  readonly reason: string
  /** The user who accepts, or the program. */
  readonly by: string
  /** On record also when the journal goes on, as after a restore. */
  readonly always?: true
}

export interface Rollback extends Acceptance {
  /** Index of its entry. */
  readonly index: number
  readonly at: Millis
  /** The anchor's state before. */
  readonly state: string
  /** Entries of the greatest head that was given up; null when none could be read. */
  readonly greatest: number | null
}

const asidePrefix = 'given-up-'

/** Null when there is nothing to accept: the journal goes on, and `always` is not set. */
export async function acceptRollback(
  db: Database,
  place: AnchorPlace,
  { reason, by, always }: Acceptance,
  now: Millis,
): Promise<{ readonly index: number; readonly state: AnchorState; readonly aside: string } | null> {
  const { state, greatest } = await viewAnchor(db, place)
  if (state === 'goes on' && always === undefined) return null
  const aside = path.join(
    place.folder,
    `${asidePrefix}${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}`,
  )
  const known = greatest === null ? null : { size: greatest.size, root: greatest.root.toString('base64') }
  const entry = { what: 'rollback', reason, by, state, greatest: known }
  const { rows } = await sql<{ index: number }>`
    select accept_journal_rollback(${JSON.stringify(entry)}::json) as index`.execute(db)
  // Nothing is given up: the heads go on to prove what is before this entry.
  if (state === 'goes on') return { index: rows[0]!.index, state, aside: place.folder }
  // Until the last of these the state stays an alarm, and this command can be repeated.
  await mkdir(aside, { recursive: true, mode: 0o700 })
  const mark = markFileIn(place.own)
  await copyFile(mark, path.join(aside, 'mark')).catch(unlessMissing)
  const { isSigner, text } = await pinnedKeys(place)
  // The keys of what is given up, without which its heads could not be verified any more.
  if (!isSigner) await writeWhole(path.join(aside, 'keys'), text)
  for (const name of (await readdir(place.folder).catch(unlessMissing)) ?? [])
    if (!name.startsWith(asidePrefix) && name !== volumeMark)
      await rename(path.join(place.folder, name), path.join(aside, name))
  if (!isSigner) await rm(keysFileIn(place.own), { force: true })
  await rm(mark, { force: true })
  return { index: rows[0]!.index, state, aside }
}

/** Newest first. */
export async function rollbacks(db: Database, limit: number): Promise<Rollback[]> {
  const rows = await db
    .selectFrom('journal_entries')
    .select(['index', 'entry', 'recorded_at'])
    .where('what', '=', 'rollback')
    .orderBy('index', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ index, entry, recorded_at: at }) => {
    const { reason, by, state, greatest } = JSON.parse(entry) as Acceptance & {
      readonly state: string
      readonly greatest: { readonly size: number } | null
    }
    return { index, at, reason, by, state, greatest: greatest?.size ?? null }
  })
}
