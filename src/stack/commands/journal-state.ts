/** The journal of the running system: where it is anchored, and what `linia doctor` finds wrong with it. */
import { existsSync } from 'node:fs'
import { headSigner } from '../../city/journal/checkpoint.ts'
import type { Settings } from '../../config.ts'
import {
  lastAnchored,
  lastCheckOf,
  stateSentences,
  viewAnchor,
  type AnchorPlace,
} from '../../ledger/journal/anchor.ts'
import { pinnedKeys } from '../../ledger/journal/keys.ts'
import { newestStamp } from '../../ledger/journal/time-stamps.ts'
import { loadSecrets } from '../secrets.ts'
import { UserError } from '../terminal.ts'
import { withDatabase } from './running-database.ts'

/** The anchor of the journal here. @throws {UserError} when there is none. */
export async function placeOf({ paths }: Settings): Promise<AnchorPlace> {
  if (!existsSync(paths.secrets))
    throw new UserError('There is no journal here yet. Start Linia with: make run')
  const { verifierKey } = headSigner((await loadSecrets(paths.secrets)).journal)
  return { folder: paths.anchor, own: paths.journal, verifierKey }
}

/** A witness that is silent for so many of its periods is reported. */
const periodsMissed = 3

/** Sentences; empty when nothing is wrong. The system runs. */
export async function wrongAtJournal(settings: Settings): Promise<readonly string[]> {
  const place = await placeOf(settings)
  const wrong: string[] = []
  await withDatabase(settings, async (db) => {
    const { state } = await viewAnchor(db, place)
    if (state !== 'goes on') wrong.push(stateSentences[state])
  })
  const found = await lastCheckOf(place.folder)
  if (found !== null && found.bad !== null) wrong.push(`The journal’s last check: ${found.bad}`)
  const { stamps, everyMs } = settings.witness
  if (stamps === null) return wrong
  const stamped = await newestStamp(place.folder)
  const last = await lastAnchored(place.folder, (await pinnedKeys(place)).chain)
  const isBehind = last !== null && last !== 'damaged' && last.head.size > (stamped?.entries ?? 0)
  if (isBehind && Date.now() - (stamped?.at ?? 0) > periodsMissed * everyMs)
    wrong.push(
      `The journal’s head has had no time stamp ${stamped === null ? 'yet' : `since ${new Date(stamped.at).toISOString()}`}: is ${stamps.url} answering?`,
    )
  return wrong
}
