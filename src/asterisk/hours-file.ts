/**
 * The opening hours as Asterisk itself can judge them, for when the application is away: concrete
 * windows for the months to come, so that holidays and the change to summer time need no rule there.
 */
import type { Millis } from '../core/ids.ts'

export interface OpenWindow {
  readonly opensAt: Millis
  readonly closesAt: Millis
}

const header = '; Written by the application. Gosub(linia-hours,s,1) returns 1 when open.\n[linia-hours]\n'

export const alwaysOpen = `${header}exten => s,1,Return(1)\n`

/** After the last window known it says "open": a stale file must not turn citizens away. */
export function hoursFile(windows: readonly OpenWindow[] | 'always'): string {
  if (windows === 'always') return alwaysOpen
  const lines = windows.map(({ opensAt, closesAt }) => {
    const [from, to] = [seconds(opensAt), seconds(closesAt)]
    return ` same => n,ExecIf($[\${EPOCH} >= ${from} & \${EPOCH} < ${to}]?Return(1))`
  })
  const last = Math.max(0, ...windows.map(({ closesAt }) => seconds(closesAt)))
  return `${header}exten => s,1,NoOp()\n${lines.join('\n')}\n same => n,Return($[\${EPOCH} >= ${last}])\n`
}

const seconds = (at: Millis) => Math.floor(at / 1000)
