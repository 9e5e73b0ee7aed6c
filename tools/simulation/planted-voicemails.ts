/** Planted bugs of messages that callers leave (`planted-bugs.ts`). */
import type { PlantedBug } from './plant.ts'

export const bugsOfVoicemails: readonly PlantedBug[] = [
  {
    name: 'a caller who leaves a message is not recorded',
    rules: ['a message that is not recorded'],
    file: 'core/media/media-effects.ts',
    find: "return from.at === 'voicemail' ? [] :",
    replace: "return from.at !== 'music' ? [] :",
  },
  {
    name: 'a message counts as a call to a closed number',
    rules: ['a message left no trace'],
    file: 'core/steps/voicemail.ts',
    find: "now - since >= bounds.voicemailMinMs ? 'voicemail'",
    replace: "now - since >= bounds.voicemailMinMs ? 'closed'",
  },
  {
    name: 'a caller speaks without an end',
    rules: ['a message past its bound', 'a call never ended'],
    file: 'core/steps/voicemail.ts',
    find: 'until: since + voicemailMaxMs, since }',
    replace: 'until: since + 10 * voicemailMaxMs, since }',
  },
  {
    name: 'a key ends a message before the tone',
    rules: ['a key ended what was no message', 'a message of a caller who has not spoken'],
    file: 'core/steps/voicemail.ts',
    find: 'key === endKey && call.prompt === null ?',
    replace: 'key === endKey ?',
  },
  {
    name: 'a message by key is left in the queue of the number',
    rules: ['a key led elsewhere'],
    file: 'core/steps/menu.ts',
    find: '{ ...call, queue: next.voicemail }',
    replace: 'call',
  },
  {
    name: 'a key leads to no message',
    rules: ['a key led to no message while there is room'],
    file: 'acd/queues/message-by-key.ts',
    find: 'leaves === null || hasRoomForVoicemail(acdState.crowd(), rules)',
    replace: 'leaves === null',
  },
]
