/** A finished call in the ledger, with a note of its agent. */
import type { AgentId, CallId } from '../../../src/core/ids.ts'
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
}

export async function finishedCall(
  db: Database,
  { agent, number, at = Date.now() }: Finished,
): Promise<CallId> {
  calls += 1
  const story = new Story(`pbx1-${process.pid}.9${calls}`, at, number)
  await writeEvents(db, [
    story.arrives(),
    story.rings(agent, at + 1_000),
    story.talks(agent, at + 3_000),
    story.ends(at + 60_000, 'answered', agent),
  ])
  await addNote(db, { call: story.id, author: agent, text: `O notă despre ${number ?? 'cineva'}` })
  return story.id
}
