/**
 * A caller's way under a configuration, without a call. The state machine of calls goes it: a description of its own
 * would say something else one day.
 */
import { arrive, waitBound } from '../call-arrival.ts'
import { voicemailTexts } from '../announcements/voicemail.ts'
import { isForQueue, isHeardAt, type CallerNotice } from '../announcements/caller-notice.ts'
import { isQuestionDue } from '../announcements/callback-question.ts'
import type { Call, InMenu, Waiting } from '../call.ts'
import { step } from '../call-step.ts'
import type { Prompt } from '../effect.ts'
import { CallId, PbxName, type Millis, QueueId } from '../ids.ts'
import { invariant } from '../invariant.ts'
import { openingAt, type LineHours } from '../opening-hours.ts'
import type { Queue } from '../queue.ts'
import { bounds, type Rules } from '../rules.ts'
import type { Stepped } from '../steps/next.ts'
import { endOfWait, type WaitedTooLong } from './dry-run-wait.ts'
import { lineOf, queueOf, type Line } from './line.ts'
import { lineLanguageOf, soundAt, type Language, type MenuKey } from './menu.ts'
import { overflowWays } from './overflow.ts'
import type { Configuration, OverflowSetting } from './schema.ts'

export interface DryRun {
  /** In any of its forms. */
  readonly number: string
  readonly at: Millis
  /** In order, one for each time that a menu is heard; null, and after the last one: none. */
  readonly keys: readonly (MenuKey | null)[]
  /** Whether the caller's number is blocked. */
  readonly isBlocked: boolean
}

/** The facts beside the configuration that decide. */
export interface DryRunSettings {
  readonly rules: Rules
  /** Of numbers without their own. */
  readonly lineHours: LineHours
  /** The closed days around a moment. */
  readonly closedOn: (at: Millis) => ReadonlySet<string>
  /** Those to callers that are not over. */
  readonly notices: () => readonly CallerNotice[]
  /** The words that are heard; `own`: those of the configuration, by the sound's name. */
  readonly textOf: (prompt: Prompt, now: Millis, own: Readonly<Record<string, string>>) => string
}

export type DryRunStep =
  | { readonly step: 'unknown number'; readonly number: string }
  /** The network's busy tone, and no call is taken. */
  | { readonly step: 'busy' }
  | { readonly step: 'closed'; readonly opensAt: Millis | null; readonly says: string }
  /** Closed, and callers whose number can be called may choose by key to be called back by this queue. */
  | {
      readonly step: 'callback while closed'
      readonly opensAt: Millis
      readonly says: string
      readonly queue: QueueId
      readonly name: string
    }
  /** Closed, and callers may leave a message in this queue. */
  | {
      readonly step: 'voicemail'
      readonly opensAt: Millis | null
      readonly says: string
      readonly queue: QueueId
      readonly name: string
    }
  /** By key: callers may leave a message in this queue. */
  | {
      readonly step: 'voicemail by key'
      readonly language: Language
      readonly says: string
      readonly queue: QueueId
      readonly name: string
    }
  | { readonly step: 'open'; readonly closesAt: Millis | null }
  /** The wait is free until an agent answers, or for so long: no question by key, and the number's menu is never heard. Null: it has none. */
  | { readonly step: 'not answered'; readonly seconds: number; readonly menu: string | null }
  | { readonly step: 'greeting'; readonly says: string }
  | {
      readonly step: 'menu'
      readonly menu: string
      readonly language: Language
      readonly says: string
      /** After a sound that tells of a key without a meaning. */
      readonly isWrongKey: boolean
    }
  /** Null: none within the time for it. */
  | { readonly step: 'key'; readonly key: MenuKey | null }
  /** Where the caller waits for a person. */
  | { readonly step: 'queue'; readonly queue: QueueId; readonly name: string }
  /** As soon as they wait there. */
  | { readonly step: 'notice'; readonly says: string }
  /** Between the music: one of the queue's own texts, in turn with the others and with the place and the estimate. */
  | {
      readonly step: 'own announcement'
      readonly firstAfterSeconds: number
      readonly everySeconds: number
      readonly language: Language
      readonly says: string
    }
  /** By a bound of that queue, whichever comes first, the caller waits in `to`, leaves a message, or is asked. `name`: of the queue in which they, or the message, are then; `says`: unless they wait in another one. */
  | ({ readonly step: 'overflow'; readonly name: string; readonly says?: string } & OverflowSetting)
  /** A caller whose number can be called is asked whether they want to be called back. */
  | {
      readonly step: 'callback question'
      readonly afterSeconds: number
      readonly language: Language
      readonly says: string
    }
  /** A caller whom nobody has answered by then hears this, and the call ends. */
  | WaitedTooLong

const pbx = PbxName('dry-run')

/** Sounds take no time here, and there is room for the caller. */
export function dryRun(
  configuration: Configuration,
  { number, at, keys, isBlocked }: DryRun,
  { rules, lineHours, closedOn, notices, textOf }: DryRunSettings,
): readonly DryRunStep[] {
  const line = lineOf(configuration)
  const dialled = line.numbers.find((one) => one.number === number || one.also.includes(number))
  if (dialled === undefined) return [{ step: 'unknown number', number }]
  const own = Object.fromEntries(line.texts.map(({ sound, text }) => [sound, text]))
  const opening = openingAt(dialled.hours ?? lineHours, closedOn(at), at)
  const steps: DryRunStep[] = []
  let now = at
  let stepped = arrive(
    {
      id: CallId(`${pbx}-1`),
      pbx,
      line: dialled.number,
      caller: { number: null, name: null },
      queue: queueOf(line, dialled.number),
      menu: dialled.menu,
      closed: dialled.closed,
      answer: dialled.answer,
      closingGraceMs: dialled.closingGraceMs,
      words: dialled.words,
      arrivedAt: at,
      queuedAt: null,
      speaks: false,
      answered: false,
      block: isBlocked ? 1 : null,
      callback: null,
    },
    { opening, waiting: 0, dismissing: 0 },
    now,
    rules,
  )
  if (stepped.call.phase === 'ended') return [{ step: 'busy' }]
  const { opensAt, closesAt } = opening.open ? { ...opening, opensAt: null } : { ...opening, closesAt: null }
  if (stepped.call.phase === 'dismissing')
    return [{ step: 'closed', opensAt, says: textOf(stepped.call.prompt, now, own) }]
  if (stepped.call.phase === 'closed') {
    const { opensAt: at, prompt, queue } = stepped.call
    return [
      { step: 'callback while closed', opensAt: at, says: textOf(prompt, now, own), ...inQueue(queue, line) },
    ]
  }
  if (stepped.call.phase === 'voicemail' && stepped.call.prompt !== null)
    return [
      {
        step: 'voicemail',
        opensAt,
        says: textOf(stepped.call.prompt, now, own),
        ...inQueue(stepped.call.queue, line),
      },
    ]
  steps.push({ step: 'open', closesAt })
  if (!stepped.call.lineAnswered)
    steps.push({
      step: 'not answered',
      seconds: bounds.answerAtLatestMs / 1_000,
      menu: dialled.menu?.first ?? null,
    })
  if (stepped.call.phase === 'greeting') {
    const { playback, words } = stepped.call
    const prompt: Prompt = words === null ? { say: 'greeting' } : { say: 'greeting', words }
    steps.push({ step: 'greeting', says: textOf(prompt, now, own) })
    stepped = step(stepped.call, { type: 'PlaybackEnded', playback }, now, rules)
  }
  const left = [...keys]
  while (stepped.call.phase === 'menu') {
    const { call } = stepped
    const key = left.shift() ?? null
    steps.push(menuStep(call, line), { step: 'key', key })
    if (key === null) stepped = afterSilence(call, (now += bounds.menuKeyMs), rules)
    else stepped = step(call, { type: 'KeyPressed', key }, now, rules)
  }
  const { call } = stepped
  if (call.phase === 'voicemail') {
    const { queue: chosen, language } = call
    const heard = lineLanguageOf(language)
    const says = voicemailTexts.find((one) => one.language === heard)?.text ?? ''
    return [...steps, { step: 'voicemail by key', language: heard, says, ...inQueue(chosen, line) }]
  }
  invariant(call.phase === 'waiting', 'a caller whom nobody has turned away does not wait')
  const queue = line.queues.find(({ id }) => id === call.queue)
  const waits: DryRunStep = { step: 'queue', ...inQueue(call.queue, line) }
  const { overflow } = queue ?? {}
  const leavesAfter = overflow?.callback === true ? Infinity : (overflow?.afterSeconds ?? Infinity)
  const waitsFor = (call.waitUntil - call.queuedAt) / 1_000
  const isHere = (seconds: number): boolean => seconds < Math.min(waitsFor, leavesAfter)
  const meanwhile = [
    ...noticesTo(call, notices()),
    ...textsTo(call, queue, isHere),
    ...overflowFrom(call, queue, line, rules).flatMap((one) => inTime(one, waitsFor)),
    ...questionTo(call, queue, line, rules).filter(({ afterSeconds }) => isHere(afterSeconds)),
  ]
  // A caller who is told how to leave a message waits no more.
  if (overflow?.voicemail === true && leavesAfter < waitsFor) return [...steps, waits, ...meanwhile]
  const { by } = waitBound(dialled, opening, at, rules)
  const end = endOfWait(call, by, rules, (prompt, then) => textOf(prompt, then, own))
  return [...steps, waits, ...meanwhile, end]
}

type OverflowStep = Extract<DryRunStep, { step: 'overflow' }>
type QuestionStep = Extract<DryRunStep, { step: 'callback question' }>

/** Without a bound that would be reached later than the end of the wait. */
function inTime(one: OverflowStep, waitsFor: number): readonly OverflowStep[] {
  const { afterSeconds, ...others } = one
  if (afterSeconds === undefined || afterSeconds < waitsFor) return [one]
  return others.whenWaiting === undefined && others.whenNobodySignedIn !== true ? [] : [others]
}

const inQueue = (queue: QueueId, { queues }: Line): { readonly queue: QueueId; readonly name: string } => ({
  queue,
  name: queues.find(({ id }) => id === queue)?.name ?? queue,
})

const noticesTo = ({ queue, queuedAt }: Waiting, notices: readonly CallerNotice[]): readonly DryRunStep[] =>
  notices
    .filter((one) => isHeardAt(one, queuedAt) && isForQueue(one, queue))
    .map(({ text }) => ({ step: 'notice', says: text }))

/** `isHere`: after so many seconds in the queue. */
function textsTo(
  { language }: Waiting,
  queue: Queue | undefined,
  isHere: (seconds: number) => boolean,
): readonly DryRunStep[] {
  const { announce } = queue ?? {}
  if (announce?.texts === undefined) return []
  const { texts, firstAfterSeconds, everySeconds, position } = announce
  // The place comes first, and between two of them; an estimate alone may not be known.
  const turnOf = (nth: number): number => (position ? 2 * nth + 1 : nth)
  return texts
    .flatMap((words) => words[language] ?? [])
    .filter((_says, nth) => isHere(firstAfterSeconds + turnOf(nth) * everySeconds))
    .map((says) => ({ step: 'own announcement', firstAfterSeconds, everySeconds, language, says }))
}

function overflowFrom(
  call: Waiting,
  queue: Queue | undefined,
  line: Line,
  rules: Rules,
): readonly OverflowStep[] {
  const overflow = queue?.overflow
  if (overflow === undefined) return []
  const { priority, queue: stays, queuedAt } = call
  const { to = stays } = overflow
  const there = { step: 'overflow', ...overflow, name: inQueue(QueueId(to), line).name } as const
  const way = overflowWays.find((one) => overflow[one] === true)
  if (way === undefined) return [there]
  const event = { type: 'CallOverflowed', queue: stays, priority, way, why: 'length' } as const
  return [{ ...there, says: heardIn(step(call, event, queuedAt, rules).call, line) }]
}

/** The text that a caller hears who waits, or is told how to leave a message. */
function heardIn(call: Call, { texts }: Line): string {
  const reading = 'announcement' in call ? (call.announcement?.sounds ?? []) : []
  const message =
    'prompt' in call && call.prompt !== null && 'sound' in call.prompt ? [call.prompt.sound] : []
  return [...reading, ...message]
    .flatMap((sound) => texts.find((text) => text.sound === sound)?.text ?? [])
    .join(' ')
}

function questionTo(
  call: Waiting,
  queue: Queue | undefined,
  line: Line,
  rules: Rules,
): readonly QuestionStep[] {
  const { callback } = queue ?? {}
  if (callback === undefined) return []
  const answeredAfter = call.lineAnswered ? 0 : bounds.answerAtLatestMs / 1_000
  const afterSeconds = Math.max(callback.afterSeconds, answeredAfter)
  const now = call.queuedAt + afterSeconds * 1_000
  const answered = { ...call, lineAnswered: true }
  if (!isQuestionDue(answered, callback, now)) return []
  const asked = step(answered, { type: 'CallerAsked' }, now, rules).call
  return [
    {
      step: 'callback question',
      afterSeconds,
      language: lineLanguageOf(call.language),
      says: heardIn(asked, line),
    },
  ]
}

/** No key: the menu has been read, and the time for one is over. */
function afterSilence(call: InMenu, now: Millis, rules: Rules): Stepped {
  const read = step(call, { type: 'PlaybackEnded', playback: call.playback }, now - bounds.menuKeyMs, rules)
  return step(read.call, { type: 'DeadlinePassed' }, now, rules)
}

function menuStep({ place }: InMenu, { texts }: Line): DryRunStep {
  const heard = texts.find(({ sound }) => sound === soundAt(place))
  invariant(heard !== undefined, 'a menu has no text')
  const { path, isWrongKey } = place
  return { step: 'menu', menu: path.at(-1) ?? '', language: heard.language, says: heard.text, isWrongKey }
}
