/**
 * The opening hours as Asterisk itself can judge them, for when the application is away: concrete
 * windows for the months to come, so that holidays and the change to summer time need no rule there.
 */
import type { Millis } from '../../core/ids.ts'
import { soundsOfOpening } from './prompts.ts'

export interface OpenWindow {
  readonly opensAt: Millis
  readonly closesAt: Millis
}

const header =
  '; Written by the application. Gosub(linia-hours,s,1(grace)) returns 0 when closed for longer than the grace,\n' +
  '; 1 when open until nobody knows when, else the epoch of closing time. Seconds. When closed, LINIA_OPENS holds the\n' +
  '; sounds that say when it opens, each after an ampersand.\n[linia-hours]\n'

const hourMs = 3_600_000
/** Who calls more than a week before hears the date (`soundsOfOpening`): so early what is said begins. */
const saidAheadMs = 8 * 24 * hourMs

export const alwaysOpen = `${header}exten => s,1,Return(1)\n`

/** After the last window known it says "open": a stale file must not turn citizens away. */
export function hoursFile(windows: readonly OpenWindow[] | 'always'): string {
  if (windows === 'always') return alwaysOpen
  // The last first: within the grace of one window the next may have opened.
  const lines = windows.toReversed().map(({ opensAt, closesAt }) => {
    const [from, to] = [seconds(opensAt), seconds(closesAt)]
    return ` same => n,ExecIf($[\${EPOCH} >= ${from} & \${EPOCH} < ${to} + 0\${ARG1}]?Return(${to}))`
  })
  const last = Math.max(0, ...windows.map(({ closesAt }) => seconds(closesAt)))
  const open = ` same => n,ExecIf($[\${EPOCH} >= ${last}]?Return(1))`
  return [
    `${header}exten => s,1,NoOp()`,
    ...lines,
    open,
    ...openings(windows),
    ' same => n,Return(0)\n',
  ].join('\n')
}

/** When it opens next, for every time at which it is closed; what has begun last is true. */
function openings(windows: readonly OpenWindow[]): readonly string[] {
  return windows.flatMap(({ opensAt }, index) => {
    const closedAt = windows[index - 1]?.closesAt ?? opensAt - saidAheadMs
    let said = ''
    const lines: string[] = []
    // The day's name changes at midnight, which is a full hour in summer and in winter.
    for (let at = closedAt; at < opensAt; at = hourAfter(at)) {
      const sounds = soundsOfOpening(opensAt, at)
        .map((name) => `&\${LINIA_SOUNDS}/${name}`)
        .join('')
      if (sounds !== said)
        lines.push(` same => n,ExecIf($[\${EPOCH} >= ${seconds(at)}]?Set(LINIA_OPENS=${sounds}))`)
      said = sounds
    }
    return lines
  })
}

const hourAfter = (at: Millis): Millis => (Math.floor(at / hourMs) + 1) * hourMs

const seconds = (at: Millis) => Math.floor(at / 1000)
