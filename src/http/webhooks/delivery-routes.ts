/** The log of what receivers of webhooks were sent, and replays, for administrators. It has no call and no citizen: a message's id is a digest. */
import { settingsReceiver } from '../../city/webhooks/receiver-limits.ts'
import type { Database } from '../../ledger/database.ts'
import { deliveries, type Delivery } from '../../ledger/webhooks/deliveries.ts'
import { receiverNames } from '../../people/webhooks/receivers.ts'
import { replayFailed, replayOne, type Replayed } from '../../people/webhooks/replays.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { done, refusals } from '../shell/documented.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused } from '../shell/problem.ts'
import {
  type WebhookDelivery,
  WebhookDeliveries,
  WebhookDeliveriesQuery,
  WebhookDeliveryParams,
  WebhookReceiverParams,
  WebhookReplay,
  WebhookReplayed,
} from './wire.ts'

const config = { access: ['administrator'] } as const
const tags = ['programs']
const limitByDefault = 50

export function webhookDeliveryRoutes(app: App, context: RouteContext): void {
  const { db, now, logger } = context.deps

  app.get(
    '/api/webhook-deliveries',
    {
      config,
      schema: {
        operationId: 'webhookDeliveries',
        tags,
        summary: 'What receivers were sent and how they answered, newest first',
        querystring: WebhookDeliveriesQuery,
        response: { 200: WebhookDeliveries, ...refusals(400, 403) },
      },
    },
    async ({ query: { receiver = null, outcome = null, before = null, limit = limitByDefault } }) => {
      const found = await deliveries(db, { receiver, outcome, before, limit: limit + 1 })
      const items = await viewOf(db, found.slice(0, limit))
      return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null }
    },
  )

  app.post(
    '/api/webhook-deliveries/:id/replay',
    {
      config,
      schema: {
        operationId: 'replayWebhook',
        tags,
        summary: 'Send one message once more, by the same `webhook-id` and with `webhook-replay: true`',
        params: WebhookDeliveryParams,
        response: { 204: done, ...refusals(404) },
      },
    },
    async (request, reply) => {
      const { id: by } = accountOf(request)
      const { id } = request.params
      const replayed = granted(await replayOne(db, id, { by, now: now() }))
      logger.info({ by, delivery: id, ...replayed }, 'a webhook is replayed')
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/webhook-receivers/:id/replay',
    {
      config,
      schema: {
        operationId: 'replayFailedWebhooks',
        tags,
        summary: 'Send a receiver every message once more that was given up since a moment; 10,000 at most',
        params: WebhookReceiverParams,
        body: WebhookReplay,
        response: { 200: WebhookReplayed, ...refusals(404) },
      },
    },
    async (request) => {
      const { id: by } = accountOf(request)
      const asked = { receiver: request.params.id, since: Date.parse(request.body.since) }
      const replayed = granted(await replayFailed(db, asked, { by, now: now() }))
      logger.info({ by, receiver: asked.receiver, ...replayed }, 'webhooks that had failed are replayed')
      return replayed
    },
  )
}

function granted(replayed: Replayed): { readonly messages: number } {
  if (replayed.ok) return { messages: replayed.messages }
  if (replayed.why === 'not allowed') throw new Refused('forbidden')
  throw new Refused(replayed.why === 'no such delivery' ? 'no-such-delivery' : 'no-such-receiver')
}

async function viewOf(db: Database, found: readonly Delivery[]): Promise<WebhookDelivery[]> {
  const names = await receiverNames(db, [...new Set(found.map(({ receiver }) => receiver))])
  return found.map(({ receiver, firstAt, lastAt, ...delivery }) => ({
    ...delivery,
    receiver: {
      id: receiver,
      name: receiver === settingsReceiver ? null : (names.get(receiver) ?? null),
    },
    firstAt: iso(firstAt),
    lastAt: iso(lastAt),
  }))
}
