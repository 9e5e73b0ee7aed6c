/** A finished call in the ledger, with a note of its agent. */
import { OfferId, type AgentId, type CallId } from '../../../src/core/ids.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { addNote } from '../../../src/ledger/calls/notes.ts'
import type { Database } from '../../../src/ledger/database.ts'
import { Story } from '../states.ts'

let calls = 0

interface Finished {
  readonly agent: AgentId
  readonly number: string | null
  /** Default: a moment ago. */
  readonly at?: number
  /** An agent who talked with the caller before. */
  readonly first?: AgentId
}

export async function finishedCall(
  db: Database,
  { agent, number, at = Date.now(), first }: Finished,
): Promise<CallId> {
  calls += 1
  const story = new Story(`pbx1-${process.pid}.9${calls}`, at, number)
  const legs = [...(first === undefined ? [] : [first]), agent].map((one, no) => ({
    id: OfferId(`${story.id}-${no}`),
    role: 'agent' as const,
    agent: one,
    device: 'web' as const,
    from: at + 3_000 + no * 30_000,
    until: at + 60_000,
  }))
  if (first !== undefined) legs[0] = { ...legs[0]!, until: at + 30_000 }
  const before = [story.arrives(), story.rings(agent, at + 1_000), story.talks(agent, at + 3_000)]
  const ends = story.ends(at + 60_000, 'answered', agent)
  await writeEvents(db, [...before, { ...ends, after: { ...ends.after, legs } }])
  await addNote(db, { call: story.id, author: agent, text: `O notă despre ${number ?? 'cineva'}` })
  return story.id
}
