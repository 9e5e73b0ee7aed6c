import type { Me } from '../../http/session/wire.ts'
import { api } from '../shared/server/api.ts'
import { sessionEnded } from './ended-session.ts'
import { placeOfSecret, secretNoted } from '../shared/unsaved/shown-once.ts'
import { saveAll } from '../shared/unsaved/unsaved.ts'

/**
 * Signs out, unless a draft cannot be saved (`unsaved`) or a code that is shown only once is not noted (`code`): then
 * nothing changes.
 */
export async function signOut(me: Me): Promise<'leaving' | 'unsaved' | 'code'> {
  if (placeOfSecret() !== null) return 'code'
  // After the session ends the server rejects every save.
  if (!(await saveAll())) return 'unsaved'
  await signOutAnyway(me)
  return 'leaving'
}

/** Signs out and loads a new page, after the call that this page carries. */
export async function signOutAnyway({ throughProvider }: Me): Promise<void> {
  secretNoted()
  // The provider's page leads away from this one: only after the call.
  if (throughProvider) return sessionEnded('/api/sign-in/provider/sign-out')
  // On an error the sign-in page shows whether the server is unreachable.
  await api('DELETE', '/session').catch(() => undefined)
  await sessionEnded('/sign-in')
}
