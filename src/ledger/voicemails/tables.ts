/** The tables of messages that callers have left. */
import type { GeneratedAlways } from 'kysely'
import type { AgentId, CallId, QueueId } from '../../core/ids.ts'
import type { VoicemailResult, VoicemailSound } from '../../core/voicemails/voicemail.ts'
import type { Fixed, RecordedAt } from '../columns.ts'

export interface VoicemailTables {
  voicemails: {
    readonly call: Fixed<CallId>
    readonly queue: Fixed<QueueId>
    readonly sound: Fixed<VoicemailSound>
    readonly recorded_at: RecordedAt
  }
  voicemail_steps: {
    readonly id: GeneratedAlways<number>
    readonly call: Fixed<CallId>
    readonly step: Fixed<'taken' | 'released' | 'closed'>
    /** Of a closing. */
    readonly result: Fixed<VoicemailResult | null>
    /** In `free_texts`. */
    readonly note_digest: Fixed<Buffer | null>
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
}
