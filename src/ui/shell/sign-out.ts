import type { Me } from '../../http/session/wire.ts'
import { api } from '../shared/server/api.ts'
import { sessionEnded } from './ended-session.ts'
import { forgetAllKept, keepsUnsent } from '../shared/unsaved/kept-values.ts'
import { holdsUnsent } from '../shared/unsaved/page-only.ts'
import { placeOfSecret, secretNoted } from '../shared/unsaved/shown-once.ts'
import { saveAll } from '../shared/unsaved/unsaved.ts'

/** Why a sign-out asks first: a draft that cannot be saved, a code that is not noted, a form that is not sent. */
export type Unfinished = 'unsaved' | 'code' | 'form'

/** Signs out, unless something is unfinished: then nothing changes. */
export async function signOut(me: Me): Promise<'leaving' | Unfinished> {
  if (placeOfSecret() !== null) return 'code'
  if (keepsUnsent(sessionStorage, me.id) || holdsUnsent()) return 'form'
  // After the session ends the server rejects every save.
  if (!(await saveAll())) return 'unsaved'
  await signOutAnyway(me)
  return 'leaving'
}

/** Signs out and loads a new page, after the call that this page carries. */
export async function signOutAnyway({ throughProvider }: Me): Promise<void> {
  secretNoted()
  forgetAllKept(sessionStorage)
  // The provider's page leads away from this one: only after the call.
  if (throughProvider) return sessionEnded('/api/sign-in/provider/sign-out')
  // On an error the sign-in page shows whether the server is unreachable.
  await api('DELETE', '/session').catch(() => undefined)
  await sessionEnded('/sign-in')
}
