/** The settings: the only reader of the environment. All are validated together and frozen. */
import { resolve } from 'node:path'
import type { AnswerAt } from './core/configuration/schema.ts'
import { PbxName } from './core/ids.ts'
import { defaultLineHours, parseLineHours } from './core/opening-hours.ts'
import type { LineHours } from './core/opening-hours.ts'
import { answersAt, callOutRights, type CallOutRules, type Rules } from './core/rules.ts'
import { cityHallFrom, type CityHall } from './city-hall-settings.ts'
import { pathsFrom, type Paths } from './paths.ts'
import { signInFrom, type SignInSettings } from './sign-in-settings.ts'
import * as kind from './setting.ts'
import { webhookFrom, type WebhookSettings } from './webhook-settings.ts'
import { checkTogether, Reader } from './setting.ts'
import type { Access, Environment, Listener } from './setting.ts'

export type { Arms, CityHall } from './city-hall-settings.ts'
export type { Paths } from './paths.ts'
export type { ProviderSettings, SignInSettings } from './sign-in-settings.ts'
export { WrongSettings } from './setting.ts'
export type { Access, WrongSetting } from './setting.ts'

/** The settings for people, with defaults. `make run` reads these; the server reads `Config`. */
export interface Settings {
  /** The front (Caddy). */
  readonly http: { readonly host: string; readonly port: number }
  /** An address on the city's network that web, SIP and RTP bind too; null: this machine only. */
  readonly lan: string | null
  /** A certificate of the city's own for `lan`; null: Caddy's local authority. Files. */
  readonly tls: { readonly cert: string; readonly key: string } | null
  readonly sip: { readonly host: string; readonly port: number }
  /** The public IPv4 address behind NAT; null: there is no NAT. */
  readonly sipPublic: string | null
  /** Addresses that the provider's INVITEs come from. */
  readonly trunkHosts: readonly string[]
  /** `sip:user:password@host[:port]` of a registering trunk. Secret. */
  readonly trunkRegister: string | null
  readonly lineHours: LineHours
  /** How long callers who wait at closing time are still served. */
  readonly closingGraceMs: number
  /** `queue`: answer, then wait. `agent`: early media until an agent answers. */
  readonly answer: AnswerAt
  readonly greeting: 'full' | 'none'
  readonly wrapUpMs: number
  readonly ringTimeoutMs: number
  /** Callers who may wait at once; a further caller hears that the line is full. */
  readonly lineLengthMax: number
  /** Channels in Asterisk's dialplan at once: callers, and the legs of agents; it refuses a further one by itself. */
  readonly callsMax: number
  readonly waitMaxMs: number
  /** Offers in a row that an agent may miss before being paused. */
  readonly missedMax: number
  readonly returningMs: number
  readonly reconnectMs: number
  readonly callbackAgainMs: number
  readonly voicemailMaxMs: number
  readonly callOut: CallOutRules
  /** T of the service level SL(T). */
  readonly serviceLevelMs: number
  /** S: an abandon within it is a short one, and counted apart. */
  readonly shortAbandonMs: number
  readonly holdReminderMs: number
  readonly supervisionNotice: 'always' | 'joined'
  /** Looks of one account within an hour beyond which supervisors and auditors are alerted. */
  readonly unusualLooks: { readonly looksPerHour: number; readonly reasonsPerHour: number }
  /** An editor may publish their own draft of an article. */
  readonly articlesByOne: boolean
  readonly cityHall: CityHall
  /** Prefix of request numbers: `CC2026-000123`. */
  readonly registrationPrefix: string
  /** Days after which a recording's key is destroyed, and personal values are deleted. */
  readonly retention: {
    readonly audioDays: number
    readonly detailsDays: number
    readonly requestsDays: number
    /** Program logs, networks of sign-ins and of tries, drafts that were never registered. */
    readonly logsDays: number
  }
  /** Public key of age, or a file of such keys, to which backups are encrypted; null: they are in plain. */
  readonly backupRecipient: string | null
  /** Server nodes behind the front. */
  readonly nodes: number
  /** Whether a standby Asterisk runs, ready to take over the first one's addresses. */
  readonly standbyPbx: boolean
  /** Prefix of every Redis key. */
  readonly keyPrefix: string
  readonly pbxName: PbxName
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
  /** Demo accounts, with buttons on the sign-in page; loopback only. */
  readonly demo: boolean
  /** Taxpayers in the demo's fiscal database. */
  readonly demoTaxpayers: number
  readonly paths: Paths
  /** Folder of Piper's voices, `ro.onnx` and `en.onnx`; null: the machine's voice is espeak-ng's. */
  readonly piperVoices: string | null
  readonly signIn: SignInSettings
  /** The city's document system; null: none is connected, and messages for it wait. */
  readonly documents: Documents | null
  /** A program that is told of the course of calls; null: none. */
  readonly webhook: WebhookSettings | null
  /** How often new rows are added to the journal and its head is signed. */
  readonly journalEveryMs: number
  /** The witness of the journal's heads outside this machine. */
  readonly witness: WitnessSettings
  /** External services; null: `make run` starts a private one. */
  readonly given: {
    readonly databaseUrl: string | null
    readonly databaseAdminUrl: string | null
    readonly taxDatabaseUrl: string | null
    readonly redisUrl: string | null
    readonly ari: Access | null
    readonly ami: Access | null
  }
}

/** Addresses of the document system, and the secrets shared with it (Standard Webhooks). */
export interface Documents {
  /** Messages are delivered there (DOCUMENTS_URL). */
  readonly url: string
  /** Documents are looked up there; null: not supported (DOCUMENTS_FIND_URL). */
  readonly findUrl: string | null
  /** Signs outgoing messages (DOCUMENTS_SECRET). */
  readonly secret: string
  /** Verifies incoming messages (DOCUMENTS_STATUS_SECRET). */
  readonly statusSecret: string
}

export interface WitnessSettings {
  /** A time-stamping authority (RFC 3161), and its certificates, a PEM file; null: no time stamps. */
  readonly stamps: { readonly url: string; readonly ca: string } | null
  /** Where heads and alarms are sent (Standard Webhooks); null: nowhere. */
  readonly push: { readonly url: string; readonly secret: string } | null
  readonly everyMs: number
  /** How often it is looked whether something is due. */
  readonly lookEveryMs: number
}

/** The server's configuration. */
export interface Config extends Settings {
  /** The application's login. */
  readonly databaseUrl: string
  /** The login that may delete data past its retention; null: retention does not run here. */
  readonly retentionUrl: string | null
  readonly redisUrl: string
  readonly ari: Access
  readonly ami: Access
  /** This node's address behind the front: a port on 127.0.0.1 or a Unix socket. */
  readonly api: { readonly host: string; readonly port: number } | { readonly socket: string }
  /** Unique among the nodes; part of the lease's token. */
  readonly node: string
  /** Seals the session cookies: at least 32 bytes. */
  readonly sessionSecret: string
  /** Seals the secrets of authenticator apps and the identity provider's tokens: at least 32 bytes. */
  readonly factorKey: string
  /** The phones' passwords are derived from it: at least 32 bytes. */
  readonly phoneSecret: string
  /** Signs the journal's heads; never in the database. At least 32 bytes. */
  readonly journalKey: string
  /** Key of the HMAC that stands for a person in the journal: at least 32 bytes. */
  readonly personKey: string
}

/** The server's configuration. @throws {WrongSettings} */
export function readConfig(env: Environment): Config {
  const reader = new Reader(env)
  const config: Config = {
    ...settingsFrom(reader),
    databaseUrl: reader.required('DATABASE_URL', kind.databaseUrl),
    retentionUrl: reader.optional('RETENTION_DATABASE_URL', kind.databaseUrl, null),
    redisUrl: reader.required('REDIS_URL', kind.redisUrl),
    ari: reader.required('ARI_URL', kind.ariAccess),
    ami: reader.required('AMI_URL', kind.amiAccess),
    api: apiFrom(reader),
    node: reader.optional('NODE_NAME', kind.name, 'node1'),
    sessionSecret: reader.required('SESSION_SECRET', kind.secret),
    factorKey: reader.required('FACTOR_KEY', kind.secret),
    phoneSecret: reader.required('PHONE_SECRET', kind.secret),
    journalKey: reader.required('JOURNAL_KEY', kind.secret),
    personKey: reader.required('PERSON_KEY', kind.secret),
  }
  return reader.finish(config)
}

/** The watchdog's settings. @throws {WrongSettings} */
export function readAmiAccess(env: Environment): { readonly ami: Access } {
  const reader = new Reader(env)
  return reader.finish({ ami: reader.required('AMI_URL', kind.amiAccess) })
}

/** The settings of the gate before Asterisk's WebSocket, which `make run` sets. @throws {WrongSettings} */
export function readGate(env: Environment): {
  readonly listen: Listener
  readonly asterisk: Listener
  readonly from: string | null
  readonly admissions: readonly string[]
  readonly remembered: string | null
} {
  const reader = new Reader(env)
  return reader.finish({
    listen: { host: '127.0.0.1', port: reader.required('SIP_GATE_PORT', kind.port) },
    asterisk: reader.required('SIP_GATE_ASTERISK', kind.listener),
    from: reader.optional('SIP_GATE_FROM', kind.address, null),
    admissions: reader.required('SIP_GATE_ADMISSIONS', kind.webUrlList),
    remembered: reader.optional('SIP_GATE_REMEMBERED', kind.text, null),
  })
}

/**
 * The source address of browser phones' connections to an Asterisk on this machine: the gate's. Nothing else uses this
 * address of the loopback network, so Asterisk accepts the browser phones' passwords from there only. Null: Asterisk is
 * on another machine and sees this machine's address.
 */
export function browserPhonesFrom({ given }: Pick<Settings, 'given'>): string | null {
  return given.ari === null || /^(127\.[\d.]+|localhost)$/.test(given.ari.host) ? '127.0.9.69' : null
}

/** All settings but those of `Config`; no external service is required. @throws {WrongSettings} */
export function readSettings(env: Environment): Settings {
  const reader = new Reader(env)
  return reader.finish(settingsFrom(reader))
}

/** The settings present in the environment, to pass on to a server; `plain`: without secrets. */
export function externalSettings(env: Environment, plain = false): Readonly<Record<string, string>> {
  const reader = new Reader(env)
  settingsFrom(reader)
  return plain ? reader.plain() : reader.given
}

function settingsFrom(reader: Reader): Settings {
  const http = {
    host: reader.optional('HTTP_HOST', kind.host, '127.0.0.1'),
    port: reader.optional('HTTP_PORT', kind.port, 9690),
  }
  const lan = reader.optional('LAN', kind.lanAddress, null)
  const tls = tlsFrom(reader, lan)
  const sip = {
    host: reader.optional('SIP_HOST', kind.address, '127.0.0.1'),
    port: reader.optional('SIP_PORT', kind.port, 5060),
  }
  checkTogether(reader, { http, lan, tls, sip })
  const journalEveryMs = reader.optional('JOURNAL_SIGN_EVERY_S', kind.whole(1, 60), 60) * 1_000
  const sipPublic = reader.optional('SIP_PUBLIC', kind.publicAddress, null)
  if (sipPublic !== null && lan === null && sip.host.startsWith('127.'))
    reader.wrong('SIP_PUBLIC', sipPublic, 'LAN or SIP_HOST beside it: SIP listens on this machine alone')
  return {
    http,
    lan,
    tls,
    sip,
    sipPublic,
    ...trunkFrom(reader),
    lineHours: hoursFrom(reader),
    closingGraceMs: reader.optional('CLOSING_GRACE_MS', kind.millis(0, 24 * 3_600_000), 1_800_000),
    answer: reader.optional('ANSWER', kind.oneOf(...answersAt), 'queue'),
    greeting: reader.optional('GREETING', kind.oneOf('full', 'none'), 'full'),
    wrapUpMs: reader.optional('WRAP_UP_MS', kind.millis(0, 3_600_000), 10_000),
    ringTimeoutMs: reader.optional('RING_TIMEOUT_MS', kind.millis(1_000, 300_000), 15_000),
    lineLengthMax: reader.optional('LINE_LENGTH_MAX', kind.whole(1, 10_000), 100),
    callsMax: reader.optional('CALLS_MAX', kind.whole(1, 30_000), 1_000),
    waitMaxMs: reader.optional('WAIT_MAX_MS', kind.millis(1_000, 24 * 3_600_000), 3_600_000),
    missedMax: reader.optional('MISSED_MAX', kind.whole(1, 100), 3),
    returningMs: reader.optional('RETURNING_CALLER_MS', kind.millis(0, 86_400_000), 1_800_000),
    reconnectMs: reader.optional('RECONNECT_MS', kind.millis(1_000, 300_000), 10_000),
    callbackAgainMs: reader.optional('CALLBACK_AGAIN_MS', kind.millis(1_000, 86_400_000), 900_000),
    voicemailMaxMs: reader.optional('VOICEMAIL_MAX_MS', kind.millis(10_000, 900_000), 180_000),
    callOut: {
      allowed: reader.optional('OUTBOUND_ALLOW', kind.calledNumbers, ['+402', '+403', '+407']),
      allowedToSupervisors: reader.optional('OUTBOUND_ALLOW_SUPERVISORS', kind.calledNumbers, []),
      agents: reader.optional('OUTBOUND_AGENTS', kind.oneOf(...callOutRights), 'any'),
      supervisors: reader.optional('OUTBOUND_SUPERVISORS', kind.oneOf(...callOutRights), 'any'),
      perHour: reader.optional('OUTBOUND_PER_HOUR', kind.whole(0, 10_000), 30),
      perHourAll: reader.optional('OUTBOUND_PER_HOUR_ALL', kind.whole(0, 100_000), 300),
    },
    unusualLooks: {
      looksPerHour: reader.optional('UNUSUAL_LOOKS_PER_HOUR', kind.whole(1, 100_000), 120),
      reasonsPerHour: reader.optional('UNUSUAL_REASONS_PER_HOUR', kind.whole(1, 100_000), 12),
    },
    serviceLevelMs: reader.optional('SERVICE_LEVEL_MS', kind.millis(1_000, 3_600_000), 20_000),
    shortAbandonMs: reader.optional('SHORT_ABANDON_MS', kind.millis(0, 60_000), 5_000),
    holdReminderMs: reader.optional('HOLD_REMINDER_MS', kind.millis(1_000, 3_600_000), 60_000),
    supervisionNotice: reader.optional('SUPERVISION_NOTICE', kind.oneOf('always', 'joined'), 'always'),
    articlesByOne: reader.optional('ARTICLES_BY_ONE', kind.oneOf('0', '1'), '0') === '1',
    cityHall: cityHallFrom(reader),
    registrationPrefix: reader.optional('REGISTRATION_PREFIX', kind.registrationPrefix, 'CC'),
    retention: {
      audioDays: reader.optional('RETENTION_AUDIO_DAYS', kind.whole(1, 36_500), 183),
      detailsDays: reader.optional('RETENTION_DETAILS_DAYS', kind.whole(1, 36_500), 1_095),
      requestsDays: reader.optional('RETENTION_REQUESTS_DAYS', kind.whole(1, 36_500), 1_825),
      logsDays: reader.optional('RETENTION_LOGS_DAYS', kind.whole(1, 36_500), 183),
    },
    backupRecipient: reader.optional('BACKUP_RECIPIENT', kind.recipient, null),
    nodes: reader.optional('NODES', kind.whole(1, 8), 1),
    standbyPbx: reader.optional('STANDBY_PBX', kind.oneOf('0', '1'), '0') === '1',
    keyPrefix: reader.optional('KEY_PREFIX', kind.name, 'linia'),
    pbxName: PbxName(reader.optional('PBX_NAME', kind.pbxName, 'pbx1')),
    logLevel: reader.optional('LOG_LEVEL', kind.logLevel, 'info'),
    demo: reader.optional('DEMO', kind.oneOf('0', '1'), '0') === '1',
    demoTaxpayers: reader.optional('DEMO_TAXPAYERS', kind.whole(100, 100_000), 10_000),
    paths: pathsFrom(reader),
    piperVoices: reader.optional('PIPER_VOICES', kind.folder, null),
    signIn: signInFrom(reader, { http, lan }),
    documents: documentsFrom(reader),
    webhook: webhookFrom(reader),
    journalEveryMs,
    witness: witnessFrom(reader, journalEveryMs),
    given: {
      databaseUrl: reader.optional('DATABASE_URL', kind.databaseUrl, null),
      databaseAdminUrl: reader.optional('DATABASE_ADMIN_URL', kind.databaseUrl, null),
      taxDatabaseUrl: reader.optional('TAX_DATABASE_URL', kind.databaseUrl, null),
      redisUrl: reader.optional('REDIS_URL', kind.redisUrl, null),
      ari: reader.optional('ARI_URL', kind.ariAccess, null),
      ami: reader.optional('AMI_URL', kind.amiAccess, null),
    },
  }
}

function trunkFrom(reader: Reader): Pick<Settings, 'trunkHosts' | 'trunkRegister'> {
  const trunkHosts = reader.optional('TRUNK_HOSTS', kind.hostList, ['127.0.0.2'])
  const trunkRegister = reader.optional('TRUNK_REGISTER', kind.trunkRegister, null)
  // Detected at the start, not by the first call to 112.
  if (trunkHosts.every(kind.isNetwork) && reader.given['TRUNK_REGISTER'] === undefined)
    reader.wrong(
      'TRUNK_HOSTS',
      trunkHosts.join(','),
      'beside networks an address or a host name, to which 112 is sent, or TRUNK_REGISTER',
    )
  return { trunkHosts, trunkRegister }
}

function hoursFrom(reader: Reader): LineHours {
  const text = reader.optional('LINE_HOURS', kind.text, defaultLineHours)
  const parsed = parseLineHours(text)
  if (parsed.ok) return parsed.hours
  reader.wrong('LINE_HOURS', text, parsed.expected)
  return { kind: 'always' }
}

function documentsFrom(reader: Reader): Documents | null {
  const url = reader.optional('DOCUMENTS_URL', kind.secureUrl, null)
  const findUrl = reader.optional('DOCUMENTS_FIND_URL', kind.secureUrl, null)
  const secret = reader.optional('DOCUMENTS_SECRET', kind.webhookSecret, null)
  const statusSecret = reader.optional('DOCUMENTS_STATUS_SECRET', kind.webhookSecret, null)
  if (url === null && findUrl === null && secret === null && statusSecret === null) return null
  if (url === null) reader.wrong('DOCUMENTS_URL', null, kind.secureUrl.accepted)
  if (secret === null) reader.wrong('DOCUMENTS_SECRET', null, kind.webhookSecret.accepted)
  if (statusSecret === null) reader.wrong('DOCUMENTS_STATUS_SECRET', null, kind.webhookSecret.accepted)
  if (secret !== null && secret === statusSecret)
    reader.wrong('DOCUMENTS_STATUS_SECRET', '(hidden)', 'another secret than DOCUMENTS_SECRET')
  return { url: url ?? '', findUrl, secret: secret ?? '', statusSecret: statusSecret ?? '' }
}

function witnessFrom(reader: Reader, lookEveryMs: number): WitnessSettings {
  const tsaUrl = reader.optional('JOURNAL_TSA_URL', kind.webUrl, null)
  const ca = reader.optional('JOURNAL_TSA_CA', kind.text, null)
  const pushUrl = reader.optional('JOURNAL_WITNESS_URL', kind.secureUrl, null)
  const secret = reader.optional('JOURNAL_WITNESS_SECRET', kind.webhookSecret, null)
  const everyMinutes = reader.optional('JOURNAL_WITNESS_EVERY_MIN', kind.whole(1, 1_440), 60)
  // A stamp that nobody can verify is none.
  if (tsaUrl !== null && ca === null)
    reader.wrong('JOURNAL_TSA_CA', null, 'a file with the certificates of the time-stamping authority (PEM)')
  if (pushUrl !== null && secret === null)
    reader.wrong('JOURNAL_WITNESS_SECRET', null, kind.webhookSecret.accepted)
  return {
    stamps: tsaUrl === null ? null : { url: tsaUrl, ca: resolve(ca ?? '') },
    push: pushUrl === null ? null : { url: pushUrl, secret: secret ?? '' },
    everyMs: everyMinutes * 60_000,
    lookEveryMs,
  }
}

/** The settings of the ACD. */
export const rulesFrom = (settings: Settings): Rules => ({
  ...settings,
  greeting: settings.greeting === 'full',
})

function tlsFrom(reader: Reader, lan: string | null): Settings['tls'] {
  const cert = reader.optional('TLS_CERT', kind.text, null)
  const key = reader.optional('TLS_KEY', kind.text, null)
  if (cert === null && key === null) return null
  if (lan === null) reader.wrong('LAN', null, 'the address that TLS_CERT and TLS_KEY are for')
  if (cert === null) reader.wrong('TLS_CERT', null, 'the certificate that belongs to TLS_KEY')
  if (key === null) reader.wrong('TLS_KEY', null, 'the key that belongs to TLS_CERT')
  return { cert: resolve(cert ?? ''), key: resolve(key ?? '') }
}

function apiFrom(reader: Reader): Config['api'] {
  const socket = reader.optional('API_SOCKET', kind.text, null)
  if (socket !== null) return { socket: resolve(socket) }
  return { host: '127.0.0.1', port: reader.optional('API_PORT', kind.port, 9691) }
}
