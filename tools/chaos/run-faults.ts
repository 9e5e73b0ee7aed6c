/** Runs faults: those with the same requirements on one Linia, one after the other. */
import type { Database } from '../../src/ledger/database.ts'
import type { Say } from '../../src/stack/terminal.ts'
import { browserFaults, runBrowserRound, type BrowserFault } from './browser-round.ts'
import { missingRecordings, auditRecordings, type RecordingAudit } from '../bench/measures/recordings.ts'
import type { Pace } from '../../test/support/pace/pace.ts'
import { until } from '../../test/support/until.ts'
import { Teardowns } from './teardowns.ts'
import { faults, type Fault, type Special } from './faults.ts'
import { olderStart, whyNoOlderRelease } from './older-release.ts'
import { runRound, type Row, type Sizes } from './fault-round.ts'
import { openTestbed, type Testbed } from './testbed.ts'

export type AnyFault = Fault | BrowserFault

/** Faults that kill Asterisk come last; the one with a standby needs a separate Linia. */
export const everyFault: readonly AnyFault[] = [
  ...faults.filter(({ callsFall }) => callsFall !== true),
  ...browserFaults,
  ...faults.filter(({ callsFall }) => callsFall === true),
]

export interface FaultResults {
  readonly rows: Row[]
  /** Sentences: faults skipped on this machine, and faults that could not be carried out. */
  readonly skipped: string[]
  readonly failed: string[]
}

const specials: readonly Special[] = [
  'an agent at another computer',
  'clocks that can be set',
  'a third node',
  'an older release',
  'a standby Asterisk',
]

/** A job lost with Redis is recreated by the sweep, which runs each minute for calls that ended two minutes ago. */
const recordedWithinMs = 240_000

const isOfBrowser = (fault: AnyFault): fault is BrowserFault => !('lastsMs' in fault)
const needsOf = (fault: AnyFault): Special | null => fault.needs ?? null

/** @throws with the list of names when there is no such fault. */
export function faultNamed(name: string): AnyFault {
  const found = everyFault.find((fault) => fault.name === name)
  if (found !== undefined) return found
  throw new Error(
    `there is no fault ${name}; the faults are ${everyFault.map((fault) => fault.name).join(', ')}`,
  )
}

/** `keep` receives the results after every fault, so that an aborted run loses nothing. */
export async function runFaults(
  chosen: readonly AnyFault[],
  sizes: Sizes,
  { tell, keep, pace }: Pick<RunContext, 'tell' | 'keep' | 'pace'>,
): Promise<FaultResults> {
  const played: FaultResults = { rows: [], skipped: [], failed: [] }
  for (const needs of [null, ...specials]) {
    const some = chosen.filter((fault) => needsOf(fault) === needs)
    const why = needs === 'an older release' && some.length > 0 ? whyNoOlderRelease() : null
    if (why !== null) for (const { name } of some.splice(0)) played.skipped.push(`${name} is skipped: ${why}`)
    // After an incomplete fault the state of this Linia is unknown: the rest runs on a new one.
    while (some.length > 0) await runOnOneSystem(some, sizes, { needs, played, tell, keep, pace })
    await keep(played)
  }
  return played
}

interface RunContext {
  readonly needs: Special | null
  readonly played: FaultResults
  readonly tell: Say
  readonly pace: Pace | null
  readonly keep: (played: FaultResults) => Promise<void>
}

async function runOnOneSystem(left: AnyFault[], sizes: Sizes, context: RunContext): Promise<void> {
  const { needs, played, tell, keep, pace } = context
  const teardowns = new Teardowns()
  const first = played.rows.length
  try {
    tell(`Starting a Linia with two nodes${needs === null ? '' : ` and ${needs}`} …`)
    const testbed = await openFor(needs, sizes, { teardowns, pace }).catch((error: unknown) => {
      // The faults of the other groups can still run.
      const names = left.splice(0).map((fault) => fault.name)
      reportFailure(`no Linia for ${names.join(', ')}: ${String(error)}`, context)
      return null
    })
    if (testbed === null) return
    for (let fault = left.shift(); fault !== undefined; fault = left.shift()) {
      const carried = await runOne(fault, testbed, sizes, { teardowns, ...context })
      await keep(played)
      if (!carried) break
    }
    await auditRounds(testbed, played.rows.slice(first), context)
      .then((judged) => played.rows.splice(first, judged.length, ...judged))
      .catch((error: unknown) => reportFailure(`the recordings were not checked: ${String(error)}`, context))
  } finally {
    await teardowns
      .end()
      .catch((error: unknown) => reportFailure(`not everything was taken down: ${String(error)}`, context))
  }
}

const openFor = async (
  needs: Special | null,
  sizes: Sizes,
  { teardowns, pace }: { teardowns: Teardowns; pace: Pace | null },
): Promise<Testbed> =>
  openTestbed(teardowns, {
    pace,
    nodes: needs === 'a third node' ? 3 : 2,
    agents: sizes.talking,
    spare: 1,
    disk: true,
    clocks: needs === 'clocks that can be set',
    computer: needs === 'an agent at another computer',
    overrides: needs === 'a standby Asterisk' ? { STANDBY_PBX: '1' } : {},
    ...(needs === 'an older release' ? { start: await olderStart(teardowns) } : {}),
  })

function reportFailure(sentence: string, { played, tell }: Pick<RunContext, 'played' | 'tell'>): void {
  played.failed.push(sentence)
  tell(`  ${sentence}`)
}

/** Runs after all faults, because a job lost with Redis is recreated late. */
async function auditRounds(
  { db }: Testbed,
  rows: readonly Row[],
  { tell }: Pick<RunContext, 'tell'>,
): Promise<readonly Row[]> {
  const all = () => auditRecordings(db, 0, Date.now())
  await until(async () => (await all()).withoutRecording === 0, recordedWithinMs).catch(() => undefined)
  const judged = await Promise.all(rows.map(async (row) => withSound(row, await soundOf(db, row))))
  for (const [index, { fault, broken }] of judged.entries())
    for (const sentence of broken.slice(rows[index]?.broken.length)) tell(`${fault}: BROKEN: ${sentence}`)
  return judged
}

const soundOf = (db: Database, { span }: Row): Promise<RecordingAudit> =>
  auditRecordings(db, span.from, span.to, span.apartMs)

const faultsThatMayLoseSound = new Set(
  faults.filter(({ mayLoseSound }) => mayLoseSound === true).map(({ name }) => name),
)

/** Adds the audit; a permitted loss does not count as a failure. */
function withSound(row: Row, sound: RecordingAudit): Row {
  const counted = faultsThatMayLoseSound.has(row.fault) ? { ...sound, lost: 0, tooShort: 0 } : sound
  return { ...row, sound, broken: [...row.broken, ...missingRecordings(counted)] }
}

/** False when the fault could not be carried out. */
async function runOne(
  fault: AnyFault,
  testbed: Testbed,
  sizes: Sizes,
  { teardowns, played, tell }: Pick<RunContext, 'played' | 'tell'> & { teardowns: Teardowns },
): Promise<boolean> {
  const why = fault.skipped?.(testbed) ?? null
  if (why !== null) {
    played.skipped.push(`${fault.name} is skipped: ${why}`)
    return true
  }
  tell(`${fault.name}: ${fault.what} …`)
  try {
    const row = isOfBrowser(fault)
      ? await runBrowserRound(teardowns, testbed, fault, sizes)
      : await runRound(testbed, fault, sizes)
    played.rows.push(row)
    for (const sentence of row.broken) tell(`  BROKEN: ${sentence}`)
    tell(`  ${(row.tookMs / 1000).toFixed(0)} s`)
    return true
  } catch (error) {
    reportFailure(`${fault.name} could not be carried out: ${String(error)}`, { played, tell })
    return false
  }
}
