import type { LiveCallView } from '../../../http/live/wire.ts'
import { useLive } from '../../live/use-live.ts'
import { searchDigitsMin, useFoundCalls, useOwnCallsToday } from '../../calls/use-calls.ts'

export interface CallRow {
  readonly id: string
  readonly at: string
  readonly outcome: string | null
  readonly caller: string | null
  /** Whether the second line has the caller, or the subject and the agent. */
  readonly told: 'caller' | 'agent'
  readonly subject: string | null
  readonly agent: string | null
}

interface ShownCalls {
  readonly title: 'previous' | 'ownToday' | 'found'
  readonly empty: 'nonePrevious' | 'withheld' | 'noneOwn' | 'nothingFound' | 'searchHint' | 'words'
  readonly rows: readonly CallRow[]
}

/**
 * The calls in the list: the search results, otherwise the caller's earlier calls, otherwise the agent's own
 * day.
 */
export function useShownCalls(call: LiveCallView | null, search: string): ShownCalls {
  const context = useLive((state) => state.context)
  const digits = search.replaceAll(/\D/g, '')
  const callId = call?.id ?? null
  const own = useOwnCallsToday()
  const found = useFoundCalls(digits)
  if (digits.length >= searchDigitsMin) {
    return { title: 'found', empty: 'nothingFound', rows: (found.data ?? []).map(rowOf) }
  }
  if (digits !== '') return { title: 'found', empty: 'searchHint', rows: [] }
  if (search.trim() !== '') return { title: 'found', empty: 'words', rows: [] }
  if (callId !== null) {
    const previous = context?.callId === callId ? context.previousCalls : []
    const rows = previous.map(({ id, arrivedAt, outcome, subject, agent }) => ({
      id,
      at: arrivedAt,
      outcome,
      caller: null,
      told: 'agent' as const,
      subject,
      agent,
    }))
    return { title: 'previous', empty: call?.caller === null ? 'withheld' : 'nonePrevious', rows }
  }
  return { title: 'ownToday', empty: 'noneOwn', rows: (own.data ?? []).map(rowOf) }
}

function rowOf(call: NonNullable<ReturnType<typeof useOwnCallsToday>['data']>[number]): CallRow {
  return {
    id: call.id,
    at: call.arrivedAt,
    outcome: call.outcome,
    caller: call.caller,
    told: 'caller',
    subject: null,
    agent: call.agent?.name ?? null,
  }
}
