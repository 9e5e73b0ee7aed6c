import { closeFeed } from '../live/live-feed.ts'
import { api } from '../shared/api.ts'

/** Leaves the account; a fresh page forgets everything that this one knew. */
export async function signOut(): Promise<void> {
  // Signed out or unreachable, the sign-in page says which.
  await api('DELETE', '/session').catch(() => undefined)
  closeFeed()
  window.location.assign('/sign-in')
}
