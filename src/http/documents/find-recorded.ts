/** A look-up in the document system that goes on record first. */
import type { AskedDocument, FindResult } from '../../city/documents/document-system.ts'
import type { AgentId, CallId } from '../../core/ids.ts'
import { recordAccess } from '../../ledger/journal/access-log.ts'
import type { HttpDeps } from '../ports.ts'

/** Recorded before the query: even a failed one shows that the account searched for this document. */
export async function findRecorded(
  { db, documents }: Pick<HttpDeps, 'db' | 'documents'>,
  asked: AskedDocument,
  { account, call }: { readonly account: AgentId; readonly call: CallId | null },
): Promise<FindResult> {
  await recordAccess(db, { kind: 'document', account, call, about: asked.number, person: null, query: null })
  return documents === null ? { outcome: 'unreachable', why: 'not offered' } : documents.find(asked)
}
