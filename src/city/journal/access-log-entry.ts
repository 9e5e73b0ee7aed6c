/**
 * One access to city data, as the journal keeps it (docs/rules/identity.md, rule 7). It is written before the
 * answer leaves the server; where it cannot be written, nothing leaves.
 *
 * A look names things by their ids and never by a personal value: a person is named by `HMAC(CNP)`, so that
 * "who looked at X" can be asked later, and a reader of the journal learns nothing.
 */
import type { AgentId, CallId } from '../../core/ids.ts'

export const accessKinds = [
  /** A paper was opened; `about` is its id and version, `query` the settled search. */
  'paper',
  /** Requests of the caller were counted on the screen pop: subjects only. */
  'screen-pop',
  /** A list of requests or follow-ups was shown. */
  'request-list',
  /** A request was opened with its personal values. */
  'request',
  /** A document filed elsewhere was asked for. */
  'document',
  /** A person was searched in the fiscal database. */
  'person-search',
  /** Questions were drawn for an identity check. */
  'question-set',
  /** The verdict of an identity check. */
  'verdict',
  /** A section of a tax account was opened. */
  'section',
  /** A call on record was opened: numbers, notes, events. `query` is the basis, if it is not the role. */
  'call',
  /** A list of calls was shown. */
  'call-list',
  /** A reason was stated for a call or request that is not one's own; `query` is the reason. */
  'justified',
  /** A call or request was refused, because it needs a reason. */
  'refused',
  /** A recording was heard. */
  'hearing',
  /** A supervisor was in a conversation: `about` is the call, `query` how (`city/supervision/orders.ts`). */
  'live-call',
  /** Rows left the system in a file: a person's export, the journal's export, a printed paper. */
  'export',
  /** Another program asked in the account's name: `about` is the object, or the operation's name; `query` names program, token and operation. */
  'program',
  /** The journal itself was asked. */
  'journal',
] as const
export type AccessKind = (typeof accessKinds)[number]

export interface Access {
  readonly kind: AccessKind
  /** The account that looks. */
  readonly account: AgentId
  /** The call in which it happens, or null outside of a call. */
  readonly call: CallId | null
  /** Id of the thing: a paper's, a request's, a recording's, a section's name. At most 200 characters. */
  readonly about: string
  /** `HMAC-SHA256(CNP or CUI)` as 64 hexadecimal digits, where the look is at a person. */
  readonly person: string | null
  /** A settled search, when it holds no personal value. At most 200 characters. */
  readonly query: string | null
}
