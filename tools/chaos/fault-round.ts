/** One fault: the line is filled, the fault strikes, the house is looked at, everybody is served, the books are compared. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Sound } from '../bench/measures/recordings.ts'
import { until } from '../../test/support/until.ts'
import { booked, leftOver, outOfOrder, type Booked } from './checks.ts'
import { callerGapMs, hasTalked, isTalking, type Caller } from './traffic.ts'
import { brokenDoor, watchDoor, type Spell } from './readiness-watch.ts'
import type { Fault } from './faults.ts'
import { keysLeft, lastingKeys } from '../soak/resource-sample.ts'
import type { Stage } from './testbed.ts'

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
  readonly notReady: readonly Spell[]
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
  readonly ledger: Booked
  readonly left: readonly string[]
  /** Sentences; empty when every promise was kept. */
  readonly broken: readonly string[]
  readonly tookMs: number
  /** Its calls came between these two moments, by the wall clock; `apartMs` as in `soundOfCalls`. */
  readonly span: { readonly from: number; readonly to: number; readonly apartMs: number }
  /** What became of what was said: known when all rounds are over. */
  readonly sound: Sound | null
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

export async function runRound(stage: Stage, fault: Fault, sizes: Sizes): Promise<Row> {
  const began = performance.now()
  const from = Date.now()
  const { crowd, ears } = stage
  const owner = await stage.settled()
  const keysBefore = await lastingKeys(stage)
  await fill(stage, sizes)
  await fault.prepare?.(stage)
  const talking = crowd.talking()
  const waiting = crowd.waiting()
  await ears.begin()
  await delay(quietMs)
  const quiet = await soundOf(stage, talking, waiting)
  await ears.begin()

  await using door = watchDoor(stage)
  const beganAt = Date.now()
  const mend = await fault.strike(stage, owner)
  const struckAt = fault.strikesLate === true ? Date.now() : beganAt
  if (fault.callsFall === true) for (const caller of crowd.callers) caller.fell = true
  const newcomers = fault.callsFall === true ? [] : await stir(stage, talking, waiting)
  const mended = delay(Math.max(0, struckAt + fault.lastsMs - Date.now())).then(() => mend?.())
  // Waited for below, when other things have been seen.
  mended.catch(() => undefined)
  if (fault.callsFall === true) await callAnew(stage, struckAt)
  const backMs = await firstRing(stage, struckAt)
  await mended
  await stage.settled()
  await delay(afterwardsMs)
  const notReady = await door.stop()
  const readyMs = notReady[0]?.to ?? 0

  const heard = await soundOf(stage, talking, waiting)
  const firstSoundMs = await firstSound(stage, struckAt)
  const lostTalking =
    fault.callsFall === true ? 0 : talking.filter((caller) => isLost(caller)).length + heard.unheard
  if (fault.callsFall === true) putDown(stage)
  const stuck = await drain(stage)
  const lostWaiting = [...waiting, ...newcomers].filter(
    (caller) => !caller.fell && !hasTalked(caller) && caller.told !== 'caller',
  ).length
  const queue = [...waiting, ...newcomers].filter((caller) => hasTalked(caller))
  const ledger = await booked(stage, crowd.callers, bookedWithinMs)
  const early = await outOfOrder(stage, queue)
  const left = [...stuck, ...(await leftOver(stage)), ...keysLeft(keysBefore, await lastingKeys(stage))]
  const fell = crowd.callers.filter((caller) => caller.fell).length
  crowd.forget()
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
export async function fill({ crowd, ears }: Stage, { talking, waiting }: Sizes): Promise<void> {
  await until(async () => {
    // One who hears busy while the machine is slow is followed by another.
    if (crowd.talking().length + crowd.waiting().length < talking + waiting) {
      await crowd.call()
      await delay(callerGapMs)
      return false
    }
    return (
      crowd.talking().length === talking && crowd.waiting().every(({ answeredAt }) => answeredAt !== null)
    )
  }, fillWithinMs)
  await until(async () => {
    const figures = await ears.figures()
    return crowd.talking().every(({ leg }) => figures.get(leg)?.hears !== null)
  })
}

/** What goes on while the house is upset: agents and callers hang up, one gives up, new ones come. */
async function stir(
  { crowd }: Stage,
  talking: readonly Caller[],
  waiting: readonly Caller[],
): Promise<readonly Caller[]> {
  const [first, second] = talking
  const last = waiting.at(-1)
  if (first !== undefined) crowd.endTalk(first)
  const newcomers = [await crowd.call()]
  if (second !== undefined) crowd.hangUp(second)
  if (last !== undefined) crowd.hangUp(last)
  newcomers.push(await crowd.call())
  return newcomers
}

/** When all have fallen, new ones call until one is served. */
async function callAnew({ crowd }: Stage, since: number): Promise<void> {
  const rang = () => crowd.callers.some(({ talks }) => talks.some(({ invitedAt }) => invitedAt > since))
  while (!rang() && Date.now() - since < backBoundMs) {
    await crowd.call()
    await delay(500)
  }
}

async function firstRing({ crowd }: Stage, since: number): Promise<number | null> {
  const rings = () =>
    crowd.callers.flatMap(({ talks }) => talks.map(({ invitedAt }) => invitedAt).filter((at) => at > since))
  await until(() => rings().length > 0, backBoundMs).catch(() => undefined)
  const first = Math.min(...rings())
  return Number.isFinite(first) ? first - since : null
}

const isLost = (caller: Caller): boolean => caller.told === null && !isTalking(caller)

export async function soundOf({ ears }: Stage, talking: readonly Caller[], waiting: readonly Caller[]) {
  const figures = await ears.figures()
  const pairs = talking
    .filter((caller) => caller.told === null && isTalking(caller))
    .map(({ leg }) => {
      const caller = figures.get(leg)
      const agent = figures.get(caller?.hears ?? 0)
      return [caller, agent].filter((one) => one !== undefined)
    })
  const ends = pairs.flat()
  // Whom somebody speaks to is served already, though his phone has not told us yet.
  const music = waiting
    .filter((caller) => caller.endedAt === null && !isTalking(caller))
    .map(({ leg }) => figures.get(leg))
    .filter((figure) => (figure?.hears ?? null) === null)
  const longest = (gaps: readonly number[]): number => Math.max(0, ...gaps)
  return {
    gapMs: longest(ends.flatMap(({ gapMs, silentMs }) => [gapMs, silentMs])),
    gapAt: ends.toSorted((a, b) => b.gapMs - a.gapMs)[0]?.gapAt ?? null,
    slowGapMs: longestOf(ends.map(({ slowGapMs }) => slowGapMs)),
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

async function firstSound({ crowd, ears }: Stage, struckAt: number): Promise<number | null> {
  const figures = await ears.figures()
  const waits = crowd.callers
    .filter(({ calledAt, fell }) => calledAt >= struckAt && !fell)
    .map(({ calledAt, leg }) => (figures.get(leg)?.firstAt ?? Infinity) - calledAt)
  const longest = Math.max(...waits)
  return Number.isFinite(longest) ? longest : null
}

/** Their phones do not know yet that the call has fallen. */
function putDown({ crowd }: Stage): void {
  for (const caller of crowd.callers) {
    if (!caller.fell || caller.endedAt !== null) continue
    crowd.endTalk(caller)
    crowd.hangUp(caller)
  }
}

/** The agents end their conversations, and serve whoever waits. Sentences about those who were not served. */
export async function drain({ crowd }: Stage): Promise<readonly string[]> {
  for (const caller of crowd.talking()) {
    crowd.endTalk(caller)
    await delay(callerGapMs)
  }
  const servedAndGone = (): boolean => {
    for (const caller of crowd.talking()) {
      const talkingAt = caller.talks.at(-1)?.talkingAt ?? Infinity
      const isDue = caller.told === null && Date.now() - talkingAt > serveMs
      // SIPp may not have heard it: a datagram.
      if (isDue || Date.now() - caller.toldAt > tellAgainMs) crowd.endTalk(caller)
    }
    for (const caller of crowd.waiting())
      if ((caller.told === 'caller' || caller.fell) && Date.now() - caller.toldAt > tellAgainMs)
        crowd.hangUp(caller)
    return crowd.callers.every(({ endedAt }) => endedAt !== null)
  }
  await until(servedAndGone, drainWithinMs).catch(() => undefined)
  const left = crowd.callers.filter(({ endedAt }) => endedAt === null)
  const sentences = left.map(
    (caller) =>
      `caller ${caller.number}${caller.fell ? ', who fell,' : ''} ${hasTalked(caller) ? 'hangs' : 'waits'} still`,
  )
  for (const caller of left) crowd.hangUp(caller)
  await until(() => crowd.callers.every(({ endedAt }) => endedAt !== null), 40_000).catch(() => undefined)
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
  broken.push(...brokenDoor(row.notReady, fault.backWithinMs))
  if (ledger.wrong.length > 0) broken.push(`the ledger: ${ledger.wrong.slice(0, sentencesMax).join('; ')}`)
  broken.push(...left.slice(0, sentencesMax))
  if (left.length > sentencesMax) broken.push(`and ${left.length - sentencesMax} more`)
  return broken
}
