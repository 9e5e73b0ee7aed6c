/**
 * Rotation of the key that signs the journal's heads. The old public key stays in the chain beside the server, so that
 * heads of its time can be verified for ever; old and new key sign that one follows the other.
 */
import { headSigner } from '../city/journal/checkpoint.ts'
import { extendKeyChain } from '../city/journal/key-chain.ts'
import type { Settings } from '../config.ts'
import { keepKeys, pinnedKeys } from '../ledger/journal/keys.ts'
import { lockHolder } from './lock.ts'
import { UserError } from './terminal.ts'

/**
 * Call it before the new secret is stored. It may be repeated when storing the secret has failed.
 * @throws {UserError} when the system runs (its nodes would go on signing with the old key), or when the present key is
 * not the pinned one.
 */
export async function rotateJournalKey(
  { paths }: Settings,
  { oldSecret, newSecret }: { readonly oldSecret: string; readonly newSecret: string },
): Promise<void> {
  if ((await lockHolder(paths.var)) !== null)
    throw new UserError('Linia is running. Stop it before its journal gets another key: make stop')
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
