/** `GET /api/live`: the live feed of a page, as server-sent events. */
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { AgentId } from '../../core/ids.ts'
import { hasSigned } from '../../ledger/agreement/agreements.ts'
import type { Account } from '../../people/accounts.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import type { Scope } from './live-state.ts'
import { LiveReader } from './live-reader.ts'
import { LivePage } from './live-page.ts'
import { Refused, WrongContent } from '../shell/problem.ts'
import { mayUse } from '../session/session.ts'
import { retry } from '../shell/sse.ts'
import { Instance } from '../wire.ts'
import { LiveEvent } from './wire.ts'

const feedsMax = 2_000
/** Feeds that one person, or one program's token, may have open: nobody can use up `feedsMax`, however often they sign in. */
const feedsPerHolderMax = 30
const eventIdMax = 64

export function liveRoutes(app: App, context: RouteContext): void {
  app.addHook('preClose', () => context.hub.stop())

  app.get(
    '/api/live',
    {
      exposeHeadRoute: false,
      config: { scope: 'live:read' },
      schema: {
        operationId: 'live',
        tags: ['live'],
        summary: 'The live feed (server-sent events)',
        description:
          'A program gives no `instance`: it opens no page. First `snapshot`, then `call`, `call-ended`, `agent`, `today`, `context`, and `beat` every two seconds. `Last-Event-ID` resumes. An agent receives their own state and call, and `context` (the caller’s earlier calls) once they have signed the agreement; a supervisor receives everything.',
        querystring: Type.Object({
          instance: Type.Optional(Instance),
          heard: Type.Optional(
            Type.String({
              maxLength: eventIdMax,
              description:
                'The id of the last event received, for a page that opens a new feed instead of resuming one.',
            }),
          ),
        }),
        response: {
          200: {
            description:
              'Events, for as long as the page is open. The `event` of a message and its `data`, parsed from JSON, are a `LiveEvent`.',
            content: { 'text/event-stream': { schema: LiveEvent } },
          },
        },
      },
    },
    async (request, reply) => {
      if (request.signedIn === null) throw new Refused('no-session')
      const { account, token, program } = request.signedIn
      const { instance, heard } = request.query
      // It would take the page, and with it the call, from the agent at the desk.
      if (program !== null && instance !== undefined)
        throw new WrongContent([{ field: 'instance', accepted: 'nothing: a program opens no page' }])
      const scope = scopeOf(account, await signedNow(context, account))
      if (reply.raw.destroyed) return reply
      // Nothing is awaited from here on, so that requests at once are counted.
      const holder = program === null ? account.id : token
      if (context.hub.readers >= feedsMax) throw new Refused('too-many-feeds')
      if (context.hub.readersOf(holder) >= feedsPerHolderMax) throw new Refused('too-many-own-feeds')
      const reader = new LiveReader({
        response: reply.raw,
        scope,
        token,
        holder,
        snapshot: () => context.hub.snapshotText(scope),
        onSlow: () => context.deps.metrics.slowReaders.inc(),
      })
      const lastId = lastEventId(request)
      startStream(reply)
      reply.raw.on('close', () => context.hub.remove(reader))
      if (scope.own !== null && instance !== undefined) {
        const page = new LivePage(reader)
        reply.raw.on('close', () => context.pages.close(account.id, instance, page))
        if (!openPage(context, account.id, instance, page, heardUntil(lastId ?? heard))) return reply
      }
      if (!reply.raw.destroyed) context.hub.add(reader, lastId)
      return reply
    },
  )
}

/** Supervisors see everything, agents their own state and call, others only the figures. */
export function scopeOf(account: Account, signed: boolean): Scope {
  return {
    all: mayUse(account, ['supervisor']),
    own: mayUse(account, ['agent']) ? account.id : null,
    signed,
  }
}

/** The feed must not wait for PostgreSQL: a page gives an attempt up after some seconds. */
const askedWithinMs = 300

/** False as well while PostgreSQL cannot be asked: the call itself is shown, and the earlier ones once it can. */
async function signedNow({ deps }: RouteContext, account: Account): Promise<boolean> {
  const signed = hasSigned(deps.db, account.id).catch(() => false)
  return Promise.race([signed, delay(askedWithinMs, false, { ref: false })])
}

function lastEventId(request: FastifyRequest): string | null {
  const id = request.headers['last-event-id']
  return typeof id === 'string' && id.length <= eventIdMax ? id : null
}

/** An event's id is its position in the Redis stream, which begins with its time. */
function heardUntil(id: string | undefined): number | null {
  const ms = Number(id?.split('-')[0] ?? Number.NaN)
  return Number.isSafeInteger(ms) ? ms : null
}

/** Takes the response over from Fastify and starts the event stream. */
function startStream(reply: FastifyReply): void {
  reply.hijack()
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    // No cache, compression or buffering on the way: each event must arrive at once.
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  })
  reply.raw.flushHeaders()
  reply.raw.write(retry(1_000))
}

/** False when another page is the active one; the page is notified then. */
function openPage(
  { pages, deps: { desk, logger } }: RouteContext,
  agent: AgentId,
  instance: string,
  page: LivePage,
  heard: number | null,
): boolean {
  const current = pages.open(agent, instance, page, heard)
  if (current !== instance) {
    page.superseded(current)
    return false
  }
  desk.perform({ do: 'pageOpened', agent, instance }).catch((error: unknown) => {
    logger.warn({ agent, error: String(error) }, 'the ACD could not be notified of an opened page')
  })
  return true
}
