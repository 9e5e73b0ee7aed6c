/** Which faults there are, and playing some of them: all that one Linia can suffer on the same one. */
import type { Database } from '../../src/ledger/database.ts'
import type { Say } from '../../src/stack/screen.ts'
import { browserFaults, runBrowserRound, type BrowserFault } from './browser-round.ts'
import { missingSound, soundOfCalls, type Sound } from '../bench/recordings.ts'
import { until } from '../support/until.ts'
import { Ends } from './ends.ts'
import { faults, type Fault, type Special } from './faults.ts'
import { runRound, type Row, type Sizes } from './round.ts'
import { openStage, type Stage } from './stage.ts'

export type AnyFault = Fault | BrowserFault

/** Asterisk's own death comes last, and the standby needs a Linia of its own. */
export const everyFault: readonly AnyFault[] = [
  ...faults.filter(({ callsFall }) => callsFall !== true),
  ...browserFaults,
  ...faults.filter(({ callsFall }) => callsFall === true),
]

export interface Played {
  readonly rows: Row[]
  /** Sentences: what cannot be done here, and what could not be carried through. */
  readonly skipped: string[]
  readonly failed: string[]
}

const specials: readonly Special[] = [
  'an agent at another computer',
  'clocks that can be set',
  'a third node',
  'a standby Asterisk',
]

/** A job that Redis has forgotten is found again by the sweep: of calls that are over for two minutes, each minute. */
const recordedWithinMs = 240_000

const isOfBrowser = (fault: AnyFault): fault is BrowserFault => !('lastsMs' in fault)
const needsOf = (fault: AnyFault): Special | null => fault.needs ?? null

/** @throws with the names that there are. */
export function faultNamed(name: string): AnyFault {
  const found = everyFault.find((fault) => fault.name === name)
  if (found !== undefined) return found
  throw new Error(`there is no fault ${name}; there are ${everyFault.map((fault) => fault.name).join(', ')}`)
}

export async function play(chosen: readonly AnyFault[], sizes: Sizes, tell: Say): Promise<Played> {
  const played: Played = { rows: [], skipped: [], failed: [] }
  for (const needs of [null, ...specials]) {
    const some = chosen.filter((fault) => needsOf(fault) === needs)
    // A Linia on which a fault was not carried through is in nobody knows what state.
    while (some.length > 0) await playOnOne(some, sizes, { needs, played, tell })
  }
  return played
}

async function playOnOne(
  left: AnyFault[],
  sizes: Sizes,
  { needs, played, tell }: { needs: Special | null; played: Played; tell: Say },
): Promise<void> {
  const ends = new Ends()
  try {
    tell(`Starting a Linia with two nodes${needs === null ? '' : ` and ${needs}`} …`)
    const stage = await openStage(ends, {
      nodes: needs === 'a third node' ? 3 : 2,
      agents: sizes.talking,
      spare: 1,
      disk: true,
      clocks: needs === 'clocks that can be set',
      computer: needs === 'an agent at another computer',
      overrides: needs === 'a standby Asterisk' ? { STANDBY_PBX: '1' } : {},
    })
    const rows: Row[] = []
    for (let fault = left.shift(); fault !== undefined; fault = left.shift()) {
      if (!(await playOne(fault, stage, sizes, { ends, rows, played, tell }))) break
    }
    await judgeSound(stage, rows, { played, tell }).catch((error: unknown) => {
      played.failed.push(`the recordings were not looked at: ${String(error)}`)
      played.rows.push(...rows)
    })
  } finally {
    await ends.end()
  }
}

/** When all faults are over: a job that Redis has forgotten comes late. */
async function judgeSound(
  { db }: Stage,
  rows: readonly Row[],
  { played, tell }: { played: Played; tell: Say },
): Promise<void> {
  const all = () => soundOfCalls(db, 0, Date.now())
  await until(async () => (await all()).withoutRecording === 0, recordedWithinMs).catch(() => undefined)
  const judged = await Promise.all(rows.map(async (row) => withSound(row, await soundOf(db, row))))
  for (const [index, { fault, broken }] of judged.entries())
    for (const sentence of broken.slice(rows[index]?.broken.length)) tell(`${fault}: BROKEN: ${sentence}`)
  played.rows.push(...judged)
}

const soundOf = (db: Database, { span }: Row): Promise<Sound> =>
  soundOfCalls(db, span.from, span.to, span.apartMs)

const losers = new Set(faults.filter(({ mayLoseSound }) => mayLoseSound === true).map(({ name }) => name))

/** What a fault may lose is on record all the same. */
function withSound(row: Row, sound: Sound): Row {
  const counted = losers.has(row.fault) ? { ...sound, lost: 0, tooShort: 0 } : sound
  return { ...row, sound, broken: [...row.broken, ...missingSound(counted)] }
}

/** False when it could not be carried through. */
async function playOne(
  fault: AnyFault,
  stage: Stage,
  sizes: Sizes,
  { ends, rows, played, tell }: { ends: Ends; rows: Row[]; played: Played; tell: Say },
): Promise<boolean> {
  const why = fault.skipped?.(stage) ?? null
  if (why !== null) {
    played.skipped.push(`${fault.name} is left out: ${why}`)
    return true
  }
  tell(`${fault.name}: ${fault.what} …`)
  try {
    const row = isOfBrowser(fault)
      ? await runBrowserRound(ends, stage, fault, sizes)
      : await runRound(stage, fault, sizes)
    rows.push(row)
    for (const sentence of row.broken) tell(`  BROKEN: ${sentence}`)
    tell(`  ${(row.tookMs / 1000).toFixed(0)} s`)
    return true
  } catch (error) {
    const sentence = `${fault.name} was not carried through: ${String(error)}`
    played.failed.push(sentence)
    tell(`  ${sentence}`)
    return false
  }
}
