import type { TFunction } from 'i18next'
import type { WebhookReceiver } from '../../../http/webhooks/wire.ts'

type EventType = WebhookReceiver['types'][number]

/** In i18next a full stop in a key would be a level. */
const keys = {
  'call.queued': 'queued',
  'call.offered': 'offered',
  'call.answered': 'answered',
  'call.transferred': 'transferred',
  'call.ended': 'ended',
  'recording.ready': 'recording',
  'voicemail.left': 'voicemail',
} as const satisfies Record<EventType, string>

export const eventText = (type: EventType, t: TFunction): string => t(`webhooks.events.${keys[type]}`)
