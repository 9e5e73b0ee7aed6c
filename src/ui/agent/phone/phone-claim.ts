/**
 * Makes this page the agent's: registers the phone first and then opens the feed that claims the agent at the
 * server. In the other order Asterisk would ring the phone of the page being replaced.
 */
import { instance } from '../../live/instance.ts'
import { openFeed } from '../../live/live-feed.ts'
import { api } from '../../shared/server/api.ts'
import { closePhone, openPhone, phoneReaches } from './phone.ts'

/** Bound on the registration: if Asterisk does not answer, the page opens anyway. */
const phoneWithinMs = 1_500

let wasTakenOver = false

export async function claimPhone(gone: AbortSignal): Promise<void> {
  void openPhone()
  await phoneReaches((state) => state.registration === 'registered', phoneWithinMs)
  if (gone.aborted) return
  if (wasTakenOver) {
    // After an error the feed below reports the state: it receives `superseded` again.
    await api('PUT', '/me/page', { instance }).catch(() => undefined)
    wasTakenOver = false
  }
  if (!gone.aborted) openFeed('claim')
}

export async function releasePhone(): Promise<void> {
  wasTakenOver = true
  await closePhone()
}
