/** A steady load for long: does anything grow that should not, is anything missing at the end? */
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
  /** The phones register anew this often, each time from another address; Asterisk keeps one for an hour at most. */
  readonly movesEveryMs: number
  readonly tell?: (sample: Sample) => void
}

export interface Soak {
  readonly called: number
  readonly served: number
  /** Calls that SIPp found something wrong with, callers' and phones'. */
  readonly complaints: number
  /** In SIPp's own words. */
  readonly firstComplaint: string | null
  /** Calls without a row, or with another outcome than answered. */
  readonly missedRecords: number
  readonly sound: RecordingAudit
  readonly mostLacking: readonly LackingRecording[]
  /** How often the phones registered anew. */
  readonly moves: number
  /** What should be gone by the end, in sentences. */
  readonly left: readonly string[]
  /** Before the load, during it, and when all of it was over. */
  readonly before: Sample
  readonly samples: readonly Sample[]
  readonly after: Sample
}

const servedWithinMs = 120_000
const writtenWithinMs = 300_000
const overWithinMs = 30_000
/** Connections to the database that nobody needs are closed after half a minute. */
const calmWithinMs = 60_000
/** So many more open files than before are no growth: a log, a connection in the making. */
const filesMore = 10
const keysMore = 3

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
    // Also when the machine is too full to be looked at: nothing could be ended under calls that go on coming.
    await callers.stop()
  }
  // Recordings are encoded one after the other, and may be behind by then.
  const giveUpAt = performance.now() + writtenWithinMs + options.seconds * 500
  while (!(await written(system, monitor.called)) && performance.now() < giveUpAt) {
    await delay(options.sampleEveryMs)
    options.tell?.(await sampleOf(system, performance.now() - began))
  }
  await until(() => isCalm(system, before), calmWithinMs).catch(() => undefined)
  const after = await sampleOf(system, performance.now() - began)
  const left = await leftOver(system)
  await phones.stop()
  return {
    called: monitor.called,
    served: monitor.served,
    complaints: monitor.complaints + monitor.phoneComplaints,
    firstComplaint: monitor.firstComplaint,
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
  /** @throws {Error} when they could not register anew. */
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
      // Nobody is sent there any more; who talks there ends his call, later than he would on a full machine.
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

async function isCalm(system: SystemUnderTest, before: Sample): Promise<boolean> {
  await delay(500)
  return grownSince(before, await sampleOf(system, 0)).length === 0
}

/** Everything that must hold after a soak of any length, in sentences about what does not. */
export function brokenBy(soak: Soak): string[] {
  const broken = [
    ...grownSince(soak.before, soak.after),
    ...restartedSince(soak.before, [...soak.samples, soak.after]),
    ...soak.left,
    ...missingRecordings(soak.sound),
  ]
  if (soak.missedRecords > 0) broken.push(`${soak.missedRecords} calls have no record as answered`)
  if (soak.complaints > 0)
    broken.push(`SIPp complained ${soak.complaints} times, first: ${soak.firstComplaint ?? ''}`)
  if (soak.served < soak.called) broken.push(`${soak.called - soak.served} callers were not served`)
  if (soak.moves === 0) broken.push('the phones never registered anew')
  return broken
}

/** Parts that have ended meanwhile, and may have been started again by their supervisor. */
function restartedSince(before: Sample, later: readonly Sample[]): readonly string[] {
  return Object.entries(before.pids).flatMap(([part, pid]) => {
    const other = later.find(({ pids }) => pids[part] !== pid)
    if (other === undefined) return []
    const seconds = (other.atMs / 1000).toFixed(0)
    return [`${part} had ended when it was looked at after ${seconds} s, whether or not it was started again`]
  })
}

/** Sentences about files and keys that were not there before the load. */
function grownSince(before: Sample, after: Sample): readonly string[] {
  const grown = Object.entries(after.files)
    .filter(([part, files]) => files > (before.files[part] ?? 0) + filesMore)
    .map(([part, files]) => `${part} has ${files} open files, before the load ${before.files[part] ?? 0}`)
  const inRedis = { keys: 'keys', versions: 'versions of the line', states: 'states of the line' } as const
  for (const [what, name] of Object.entries(inRedis) as [keyof typeof inRedis, string][])
    if (after[what] > before[what] + keysMore)
      grown.push(`Redis has ${after[what]} ${name}, before the load ${before[what]}`)
  if (after.effects > 0) grown.push(`${after.effects} effects are left over`)
  if (after.jobs > 0) grown.push(`${after.jobs} jobs are left over`)
  return grown
}
