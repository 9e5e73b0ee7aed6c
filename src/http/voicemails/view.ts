import { isLate } from '../../core/voicemails/voicemail.ts'
import type { Voicemail } from '../../ledger/voicemails/voicemails.ts'
import { seeingQueue, takerOf } from '../access/voicemail-rights.ts'
import type { RouteContext } from '../route-context.ts'
import { iso, isoOrNull } from '../shell/iso-time.ts'
import type { VoicemailItem } from './wire.ts'

export function voicemailItem(context: RouteContext, voicemail: Voicemail): VoicemailItem {
  const { call, leftAt, caller, durationMs, sound, isHeard, calledBackAt, updatedAt, closed } = voicemail
  const taker = takerOf(context, voicemail)
  return {
    call,
    queue: seeingQueue(context, voicemail),
    leftAt: iso(leftAt),
    caller,
    durationMs,
    sound,
    isHeard,
    isLate: closed === null && isLate(leftAt, context.deps.now()),
    calledBackAt: isoOrNull(calledBackAt),
    updatedAt: iso(updatedAt),
    takenBy: taker && { id: taker.id, name: taker.name },
    closed: closed === null ? null : { ...closed, at: iso(closed.at) },
  }
}
