/**
 * Receivers of webhooks, for administrators. Their messages never have the caller's number, which administrators may not see
 * (decision 15).
 */
import { isReceiverAddress } from '../../city/webhooks/receiver-address.ts'
import { settingsReceiver } from '../../city/webhooks/receiver-limits.ts'
import { failedByReceiver } from '../../ledger/webhooks/deliveries.ts'
import { openReceivers } from '../../ledger/webhooks/receivers.ts'
import { unsentByReceiver, type UnsentCounts } from '../../ledger/webhooks/unsent.ts'
import {
  addReceiver,
  changeReceiver,
  endReceiver,
  listReceivers,
  openedSecret,
  renewSecret,
  type ReceiverFields,
  type ReceiverRefusal,
} from '../../people/webhooks/receivers.ts'
import { sealWith } from '../../people/sign-in/sealed.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { done, refusals } from '../shell/documented.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused, WrongContent } from '../shell/problem.ts'
import type { Code } from '../shell/sentences.ts'
import {
  AddedWebhookReceiver,
  NewWebhookReceiver,
  WebhookReceiverChange,
  WebhookReceiverDecision,
  WebhookReceiverParams,
  WebhookReceivers,
  WebhookSecret,
} from './wire.ts'

const config = { access: ['administrator'] } as const
const tags = ['programs']

const codes = {
  'not allowed': 'forbidden',
  'no such receiver': 'no-such-receiver',
  'changed meanwhile': 'receiver-changed',
  'name taken': 'receiver-name-taken',
  'too many': 'too-many-receivers',
} as const satisfies Record<ReceiverRefusal, Code>

export function webhookRoutes(app: App, context: RouteContext): void {
  const { db, now, logger, settings } = context.deps
  const seal = sealWith(settings.factorKey, 'webhooks')

  app.get(
    '/api/webhook-receivers',
    {
      config,
      schema: {
        operationId: 'webhookReceivers',
        tags,
        summary: 'The programs that are told of the course of calls, and what they have not been told yet',
        response: { 200: WebhookReceivers, ...refusals(403) },
      },
    },
    async () => {
      const receivers = await listReceivers(db)
      const lost = new Set(
        (await openReceivers(db))
          .filter(({ id, secret }) => openedSecret(seal, secret, id) === null)
          .map(({ id }) => id),
      )
      const counts = await unsentByReceiver(db, now())
      const failed = await failedByReceiver(db)
      return {
        items: receivers.map(({ changedAt, types, ...receiver }) => ({
          ...receiver,
          types: [...types],
          changedAt: iso(changedAt),
          secretLost: lost.has(receiver.id),
          ...unsentView(counts.get(receiver.id)),
          failed: failed.get(receiver.id) ?? 0,
        })),
        fromSettings:
          settings.webhook === null
            ? null
            : {
                ...settings.webhook,
                ...unsentView(counts.get(settingsReceiver)),
                failed: failed.get(settingsReceiver) ?? 0,
              },
      }
    },
  )

  app.post(
    '/api/webhook-receivers',
    {
      config,
      schema: {
        operationId: 'addWebhookReceiver',
        tags,
        summary: 'Tell a program of the course of calls from now on; its secret is in this answer alone',
        body: NewWebhookReceiver,
        response: { 201: AddedWebhookReceiver, ...refusals(400, 409) },
      },
    },
    async (request, reply) => {
      const { id: by } = accountOf(request)
      const { reason, ...fields } = request.body
      const decision = { by, reason: reason.trim() }
      const added = await addReceiver(db, seal, fieldsOf(fields), decision)
      if (!added.ok) throw new Refused(codes[added.why])
      const { id, secret } = added
      logger.info({ by, receiver: id }, 'a receiver of webhooks was added')
      return reply.code(201).send({ id, secret })
    },
  )

  app.put(
    '/api/webhook-receivers/:id',
    {
      config,
      schema: {
        operationId: 'changeWebhookReceiver',
        tags,
        summary: 'Change name, address and events of a receiver; it counts from the next message on',
        params: WebhookReceiverParams,
        body: WebhookReceiverChange,
        response: { 204: done, ...refusals(400, 404, 409) },
      },
    },
    async (request, reply) => {
      const { id: by } = accountOf(request)
      const { version, reason, ...fields } = request.body
      const { id } = request.params
      const decision = { by, reason: reason.trim() }
      const changed = await changeReceiver(db, { id, version }, fieldsOf(fields), decision)
      if (!changed.ok) throw new Refused(codes[changed.why])
      logger.info({ by, receiver: id }, 'a receiver of webhooks was changed')
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/webhook-receivers/:id/secret',
    {
      config,
      schema: {
        operationId: 'renewWebhookSecret',
        tags,
        summary:
          'Make a new secret, which is in this answer alone; the earlier one signs nothing from now on',
        params: WebhookReceiverParams,
        body: WebhookReceiverDecision,
        response: { 201: WebhookSecret, ...refusals(404, 409) },
      },
    },
    async (request, reply) => {
      const { id: by } = accountOf(request)
      const { version, reason } = request.body
      const { id } = request.params
      const renewed = await renewSecret(db, seal, { id, version }, { by, reason: reason.trim() })
      if (!renewed.ok) throw new Refused(codes[renewed.why])
      logger.info({ by, receiver: id }, 'the secret of a receiver of webhooks was renewed')
      return reply.code(201).send({ secret: renewed.secret })
    },
  )

  app.post(
    '/api/webhook-receivers/:id/end',
    {
      config,
      schema: {
        operationId: 'endWebhookReceiver',
        tags,
        summary: 'Tell a program no more; what it has not been told is dropped',
        params: WebhookReceiverParams,
        body: WebhookReceiverDecision,
        response: { 204: done, ...refusals(404, 409) },
      },
    },
    async (request, reply) => {
      const { id: by } = accountOf(request)
      const { version, reason } = request.body
      const { id } = request.params
      const ended = await endReceiver(db, { id, version }, { by, reason: reason.trim() })
      if (!ended.ok) throw new Refused(codes[ended.why])
      logger.info({ by, receiver: id }, 'a receiver of webhooks was ended')
      return reply.code(204).send(null)
    },
  )
}

function fieldsOf({ name, url, types }: ReceiverFields): ReceiverFields {
  if (!isReceiverAddress(url))
    throw new WrongContent([
      { field: 'url', accepted: 'https://…, or http:// on this machine; no user, no password' },
    ])
  return { name: name.trim(), url, types }
}

function unsentView(counts: UnsentCounts | undefined) {
  const { unsent, late, oldestAt } = counts ?? { unsent: 0, late: 0, oldestAt: null }
  return { unsent, late, oldestAt: oldestAt === null ? null : iso(oldestAt) }
}
