/** The SIP account of a signed-in agent's own phone; nobody else is shown its password. */
import type { Device } from '../../core/offer.ts'
import type { Account } from '../../people/accounts.ts'
import { firstEpochs, phoneEpochsOf, tellDirectory } from '../../people/phone-epochs.ts'
import { phoneUser } from '../../people/phones.ts'
import type { RouteContext } from '../route-context.ts'

export async function phoneAccountOf(
  context: RouteContext,
  account: Account,
  device: Device,
): Promise<{ username: string; password: string }> {
  const username = phoneUser(account.username, device)
  return { username, password: context.deps.phonePassword(username, await epochOf(context, account, device)) }
}

/** While PostgreSQL is not available, the last known epoch. */
async function epochOf({ deps }: RouteContext, { id, username }: Account, device: Device): Promise<number> {
  const known = deps.directory.agentByUsername(username)?.phoneEpochs ?? firstEpochs
  try {
    const epochs = await phoneEpochsOf(deps.db, id)
    // Asterisk accepts the known epoch and the next one; a later one must not wait for the next look.
    if (epochs.web > known.web + 1) await tellDirectory(deps.db)
    return epochs[device]
  } catch (err) {
    deps.logger.debug({ err }, 'the last known secret of a phone is used')
    return known[device]
  }
}
