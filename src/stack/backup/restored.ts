/** After the rows and files of a backup are in place: the volumes are marked, and the journal is verified. */
import type { Settings } from '../../config.ts'
import { headSigner } from '../../city/journal/checkpoint.ts'
import { withDatabaseAt } from '../../ledger/database.ts'
import { checkDatabase, checkStatementMs } from '../../ledger/journal/check.ts'
import { keysBeside } from '../../ledger/journal/keys.ts'
import { acceptRollback, rollbacks } from '../../ledger/journal/rollback.ts'
import { expectsHeads } from '../../ledger/journal/anchor.ts'
import { markIn, newMark, writeMark } from '../../ledger/volumes/volume.ts'
import { say, UserError, userName } from '../terminal.ts'
import type { Secrets } from '../secrets.ts'
import type { Copy } from './keys.ts'
import type { Manifest } from './manifest.ts'
import { holdsHeads } from './parts.ts'
import type { Order } from './restore-order.ts'
import { folderOf, markedVolumes, settleVolumes } from './volumes.ts'

/** The folders become the volumes that the restored ledger names. */
export async function markRestored(
  settings: Settings,
  databaseUrl: string,
  { manifest, keys }: { readonly manifest: Manifest; readonly keys: Copy | null },
): Promise<void> {
  for (const volume of markedVolumes(settings)) {
    const folder = folderOf(volume, settings)
    const wanted = manifest.volumes?.[volume] ?? null
    const there = (await markIn(folder, volume))?.mark ?? null
    if (there !== null && there === wanted) continue
    if (volume === 'keys' && keys === null) {
      if (there === null)
        await writeMark(folder, volume, newMark(), 'restored without the keys of its recordings')
    } else if (wanted !== null) await writeMark(folder, volume, wanted)
  }
  await withDatabaseAt({ url: databaseUrl }, (db) => settleVolumes(db, settings, 'restored', say))
}

interface Restored {
  readonly manifest: Manifest
  readonly secrets: Secrets
}

/**
 * Every entry, head and row of the restored journal.
 * @throws {UserError} with the first finding; the system does not start then.
 */
export async function verifyRestored(
  { paths, witness }: Settings,
  databaseUrl: string,
  { order, manifest, secrets }: Restored & { readonly order: Order },
): Promise<void> {
  await withDatabaseAt({ url: databaseUrl, statementTimeoutMs: checkStatementMs }, async (db) => {
    // An accepted rollback in the backup, which anybody can add to it, makes it no first minute of a system.
    const isFirst =
      !(await expectsHeads(db, Date.parse(manifest.madeAt))) && (await rollbacks(db, 1)).length === 0
    if (!holdsHeads(manifest.files) && isFirst) {
      say(
        'The backup is of the first minutes of its system: its journal has no signed head to be verified with.',
      )
      return
    }
    const kept = order.journalKey ?? (order.secrets === null ? null : headSigner(secrets.journal).verifierKey)
    const verifierKey = kept ?? (await keysBeside(paths.anchor)) ?? ''
    const against = { anchor: paths.anchor, verifierKey, stamps: witness.stamps }
    const outcome = await checkDatabase(db, against)
    if (!outcome.ok)
      throw new UserError(
        `The restored journal does not hold: ${outcome.bad.sentence}\n  Call the auditor; the system does not start.`,
      )
    const stamped = outcome.stamped === null ? '' : `, ${outcome.stamped.stamps} time stamps`
    say(`The journal holds: ${outcome.entries} entries, ${outcome.heads} signed heads${stamped}.`)
    if (kept === null)
      say(
        '! Its heads were checked with the key beside them: this shows damage, no forgery. The auditor’s: --journal-key <key>',
      )
  })
}

/** The restored journal is older than what was anchored: this is on record, and the journal is signed again. */
export async function journalRestore(
  { paths }: Settings,
  databaseUrl: string,
  { manifest, secrets }: Restored,
): Promise<void> {
  const { verifierKey } = headSigner(secrets.journal)
  const place = { folder: paths.anchor, own: paths.journal, verifierKey }
  const acceptance = { reason: `restored from the backup of ${manifest.madeAt}`, by: userName() }
  await withDatabaseAt({ url: databaseUrl }, async (db) => {
    await acceptRollback(db, place, { ...acceptance, always: true }, Date.now())
  })
}
