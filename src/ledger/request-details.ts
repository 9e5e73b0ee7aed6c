/** What stands of a request beside its register: who, where, what, and the code that tracks it. */
import { createHash, randomBytes } from 'node:crypto'
import type { RequestForm } from '../city/requests/form.ts'
import type { RequestId } from '../city/requests/number.ts'
import type { Database } from './database.ts'

export interface RequestDetails extends Pick<RequestForm, 'person' | 'place' | 'text' | 'fields'> {
  /** Six digits. */
  readonly code: string
}

/** A value with its salt, and the digest that the register keeps of both. */
export interface Sealed {
  readonly salt: Buffer
  readonly value: string
  readonly digest: Buffer
}

export function sealed(value: string): Sealed {
  const salt = randomBytes(16)
  const digest = createHash('sha256').update(salt).update(value, 'utf8').digest()
  return { salt, value, digest }
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
