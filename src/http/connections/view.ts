/** The states of the outside systems as the wire has them. */
import {
  standingOf,
  type ConnectionCause,
  type ConnectionId,
  type ConnectionState,
  type RetentionTerm,
  type Standing,
  type TriedConnection,
} from '../../city/connections/connection.ts'
import { registrationPart, type TrunkState } from '../../acd/ports.ts'
import type { Millis } from '../../core/ids.ts'
import { lastTests, testAnswers, type LastTest } from '../../ledger/connections/tests.ts'
import { deliveryAnswers } from '../../ledger/documents/answers.ts'
import { oldestUndelivered, undeliveredCounts } from '../../ledger/documents/outbox.ts'
import { retentionState, type RetentionState } from '../../ledger/retention/runs.ts'
import { openReceivers } from '../../ledger/webhooks/receivers.ts'
import { unsentByReceiver } from '../../ledger/webhooks/unsent.ts'
import type { SharedTrunk } from '../nodes/shared-trunk.ts'
import type { HttpDeps } from '../ports.ts'
import { iso, isoOrNull } from '../shell/iso-time.ts'
import { isDatabaseAway } from '../shell/problem.ts'
import type { SystemsWatch } from './systems-watch.ts'
import { retentionTerms, type Connection, type Connections, type TrunkSettings } from './wire.ts'

export type ViewDeps = Pick<
  HttpDeps,
  'connections' | 'db' | 'directory' | 'fiscal' | 'node' | 'now' | 'provider' | 'readiness' | 'settings'
>

/** Whether the settings name such a system. A trunk that nobody has set may be the demo's provider. */
export async function isSetUp(
  id: TriedConnection,
  { connections: { settings, trunk } }: Pick<HttpDeps, 'connections'>,
): Promise<boolean> {
  switch (id) {
    case 'trunk':
      return settings.trunk.isSet || answersNow(await trunk.state())
    case 'documents':
      return settings.documents !== null
    case 'fiscal':
      return settings.fiscal !== null
  }
}

const answersNow = (trunk: TrunkNow): boolean =>
  typeof trunk !== 'string' && trunk.state.parts.some(({ works }) => works === true)

export async function connectionsView(deps: ViewDeps, systems: SystemsWatch): Promise<Connections> {
  const { connections, db, directory, node, now, readiness } = deps
  const { settings } = connections
  const [trunk, tests, counts, oldest, webhooks, runs, items] = await Promise.all([
    connections.trunk.state(),
    onRecord(lastTests(db)),
    onRecord(undeliveredCounts(db, now())),
    onRecord(oldestUndelivered(db)),
    onRecord(webhooksNow(deps)),
    onRecord(retentionState(db)),
    asked(deps, systems),
  ])
  const trunkState = typeof trunk === 'string' ? null : trunk.state
  const found: Readonly<Record<ConnectionId, Told>> = {
    ...items,
    trunk: trunkTold(deps, trunk),
    webhooks: webhooks === null ? notAsked : webhooksTold(webhooks),
  }
  const byId = new Map<ConnectionId, LastTest>((tests ?? []).map((test) => [test.connection, test]))
  const view = (id: ConnectionId, address: string | null): Connection => ({
    id,
    ...timesOf(found[id]),
    node: found[id].node ?? node,
    address,
    settings: [...named[id].settings],
    guide: `docs/guides/${named[id].guide}`,
    lastTest: testView(byId.get(id)),
  })
  return {
    node,
    recordKnown: [tests, counts, webhooks, runs].every((part) => part !== null),
    items: [
      view('trunk', trunkState?.inForce?.account?.server ?? trunkState?.parts[0]?.name ?? null),
      view('documents', settings.documents?.address ?? null),
      view('fiscal', settings.fiscal?.address ?? null),
      view('asterisk', settings.asterisk.address),
      view('redis', settings.redis.address),
      view('database', settings.database.address),
      view('sign-in', deps.provider?.settings.issuer ?? null),
      view('time-stamps', settings.timeStamps?.address ?? null),
      view('witness', settings.witness?.address ?? null),
      view('webhooks', null),
    ],
    trunk: trunkSettings(
      deps,
      trunkState,
      directory.numbers().flatMap(({ number, also }) => [number, ...also]),
    ),
    documents: {
      unsent: counts?.unsent ?? null,
      late: counts?.late ?? null,
      givenUp: counts?.givenUp ?? null,
      oldestAt: isoOrNull(oldest),
      looksUp: settings.documents?.looksUp === true,
    },
    fiscal: { readOnly: byId.get('fiscal')?.readOnly ?? null },
    asterisk: { owner: readiness().owner, standby: settings.asterisk.standby },
    webhooks: {
      receivers: webhooks?.receivers ?? null,
      unsent: webhooks?.unsent ?? null,
      late: webhooks?.late ?? null,
    },
    retention: retentionTold(deps, runs),
  }
}

/** Null while PostgreSQL is away: the page has to be able to say that. */
async function onRecord<Known>(work: Promise<Known>): Promise<Known | null> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Error && isDatabaseAway(error)) return null
    throw error
  }
}

/** Where each is set up. */
const named: Readonly<
  Record<ConnectionId, { readonly settings: readonly string[]; readonly guide: string }>
> = {
  trunk: { settings: ['TRUNK_HOSTS', 'TRUNK_REGISTER'], guide: 'trunk.md' },
  documents: { settings: ['DOCUMENTS_URL', 'DOCUMENTS_SECRET'], guide: 'integrations.md' },
  fiscal: { settings: ['TAX_DATABASE_URL'], guide: 'integrations.md' },
  asterisk: { settings: ['ARI_URL', 'AMI_URL'], guide: 'availability.md' },
  redis: { settings: ['REDIS_URL'], guide: 'install.md' },
  database: { settings: ['DATABASE_URL'], guide: 'install.md' },
  'sign-in': { settings: ['OIDC_ISSUER'], guide: 'sign-in.md' },
  'time-stamps': { settings: ['JOURNAL_TSA_URL', 'JOURNAL_TSA_CA'], guide: 'journal.md' },
  witness: { settings: ['JOURNAL_WITNESS_URL', 'JOURNAL_WITNESS_SECRET'], guide: 'journal.md' },
  webhooks: { settings: [], guide: 'webhooks.md' },
}

interface Told {
  readonly state: ConnectionState
  readonly since: Millis | null
  readonly goodAt?: Millis | null
  readonly badAt?: Millis | null
  readonly cause?: ConnectionCause | null
  readonly status?: number | null
  /** Null: the one that answers. */
  readonly node?: string | null
}

const notSetUp: Told = { state: 'not set up', since: null }
const notAsked: Told = { state: 'not asked', since: null }

function timesOf({ state, since, goodAt, badAt, cause, status }: Told) {
  const fails = state === 'fails'
  return {
    state,
    since: isoOrNull(since),
    goodAt: isoOrNull(goodAt ?? null),
    badAt: isoOrNull(badAt ?? null),
    cause: fails ? (cause ?? 'other') : null,
    status: fails ? (status ?? null) : null,
  }
}

function testView(test: LastTest | undefined): Connection['lastTest'] {
  if (test === undefined) return null
  const { at, by, outcome, cause, status, part, tookMs } = test
  return { at: iso(at), by, outcome, cause, status, part, tookMs }
}

/** Those that are asked now and then. */
async function asked(
  { connections: { settings, witness }, db, fiscal, provider }: ViewDeps,
  systems: SystemsWatch,
): Promise<Readonly<Record<Exclude<ConnectionId, 'trunk' | 'webhooks'>, Told>>> {
  const [documents, taxes, asterisk, redis, database, stamps, push] = await Promise.all([
    onRecord(standingOf([deliveryAnswers(db), testAnswers(db, 'documents')])),
    onRecord(standingOf([fiscal.heard, testAnswers(db, 'fiscal')])).then(
      (standing) => standing ?? standingOf([fiscal.heard]),
    ),
    standingOf([systems.asterisk]),
    standingOf([systems.redis]),
    standingOf([systems.database]),
    standingOf([witness.heard.stamps]),
    standingOf([witness.heard.push]),
  ])
  return {
    documents: settings.documents === null ? notSetUp : (documents ?? notAsked),
    fiscal: settings.fiscal === null ? notSetUp : taxes,
    asterisk,
    redis,
    database,
    'sign-in':
      provider === null
        ? notSetUp
        : provider.answers()
          ? { state: 'works', since: null }
          : { state: 'fails', since: null, cause: 'no connection' },
    'time-stamps': settings.timeStamps === null ? notSetUp : withEarlier(stamps, witness.counts.stampedAt),
    witness: settings.witness === null ? notSetUp : withEarlier(push, witness.counts.pushedAt),
  }
}

/** With the answer that an earlier process had, where this one has not asked yet. */
function withEarlier(standing: Standing, goodAt: Millis | null): Told {
  if (standing.state !== 'not asked' || goodAt === null)
    return { ...standing, goodAt: standing.goodAt ?? goodAt }
  return { state: 'works', since: null, goodAt }
}

type TrunkNow = Awaited<ReturnType<SharedTrunk['state']>>

function trunkTold({ connections: { settings }, readiness }: ViewDeps, trunk: TrunkNow): Told {
  if (!settings.trunk.isSet && !answersNow(trunk)) return notSetUp
  if (trunk === 'no owner') return { state: 'fails', since: null, cause: trunk }
  if (trunk === 'owner silent') return notAsked
  const { node } = trunk
  const { parts } = trunk.state
  if (parts.length === 0)
    return readiness().missing.includes('asterisk')
      ? { state: 'fails', since: null, cause: 'asterisk away', node }
      : { state: 'not asked', since: null, node }
  const registered = parts.find(({ name }) => name === registrationPart)
  if (registered !== undefined && registered.works !== true)
    return {
      state: 'fails',
      since: registered.since,
      cause: registered.refused ? 'registration refused' : 'not registered',
      node,
    }
  const hosts = parts.filter(({ name }) => name !== registrationPart)
  if (hosts.length > 0 && hosts.every(({ works }) => works === false))
    return { state: 'fails', since: Math.max(...sinces(hosts)), cause: 'no answer in time', node }
  const good = hosts.filter(({ works }) => works === true)
  if (good.length === 0 && registered === undefined) return { state: 'not asked', since: null, node }
  return {
    state: 'works',
    since: Math.max(registered?.since ?? 0, good.length === 0 ? 0 : Math.min(...sinces(good))),
    node,
  }
}

const sinces = (parts: readonly { readonly since: Millis }[]): readonly Millis[] =>
  parts.map(({ since }) => since)

function trunkSettings(
  { connections: { settings } }: ViewDeps,
  state: TrunkState | null,
  numbers: readonly string[],
): TrunkSettings {
  const inForce = state?.inForce ?? null
  const account = inForce?.account ?? null
  const registered = state?.parts.find(({ name }) => name === registrationPart)
  return {
    accepts: [...settings.trunk.hosts],
    hosts: (state?.parts ?? [])
      .filter(({ name }) => name !== registrationPart)
      .map(({ name, works, roundTripMs, since }) => ({ name, works, roundTripMs, since: iso(since) })),
    registration:
      account === null
        ? null
        : {
            ...account,
            state:
              registered?.works === true
                ? 'registered'
                : registered?.refused === true
                  ? 'refused'
                  : 'not registered',
            since: isoOrNull(registered?.since ?? null),
          },
    transport: inForce === null ? null : inForce.transport || 'udp',
    codecs: [...(inForce?.codecs ?? [])],
    keys: inForce?.keys ?? null,
    publicAddress: settings.trunk.publicAddress,
    numbers: [...numbers],
  }
}

interface WebhooksNow {
  readonly receivers: number
  readonly unsent: number
  readonly late: number
  readonly oldestAt: Millis | null
}

async function webhooksNow({ db, now, settings }: ViewDeps): Promise<WebhooksNow> {
  const [open, unsent] = await Promise.all([openReceivers(db), unsentByReceiver(db, now())])
  const counts = [...unsent.values()]
  const oldest = counts.map(({ oldestAt }) => oldestAt).filter((at) => at !== null)
  return {
    receivers: open.length + (settings.webhook === null ? 0 : 1),
    unsent: counts.reduce((sum, one) => sum + one.unsent, 0),
    late: counts.reduce((sum, one) => sum + one.late, 0),
    oldestAt: oldest.length === 0 ? null : Math.min(...oldest),
  }
}

function webhooksTold({ receivers, late, oldestAt }: WebhooksNow): Told {
  if (receivers === 0) return notSetUp
  return late > 0 ? { state: 'fails', since: oldestAt, cause: 'late' } : { state: 'works', since: null }
}

const termSettings = {
  audio: 'RETENTION_AUDIO_DAYS',
  details: 'RETENTION_DETAILS_DAYS',
  requests: 'RETENTION_REQUESTS_DAYS',
  logs: 'RETENTION_LOGS_DAYS',
} as const satisfies Record<RetentionTerm, string>

function retentionTold({ connections }: ViewDeps, runs: RetentionState | null): Connections['retention'] {
  const { deletes, ...days } = connections.settings.retention
  const due = connections.dueSoon()
  return {
    terms: retentionTerms.map((term) => ({
      term,
      days: days[term],
      setting: termSettings[term],
      dueInWeek: due?.counts[term] ?? null,
    })),
    deletes,
    countedAt: isoOrNull(due?.at ?? null),
    doneAt: isoOrNull(runs?.doneAt ?? null),
    failed: runs === null ? null : runs.bad !== null,
  }
}
