import type { Directory } from '../../acd/ports.ts'
import { levelFor } from '../../core/routing.ts'
import type { TodayDeps } from './today.ts'

/** The queues, each with the agents who have its skill, at its level. */
export function queuesWithAgents(
  directory: Pick<Directory, 'agents' | 'queues'>,
): ReturnType<TodayDeps['queues']> {
  const agents = directory.agents()
  return directory.queues().map((queue) => ({
    id: queue.id,
    name: queue.name,
    agents: agents.filter((agent) => levelFor(agent, queue) !== null).map(({ id }) => id),
  }))
}
