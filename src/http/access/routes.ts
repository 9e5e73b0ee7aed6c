/** Opening a call or a request with a reason; the reasons and unusual looks, for supervisors and auditors. */
import { RequestId } from '../../city/requests/number.ts'
import { alertShownMs, unusualWindowMs } from '../../city/access/unusual.ts'
import { CallId, type AgentId, type Millis } from '../../core/ids.ts'
import { justify, justifiedAccesses } from '../../ledger/access/justified.ts'
import { reasonsOf, unusualLooks } from '../../ledger/access/unusual-looks.ts'
import { callById } from '../../ledger/calls/calls.ts'
import { requestById } from '../../ledger/requests/lists.ts'
import { digestOf } from '../../people/sessions.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { refusals } from '../shell/documented.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused } from '../shell/problem.ts'
import { presentCall, recordOnce } from './rights.ts'
import { AccessAlerts, Opened, StatedReasons, StateReason } from './wire.ts'

const watchers = { access: ['supervisor', 'auditor'], cityData: true } as const
const itemsMax = 50
const reasonsMax = 100
const reasonsShownMs = 30 * 24 * 3_600_000

export function accessRoutes(app: App, context: RouteContext): void {
  openingRoute(app, context)
  watchingRoutes(app, context)
}

function openingRoute(app: App, context: RouteContext): void {
  const { db, now, logger, metrics, settings } = context.deps

  app.post(
    '/api/access',
    {
      config: { access: ['agent'], cityData: true },
      schema: {
        operationId: 'stateReason',
        tags: ['access'],
        summary: 'Open one call or request that is not mine with a reason, in this session, for 15 minutes',
        body: StateReason,
        response: { 201: Opened, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request, reply) => {
      const account = accountOf(request)
      const { object, id, reason, text } = request.body
      const exists = object === 'call' ? await callById(db, CallId(id)) : await requestById(db, RequestId(id))
      if (exists === null) throw new Refused(object === 'call' ? 'no-such-call' : 'no-such-request')
      const present = await presentCall(context, account)
      const until = await justify(db, {
        account: account.id,
        session: digestOf(request.signedIn?.token ?? ''),
        object,
        id,
        reason,
        text: text.trim(),
        call: present?.id ?? null,
      })
      await warnOfMany(account.id)
      return reply.code(201).send({ until: iso(until) })
    },
  )

  /** The access is given already, so an error here is only logged. */
  async function warnOfMany(account: AgentId): Promise<void> {
    try {
      const reasons = await reasonsOf(db, account, now() - unusualWindowMs)
      if (reasons <= settings.unusualLooks.reasonsPerHour) return
      metrics.accessAlerts.inc()
      logger.warn({ account, reasons }, 'unusually many looks beyond own calls within an hour')
    } catch (error) {
      logger.error({ error: error instanceof Error ? error.message : '' }, 'looks could not be counted')
    }
  }
}

function watchingRoutes(app: App, context: RouteContext): void {
  const { db, now, settings } = context.deps

  app.get(
    '/api/access/alerts',
    {
      config: watchers,
      schema: {
        operationId: 'accessAlerts',
        tags: ['access'],
        summary: 'Accounts with unusually many looks in an hour of the last day',
        response: { 200: AccessAlerts, ...refusals(401, 403, 503) },
      },
    },
    async () => {
      const found = await unusualLooks(db, now() - alertShownMs, settings.unusualLooks)
      return {
        ...settings.unusualLooks,
        items: found.slice(0, itemsMax).map(({ account, looks, reasons, lastAt, name }) => ({
          account: { id: account, name: name ?? account },
          looks,
          reasons,
          lastAt: iso(lastAt),
        })),
      }
    },
  )

  app.get(
    '/api/access/reasons',
    {
      config: watchers,
      schema: {
        operationId: 'statedReasons',
        tags: ['access'],
        summary: 'Calls and requests opened with a reason in the last 30 days, newest first',
        response: { 200: StatedReasons, ...refusals(401, 403, 503) },
      },
    },
    async (request) => {
      const since: Millis = now() - reasonsShownMs
      const items = await justifiedAccesses(db, { since, limit: reasonsMax })
      await recordOnce(context, request, {
        kind: 'journal',
        account: accountOf(request).id,
        call: null,
        about: 'reasons',
        person: null,
        query: null,
      })
      return { items: items.map((item) => ({ ...item, at: iso(item.at) })) }
    },
  )
}
