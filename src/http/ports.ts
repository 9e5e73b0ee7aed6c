/** What the HTTP server needs from the rest of the house; `main.ts` gives it. */
import type { FastifyBaseLogger } from 'fastify'
import type { ActiveCall } from '../city/identity/call-now.ts'
import type { FiscalDatabase } from '../city/taxes/fiscal-database.ts'
import type { WorkingDays } from '../city/requests/working-days.ts'
import type { DocumentSystem } from '../city/documents/document-system.ts'
import type { AgentId } from '../core/ids.ts'
import type { Database } from '../ledger/database.ts'
import type { Metrics } from '../metrics.ts'
import type { Desk, Directory, AcdFeed } from '../acd/ports.ts'
import type { NodeChannel } from './nodes/node-pubsub.ts'
import type { Readiness } from './nodes/wire.ts'

export interface HttpSettings {
  /** Seals the session cookies: a random text of at least 32 characters. */
  readonly sessionSecret: string
  /** PERSON_KEY: the journal names a person by an HMAC with it (`city/journal/person.ts`). */
  readonly personKey: string
  readonly journal: {
    /** The folder of the journal's signed heads, and the key that they are verified with. */
    readonly anchor: string
    readonly verifierKey: string
  }
  /** Where the day of "today" begins. */
  readonly timeZone: string
  /** T of the service level SL(T). */
  readonly serviceLevelMs: number
  readonly phone: {
    /** The SIP domain of the browser phone's address. */
    readonly domain: string
    /** What to dial for the echo test. */
    readonly echo: string
  }
  /** In front of registration numbers: `CC`. */
  readonly registrationPrefix: string
  /** Shown in the API's document. */
  readonly version: string
}

/** Tells when an account was added, changed or closed, by whichever node or command. */
export interface AccountNews {
  /** `null`: any of them may have changed, since nothing was heard for a while. */
  onAccountChange(listener: (account: AgentId | null) => void): void
}

export interface HttpDeps {
  readonly settings: HttpSettings
  readonly db: Database
  /** On any node: the owner of the line does what is asked. */
  readonly desk: Desk
  /** The desk of the line where this node owns it, for the other nodes. */
  readonly ownDesk: () => Desk | null
  readonly feed: AcdFeed
  /** Which call an agent is in at this moment: what the city says about a person is bound to it. */
  readonly activeCall: ActiveCall
  /** Another system's; consulted, never written. */
  readonly fiscal: FiscalDatabase
  /** Between the nodes; every one hears what any of them tells. */
  readonly news: NodeChannel
  /** This node's name. */
  readonly node: string
  readonly directory: Directory
  readonly accounts: AccountNews
  /** Which days the city hall works, as they are declared now. */
  readonly workingDays: () => WorkingDays
  /** The password of a SIP account (`agent01-web`). */
  readonly phonePassword: (sipUsername: string) => string
  /** Whether a call would be answered now, by us or by the owner; the names of what is missing otherwise. */
  readonly readiness: () => Readiness
  readonly metrics: Metrics
  /** Null: none is set; what it would be told waits. */
  readonly documents: DocumentSystem | null
  /** Folder of the finished recordings; the ledger's rows name files below it. */
  readonly recordings: string
  /** Folder of their keys. */
  readonly recordingKeys: string
  readonly logger: FastifyBaseLogger
  /** The desk offers a trial call; the routes for it are the demo's own subject. */
  readonly demo: boolean
  /** Wall time, epoch ms. */
  readonly now: () => number
}
