/** The journal here: where it is anchored, what `linia doctor` finds wrong with it, and the rotation of its key. */
import { existsSync } from 'node:fs'
import { headSigner } from '../../city/journal/checkpoint.ts'
import { extendKeyChain } from '../../city/journal/key-chain.ts'
import type { Settings } from '../../config.ts'
import { lastAnchored, stateSentences, viewAnchor, type AnchorPlace } from '../../ledger/journal/anchor.ts'
import { keepKeys, pinnedKeys } from '../../ledger/journal/keys.ts'
import { checkResults, wrongAtCheck } from '../../ledger/journal/last-check.ts'
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
    const found = wrongAtCheck(await checkResults(db, place, Date.now()))
    if (found !== null) wrong.push(`The journal’s last check: ${found}`)
  })
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

/**
 * Rotation of the key that signs the journal's heads. The old public key stays in the chain beside the server, so that
 * heads of its time can be verified for ever; old and new key sign that one follows the other.
 *
 * Call it before the new secret is stored, and with the lock of the system held: running nodes would go on signing with the
 * old key. It may be repeated when storing the secret has failed.
 * @throws {UserError} when the present key is not the pinned one.
 */
export async function rotateJournalKey(
  { paths }: Settings,
  { oldSecret, newSecret }: { readonly oldSecret: string; readonly newSecret: string },
): Promise<void> {
  const [old, next] = [headSigner(oldSecret), headSigner(newSecret)]
  const place = { folder: paths.anchor, own: paths.journal, verifierKey: old.verifierKey }
  const { text, chain } = await pinnedKeys(place)
  const at = chain.findLastIndex((key) => key.text === old.verifierKey)
  if (at === -1)
    throw new UserError(
      'The journal’s present key is not the one that signed its heads so far. Look into that first: linia verify',
    )
  // Whatever follows the present key is of a rotation that was not finished.
  const kept = text
    .trim()
    .split('\n')
    .slice(0, at + 1)
  await keepKeys(paths.journal, extendKeyChain(kept.join('\n'), old, next))
}
