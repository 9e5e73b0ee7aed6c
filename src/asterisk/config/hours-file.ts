/**
 * `hours.conf`: the opening hours for Asterisk itself, while the application is unavailable. It holds concrete windows
 * of the coming months, so that holidays and daylight saving time need no rules in the dialplan.
 */
import type { Millis } from '../../core/ids.ts'
import { soundsOfOpening } from './prompts.ts'

export interface OpenWindow {
  readonly opensAt: Millis
  readonly closesAt: Millis
}

const header =
  '; Written by the application. Gosub(linia-hours,s,1(grace)) returns 0 when closed for longer than the grace,\n' +
  '; 1 when open without a known end, else the epoch of closing time in seconds. When closed, LINIA_OPENS holds the\n' +
  '; sounds that announce the next opening, each after an ampersand.\n[linia-hours]\n'

const hourMs = 3_600_000
/** The announcement changes until a week before the opening (`soundsOfOpening`); the lines begin this early. */
const announcedAheadMs = 8 * 24 * hourMs

export const alwaysOpen = `${header}exten => s,1,Return(1)\n`

/** After the last window the answer is "open": a stale file must not turn citizens away. */
export function hoursFile(windows: readonly OpenWindow[] | 'always'): string {
  if (windows === 'always') return alwaysOpen
  // Latest window first: during the grace after one window the next may have opened.
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
