/** Applies updates of the document system as new status rows of a request. They are not sent back to it. */
import type { Day } from '../../city/day.ts'
import { RequestId } from '../../city/requests/number.ts'
import type { StatusEvent } from '../../city/requests/standing.ts'
import type { WorkingDays } from '../../city/requests/working-days.ts'
import type { StatusUpdate } from '../../city/documents/status-update.ts'
import type { Database } from '../database.ts'
import { wasSent, type StatusRegister } from '../documents/updates.ts'
import { addStatusIn } from './statuses.ts'

/** `today` is the city's day. */
export function requestHistory(today: Day, working: WorkingDays): StatusRegister {
  return async (trx, update) => {
    if (!(await wasSent(trx, update.request))) return 'unknown request'
    const request = RequestId(update.request)
    for (const event of await eventsOf(trx, update)) {
      const added = await addStatusIn(trx, { request, event, note: '', by: null, call: null }, today, working)
      if (!added.ok) return added.why === 'unknown' ? 'unknown request' : 'not possible'
    }
    return 'kept'
  }
}

/** The document system's number comes first, once, so that the request is found by it from then on. */
async function eventsOf(trx: Database, update: StatusUpdate): Promise<StatusEvent[]> {
  const { request, ownNumber } = update
  const state = stateEvent(update)
  const events = state === null ? [] : [state]
  if (ownNumber === null) return events
  const known = await trx
    .selectFrom('request_statuses')
    .select('id')
    .where('request', '=', RequestId(request))
    .where('foreign_number', '=', ownNumber)
    .limit(1)
    .executeTakeFirst()
  return known === undefined ? [{ kind: 'numbered', number: ownNumber }, ...events] : events
}

/** Null: the update changes no state; the request was only taken over. */
function stateEvent({ state, department, extensionDays }: StatusUpdate): StatusEvent | null {
  switch (state) {
    case 'received':
      return null
    case 'in progress':
      return { kind: 'in progress', department }
    case 'redirected':
      return { kind: 'redirected', authority: department ?? '' }
    case 'extended':
      return { kind: 'extended', days: extensionDays, notice: null }
    case 'answered':
      return { kind: 'answered' }
    case 'filed':
      return { kind: 'filed' }
  }
}
