/** Callers who choose by key in a menu. */
import { hasRoomForVoicemail } from '../../core/call-arrival.ts'
import type { CallEvent } from '../../core/call-event.ts'
import type { InMenu } from '../../core/call.ts'
import { pressed, type MenuKey } from '../../core/configuration/menu.ts'
import type { Rules } from '../../core/rules.ts'
import type { AcdState } from '../acd-state.ts'
import type { Directory } from '../ports.ts'

interface MenuKeyDeps {
  readonly acdState: Pick<AcdState, 'crowd'>
  readonly directory: Pick<Directory, 'queues'>
  readonly rules: Rules
}

/** The event of a key: without room for a further message it leads to a person, who sees to the messages of that queue. */
export function menuKeyEvent(
  { place, queue, priority }: Pick<InMenu, 'place' | 'queue' | 'priority'>,
  key: MenuKey,
  { acdState, directory, rules }: MenuKeyDeps,
): CallEvent {
  const next = pressed(place, key)
  const leaves = next !== null && 'voicemail' in next ? next.voicemail : null
  if (leaves === null || hasRoomForVoicemail(acdState.crowd(), rules)) return { type: 'KeyPressed', key }
  // A queue that has been removed since the call began serves nobody: the number's own does.
  const served = directory.queues().find(({ id }) => id === leaves) ?? { id: queue, priority }
  return { type: 'KeyPressed', key, instead: { queue: served.id, priority: served.priority } }
}
