import { useEffect, useRef } from 'react'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { useMe } from '../../shared/server/me.ts'
import { onCall } from '../desk-commands.ts'
import { useDeskState, useMyAgent } from '../use-desk.ts'
import { consultEnd, endedByMe, endOf } from './consult-end.ts'

/** Watches the call on the desk for the end of a consultation. */
export function useConsultEnd(): void {
  const { id: me } = useMe()
  const state = useDeskState()
  const offer = useMyAgent()?.offerId ?? null
  const call = 'call' in state ? state.call : null
  const before = useRef<LiveCallView | null>(null)
  useEffect(() => {
    const byMe = offer !== null && endedByMe.get() === offer
    consultEnd.set(endOf(before.current, call, { me, known: consultEnd.get(), byMe }))
    if (before.current?.consult != null && call?.consult == null) endedByMe.set(null)
    before.current = call
  }, [call, me, offer])
}

export async function endConsult(offerId: string | null | undefined): Promise<void> {
  endedByMe.set(offerId ?? null)
  if (!(await onCall({ action: 'cancel-consult' }, offerId))) endedByMe.set(null)
}
