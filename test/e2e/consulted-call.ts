/** A finished call on record: its agent asked a colleague, a supervisor listened and joined, and the recording was paused. */
import { sql } from 'kysely'
import { AgentId, type CallId } from '../../src/core/ids.ts'
import { writeEvents } from '../../src/ledger/calls/event-writing.ts'
import { offerOf, Story } from '../http/states.ts'
import { openTestDatabase } from '../support/postgres.ts'

const seconds = 1_000

export async function consultedCall(databaseUrl: string): Promise<CallId> {
  const db = openTestDatabase(databaseUrl)
  try {
    const { rows } = await sql<{ username: string; id: AgentId }>`select username, id from accounts`.execute(
      db,
    )
    const idOf = (username: string) => rows.find((row) => row.username === username)?.id ?? AgentId('')
    const [ana, dan, vera] = [idOf('agent01'), idOf('agent02'), idOf('supervisor01')]
    const at = Date.now() - 600 * seconds
    const story = new Story(`pbx1-${at}.1`, at, '+40722000957')
    const { id: offer } = offerOf(story.id, ana, at + 3 * seconds)
    const asked = offerOf(story.id, dan, at + 20 * seconds)
    const ear = offerOf(story.id, vera, at + 35 * seconds)
    const consult = (seat: 'ringing' | 'side' | 'room') => ({
      consult: { offer: asked, seat, secondLine: null },
    })
    const heard = (mode: 'monitor' | 'barge', isUp = true) => ({ supervisions: [{ offer: ear, mode, isUp }] })
    const recordingPause = { since: at, until: at + 300 * seconds, reason: 'payment card' } as const
    await writeEvents(db, [
      story.arrives(),
      story.rings(ana, at + seconds),
      story.talks(ana, at + 3 * seconds),
      story.beside(
        { type: 'ConsultRequested', offer, consult: asked, secondLine: null },
        at + 20 * seconds,
        consult('ringing'),
      ),
      story.beside({ type: 'AgentAnswered', offer: asked.id }, at + 26 * seconds, consult('side')),
      story.beside(
        { type: 'SupervisorRung', supervision: ear, mode: 'monitor' },
        at + 35 * seconds,
        heard('monitor', false),
      ),
      story.beside({ type: 'AgentAnswered', offer: ear.id }, at + 37 * seconds, heard('monitor')),
      story.beside({ type: 'ConsultJoined', offer }, at + 50 * seconds, consult('room')),
      story.beside(
        { type: 'SupervisionChanged', offer: ear.id, mode: 'barge' },
        at + 55 * seconds,
        heard('barge'),
      ),
      story.beside({ type: 'AgentHungUp', offer: ear.id }, at + 70 * seconds, { supervisions: [] }),
      story.beside({ type: 'AgentHungUp', offer: asked.id }, at + 80 * seconds, { consult: null }),
      story.beside({ type: 'RecordingPaused', offer, reason: 'payment card' }, at + 90 * seconds, {
        recordingPause,
      }),
      story.beside({ type: 'RecordingResumed', offer }, at + 110 * seconds, { recordingPause: null }),
      story.ends(at + 130 * seconds, 'answered', ana),
    ])
    return story.id
  } finally {
    await db.destroy()
  }
}
