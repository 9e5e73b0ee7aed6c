/**
 * The opening hours as Asterisk itself can judge them, for when the application is away: concrete
 * windows for the months to come, so that holidays and the change to summer time need no rule there.
 */
import type { Millis } from '../core/ids.ts'

export interface OpenWindow {
  readonly opensAt: Millis
  readonly closesAt: Millis
}

const header =
  '; Written by the application. Gosub(linia-hours,s,1(grace)) returns 0 when closed for longer than the grace,\n' +
  '; 1 when open until nobody knows when, else the epoch of closing time. Seconds.\n[linia-hours]\n'

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
  return `${header}exten => s,1,NoOp()\n${lines.join('\n')}\n same => n,Return($[\${EPOCH} >= ${last}])\n`
}

const seconds = (at: Millis) => Math.floor(at / 1000)
