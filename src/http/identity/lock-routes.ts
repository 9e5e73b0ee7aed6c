/** Identity checks as supervisors see them: locked channels and alerts, without any citizen's name. */
import type { Millis } from '../../core/ids.ts'
import { closedLocks, locks, unlock, type LockRow } from '../../ledger/identity/locks.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { recordOnce } from '../access/rights.ts'
import { done, refusals } from '../shell/documented.ts'
import { alarming } from './alerts.ts'
import { iso, isoOrNull } from '../shell/iso-time.ts'
import { Refused } from '../shell/problem.ts'
import { accountOf } from '../session/session.ts'
import { AlertList, LockList, LockParams, Unlock } from './wire.ts'

const supervisorOnly = { access: ['supervisor'], cityData: true } as const
const locksMax = 100
const alertsMax = 50

export function identityLockRoutes(app: App, context: RouteContext): void {
  const { deps, names } = context
  const { db } = deps

  app.get(
    '/api/identity/locks',
    {
      config: supervisorOnly,
      schema: {
        operationId: 'locks',
        tags: ['identity'],
        summary: 'Locked telephone channels, closed ones first',
        response: { 200: LockList, ...refusals(401, 403, 503) },
      },
    },
    async (request) => {
      const now = deps.now()
      const items = await locks(db, now, locksMax)
      await recordOnce(context, request, {
        kind: 'call-list',
        account: accountOf(request).id,
        call: null,
        about: 'identity locks',
        person: null,
        query: null,
      })
      return { items: items.map((lock) => lockView(lock, now)) }
    },
  )

  app.post(
    '/api/identity/locks/:id/unlock',
    {
      config: supervisorOnly,
      schema: {
        operationId: 'unlock',
        tags: ['identity'],
        summary: 'Unlock a channel, with a reason',
        params: LockParams,
        body: Unlock,
        response: { 204: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request, reply) => {
      const reason = request.body.reason.trim()
      if (reason === '') throw new Refused('no-reason')
      const opened = await unlock(db, { lock: request.params.id, account: accountOf(request).id, reason })
      if (opened === 'not locked') throw new Refused('not-locked')
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/api/identity/alerts',
    {
      config: supervisorOnly,
      schema: {
        operationId: 'identityAlerts',
        tags: ['identity'],
        summary: 'Agents and phone numbers with many failed identity checks',
        response: { 200: AlertList, ...refusals(401, 403, 503) },
      },
    },
    async () => {
      const [{ agents, numbers }, closed] = await Promise.all([alarming(deps), closedLocks(db)])
      return {
        closed,
        agents: agents.slice(0, alertsMax).map(({ agent, verdicts, failed }) => ({
          agent: names.agent(agent),
          verdicts,
          failed,
        })),
        numbers: numbers.slice(0, alertsMax).map((tally) => ({ ...tally })),
      }
    },
  )
}

function lockView({ id, lockedAt, until, calls, unlocked }: LockRow, now: Millis) {
  return {
    id,
    lockedAt: iso(lockedAt),
    until: isoOrNull(until),
    inForce: unlocked === null && (until === null || until > now),
    calls: calls.map(({ call, at, agent, caller }) => ({ id: call, at: iso(at), agent, caller })),
    unlocked: unlocked === null ? null : { ...unlocked, at: iso(unlocked.at) },
  }
}
