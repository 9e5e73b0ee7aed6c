/** A long steady load, with checks for growth and for missing records. */
import { setTimeout as delay } from 'node:timers/promises'
import { openPhones, signIn } from '../bench/load-generator/agents.ts'
import { keepCallers } from '../bench/load-generator/callers.ts'
import {
  missingRecordings,
  mostLacking,
  auditRecordings,
  type LackingRecording,
  type RecordingAudit,
} from '../bench/measures/recordings.ts'
import type { SippRun } from '../bench/load-generator/sipp.ts'
import { CallMonitor } from '../bench/load-generator/call-monitor.ts'
import { until } from '../../test/support/until.ts'
import { leftOver } from '../chaos/checks.ts'
import { sampleOf, type Sample } from './resource-sample.ts'
import type { SystemUnderTest } from '../chaos/testbed.ts'

export interface SoakOptions {
  readonly perSecond: number
  readonly talkMs: number
  readonly seconds: number
  readonly sampleEveryMs: number
  /** Interval of new registrations, each from another port; a registration is valid for at most an hour. */
  readonly movesEveryMs: number
  readonly tell?: (sample: Sample) => void
}

export interface Soak {
  /** Callers that the load has, and the agents who serve them. */
  readonly due: number
  readonly agents: number
  readonly called: number
  readonly served: number
  /** SIPp errors of callers and phones. */
  readonly complaints: number
  /** SIPp's message. */
  readonly firstComplaint: string | null
  /** Offers that were withdrawn as their phone answered. */
  readonly withdrawn: number
  /** Calls without a row, or with an outcome other than answered. */
  readonly missedRecords: number
  readonly sound: RecordingAudit
  readonly mostLacking: readonly LackingRecording[]
  /** Number of new registrations of the phones. */
  readonly moves: number
  /** Leftovers as sentences. */
  readonly left: readonly string[]
  /** Samples before, during and after the load. */
  readonly before: Sample
  readonly samples: readonly Sample[]
  readonly after: Sample
}

const servedWithinMs = 120_000
const writtenWithinMs = 300_000
const overWithinMs = 30_000
/** Longer than the half minute after which idle database connections are closed. */
const baselineWithinMs = 60_000
/** Tolerated additional files: a log, a connection being opened. */
const filesMore = 10
const keysMore = 3
/** Two servers, Redis, PostgreSQL, Asterisk. */
const partsMin = 5
/** A machine that stalls for seconds makes single phones answer too late; their callers are offered to the next. */
const withdrawnMax = (called: number): number => Math.max(3, called / 1_000)

export async function runSoak(system: SystemUnderTest, options: SoakOptions): Promise<Soak> {
  const { linia } = system
  const accounts = system.agents.map((agent) => linia.account(agent))
  const monitor = new CallMonitor()
  const phones = await keepPhones(
    () => openPhones(linia.sip, accounts, monitor.onPhoneEvent, monitor.onPhoneComplaint),
    options,
  )
  await signIn(linia.url, accounts)
  await system.settled()
  const before = await sampleOf(system, 0)
  const began = performance.now()
  const calls = options.perSecond * options.seconds
  const callers = await keepCallers(
    {
      server: linia.sip,
      host: linia.trunk,
      number: '969',
      onEvent: monitor.onCallerEvent,
      onComplaint: monitor.onComplaint,
    },
    calls,
    options.talkMs,
    options.perSecond,
    calls,
  )
  const over = new AbortController()
  void callers.done.then(() => over.abort())
  const samples: Sample[] = []
  try {
    while (!over.signal.aborted && performance.now() - began < options.seconds * 1_000 + servedWithinMs) {
      await Promise.race([delay(options.sampleEveryMs), callers.done])
      const sample = await sampleOf(system, performance.now() - began)
      samples.push(sample)
      options.tell?.(sample)
    }
  } finally {
    // Also after a failed sample: the system cannot be stopped cleanly while calls keep coming.
    await callers.stop()
  }
  // Recordings are encoded one after the other and may lag behind the load.
  const giveUpAt = performance.now() + writtenWithinMs + options.seconds * 500
  while (!(await written(system, monitor.called)) && performance.now() < giveUpAt) {
    await delay(options.sampleEveryMs)
    options.tell?.(await sampleOf(system, performance.now() - began))
  }
  await until(() => isBackToBaseline(system, before), baselineWithinMs).catch(() => undefined)
  const after = await sampleOf(system, performance.now() - began)
  const left = await leftOver(system)
  await phones.stop()
  return {
    due: calls,
    agents: accounts.length,
    called: monitor.called,
    served: monitor.served,
    complaints: monitor.complaints + monitor.phoneComplaints,
    firstComplaint: monitor.firstComplaint,
    withdrawn: monitor.withdrawn,
    missedRecords: monitor.called - (await answeredRows(system)),
    sound: await soundOfAll(system),
    mostLacking: await mostLacking(system.db, 0, Date.now()),
    moves: phones.moves(),
    left,
    before,
    samples,
    after,
  }
}

interface KeptPhones {
  moves(): number
  /** @throws {Error} when a new registration failed. */
  stop(): Promise<void>
}

async function keepPhones(
  open: () => Promise<SippRun>,
  { movesEveryMs, talkMs }: SoakOptions,
): Promise<KeptPhones> {
  const over = new AbortController()
  const { signal } = over
  let phones = await open()
  let moves = 0
  const move = async (): Promise<void> => {
    for (;;) {
      await delay(movesEveryMs, undefined, { signal })
      const left = phones
      phones = await open()
      moves += 1
      // The old phones get no new calls; their conversations end within twice the talk time.
      await delay(2 * talkMs, undefined, { signal }).catch(() => undefined)
      left.windDown()
      await Promise.race([left.done, delay(overWithinMs, undefined, { signal }).catch(() => undefined)])
      await left.stop()
    }
  }
  const moving = move().catch((error: unknown) => (signal.aborted ? null : error))
  return {
    moves: () => moves,
    async stop() {
      over.abort()
      const trouble = await moving
      await phones.stop()
      if (trouble !== null) throw new Error('the phones could not register anew', { cause: trouble })
    },
  }
}

async function written(system: SystemUnderTest, called: number): Promise<boolean> {
  return (await answeredRows(system)) >= called && (await soundOfAll(system)).withoutRecording === 0
}

const soundOfAll = ({ db }: SystemUnderTest): Promise<RecordingAudit> => auditRecordings(db, 0, Date.now())

async function answeredRows({ db }: SystemUnderTest): Promise<number> {
  const { rows } = await db
    .selectFrom('calls')
    .select((select) => select.fn.countAll<number>().as('rows'))
    .where('outcome', '=', 'answered')
    .executeTakeFirstOrThrow()
  return rows
}

async function isBackToBaseline(system: SystemUnderTest, before: Sample): Promise<boolean> {
  await delay(500)
  return grownSince(before, await sampleOf(system, 0)).length === 0
}

/** Failed checks of a soak test of any length, as sentences. */
export function brokenBy(soak: Soak): string[] {
  const broken = [
    ...grownSince(soak.before, soak.after),
    ...restartedSince(soak.before, [...soak.samples, soak.after]),
    ...soak.left,
    ...missingRecordings(soak.sound),
    ...unmeasuredIn(soak),
  ]
  if (soak.missedRecords > 0) broken.push(`${soak.missedRecords} calls are not recorded as answered`)
  if (soak.complaints > 0)
    broken.push(`SIPp reported ${soak.complaints} errors, first: ${soak.firstComplaint ?? ''}`)
  if (soak.withdrawn > withdrawnMax(soak.called))
    broken.push(`${soak.withdrawn} offers were withdrawn as their phone answered`)
  if (soak.served < soak.called) broken.push(`${soak.called - soak.served} callers were not served`)
  if (soak.moves === 0) broken.push('the phones never registered anew')
  return broken
}

/** Sentences about checks that would pass because there was nothing to check. */
function unmeasuredIn({ due, agents, called, sound, before }: Soak): readonly string[] {
  const sampled = Object.keys(before.pids).length
  return [
    ...(called === due ? [] : [`${called} of ${due} callers called`]),
    ...(sound.conversations >= called
      ? []
      : [`${sound.conversations} of ${called} conversations are on record`]),
    ...(sampled >= partsMin ? [] : [`only ${sampled} parts were sampled`]),
    ...(before.states === agents
      ? []
      : [`the ACD held ${before.states} states before the load, not ${agents} agents`]),
  ]
}

/** Sentences about parts whose process ended during the soak test. */
function restartedSince(before: Sample, later: readonly Sample[]): readonly string[] {
  return Object.entries(before.pids).flatMap(([part, pid]) => {
    const other = later.find(({ pids }) => pids[part] !== pid)
    if (other === undefined) return []
    const seconds = (other.atMs / 1000).toFixed(0)
    return [`${part} had ended, and may have been restarted, by the sample at ${seconds} s`]
  })
}

/** Sentences about files, keys, effects and jobs that were not there before the load. */
function grownSince(before: Sample, after: Sample): readonly string[] {
  const grown = Object.entries(after.files)
    .filter(([part, files]) => files > (before.files[part] ?? 0) + filesMore)
    .map(([part, files]) => `${part} has ${files} open files, before the load ${before.files[part] ?? 0}`)
  const inRedis = { keys: 'keys', versions: 'versions of the ACD', states: 'states of the ACD' } as const
  for (const [what, name] of Object.entries(inRedis) as [keyof typeof inRedis, string][])
    if (after[what] > before[what] + keysMore)
      grown.push(`Redis has ${after[what]} ${name}, before the load ${before[what]}`)
  if (after.effects > 0) grown.push(`${after.effects} effects are left`)
  if (after.jobs > 0) grown.push(`${after.jobs} jobs are left`)
  return grown
}
