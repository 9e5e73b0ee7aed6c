/** The lists of calls after a change on the desk. The ledger, which they are from, lags behind the live feed. */
import type { QueryClient } from '@tanstack/react-query'
import { ownCallsKey, type Item } from '../calls/use-calls.ts'
import type { LiveState } from '../live/live-state.ts'

/** The ledger mostly has a change by the first of these; a busy one has it by a later one. */
const afterMs = [700, 1_400, 2_800, 5_600] as const

/** The ids of the agent's calls that the feed has as over, separated by spaces: the last own one, and those sent on. */
export function endedCalls({ ended, transfers }: Pick<LiveState, 'ended' | 'transfers'>, me: string): string {
  const own =
    ended !== null && ended.outcome === 'answered' && ended.call.agent?.id === me ? [ended.call.id] : []
  const sentOn = [...transfers.values()].filter(({ state }) => state === 'over' || state === 'left')
  return [...new Set([...own, ...sentOn.map(({ callId }) => callId)])].sort().join(' ')
}

/** Refetches the lists until the agent's own one has the calls that have ended. */
export async function refreshLists(
  client: QueryClient,
  ended: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const ms of afterMs) {
    await new Promise((resolve) => setTimeout(resolve, ms))
    if (signal.aborted) return
    const hadAll = listsAll(client, ended)
    await client.invalidateQueries({ queryKey: ['calls'] })
    if (!listsAll(client, ended)) continue
    // Others may have been read before it was there.
    if (!hadAll) await client.invalidateQueries({ queryKey: ['calls'] })
    return
  }
}

function listsAll(client: QueryClient, calls: readonly string[]): boolean {
  const lists = client.getQueriesData<readonly Item[]>({ queryKey: ownCallsKey })
  const own = new Set(lists.flatMap(([, items = []]) => items.map(({ id }) => id)))
  return calls.every((call) => own.has(call))
}
