/** The figures for Prometheus that the parts of the server keep themselves. */
import type { OwnershipLoop } from './acd/ownership-loop.ts'
import { systemClock } from './clock.ts'
import type { OpenFiscal } from './fiscal/postgres.ts'
import type { JournalKeeper } from './jobs/journal/keeper.ts'
import type { Witness } from './jobs/journal/witness.ts'
import type { RetentionJob } from './jobs/retention/retention.ts'
import type { Jobs } from './jobs/worker.ts'
import type { Spool } from './ledger/calls/spool.ts'
import type { Writer } from './ledger/calls/writer.ts'
import { readCounter, readGauge, readLabelled, type Metrics } from './metrics.ts'
import type { WiredOwnership } from './ownership.ts'
import { newerIsKnown, readUpkeep, upkeepAges } from './upkeep.ts'

/** The parts that keep figures. */
interface Parts {
  readonly spool: Spool
  readonly writer: Writer
  readonly jobs: Jobs
  readonly journal: JournalKeeper
  readonly witness: Witness
  readonly ownership: OwnershipLoop<WiredOwnership>
  readonly fiscal: OpenFiscal
}

export function exposeFigures(metrics: Metrics, parts: Parts): void {
  const { spool, writer, jobs, journal, witness, ownership, fiscal } = parts
  const webhooks = () => jobs.webhooks?.undelivered ?? { unsent: 0, late: 0 }
  const undelivered = () => jobs.documents?.undelivered ?? { unsent: 0, late: 0, givenUp: 0 }
  // All of these should stay at 0, except the first two and the last.
  for (const [name, help, read] of [
    ['linia_spool_events', 'Events not yet acknowledged by the ledger', () => spool.outstanding],
    ['linia_recordings_kept_total', 'Recordings finished by this process', () => jobs.counts.recordings.kept],
    [
      'linia_spool_refused_total',
      'Events that could not be written to the spool on disk',
      () => spool.refused,
    ],
    [
      'linia_ledger_conflicts_total',
      'Events whose key is in the ledger with different content',
      () => writer.counts.conflicts,
    ],
    ['linia_ledger_refused_total', 'Events refused by the ledger', () => writer.counts.refused],
    ['linia_recordings_lost_total', 'Conversations without audio', () => jobs.counts.recordings.lost],
    [
      'linia_documents_unsent',
      'Messages not yet delivered to the document system',
      () => undelivered().unsent,
    ],
    [
      'linia_documents_late',
      'Messages to the document system that are over two hours late',
      () => undelivered().late,
    ],
    [
      'linia_documents_given_up',
      'Messages to the document system given up after a week',
      () => undelivered().givenUp,
    ],
    ['linia_webhooks_unsent', 'Webhooks not yet delivered', () => webhooks().unsent],
    ['linia_webhooks_late', 'Webhooks that are over ten minutes late', () => webhooks().late],
    [
      'linia_webhooks_given_up_total',
      'Webhooks given up after a week by this process',
      () => jobs.webhooks?.counts.gaveUp ?? 0,
    ],
    ['linia_recordings_given_up_total', 'Recording jobs that gave up', () => jobs.counts.recordings.gaveUp],
    [
      'linia_journal_bad',
      '1: the journal differs from what was anchored, or is not checked',
      () => journal.counts.bad,
    ],
    [
      'linia_journal_check_age_seconds',
      'Time since a check found the journal intact; +Inf: never',
      () => (journal.goodCheckAgeMs() ?? Infinity) / 1_000,
    ],
    ['linia_journal_failures_total', 'Failed attempts to anchor the journal', () => journal.counts.failures],
    [
      'linia_journal_witness_failures_total',
      'Failed attempts to have the journal’s head stamped or to send it',
      () => witness.counts.failures,
    ],
    [
      'linia_fiscal_unanswered_total',
      'Queries that the fiscal database did not answer',
      () => fiscal.unanswered(),
    ],
    [
      'linia_sip_blocked_addresses',
      'Addresses blocked for guessing SIP passwords',
      () => ownership.current.pbx.blocked().length,
    ],
    [
      'linia_unknown_frames_total',
      'Messages from Asterisk that could not be decoded',
      () => ownership.current.pbx.unknownFrames,
    ],
    [
      'linia_unreadable_channels_total',
      'Channels that Asterisk could not describe, which were hung up',
      () => ownership.current.pbx.unreadableChannels,
    ],
    ['linia_owner', '1: this node owns the Asterisk', () => (ownership.current.isOwner() ? 1 : 0)],
  ] as const) {
    const expose = name.endsWith('_total') ? readCounter : readGauge
    expose(metrics, name, help, read)
  }
  const witnessed = [
    'linia_journal_witness_timestamp_seconds',
    'When the journal’s head was last stamped, or sent, outside',
    'kind',
  ] as const
  readLabelled(metrics, 'gauge', witnessed, () => witness.figures())
  const refused = ['linia_sip_refused_total', 'Refused SIP requests, by Asterisk’s reason', 'kind'] as const
  readLabelled(metrics, 'counter', refused, () => ownership.current.pbx.refusals())
  const trunk = ['linia_trunk_up', '1: the trunk works, as the owner sees it', 'part'] as const
  readLabelled(metrics, 'gauge', trunk, () => ownership.current.pbx.trunk.figures())
}

export function exposeUpkeep(metrics: Metrics, folder: string, retention: RetentionJob): void {
  const age = ['linia_upkeep_age_seconds', 'Time since it was last fetched or made', 'of'] as const
  readLabelled(metrics, 'gauge', age, () => {
    const doneAt = retention.state?.doneAt ?? null
    const ages = upkeepAges(folder, systemClock.now())
    return doneAt === null ? ages : new Map([...ages, ['retention', (systemClock.now() - doneAt) / 1_000]])
  })
  const bad = ['linia_upkeep_bad', '1: the last run was refused, or could not end everything', 'of'] as const
  readLabelled(metrics, 'gauge', bad, () => {
    const whys = { retention: retention.state?.bad ?? null, logs: readUpkeep(folder, 'logs')?.bad ?? null }
    return new Map(Object.entries(whys).map(([of, why]) => [of, why === null ? 0 : 1]))
  })
  readGauge(metrics, 'linia_asterisk_outdated', '1: a newer Asterisk is known (linia update)', () => {
    const asterisk = readUpkeep(folder, 'asterisk')
    return asterisk !== null && newerIsKnown(asterisk) ? 1 : 0
  })
}
