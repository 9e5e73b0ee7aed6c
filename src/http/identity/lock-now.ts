/** The lock that holds for the present call, made now if earlier calls have failed too often. */
import { lockWindowMs, mustLock, numberLockedUntil } from '../../city/identity/lock.ts'
import { callerMark } from '../../city/journal/person.ts'
import type { CallId } from '../../core/ids.ts'
import { callerOf } from '../../ledger/calls/calls.ts'
import type { Database } from '../../ledger/database.ts'
import {
  lastUnlocked,
  lockChannel,
  lockNumber,
  lockOf,
  triedSince,
  type Lock,
} from '../../ledger/identity/locks.ts'
import type { IdentityDeps } from './live-call.ts'

/** The mark of the number that the call comes from; withheld numbers have one mark. */
export async function bucketOf(
  { personKey }: Pick<IdentityDeps, 'personKey'>,
  db: Database,
  call: CallId,
): Promise<string> {
  return callerMark(personKey, await callerOf(db, call))
}

/**
 * Calls before the present one are counted: within a call the attempts are limited by themselves, and a search that
 * finds nobody at first may find the person in the end.
 */
export async function lockNow(
  { now }: Pick<IdentityDeps, 'now'>,
  trx: Database,
  { call, person, bucket }: { readonly call: CallId; readonly person: string; readonly bucket: string },
): Promise<Lock | null> {
  const lock = await lockOf(trx, person, bucket, now())
  if (lock !== null) return lock
  const tried = (await triedSince(trx, person, now() - lockWindowMs)).filter((one) => one.call !== call)
  if (mustLock(tried, await lastUnlocked(trx, person, null), now()))
    await lockChannel(trx, { person, check: null })
  else {
    const fromHere = tried.filter((one) => one.bucket === bucket)
    const until = numberLockedUntil(fromHere, await lastUnlocked(trx, person, bucket), now())
    if (until !== null) await lockNumber(trx, { person, bucket, until })
  }
  return lockOf(trx, person, bucket, now())
}
