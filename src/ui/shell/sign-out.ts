import { closeFeed } from '../live/live-feed.ts'
import { api } from '../shared/server/api.ts'
import { saveAll } from '../shared/unsaved/unsaved.ts'

/** Leaves the account, unless something typed is not on the server: then it answers `unsaved` and nothing has changed. */
export async function signOut(): Promise<'leaving' | 'unsaved'> {
  // Once the session is over, nothing of its is taken any more.
  if (!(await saveAll())) return 'unsaved'
  await signOutAnyway()
  return 'leaving'
}

/** A fresh page forgets everything that this one knew. */
export async function signOutAnyway(): Promise<void> {
  // Signed out or unreachable, the sign-in page says which.
  await api('DELETE', '/session').catch(() => undefined)
  closeFeed()
  window.location.assign('/sign-in')
}
