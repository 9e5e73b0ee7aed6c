/**
 * How a page becomes the agent's: the phone first, then the feed that tells the server. The other way
 * round the exchange would ring the phone of the page that is being replaced.
 */
import { instance } from '../../live/instance.ts'
import { openFeed } from '../../live/live-feed.ts'
import { api } from '../../shared/server/api.ts'
import { closePhone, openPhone, phoneReaches } from './phone.ts'

/** Without the exchange the page still opens, only a little later. */
const phoneWithinMs = 1_500

let wasTakenOver = false

export async function claimPhone(gone: AbortSignal): Promise<void> {
  void openPhone()
  await phoneReaches((state) => state.registration === 'registered', phoneWithinMs)
  if (gone.aborted) return
  if (wasTakenOver) {
    // Refused or unreachable, the feed below says so: it would be told of the other page again.
    await api('PUT', '/me/page', { instance }).catch(() => undefined)
    wasTakenOver = false
  }
  if (!gone.aborted) openFeed('claim')
}

export async function releasePhone(): Promise<void> {
  wasTakenOver = true
  await closePhone()
}
