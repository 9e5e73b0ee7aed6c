/** Whether what a caller has left is a message: by its sound, because a caller may hang up, or be a machine that says nothing. */
import { QueueId, type CallId } from '../../core/ids.ts'
import { bounds } from '../../core/rules.ts'
import { upcastCall } from '../../core/versions.ts'
import type { CallWithoutCaller } from '../../ledger/calls/tables.ts'
import type { Database } from '../../ledger/database.ts'
import type { Waveform } from '../../ledger/recordings/tables.ts'
import type { VoicemailSound } from '../../core/voicemails/voicemail.ts'
import { lastedMs, type Part } from './parts.ts'

/** Peak of a slice (0–100) that is more than a silent line, and not more than a soft or distant voice: a task too many is closed, a caller who is not heard is lost. */
const voicePeak = 1
/** A word, or two. */
const voiceMs = 400

export const isLongEnough = (message: Part): boolean => lastedMs(message) >= bounds.voicemailMinMs

export function soundOf({ caller }: Waveform, durationMs: number): VoicemailSound {
  const spoken = caller.filter((peak) => peak >= voicePeak).length
  return (spoken * durationMs) / caller.length >= voiceMs ? 'voice' : 'silence'
}

/** The queue in which the caller left it. A call that no event tells of counts as the general queue's, as in the figures. */
export async function queueOfCall(db: Database, call: CallId): Promise<QueueId> {
  const row = await db
    .selectFrom('call_events')
    .select('after')
    .where('call', '=', call)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? QueueId('general') : upcastCall<CallWithoutCaller>(row.after).queue
}
