/** A call that its first agent has handed on, in progress: the ledger and the live feed have it. */
import type { AcdEvent } from '../../../src/core/acd-event.ts'
import type { AgentId } from '../../../src/core/ids.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import type { Served } from '../serve.ts'
import { agentAt, agentChange, Story } from '../states.ts'

let calls = 0

interface HandedOn {
  readonly first: AgentId
  /** Null: the caller waits in the queue. */
  readonly second: AgentId | null
  readonly number: string | null
  /** The first agent's state since. Default: wrap-up. */
  readonly afterwards?: 'wrap-up' | 'ready'
  /** When the first agent answered. Default: now. */
  readonly at?: number
}

/** The first agent talked for a minute. */
export async function handedOnCall(
  { db, line }: Pick<Served, 'db' | 'line'>,
  { first, second, number, afterwards = 'wrap-up', at = Date.now() }: HandedOn,
): Promise<Story> {
  calls += 1
  const story = new Story(`pbx1-${process.pid}.7${calls}`, at - 1_000, number)
  const handedOnAt = at + 60_000
  const stages = [
    story.arrives(),
    story.waits(at - 900),
    story.rings(first, at - 800),
    story.talks(first, at),
  ]
  stages.push(story.waits(handedOnAt))
  if (second !== null) stages.push(story.rings(second, handedOnAt), story.talks(second, handedOnAt + 4_000))
  await writeEvents(db, stages)
  const wrapUp = { state: 'wrap-up' as const, call: story.id, until: Date.now() + 90_000 }
  const changes: AcdEvent[] = [
    agentChange(
      agentAt(first, handedOnAt, afterwards === 'ready' ? { state: 'ready', notBefore: 0 } : wrapUp),
    ),
  ]
  if (second !== null)
    changes.push(agentChange(agentAt(second, handedOnAt, { state: 'talking', call: story.id })))
  line.emit(...stages, ...changes)
  return story
}
