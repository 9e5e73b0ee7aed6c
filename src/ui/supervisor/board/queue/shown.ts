/**
 * The board and the wall show the whole line, or one queue. The queue is in the address (`?queue=taxe`), so that a
 * television of one department, or a bookmark, opens with it.
 */
import { useMemo } from 'react'
import { navigate, useSearch } from 'wouter/use-browser-location'
import type { AgentView } from '../../../../http/agents/wire.ts'
import type { LiveCallView, Today } from '../../../../http/live/wire.ts'
import { useLive } from '../../../live/use-live.ts'

const parameter = 'queue'

/** The queue to which an address leads; null: the whole line, also where no queue has this id. */
export function queueIn(search: string, queues: Today['queues']): string | null {
  const asked = new URLSearchParams(search).get(parameter)
  return queues.some(({ id }) => id === asked) ? asked : null
}

/** The address of a queue on the same page. */
export const queueAddress = (queue: string | null): string =>
  queue === null ? window.location.pathname : `?${new URLSearchParams({ [parameter]: queue }).toString()}`

export const chooseQueue = (queue: string | null): void => navigate(queueAddress(queue), { replace: true })

const noQueues: Today['queues'] = []
/** Every queue, whichever is shown; none before the first figures. */
export const useQueuesNow = (): Today['queues'] => useLive((state) => state.today?.queues ?? noQueues)

export function useShownQueue(): string | null {
  const search = useSearch()
  const queues = useQueuesNow()
  return queueIn(search, queues)
}

/** Callers before the queue are those whose number leads to it. */
export function callsShown(
  calls: ReadonlyMap<string, LiveCallView>,
  queue: string | null,
): ReadonlyMap<string, LiveCallView> {
  return queue === null ? calls : new Map([...calls].filter(([, call]) => call.queue.id === queue))
}

/** Of a queue: the agents who serve it. */
export function agentsShown(
  agents: ReadonlyMap<string, AgentView>,
  queue: string | null,
  queues: Today['queues'],
): ReadonlyMap<string, AgentView> {
  if (queue === null) return agents
  const serving = new Set(queues.find(({ id }) => id === queue)?.agents)
  return new Map([...agents].filter(([id]) => serving.has(id)))
}

/** None where the queue has had no call today, as of a line without calls. */
function courseShown(slots: Today['slots'], course: Today['queues'][number]['course']): Today['slots'] {
  if (course === undefined || course.offered.every((count) => count === 0)) return []
  const { offered, answered, abandoned } = course
  return slots.map(({ from }, at) => ({
    from,
    offered: offered[at] ?? 0,
    answered: answered[at] ?? 0,
    abandoned: abandoned[at] ?? 0,
  }))
}

/** The figures of a queue, and its course of the day, in place of those of the line. */
export function todayShown(today: Today, queue: string | null): Today {
  const own = today.queues.find(({ id }) => id === queue)
  if (own === undefined) return today
  return {
    ...today,
    day: own.day,
    recent: own.recent,
    queues: [own],
    slots: courseShown(today.slots, own.course),
    overflows: today.overflows.filter(({ from }) => from === queue),
    surveys: today.surveys.filter((survey) => survey.queue === queue),
  }
}

export function useShownCalls(): ReadonlyMap<string, LiveCallView> {
  const calls = useLive((state) => state.calls)
  const queue = useShownQueue()
  return useMemo(() => callsShown(calls, queue), [calls, queue])
}

export function useShownAgents(): ReadonlyMap<string, AgentView> {
  const agents = useLive((state) => state.agents)
  const queues = useQueuesNow()
  const queue = useShownQueue()
  return useMemo(() => agentsShown(agents, queue, queues), [agents, queue, queues])
}

/** Null: not received yet. */
export function useShownToday(): Today | null {
  const today = useLive((state) => state.today)
  const queue = useShownQueue()
  return useMemo(() => (today === null ? null : todayShown(today, queue)), [today, queue])
}
