/**
 * The volumes of the system at its start and before a copy. A folder without its mark is refused: below an absent mount
 * everything looks as if there had never been anything.
 */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Settings } from '../../config.ts'
import { withDatabaseAt, type Database } from '../../ledger/database.ts'
import { keyNameOf } from '../../ledger/recordings/keys.ts'
import { expectsHeads } from '../../ledger/journal/anchor.ts'
import { dueRecordings, expectsCel } from '../../ledger/volumes/due.ts'
import { volumes, type Volume } from '../../ledger/volumes/tables.ts'
import {
  addMark,
  markFile,
  markIn,
  marksOf,
  newMark,
  writeMark,
  type Mark,
} from '../../ledger/volumes/volume.ts'
import { UserError, type Say } from '../terminal.ts'
import { filesOf, partsOf, type Part } from './parts.ts'

/** The volume in a sentence, and the setting that names its folder. */
const named: Readonly<Record<Volume, { readonly what: string; readonly setting: string }>> = {
  keys: { what: 'the recordings’ keys', setting: 'RECORDING_KEYS' },
  recordings: { what: 'the recordings', setting: 'RECORDINGS_DIR' },
  anchor: { what: 'the journal’s signed heads', setting: 'JOURNAL_ANCHOR' },
  cel: { what: 'Asterisk’s CEL', setting: 'CEL_FILE' },
}

export function folderOf(volume: Volume, { paths }: Pick<Settings, 'paths'>): string {
  const folders: Readonly<Record<Volume, string>> = {
    keys: paths.recordingKeys,
    recordings: paths.recordings,
    anchor: paths.anchor,
    cel: dirname(paths.cel),
  }
  return folders[volume]
}

/** A city's own Asterisk writes its CEL into a folder of its own, which is not Linia's to mark. */
export function markedVolumes({ given }: Settings): readonly Volume[] {
  return volumes.filter((volume) => volume !== 'cel' || given.ari === null)
}

/**
 * At the start: marks the volumes of a new system, and accepts those that a person has declared new.
 * @throws {UserError} naming every folder that is not the volume that the ledger was written with.
 */
export async function openVolumes(settings: Settings, databaseUrl: string, tell: Say): Promise<void> {
  await withDatabaseAt({ url: databaseUrl }, (db) => settleVolumes(db, settings, 'first start', tell))
}

/** `why`: of the marks that are made now. */
export async function settleVolumes(
  db: Database,
  settings: Settings,
  why: string,
  tell: Say,
  now = Date.now(),
): Promise<void> {
  const wrong: string[] = []
  const settling: (() => Promise<void>)[] = []
  for (const volume of markedVolumes(settings)) {
    const folder = folderOf(volume, settings)
    const found = await markIn(folder, volume)
    const known = (await marksOf(db, volume)).at(-1)
    if (known !== undefined && found?.mark === known) continue
    const isDeclared = found !== null && found.declared !== null
    if (known !== undefined && !isDeclared)
      wrong.push(absent(volume, folder, found === null ? 'no mark' : 'another mark'))
    // A mark alone, without a row of the ledger or a person's word, is a file that anybody could have made.
    else if (!isDeclared && (await lacksAll(volume, db, settings, now)))
      wrong.push(absent(volume, folder, found === null ? 'no mark' : 'nothing else'))
    else if (found !== null) settling.push(() => accept(db, found, folder, why, tell))
    else settling.push(() => markNew(db, volume, folder, why))
  }
  if (wrong.length > 0) throw new UserError(wrong.join('\n'))
  for (const settle of settling) await settle()
}

/** A mark that the ledger does not have: a person has declared it, or a crash came between file and row of a first start. */
async function accept(
  db: Database,
  { volume, mark, declared }: Mark,
  folder: string,
  why: string,
  tell: Say,
): Promise<void> {
  await addMark(db, { volume, mark, why: declared ?? why })
  if (declared !== null) tell(`${folder} is the new volume of ${named[volume].what}: ${declared}`)
}

async function markNew(db: Database, volume: Volume, folder: string, why: string): Promise<void> {
  const mark = newMark()
  await writeMark(folder, volume, mark)
  await addMark(db, { volume, mark, why })
}

/** Before a copy. @throws {UserError} naming every folder that is not the volume that the ledger was written with. */
export async function requireVolumes(
  db: Database,
  settings: Settings,
  wanted: readonly Volume[],
): Promise<void> {
  const wrong: string[] = []
  for (const volume of markedVolumes(settings).filter((one) => wanted.includes(one))) {
    const folder = folderOf(volume, settings)
    const found = await markIn(folder, volume)
    if (found === null || found.mark !== (await marksOf(db, volume)).at(-1))
      wrong.push(absent(volume, folder, found === null ? 'no mark' : 'another mark'))
  }
  if (wrong.length > 0) throw new UserError(`${wrong.join('\n')}\nNothing was copied.`)
}

const reasons = {
  'no mark': `has no ${markFile}`,
  'another mark': `has the ${markFile} of another volume, or of an earlier state of this one`,
  'nothing else': `has a ${markFile} that the ledger does not know, and nothing that the ledger expects there`,
} as const

function absent(volume: Volume, folder: string, reason: keyof typeof reasons): string {
  const { what, setting } = named[volume]
  const why = reasons[reason]
  return (
    `${folder} is not the volume of ${what} (${setting}) that the ledger was written with: it ${why}. Is its disk mounted?\n` +
    `  If that volume is lost for good: linia volume new ${volume} "<reason>"`
  )
}

/** Whether the folder of a volume that has no mark yet lacks everything that the ledger expects there. */
async function lacksAll(volume: Volume, db: Database, settings: Settings, now: number): Promise<boolean> {
  const folder = folderOf(volume, settings)
  const none = (names: readonly string[]) =>
    names.length > 0 && !names.some((name) => existsSync(join(folder, name)))
  switch (volume) {
    case 'keys':
      return none((await dueRecordings(db)).flatMap(({ file }) => keyNameOf(file) ?? []))
    case 'recordings':
      return none((await dueRecordings(db)).map(({ file }) => file))
    case 'anchor':
      return (await expectsHeads(db, now)) && (await filesOf(partOf(volume, settings))).length === 0
    case 'cel':
      return (await expectsCel(db, now)) && (await filesOf(partOf(volume, settings))).length === 0
  }
}

function partOf(volume: Volume, { paths }: Settings): Part {
  const part = partsOf(paths).find(({ name }) => name === volume)
  if (part === undefined) throw new Error(`${volume} is no part of a backup`)
  return part
}

/** `linia volume new <name> "<reason>"`: declares a lost volume replaced; the next start records it in the ledger. */
export async function declareVolume(settings: Settings, args: readonly string[], tell: Say): Promise<number> {
  const [name = '', reason = '', ...more] = args
  const volume = markedVolumes(settings).find((one) => one === name)
  if (volume === undefined || reason.trim() === '' || reason.length > 200 || more.length > 0)
    throw new UserError(
      `Say which volume, and why it is new: linia volume new <${markedVolumes(settings).join(' | ')}> "<reason>" (at most 200 letters)`,
    )
  const folder = folderOf(volume, settings)
  if ((await markIn(folder, volume)) !== null)
    throw new UserError(`${folder} has a ${markFile} already. If it is of another system, remove it first.`)
  await writeMark(folder, volume, newMark(), reason.trim())
  tell(
    `${folder} is declared the new volume of ${named[volume].what}. The next start records it in the ledger.`,
  )
  return 0
}
