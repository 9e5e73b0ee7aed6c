/**
 * `numbers.conf`: the city's numbers and their opening hours for Asterisk itself, while the application is unavailable. It
 * holds concrete windows of the coming months, so that holidays and daylight saving time need no rules in the dialplan.
 */
import type { AnswerAt } from '../../core/configuration/schema.ts'
import { sentForms } from '../../core/configuration/sent-forms.ts'
import type { Millis } from '../../core/ids.ts'
import { soundsOfOpening } from './prompts.ts'

export interface OpenWindow {
  readonly opensAt: Millis
  readonly closesAt: Millis
}

export interface ServedNumber {
  /** Digits, as citizens dial it. */
  readonly number: string
  /** Other forms in which the provider sends it. */
  readonly also: readonly string[]
  /** When its calls are answered; null: as the setting `ANSWER` says. */
  readonly answer: AnswerAt | null
  /** How long its callers who wait at closing time are still served; null: as the setting `CLOSING_GRACE_MS` says. */
  readonly closingGraceMs: Millis | null
  /** The same object for numbers with the same hours. */
  readonly windows: readonly OpenWindow[] | 'always'
}

const header =
  '; Written by the application. Gosub(linia-hours,<number>,1(grace)) returns 0 when closed for longer than the grace,\n' +
  '; 1 when open without a known end, else the epoch of closing time in seconds. When closed, LINIA_OPENS holds the\n' +
  '; sounds that announce the next opening, each after an ampersand.\n'
/** A caller is not turned away because the number that they dialled has been removed meanwhile. */
const otherNumbers = 'exten => _X!,1,Return(1)'

const hourMs = 3_600_000
/** The announcement changes until a week before the opening (`soundsOfOpening`); the lines begin this early. */
const announcedAheadMs = 8 * 24 * hourMs

export function numbersFile(numbers: readonly ServedNumber[]): string {
  const forms = numbers.flatMap(({ number, also, answer, closingGraceMs }) => {
    // Variables of the channel hide the settings of the same names (`extensions.conf`).
    const steps = [
      ...(answer === null ? [] : [`Set(LINIA_ANSWER=${answer})`]),
      ...(closingGraceMs === null ? [] : [`Set(LINIA_CLOSING_GRACE_S=${seconds(closingGraceMs)})`]),
      `Goto(linia-call,${number},1)`,
    ].join('\n same => n,')
    return [number, ...also].flatMap(sentForms).map((form) => `exten => ${form},1,${steps}`)
  })
  return [
    `${header}[linia-numbers]`,
    ...new Set(forms),
    '[linia-hours]',
    ...allHours(numbers),
    otherNumbers,
    '',
  ].join('\n')
}

/** Numbers with the same hours share them: those of one number are hundreds of lines. */
function allHours(numbers: readonly ServedNumber[]): readonly string[] {
  const first = new Map<ServedNumber['windows'], string>()
  return numbers.flatMap(({ number, windows }) => {
    const known = first.get(windows)
    if (known !== undefined) return [`exten => ${number},1,Goto(${known},1)`]
    first.set(windows, number)
    return hoursOf(number, windows)
  })
}

/** After the last window the answer is "open": a stale file must not turn citizens away. */
function hoursOf(number: string, windows: readonly OpenWindow[] | 'always'): readonly string[] {
  if (windows === 'always') return [`exten => ${number},1,Return(1)`]
  // Latest window first: during the grace after one window the next may have opened.
  const lines = windows.toReversed().map(({ opensAt, closesAt }) => {
    const [from, to] = [seconds(opensAt), seconds(closesAt)]
    return ` same => n,ExecIf($[\${EPOCH} >= ${from} & \${EPOCH} < ${to} + 0\${ARG1}]?Return(${to}))`
  })
  const last = Math.max(0, ...windows.map(({ closesAt }) => seconds(closesAt)))
  const open = ` same => n,ExecIf($[\${EPOCH} >= ${last}]?Return(1))`
  return [`exten => ${number},1,NoOp()`, ...lines, open, ...openings(windows), ' same => n,Return(0)']
}

/** The next opening for every time at which the line is closed; the latest line that applies wins. */
function openings(windows: readonly OpenWindow[]): readonly string[] {
  return windows.flatMap(({ opensAt }, index) => {
    const closedAt = windows[index - 1]?.closesAt ?? opensAt - announcedAheadMs
    let previous = ''
    const lines: string[] = []
    // Words such as "tomorrow" change at midnight, which is a full hour of UTC in summer and in winter.
    for (let at = closedAt; at < opensAt; at = hourAfter(at)) {
      const sounds = soundsOfOpening(opensAt, at)
        .map((name) => `&\${LINIA_SOUNDS}/${name}`)
        .join('')
      if (sounds !== previous)
        lines.push(` same => n,ExecIf($[\${EPOCH} >= ${seconds(at)}]?Set(LINIA_OPENS=${sounds}))`)
      previous = sounds
    }
    return lines
  })
}

const hourAfter = (at: Millis): Millis => (Math.floor(at / hourMs) + 1) * hourMs

const seconds = (at: Millis) => Math.floor(at / 1000)

/** Before the application has written the first one. */
export const firstNumbers = numbersFile([
  { number: '969', also: ['0256969'], answer: null, closingGraceMs: null, windows: 'always' },
])
