import { useLayoutEffect } from 'react'
import { useCallDetail } from '../../calls/use-calls.ts'
import { useMe } from '../../shared/server/me.ts'
import { useDeskState } from '../use-desk.ts'
import { talkedIn } from './talked-in.ts'

/** Keeps `talkedIn`. A page that was reloaded has it from the record. */
export function useTalkedIn(): void {
  const { id: me } = useMe()
  const state = useDeskState()
  const call = state.name === 'consulted' ? state.call : null
  const id = call?.id ?? null
  const { data: record } = useCallDetail(id)
  const isOnRecord =
    record !== undefined &&
    record.id === id &&
    record.others.some(({ agent, withCaller }) => agent.id === me && withCaller)
  const talks = call?.consult?.seat === 'room' || isOnRecord
  useLayoutEffect(() => {
    if (id !== null && talks) talkedIn.set(id)
  }, [id, talks])
}
