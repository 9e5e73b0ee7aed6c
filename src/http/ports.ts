/** The ports of the HTTP server to the rest of the process; `main.ts` passes them in. */
import type { Millis } from '../core/ids.ts'
import type { FastifyBaseLogger } from 'fastify'
import type { UnusualLimits } from '../city/access/unusual.ts'
import type { Answers, RetentionTerm } from '../city/connections/connection.ts'
import type { ActiveCall, AskedAbout } from '../city/identity/call-now.ts'
import type { FiscalDatabase } from '../city/taxes/fiscal-database.ts'
import type { WorkingDays } from '../city/requests/working-days.ts'
import type { DocumentSystem } from '../city/documents/document-system.ts'
import type { DryRunSettings } from '../core/configuration/dry-run.ts'
import type { Language } from '../core/configuration/menu.ts'
import type { AgentId } from '../core/ids.ts'
import type { Dictation } from '../core/prompts/dictation.ts'
import type { PromptSoundFault, SoundBounds } from '../core/prompts/prompt-sound.ts'
import type { PromptName } from '../core/prompts/recordable.ts'
import type { CityHall, SignInSettings } from '../config.ts'
import type { Database } from '../ledger/database.ts'
import type { AnchorPlace } from '../ledger/journal/anchor.ts'
import type { IdentityProvider } from '../people/sign-in/provider.ts'
import type { Metrics } from '../metrics.ts'
import type { Desk, Directory, AcdFeed, PageCallbacks, Trunk } from '../acd/ports.ts'
import type { SupervisionNotice } from './supervision/view.ts'
import type { NodeChannel } from './nodes/node-pubsub.ts'
import type { SharedTrunk } from './nodes/shared-trunk.ts'
import type { Readiness } from './nodes/wire.ts'

export interface HttpSettings {
  /** Seals the session cookies: a random text of at least 32 characters. */
  readonly sessionSecret: string
  readonly signIn: SignInSettings
  /** FACTOR_KEY: seals the secrets of authenticator apps and of webhooks, and the identity provider's tokens. */
  readonly factorKey: string
  /** The receiver of webhooks that the settings name; null: none. The path of its address can be a secret of its own. */
  readonly webhook: { readonly origin: string; readonly withNumber: boolean } | null
  /** PERSON_KEY: the journal names a person by an HMAC with it (`city/journal/person.ts`). */
  readonly personKey: string
  /** Where the journal is anchored, and the key that signs its heads. */
  readonly journal: AnchorPlace
  /** T of the service level SL(T). */
  readonly serviceLevelMs: number
  /** S: an abandon within it is a short one, and counted apart. */
  readonly shortAbandonMs: number
  /** An agent is reminded of a caller who has been on hold for so long, and each time that it passes again. */
  readonly holdReminderMs: number
  /** When agents are told of a supervisor in their call. */
  readonly supervisionNotice: SupervisionNotice
  /** Looks of one account within an hour beyond which supervisors and auditors are alerted. */
  readonly unusualLooks: UnusualLimits
  readonly phone: {
    /** The SIP domain of the browser phone's address. */
    readonly domain: string
    /** Number to dial for the echo test. */
    readonly echo: string
  }
  /** An editor may publish their own draft: the city has one editor. */
  readonly articlesByOne: boolean
  readonly cityHall: CityHall
  /** The prefix of registration numbers: `CC`. */
  readonly registrationPrefix: string
  /** Shown in the API's document. */
  readonly version: string
}

/** Reports that an account was added, changed or closed, by any node or by the command line. */
export interface AccountChanges {
  /** `null`: changes may have been missed while the subscription was down, so any account may have changed. */
  onAccountChange(listener: (account: AgentId | null) => void): void
}

export interface PromptSounds {
  /** Of the fixed prompts, by prompt. */
  readonly texts: Readonly<Record<string, string>>
  /** The sound that callers hear without a publication; null: this node has no sounds. */
  readonly made: (
    prompt: PromptName,
  ) => Promise<{ readonly source: 'machine' | 'studio'; readonly sound: Uint8Array } | null>
  /** From a WAVE file of 16 bits. */
  readonly prepare: (
    recording: Uint8Array,
    bounds: SoundBounds,
  ) => Promise<
    | { readonly ok: true; readonly sound: Uint8Array }
    | { readonly ok: false; readonly fault: PromptSoundFault }
  >
}

/** Prompts that are recorded by telephone, one at a time for each account. */
export interface Dictations {
  /** Takes the place of the account's earlier one. `not here`: this node is not beside an Asterisk. */
  readonly open: (by: string) => Promise<Dictation | 'too many' | 'not here'>
  /** The account's own; null: it has none, or its time is over. */
  readonly of: (by: string) => Promise<Dictation | null>
  /** As Asterisk has written it; null: the call has ended before the tone. */
  readonly recording: (number: string) => Promise<Uint8Array | null>
  /** It cannot be dialled any more, and its recording is deleted. `until`: of that one alone, not of one that has taken its place. */
  readonly close: (by: string, until: Millis) => Promise<void>
}

/** Addresses are without user, password and path: a path can be a secret of its own. */
export interface ConnectionSettings {
  readonly trunk: {
    /** TRUNK_HOSTS. */
    readonly hosts: readonly string[]
    /** False: the settings are as they are without any. */
    readonly isSet: boolean
    /** SIP_PUBLIC. */
    readonly publicAddress: string | null
  }
  readonly documents: { readonly address: string; readonly looksUp: boolean } | null
  readonly fiscal: { readonly address: string } | null
  readonly asterisk: { readonly address: string; readonly standby: boolean }
  readonly redis: { readonly address: string }
  readonly database: { readonly address: string }
  readonly timeStamps: { readonly address: string } | null
  readonly witness: { readonly address: string } | null
  /** Days. `deletes`: the login that deletes values is set; else another system does. */
  readonly retention: Readonly<Record<RetentionTerm, number>> & { readonly deletes: boolean }
}

/** The outside systems, for administrators. */
export interface Connections {
  readonly settings: ConnectionSettings
  readonly trunk: SharedTrunk
  /** Resolves within two seconds. */
  readonly redisAnswers: () => Promise<boolean>
  /** Of the journal: how the authority and the address outside have answered, and when they did last. */
  readonly witness: {
    readonly heard: { readonly stamps: Answers; readonly push: Answers }
    readonly counts: { readonly stampedAt: number | null; readonly pushedAt: number | null }
  }
  /** How much retention will end within a week, as last counted; null: it is not counted yet. */
  readonly dueSoon: () => {
    readonly at: number
    readonly counts: Partial<Readonly<Record<RetentionTerm, number>>>
  } | null
}

/** Counts the requests of programs, in windows of a minute. */
export interface ProgramRates {
  /** With this request; one beyond `perMinute` counts as refused. */
  count(token: number, perMinute: number): Promise<{ readonly count: number; readonly endsInMs: number }>
  /** Refused requests of the last 24 hours, by token. */
  refused(): Promise<ReadonlyMap<number, number>>
}

export interface HttpDeps {
  readonly settings: HttpSettings
  readonly db: Database
  /** The desk's commands, carried out by the owner whichever node receives them. */
  readonly desk: Desk
  /** This node's own desk, for commands from other nodes; null unless this node is the owner. */
  readonly ownDesk: () => Desk | null
  /** Callbacks asked for on the public page, carried out in the same way. */
  readonly pageCallbacks: PageCallbacks
  readonly ownPageCallbacks: () => PageCallbacks | null
  /** The same of its trunk. */
  readonly ownTrunk: () => Trunk | null
  readonly connections: Connections
  readonly feed: AcdFeed
  /** The call that an agent is in at this moment. Access to a person's data is bound to it. */
  readonly activeCall: ActiveCall
  /** The call about which a colleague asks the agent: what the colleague may consult, the agent may, too. */
  readonly askedAbout: AskedAbout
  /** The city's tax system: read, never written. */
  readonly fiscal: FiscalDatabase
  /** Of all nodes together; rejects while they have nothing in common. */
  readonly programRates: ProgramRates
  /** Publish and subscribe between all nodes. */
  readonly nodeChannel: NodeChannel
  /** This node's name. */
  readonly node: string
  readonly directory: Directory
  /** The city's identity provider; null: none. */
  readonly provider: IdentityProvider | null
  readonly accounts: AccountChanges
  /** The working days of the city hall, as declared now. */
  readonly workingDays: () => WorkingDays
  /** How many callers' numbers are blocked at a moment. */
  readonly blockedNumbers: (at: Millis) => number
  /** The facts beside the configuration of the line that decide how its callers are served. */
  readonly dryRun: DryRunSettings
  /** A menu's text as callers would hear it, as a WAVE file. */
  readonly textSample: (text: string, language: Language) => Promise<Buffer>
  /** The prompts of the line as files of this node, and what makes a recording one of them. */
  readonly prompts: PromptSounds
  readonly dictations: Dictations
  /** The password of a SIP account (`agent01-web`) in an epoch of its secret. */
  readonly phonePassword: (sipUsername: string, epoch: number) => string
  /** Whether a call would be answered now, by this node or by the owner; if not, the parts that are missing. */
  readonly readiness: () => Readiness
  readonly metrics: Metrics
  /** Null: none is configured; its messages wait in the outbox. */
  readonly documents: DocumentSystem | null
  /** Folder of the finished recordings. The ledger stores paths relative to it. */
  readonly recordings: string
  /** Folder of the recordings' keys. */
  readonly recordingKeys: string
  readonly logger: FastifyBaseLogger
  /** The desk offers a trial call. The demo's plugin adds the routes for it. */
  readonly demo: boolean
  /** Wall time, epoch ms. */
  readonly now: () => number
}
