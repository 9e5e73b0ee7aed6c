/** Personal values of a request, stored beside its register: person, place, text and tracking code. */
import type { RequestForm } from '../../city/requests/form.ts'
import type { RequestId } from '../../city/requests/number.ts'
import type { Database } from '../database.ts'

export interface RequestDetails extends Pick<RequestForm, 'person' | 'place' | 'text' | 'fields'> {
  /** Six digits. */
  readonly code: string
}

export function writtenDetails({ person, place, text, fields, code }: RequestDetails): string {
  return JSON.stringify({ person, place, text, fields, code })
}

/** Null once retention has deleted them. */
export async function detailsOf(db: Database, request: RequestId): Promise<RequestDetails | null> {
  const row = await db
    .selectFrom('request_details')
    .select('value')
    .where('request', '=', request)
    .executeTakeFirst()
  return row === undefined ? null : (JSON.parse(row.value) as RequestDetails)
}
