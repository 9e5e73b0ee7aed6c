import { useEffect, useRef } from 'react'
import { supervisionModes } from '../../../core/call.ts'
import { useLive } from '../../live/use-live.ts'
import { api } from '../../shared/server/api.ts'
import { wasReloaded } from '../../shell/claimed.ts'
import { isConversation, type MyCall } from './my-call.ts'
import { forgetSupervision, phoneWanted, supervise, wasSupervising } from './orders.ts'

/**
 * A reload takes the phone of the page along: the supervisor's leg is dead, although the server may not have noticed.
 * The page leaves the call and asks for it again. Of a call that was taken over, the server rings the phone again.
 */
export function useKeptSupervision(me: string, mine: MyCall | null): void {
  const settled = useRef(false)
  const isLive = useLive((state) => state.status === 'live')
  const calls = useLive((state) => state.calls)
  useEffect(() => {
    if (settled.current || !isLive) return
    settled.current = true
    const kept = wasReloaded() ? wasSupervising() : null
    if (kept === null) return
    const { call, mode: known } = JSON.parse(kept) as { call: string; mode: string }
    const mode =
      mine?.how === 'beside' ? mine.supervision.mode : supervisionModes.find((one) => one === known)
    const live = calls.get(call)
    if (mode === undefined || live === undefined || !isConversation(live)) return forgetSupervision()
    if (mine?.how === 'beside' && mine.supervision.device === 'desk') return
    if (mine?.how === 'taken') return phoneWanted.set(true)
    void askAgain(me, call, mode)
  }, [isLive, calls, me, mine])
}

async function askAgain(me: string, call: string, mode: (typeof supervisionModes)[number]): Promise<void> {
  // It may be over already.
  await api('DELETE', `/calls/${encodeURIComponent(call)}/supervision`).catch(() => undefined)
  await supervise(me, call, mode)
}
