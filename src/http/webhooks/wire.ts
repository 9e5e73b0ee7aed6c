/** Receivers of webhooks, for administrators. */
import { Type, type Static } from 'typebox'
import { deliveryFailures, deliveryOutcomes } from '../../city/webhooks/delivery.ts'
import { webhookTypes } from '../../city/webhooks/published-events.ts'
import { receiverAddressMax } from '../../city/webhooks/receiver-address.ts'
import {
  receiverNameMax,
  receiverReasonMax,
  receiversMax,
  settingsReceiver,
} from '../../city/webhooks/receiver-limits.ts'
import { Described, Nullable, Time } from '../wire.ts'

export {
  deliveryOutcomes,
  receiverAddressMax,
  receiverNameMax,
  receiverReasonMax,
  receiversMax,
  settingsReceiver,
  webhookTypes,
}

export const WebhookEvent = Type.Enum([...webhookTypes])

const Unsent = {
  unsent: Described('Events on record of which it has not been told.', Type.Integer()),
  late: Described('Those that are over ten minutes late.', Type.Integer()),
  oldestAt: Described('When the oldest of them was recorded; null: none is unsent.', Nullable(Time)),
  failed: Described(
    'Messages that were given up and not replayed since, of those that the log has.',
    Type.Integer(),
  ),
}

export const WebhookReceiver = Described(
  'A receiver, without its secret, which was shown once.',
  Type.Object({
    id: Type.String(),
    version: Described('Named by a change of it.', Type.Integer()),
    name: Type.String({ examples: ['CRM'] }),
    url: Type.String({ examples: ['https://crm.primaria.example/969'] }),
    types: Type.Array(WebhookEvent),
    changedAt: Time,
    changedBy: Type.String(),
    reason: Described('Of the newest change; empty once its term of keeping is over.', Type.String()),
    secretLost: Described(
      'The secret was sealed with another FACTOR_KEY: nothing can be sent before a new one is made.',
      Type.Boolean(),
    ),
    ...Unsent,
  }),
)
export type WebhookReceiver = Static<typeof WebhookReceiver>

export const SettingsReceiver = Described(
  'The receiver that the settings name (WEBHOOK_URL). It takes every event, and is changed there alone.',
  Type.Object({
    origin: Described('Its address without the path, which can be a secret.', Type.String()),
    withNumber: Described("Its messages have the caller's number.", Type.Boolean()),
    ...Unsent,
  }),
)
export type SettingsReceiver = Static<typeof SettingsReceiver>

/** `GET /api/webhook-receivers` */
export const WebhookReceivers = Type.Object({
  items: Type.Array(WebhookReceiver, { maxItems: receiversMax }),
  fromSettings: Described('Null: the settings name none.', Nullable(SettingsReceiver)),
})
export type WebhookReceivers = Static<typeof WebhookReceivers>

const Reason = Type.String({ minLength: 1, maxLength: receiverReasonMax, pattern: '\\S' })
const Fields = {
  name: Type.String({ minLength: 1, maxLength: receiverNameMax, pattern: '\\S', examples: ['CRM'] }),
  url: Described(
    'https, or http on this machine alone; without user and password.',
    Type.String({
      minLength: 1,
      maxLength: receiverAddressMax,
      examples: ['https://crm.primaria.example/969'],
    }),
  ),
  types: Described(
    'The events that it is told.',
    Type.Array(WebhookEvent, { minItems: 1, maxItems: webhookTypes.length, uniqueItems: true }),
  ),
  reason: Reason,
}
const Version = Described(
  'The version that was seen.',
  Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
)

export const NewWebhookReceiver = Type.Object(Fields)
export type NewWebhookReceiver = Static<typeof NewWebhookReceiver>

export const WebhookReceiverChange = Type.Object({ ...Fields, version: Version })
export type WebhookReceiverChange = Static<typeof WebhookReceiverChange>

export const WebhookReceiverDecision = Type.Object({ version: Version, reason: Reason })
export type WebhookReceiverDecision = Static<typeof WebhookReceiverDecision>

const secret = Described(
  'Signs the messages; no later answer has it.',
  Type.String({ examples: ['whsec_…'] }),
)

export const AddedWebhookReceiver = Type.Object({ id: Type.String(), secret })
export type AddedWebhookReceiver = Static<typeof AddedWebhookReceiver>

export const WebhookSecret = Type.Object({ secret })
export type WebhookSecret = Static<typeof WebhookSecret>

export const WebhookReceiverParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })

export const webhookDeliveriesMax = 200

export const WebhookDelivery = Described(
  'A message and how its receiver took it. The message itself is not kept; a replay makes it anew from the record.',
  Type.Object({
    id: Type.Integer(),
    receiver: Type.Object({
      id: Type.String(),
      name: Described('Null: the one that the settings name.', Nullable(Type.String())),
    }),
    message: Described(
      'Its `webhook-id`.',
      Type.String({ examples: ['evt_0123456789abcdef0123456789abcdef'] }),
    ),
    type: Described('Null: of a release that this one does not know.', Nullable(WebhookEvent)),
    outcome: Described(
      '`retrying`: it is tried again by itself. `given up`: after a week of tries; replay it.',
      Type.Enum([...deliveryOutcomes]),
    ),
    tries: Type.Integer(),
    replay: Described('The last try was asked for by an administrator.', Type.Boolean()),
    status: Described('Of the last answer; null: there was none.', Nullable(Type.Integer())),
    why: Described(
      'Why there was no answer; null: there was one.',
      Nullable(Type.Enum([...deliveryFailures])),
    ),
    durationMs: Described('Of the last try.', Type.Integer()),
    firstAt: Time,
    lastAt: Time,
  }),
)
export type WebhookDelivery = Static<typeof WebhookDelivery>

export const WebhookDeliveriesQuery = Described(
  '`GET /api/webhook-deliveries`; `before`: an id, for the next page.',
  Type.Object({
    receiver: Type.Optional(
      Described(
        'An id; `default`: the one that the settings name.',
        Type.String({ minLength: 1, maxLength: 64 }),
      ),
    ),
    outcome: Type.Optional(Type.Enum([...deliveryOutcomes])),
    before: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: webhookDeliveriesMax })),
  }),
)

export const WebhookDeliveries = Described(
  'Newest first. `next`: the `before` of the next page; null on the last one.',
  Type.Object({ items: Type.Array(WebhookDelivery), next: Nullable(Type.Integer()) }),
)
export type WebhookDeliveries = Static<typeof WebhookDeliveries>

export const WebhookDeliveryParams = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
})

export const WebhookReplay = Type.Object({ since: Described('By the time of the last try.', Time) })
export type WebhookReplay = Static<typeof WebhookReplay>

export const WebhookReplayed = Type.Object({
  messages: Described('So many are sent once more.', Type.Integer()),
})
export type WebhookReplayed = Static<typeof WebhookReplayed>
