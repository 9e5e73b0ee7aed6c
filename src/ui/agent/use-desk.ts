import { useMemo } from 'react'
import type { AgentView } from '../../http/agents/wire.ts'
import type { CallDetail } from '../../http/calls/wire.ts'
import type { LiveCallView } from '../../http/live/wire.ts'
import type { LiveState } from '../live/live-state.ts'
import { useLive } from '../live/use-live.ts'
import { useMe } from '../shared/server/me.ts'
import { useQueueName } from '../shared/server/queue-names.ts'
import { useNow } from '../shared/time/now.ts'
import { useCallDetail } from '../calls/use-calls.ts'
import { whyNot, type DeskAction, type WhyNot } from './desk-actions.ts'
import { callIdOf, deskState, isAsked, type DeskState } from './desk-state.ts'
import { useStore } from '../shared/store.ts'
import { useInterpreters } from './contacts/use-interpreters.ts'
import { talkedIn } from './consult/talked-in.ts'
import { usePhone } from './phone/use-phone.ts'

export function useMyAgent(): AgentView | undefined {
  const me = useMe()
  return useLive((state) => state.agents.get(me.id))
}

export function useDeskState(): DeskState {
  const agent = useMyAgent()
  const calls = useLive((state) => state.calls)
  const session = usePhone((phone) => phone.session)
  const elsewhere = useLive((state) => state.superseded)
  return useMemo(
    () => (elsewhere ? ({ name: 'elsewhere' } as const) : deskState(agent, calls, session)),
    [agent, calls, session, elsewhere],
  )
}

/**
 * The call on the desk, including wrap-up. After its end: the last view of the feed, or the ledger's record for
 * a page opened later.
 */
export function useDeskCall(state: DeskState): LiveCallView | null {
  const ended = useLive((live: LiveState) => live.ended)
  const id = callIdOf(state)
  const seen = ended !== null && ended.call.id === id ? ended.call : null
  const { data: record } = useCallDetail(state.name === 'wrap-up' && seen === null ? id : null)
  const queueName = useQueueName()
  const kept = record === undefined ? null : endedCall(record, queueName(record.queue))
  return 'call' in state ? state.call : (seen ?? kept)
}

/** Whether the agent is asked about the call on the desk: a colleague serves its caller. */
export function useIsAsked(state: DeskState): boolean {
  const { id } = useMe()
  return isAsked(useDeskCall(state), id)
}

/** Returns a function that gives the reason why an action is not possible now; null: it is. */
export function useWhyNot(state: DeskState): (action: DeskAction) => WhyNot | null {
  const fresh = useLive((live) => live.status === 'live')
  const superseded = useLive((live) => live.superseded)
  const agent = useMyAgent()
  const imposed = agent !== undefined && agent.state !== 'signed out' && agent.imposed !== null
  const reachable = agent !== undefined && agent.phones.active !== null
  const talked = useStore(talkedIn)
  const onDeskPhone = agent?.offerDevice === 'desk'
  const hasInterpreter = useInterpreters().length > 0
  return (action) =>
    whyNot(action, state, {
      fresh,
      superseded,
      imposed,
      reachable,
      talkedIn: talked,
      onDeskPhone,
      hasInterpreter,
    })
}

/** Muted by this page's track or in Asterisk; either silences the agent. */
export function useMuted(state: DeskState): boolean {
  const trackMuted = usePhone((phone) => phone.muted)
  return state.name === 'talking' && (trackMuted || state.call?.muted === true)
}

/** Why the caller does not hear the agent; shown so large that it is seen from across the room. */
export function useAlert(state: DeskState): 'muted' | 'held' | undefined {
  const muted = useMuted(state)
  if (muted) return 'muted'
  return state.name === 'held' ? 'held' : undefined
}

/** How often the agent has to be reminded of the caller on hold: 0 within the first bound, one more each time it passes. */
export function useHoldReminders(state: DeskState): number {
  const { holdReminderMs } = useMe()
  const now = useNow() + useLive((live) => live.skewMs)
  return state.name === 'held' ? Math.max(0, Math.floor((now - Date.parse(state.since)) / holdReminderMs)) : 0
}

/** A `LiveCallView` for the wrap-up of a call that ended before this page was opened. */
function endedCall(record: CallDetail, queue: string | null): LiveCallView {
  return {
    id: record.id,
    caller: record.caller,
    callerName: null,
    direction: record.direction,
    callback: null,
    placedBy: record.direction === 'outbound' ? (record.legs[0]?.agent ?? record.agent) : null,
    line: record.line,
    language: null,
    queue: { id: record.queue ?? '', name: queue ?? '' },
    phase: 'talking',
    since: record.answeredAt ?? record.arrivedAt,
    arrivedAt: record.arrivedAt,
    queuedAt: record.queuedAt,
    answeredAt: record.answeredAt,
    agent: record.agent,
    muted: false,
    autoAnswer: false,
    transferred: null,
    consult: null,
    external: null,
    externalHears: null,
    unreached: null,
    helpSince: null,
    recordingPause: null,
    supervisions: [],
  }
}
