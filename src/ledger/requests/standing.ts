/** Maps a request's standing to the columns of its history, and back. */
import type { Standing } from '../../city/requests/standing.ts'

export function standingColumns(standing: Standing) {
  return {
    state: standing.state,
    department: standing.department,
    to_head: standing.toHead,
    counted_from: standing.countedFrom,
    announced_on: standing.announcedOn,
    legal_end_on: standing.legalEndOn,
    extended: standing.extended,
  }
}

export function standingOf(columns: ReturnType<typeof standingColumns>): Standing {
  return {
    state: columns.state,
    department: columns.department,
    toHead: columns.to_head,
    countedFrom: columns.counted_from,
    announcedOn: columns.announced_on,
    legalEndOn: columns.legal_end_on,
    extended: columns.extended,
  }
}
