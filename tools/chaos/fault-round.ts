/** One fault: establish the load, cause the fault, measure, serve all callers, compare with the ledger. */
import { setTimeout as delay } from 'node:timers/promises'
import type { RecordingAudit } from '../bench/measures/recordings.ts'
import { until } from '../../test/support/until.ts'
import { compareWithLedger, leftOver, outOfOrder, type LedgerComparison } from './checks.ts'
import { callerGapMs, hasTalked, isTalking, type Caller } from './traffic.ts'
import { brokenReadiness, watchReadiness, type NotReadyPeriod } from './readiness-watch.ts'
import type { Fault } from './faults.ts'
import { bringOthers, othersSound, othersUnknown, sendOthersAway } from './others.ts'
import { keysLeft, keysOf } from './redis-keys.ts'
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
  /** Callers lost because Asterisk died. */
  readonly fell: number
  readonly outOfOrder: number
  /** From the fault until the next caller rang at an agent, and until the front was ready again. */
  readonly backMs: number | null
  readonly readyMs: number
  readonly notReady: readonly NotReadyPeriod[]
  /** The longest wait for a first sound among callers after the fault; null: no such caller, or one heard nothing. */
  readonly firstSoundMs: number | null
  /** The longest gap before the fault: the baseline of the machine; null: not measured. */
  readonly quietGapMs: number | null
  /** The longest gap in a conversation, beyond one packet time; null: no conversation survived. */
  readonly gapMs: number | null
  /** End of that gap (wall clock), to find it in other records. */
  readonly gapAt: number | null
  /** The longest gap in the music of waiting callers. */
  readonly musicGapMs: number | null
  /** The longest gap that overlaps a slow stretch of the machine, not reduced by it; null: its pace is unknown. */
  readonly slowGapMs: number | null
  /** Waiting callers without music, just before the fault or after the repair. */
  readonly withoutMusic: number
  readonly ledger: LedgerComparison
  readonly left: readonly string[]
  /** Failures as sentences; empty when every bound was kept. */
  readonly broken: readonly string[]
  readonly tookMs: number
  /** Span of the calls' arrivals (wall clock); `apartMs` as in `auditRecordings`. */
  readonly span: { readonly from: number; readonly to: number; readonly apartMs: number }
  /** Audit of the recordings, made after all rounds. */
  readonly sound: RecordingAudit | null
  /** The call with a colleague in the room, and the one that a supervisor hears; null: there was none. */
  readonly others: OthersFigures | null
}

export interface OthersFigures {
  /** The longest time without a voice that somebody should hear: before the fault, and since. */
  readonly quietGapMs: number
  readonly gapMs: number
  /** Sentences about voices that were not heard at the end, and about what the state lacks. */
  readonly unheard: readonly string[]
  readonly unknown: readonly string[]
}

const gapMaxMs = 20
/** Asterisk mixes every 20 ms what has come until then: a voice is late, or missing, by a few packets. */
const mixGapMaxMs = 100
/** A waiting caller takes a longer silence for the end of the call. */
const silentMaxMs = 1_000
/** Also while the server is down. */
const firstSoundMaxMs = 4_000
/** Sentences printed per kind; the file has all of them. */
const sentencesMax = 3
const fillWithinMs = 60_000
const backBoundMs = 60_000
export const quietMs = 2_000
const serveMs = 700
const repeatAfterMs = 2_000
const drainWithinMs = 90_000
/** Pause after recovery, to notice late effects. */
const afterwardsMs = 1_500
/** A call that only Asterisk has seen is imported from CEL half a minute after its end. */
const bookedWithinMs = 75_000

export async function runRound(testbed: Testbed, fault: Fault, sizes: Sizes): Promise<Row> {
  const began = performance.now()
  const from = Date.now()
  const { traffic, media } = testbed
  const owner = await testbed.settled()
  const keysBefore = await keysOf(testbed)
  // Nobody waits yet, so that the colleague is free.
  await fill(testbed, { ...sizes, waiting: 0 })
  const others = fault.callsFall === true ? null : await bringOthers(testbed)
  await fill(testbed, sizes)
  await fault.prepare?.(testbed)
  const talking = traffic.talking()
  const waiting = traffic.waiting()
  await media.measure()
  await delay(quietMs)
  const ofTwo = talking.filter((caller) => caller !== others?.conference)
  const quiet = await soundOf(testbed, ofTwo, waiting)
  const quietOthers = others === null ? null : await othersSound(testbed, others)
  await media.measure()

  await using readiness = watchReadiness(testbed)
  const beganAt = Date.now()
  const mend = await fault.strike(testbed, owner)
  const struckAt = fault.strikesLate === true ? Date.now() : beganAt
  if (fault.callsFall === true) for (const caller of traffic.callers) caller.fell = true
  const alone = ofTwo.filter((caller) => caller !== others?.supervised)
  const newcomers = fault.callsFall === true ? [] : await generateActivity(testbed, alone, waiting)
  const mended = delay(Math.max(0, struckAt + fault.lastsMs - Date.now())).then(() => mend?.())
  // Awaited below.
  mended.catch(() => undefined)
  if (fault.callsFall === true) await callUntilServed(testbed, struckAt)
  const backMs = await firstRing(testbed, struckAt)
  await mended
  await testbed.settled()
  await delay(afterwardsMs)
  const notReady = sinceFault(await readiness.stop(), struckAt - beganAt)
  const readyMs = notReady[0]?.to ?? 0

  const heard = await soundOf(testbed, ofTwo, waiting)
  const heardOthers = others === null ? null : await othersSound(testbed, others)
  const unknown = others === null ? [] : await othersUnknown(testbed, others)
  const firstSoundMs = await firstSound(testbed, struckAt)
  const lostTalking =
    fault.callsFall === true ? 0 : talking.filter((caller) => isLost(caller)).length + heard.unheard
  if (fault.callsFall === true) hangUpFallen(testbed)
  const stayed = others === null ? [] : await sendOthersAway(testbed, others)
  const stuck = [...stayed, ...(await drain(testbed))]
  const lostWaiting = [...waiting, ...newcomers].filter(
    (caller) => !caller.fell && !hasTalked(caller) && caller.hangUpBy !== 'caller',
  ).length
  const queue = [...waiting, ...newcomers].filter((caller) => hasTalked(caller))
  const ledger = await compareWithLedger(testbed, traffic.callers, bookedWithinMs)
  const early = await outOfOrder(testbed, queue, fault.hasTwoClocks === true)
  const left = [...stuck, ...(await leftOver(testbed)), ...keysLeft(keysBefore, await keysOf(testbed))]
  const fell = traffic.callers.filter((caller) => caller.fell).length
  const apartMs = fault.callsFall === true ? 0 : longestApart(traffic.callers)
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
    span: { from, to: Date.now(), apartMs },
    sound: null,
    others:
      quietOthers === null || heardOthers === null
        ? null
        : { ...heardOthers, quietGapMs: quietOthers.gapMs, unknown },
  }
  return { ...measured, broken: brokenBy(measured, fault), tookMs: performance.now() - began }
}

/** Places calls until `talking` talk and `waiting` wait. No caller waits at the start. */
export async function fill({ traffic, media }: Testbed, { talking, waiting }: Sizes): Promise<void> {
  await until(async () => {
    // A caller rejected on a slow machine is replaced.
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

/** An agent who hangs up while nobody owns the line is rung again for the same caller: the longest time between their talks. */
function longestApart(callers: readonly Caller[]): number {
  const apart = callers.flatMap(({ talks }) => {
    const had = talks.filter(({ talkingAt }) => talkingAt !== null)
    return had.slice(1).map(({ talkingAt }, index) => (talkingAt ?? 0) - (had[index]?.endedAt ?? Infinity))
  })
  return Math.max(0, ...apart)
}

/** Activity during the fault: an agent and two callers hang up, two new callers arrive. */
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

/** Periods counted from the fault instead of from the beginning of its preparations, `leadMs` earlier. */
const sinceFault = (periods: readonly NotReadyPeriod[], leadMs: number): readonly NotReadyPeriod[] =>
  periods.map(({ from, to, missing }) => ({
    from: from - leadMs,
    to: to === null ? null : to - leadMs,
    missing,
  }))

/** After all calls were lost: new callers until one rings at an agent. */
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

const isLost = (caller: Caller): boolean => caller.hangUpBy === null && !isTalking(caller)

export async function soundOf({ media }: Testbed, talking: readonly Caller[], waiting: readonly Caller[]) {
  const figures = await media.figures()
  const pairs = talking
    .filter((caller) => caller.hangUpBy === null && isTalking(caller))
    .map(({ leg }) => {
      const caller = figures.get(leg)
      const agent = figures.get(caller?.hears ?? 0)
      return [caller, agent].filter((one) => one !== undefined)
    })
  const legs = pairs.flat()
  // A caller who receives a voice is served already, even if the phone has not reported it yet.
  const music = waiting
    .filter((caller) => caller.endedAt === null && !isTalking(caller))
    .map(({ leg }) => figures.get(leg))
    .filter((figure) => (figure?.hears ?? null) === null)
  const longest = (gaps: readonly number[]): number => Math.max(0, ...gaps)
  return {
    gapMs: longest(legs.flatMap(({ gapMs, silentMs }) => [gapMs, silentMs])),
    gapAt: legs.toSorted((a, b) => b.gapMs - a.gapMs)[0]?.gapAt ?? null,
    slowGapMs: longestOf(legs.map(({ slowGapMs }) => slowGapMs)),
    /** Null: no waiting caller received music. */
    musicGapMs: longestOf(music.flatMap((one) => [one?.musicGapMs ?? null, one?.musicSilentMs ?? null])),
    withoutMusic: music.filter((one) => (one?.musicSilentMs ?? Infinity) > silentMaxMs).length,
    /** Conversations in which one side hears nothing. */
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

/** Ends lost calls at the simulated endpoints, which cannot notice Asterisk's death. */
function hangUpFallen({ traffic }: Testbed): void {
  for (const caller of traffic.callers) {
    if (!caller.fell || caller.endedAt !== null) continue
    traffic.endTalk(caller)
    traffic.hangUp(caller)
  }
}

/** Ends all conversations and serves all waiting callers. Returns sentences about callers who were not served. */
export async function drain({ traffic }: Testbed): Promise<readonly string[]> {
  for (const caller of traffic.talking()) {
    traffic.endTalk(caller)
    await delay(callerGapMs)
  }
  const servedAndGone = (): boolean => {
    for (const caller of traffic.talking()) {
      const talkingAt = caller.talks.at(-1)?.talkingAt ?? Infinity
      const isDue = caller.hangUpBy === null && Date.now() - talkingAt > serveMs
      // Repeated: the command is a datagram and may be lost.
      if (isDue || Date.now() - caller.hangUpAt > repeatAfterMs) traffic.endTalk(caller)
    }
    for (const caller of traffic.waiting())
      if ((caller.hangUpBy === 'caller' || caller.fell) && Date.now() - caller.hangUpAt > repeatAfterMs)
        traffic.hangUp(caller)
    return traffic.callers.every(({ endedAt }) => endedAt !== null)
  }
  await until(servedAndGone, drainWithinMs).catch(() => undefined)
  const left = traffic.callers.filter(({ endedAt }) => endedAt === null)
  const sentences = left.map(
    (caller) =>
      `caller ${caller.number}${caller.fell ? ' (lost with Asterisk)' : ''} still ${hasTalked(caller) ? 'talks' : 'waits'}`,
  )
  for (const caller of left) traffic.hangUp(caller)
  await until(() => traffic.callers.every(({ endedAt }) => endedAt !== null), 40_000).catch(() => undefined)
  return sentences
}

/** On a busy machine audio has gaps of its own, and the round is not valid. */
function gapSentence(gapMs: number, quietGapMs: number | null): string {
  const heard = `a gap of ${gapMs.toFixed(1)} ms was heard`
  if (quietGapMs === null || quietGapMs <= gapMaxMs) return heard
  return `${heard}, and one of ${quietGapMs.toFixed(1)} ms before the fault: this machine is too busy for a valid result`
}

export function audioFailures({
  gapMs,
  quietGapMs,
  musicGapMs,
  withoutMusic,
}: Pick<Row, 'gapMs' | 'quietGapMs' | 'musicGapMs' | 'withoutMusic'>): readonly string[] {
  return [
    ...(gapMs !== null && gapMs > gapMaxMs ? [gapSentence(gapMs, quietGapMs)] : []),
    ...(withoutMusic > 0 ? [`${withoutMusic} waiting callers heard nothing`] : []),
    ...(musicGapMs !== null && musicGapMs > silentMaxMs
      ? [`a waiting caller heard nothing for ${musicGapMs.toFixed(0)} ms`]
      : []),
  ]
}

function brokenOthers({ gapMs, unheard, unknown }: OthersFigures): readonly string[] {
  const gap =
    gapMs > mixGapMaxMs ? [`among three, or by a supervisor, a gap of ${gapMs.toFixed(0)} ms was heard`] : []
  return [...(unheard.length > 0 ? unheard : gap), ...unknown]
}

function brokenBy(row: Omit<Row, 'broken' | 'tookMs'>, fault: Fault): string[] {
  const { lostTalking, lostWaiting, outOfOrder, backMs, readyMs, firstSoundMs, ledger, left } = row
  const broken: string[] = []
  if (lostTalking > 0) broken.push(`${lostTalking} talking callers were lost`)
  if (lostWaiting > 0) broken.push(`${lostWaiting} waiting callers were lost`)
  if (outOfOrder > 0) broken.push(`${outOfOrder} callers were served before an earlier one`)
  if (backMs === null) broken.push('no phone rang again')
  else if (Math.max(backMs, readyMs) > fault.backWithinMs)
    broken.push(
      `recovered after ${Math.round(Math.max(backMs, readyMs))} ms, the bound is ${fault.backWithinMs}`,
    )
  if (fault.callsFall !== true && (firstSoundMs === null || firstSoundMs > firstSoundMaxMs))
    broken.push(
      `a new caller heard ${firstSoundMs === null ? 'nothing' : `a sound after ${firstSoundMs} ms`}`,
    )
  broken.push(...audioFailures(row))
  if (row.others !== null) broken.push(...brokenOthers(row.others))
  broken.push(...brokenReadiness(row.notReady, fault.backWithinMs))
  if (ledger.wrong.length > 0) broken.push(`the ledger: ${ledger.wrong.slice(0, sentencesMax).join('; ')}`)
  broken.push(...left.slice(0, sentencesMax))
  if (left.length > sentencesMax) broken.push(`and ${left.length - sentencesMax} more`)
  return broken
}
