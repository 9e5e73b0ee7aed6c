/** One fault: the line is filled, the fault strikes, the house is looked at, everybody is served, the books are compared. */
import { setTimeout as delay } from 'node:timers/promises'
import type { RecordingAudit } from '../bench/measures/recordings.ts'
import { until } from '../../test/support/until.ts'
import { compareWithLedger, leftOver, outOfOrder, type LedgerComparison } from './checks.ts'
import { callerGapMs, hasTalked, isTalking, type Caller } from './traffic.ts'
import { brokenReadiness, watchReadiness, type NotReadyPeriod } from './readiness-watch.ts'
import type { Fault } from './faults.ts'
import { keysLeft, keysOf } from '../soak/resource-sample.ts'
import type { Testbed } from './testbed.ts'

export interface Sizes {
  readonly talking: number
  readonly waiting: number
}

export interface Row {
  readonly fault: string
  readonly what: string
  readonly talking: number
  readonly waiting: number
  readonly lostTalking: number
  readonly lostWaiting: number
  /** Asterisk died under them. */
  readonly fell: number
  readonly outOfOrder: number
  /** From the strike until the next caller in line rang at an agent, and until the front was ready again. */
  readonly backMs: number | null
  readonly readyMs: number
  readonly notReady: readonly NotReadyPeriod[]
  /** The longest that anybody who called after the strike waited for a sound; null: nobody called, or one heard none. */
  readonly firstSoundMs: number | null
  /** The longest gap before the strike, when nothing was the matter: what the machine itself does; null: not measured. */
  readonly quietGapMs: number | null
  /** The longest gap that anybody who talked heard, beyond the time of a packet; null: all have fallen. */
  readonly gapMs: number | null
  /** When it ended (wall clock): to be found in other records of that moment. */
  readonly gapAt: number | null
  /** The same in the music of those who waited. */
  readonly musicGapMs: number | null
  /** The longest gap in a voice that a slow machine had a part in, with that part; null: its pace is not known. */
  readonly slowGapMs: number | null
  /** Who waited, and heard nothing: just before the strike, or when everything was mended. */
  readonly withoutMusic: number
  readonly ledger: LedgerComparison
  readonly left: readonly string[]
  /** Sentences; empty when every promise was kept. */
  readonly broken: readonly string[]
  readonly tookMs: number
  /** Its calls came between these two moments, by the wall clock; `apartMs` as in `auditRecordings`. */
  readonly span: { readonly from: number; readonly to: number; readonly apartMs: number }
  /** What became of what was said: known when all rounds are over. */
  readonly sound: RecordingAudit | null
}

const gapMaxMs = 20
/** Who waits takes a longer silence for the end of his call; nothing that dies may be heard in the music. */
const silentMaxMs = 1_000
/** Whatever has happened to the server. */
const firstSoundMaxMs = 4_000
/** Of one kind, to be read; all of them are in the file. */
const sentencesMax = 3
const fillWithinMs = 60_000
const backBoundMs = 60_000
export const quietMs = 2_000
const serveMs = 700
const tellAgainMs = 2_000
const drainWithinMs = 90_000
/** After everything is back: what comes late is heard, too. */
const afterwardsMs = 1_500
/** What only Asterisk has seen is imported half a minute after it has ended. */
const bookedWithinMs = 75_000

export async function runRound(testbed: Testbed, fault: Fault, sizes: Sizes): Promise<Row> {
  const began = performance.now()
  const from = Date.now()
  const { traffic, media } = testbed
  const owner = await testbed.settled()
  const keysBefore = await keysOf(testbed)
  await fill(testbed, sizes)
  await fault.prepare?.(testbed)
  const talking = traffic.talking()
  const waiting = traffic.waiting()
  await media.begin()
  await delay(quietMs)
  const quiet = await soundOf(testbed, talking, waiting)
  await media.begin()

  await using readiness = watchReadiness(testbed)
  const beganAt = Date.now()
  const mend = await fault.strike(testbed, owner)
  const struckAt = fault.strikesLate === true ? Date.now() : beganAt
  if (fault.callsFall === true) for (const caller of traffic.callers) caller.fell = true
  const newcomers = fault.callsFall === true ? [] : await generateActivity(testbed, talking, waiting)
  const mended = delay(Math.max(0, struckAt + fault.lastsMs - Date.now())).then(() => mend?.())
  // Waited for below, when other things have been seen.
  mended.catch(() => undefined)
  if (fault.callsFall === true) await callUntilServed(testbed, struckAt)
  const backMs = await firstRing(testbed, struckAt)
  await mended
  await testbed.settled()
  await delay(afterwardsMs)
  const notReady = await readiness.stop()
  const readyMs = notReady[0]?.to ?? 0

  const heard = await soundOf(testbed, talking, waiting)
  const firstSoundMs = await firstSound(testbed, struckAt)
  const lostTalking =
    fault.callsFall === true ? 0 : talking.filter((caller) => isLost(caller)).length + heard.unheard
  if (fault.callsFall === true) hangUpFallen(testbed)
  const stuck = await drain(testbed)
  const lostWaiting = [...waiting, ...newcomers].filter(
    (caller) => !caller.fell && !hasTalked(caller) && caller.told !== 'caller',
  ).length
  const queue = [...waiting, ...newcomers].filter((caller) => hasTalked(caller))
  const ledger = await compareWithLedger(testbed, traffic.callers, bookedWithinMs)
  const early = await outOfOrder(testbed, queue)
  const left = [...stuck, ...(await leftOver(testbed)), ...keysLeft(keysBefore, await keysOf(testbed))]
  const fell = traffic.callers.filter((caller) => caller.fell).length
  traffic.forget()
  const measured = {
    fault: fault.name,
    what: fault.what,
    talking: talking.length,
    waiting: waiting.length,
    lostTalking,
    lostWaiting,
    fell,
    outOfOrder: early.length,
    backMs,
    readyMs,
    notReady,
    firstSoundMs,
    quietGapMs: quiet.gapMs,
    gapMs: fault.callsFall === true ? null : heard.gapMs,
    gapAt: fault.callsFall === true ? null : heard.gapAt,
    slowGapMs: longestOf([quiet.slowGapMs, heard.slowGapMs]),
    musicGapMs: fault.callsFall === true ? null : heard.musicGapMs,
    withoutMusic: fault.callsFall === true ? 0 : Math.max(quiet.withoutMusic, heard.withoutMusic),
    ledger,
    left,
    span: { from, to: Date.now(), apartMs: 0 },
    sound: null,
  }
  return { ...measured, broken: brokenBy(measured, fault), tookMs: performance.now() - began }
}

/** Until so many talk and so many wait; nobody waits yet. */
export async function fill({ traffic, media }: Testbed, { talking, waiting }: Sizes): Promise<void> {
  await until(async () => {
    // One who hears busy while the machine is slow is followed by another.
    if (traffic.talking().length + traffic.waiting().length < talking + waiting) {
      await traffic.call()
      await delay(callerGapMs)
      return false
    }
    return (
      traffic.talking().length === talking && traffic.waiting().every(({ answeredAt }) => answeredAt !== null)
    )
  }, fillWithinMs)
  await until(async () => {
    const figures = await media.figures()
    return traffic.talking().every(({ leg }) => figures.get(leg)?.hears !== null)
  })
}

/** What goes on while the house is upset: agents and callers hang up, one gives up, new ones come. */
async function generateActivity(
  { traffic }: Testbed,
  talking: readonly Caller[],
  waiting: readonly Caller[],
): Promise<readonly Caller[]> {
  const [first, second] = talking
  const last = waiting.at(-1)
  if (first !== undefined) traffic.endTalk(first)
  const newcomers = [await traffic.call()]
  if (second !== undefined) traffic.hangUp(second)
  if (last !== undefined) traffic.hangUp(last)
  newcomers.push(await traffic.call())
  return newcomers
}

/** When all have fallen, new ones call until one is served. */
async function callUntilServed({ traffic }: Testbed, since: number): Promise<void> {
  const rang = () => traffic.callers.some(({ talks }) => talks.some(({ invitedAt }) => invitedAt > since))
  while (!rang() && Date.now() - since < backBoundMs) {
    await traffic.call()
    await delay(500)
  }
}

async function firstRing({ traffic }: Testbed, since: number): Promise<number | null> {
  const rings = () =>
    traffic.callers.flatMap(({ talks }) => talks.map(({ invitedAt }) => invitedAt).filter((at) => at > since))
  await until(() => rings().length > 0, backBoundMs).catch(() => undefined)
  const first = Math.min(...rings())
  return Number.isFinite(first) ? first - since : null
}

const isLost = (caller: Caller): boolean => caller.told === null && !isTalking(caller)

export async function soundOf({ media }: Testbed, talking: readonly Caller[], waiting: readonly Caller[]) {
  const figures = await media.figures()
  const pairs = talking
    .filter((caller) => caller.told === null && isTalking(caller))
    .map(({ leg }) => {
      const caller = figures.get(leg)
      const agent = figures.get(caller?.hears ?? 0)
      return [caller, agent].filter((one) => one !== undefined)
    })
  const legs = pairs.flat()
  // Whom somebody speaks to is served already, though his phone has not told us yet.
  const music = waiting
    .filter((caller) => caller.endedAt === null && !isTalking(caller))
    .map(({ leg }) => figures.get(leg))
    .filter((figure) => (figure?.hears ?? null) === null)
  const longest = (gaps: readonly number[]): number => Math.max(0, ...gaps)
  return {
    gapMs: longest(legs.flatMap(({ gapMs, silentMs }) => [gapMs, silentMs])),
    gapAt: legs.toSorted((a, b) => b.gapMs - a.gapMs)[0]?.gapAt ?? null,
    slowGapMs: longestOf(legs.map(({ slowGapMs }) => slowGapMs)),
    /** Null: nobody waited who heard any. */
    musicGapMs: longestOf(music.flatMap((one) => [one?.musicGapMs ?? null, one?.musicSilentMs ?? null])),
    withoutMusic: music.filter((one) => (one?.musicSilentMs ?? Infinity) > silentMaxMs).length,
    /** They are on the phone, and one of the two hears nobody. */
    unheard: pairs.filter(
      (pair) =>
        pair.length < 2 || pair.some(({ hears, silentMs }) => hears === null || silentMs > silentMaxMs),
    ).length,
  }
}

export function longestOf(gaps: readonly (number | null)[]): number | null {
  const heard = gaps.filter((gap) => gap !== null)
  return heard.length === 0 ? null : Math.max(...heard)
}

async function firstSound({ traffic, media }: Testbed, struckAt: number): Promise<number | null> {
  const figures = await media.figures()
  const waits = traffic.callers
    .filter(({ calledAt, fell }) => calledAt >= struckAt && !fell)
    .map(({ calledAt, leg }) => (figures.get(leg)?.firstAt ?? Infinity) - calledAt)
  const longest = Math.max(...waits)
  return Number.isFinite(longest) ? longest : null
}

/** Their phones do not know yet that the call has fallen. */
function hangUpFallen({ traffic }: Testbed): void {
  for (const caller of traffic.callers) {
    if (!caller.fell || caller.endedAt !== null) continue
    traffic.endTalk(caller)
    traffic.hangUp(caller)
  }
}

/** The agents end their conversations, and serve whoever waits. Sentences about those who were not served. */
export async function drain({ traffic }: Testbed): Promise<readonly string[]> {
  for (const caller of traffic.talking()) {
    traffic.endTalk(caller)
    await delay(callerGapMs)
  }
  const servedAndGone = (): boolean => {
    for (const caller of traffic.talking()) {
      const talkingAt = caller.talks.at(-1)?.talkingAt ?? Infinity
      const isDue = caller.told === null && Date.now() - talkingAt > serveMs
      // SIPp may not have heard it: a datagram.
      if (isDue || Date.now() - caller.toldAt > tellAgainMs) traffic.endTalk(caller)
    }
    for (const caller of traffic.waiting())
      if ((caller.told === 'caller' || caller.fell) && Date.now() - caller.toldAt > tellAgainMs)
        traffic.hangUp(caller)
    return traffic.callers.every(({ endedAt }) => endedAt !== null)
  }
  await until(servedAndGone, drainWithinMs).catch(() => undefined)
  const left = traffic.callers.filter(({ endedAt }) => endedAt === null)
  const sentences = left.map(
    (caller) =>
      `caller ${caller.number}${caller.fell ? ', who fell,' : ''} ${hasTalked(caller) ? 'hangs' : 'waits'} still`,
  )
  for (const caller of left) traffic.hangUp(caller)
  await until(() => traffic.callers.every(({ endedAt }) => endedAt !== null), 40_000).catch(() => undefined)
  return sentences
}

/** On a machine that others keep busy sound has gaps of its own: then nothing is proven, and the round is no good. */
function gapSentence(gapMs: number, quietGapMs: number | null): string {
  const heard = `a gap of ${gapMs.toFixed(1)} ms was heard`
  if (quietGapMs === null || quietGapMs <= gapMaxMs) return heard
  return `${heard}, and one of ${quietGapMs.toFixed(1)} ms before: this machine is too busy to tell`
}

export function brokenSound({
  gapMs,
  quietGapMs,
  musicGapMs,
  withoutMusic,
}: Pick<Row, 'gapMs' | 'quietGapMs' | 'musicGapMs' | 'withoutMusic'>): readonly string[] {
  return [
    ...(gapMs !== null && gapMs > gapMaxMs ? [gapSentence(gapMs, quietGapMs)] : []),
    ...(withoutMusic > 0 ? [`${withoutMusic} who waited heard nothing`] : []),
    ...(musicGapMs !== null && musicGapMs > silentMaxMs
      ? [`somebody who waited heard nothing for ${musicGapMs.toFixed(0)} ms`]
      : []),
  ]
}

function brokenBy(row: Omit<Row, 'broken' | 'tookMs'>, fault: Fault): string[] {
  const { lostTalking, lostWaiting, outOfOrder, backMs, readyMs, firstSoundMs, ledger, left } = row
  const broken: string[] = []
  if (lostTalking > 0) broken.push(`${lostTalking} who talked were lost`)
  if (lostWaiting > 0) broken.push(`${lostWaiting} who waited were lost`)
  if (outOfOrder > 0) broken.push(`${outOfOrder} were served before somebody who had come earlier`)
  if (backMs === null) broken.push('no phone rang again')
  else if (Math.max(backMs, readyMs) > fault.backWithinMs)
    broken.push(`back after ${Math.round(Math.max(backMs, readyMs))} ms, promised ${fault.backWithinMs}`)
  if (fault.callsFall !== true && (firstSoundMs === null || firstSoundMs > firstSoundMaxMs))
    broken.push(
      `a new caller heard ${firstSoundMs === null ? 'nothing' : `a sound after ${firstSoundMs} ms`}`,
    )
  broken.push(...brokenSound(row))
  broken.push(...brokenReadiness(row.notReady, fault.backWithinMs))
  if (ledger.wrong.length > 0) broken.push(`the ledger: ${ledger.wrong.slice(0, sentencesMax).join('; ')}`)
  broken.push(...left.slice(0, sentencesMax))
  if (left.length > sentencesMax) broken.push(`and ${left.length - sentencesMax} more`)
  return broken
}
