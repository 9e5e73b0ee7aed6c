/** The HTTP server, behind Caddy: wiring of the routes, and what holds for all of them. */
import fastify, { LogController } from 'fastify'
import type { FastifyReply } from 'fastify'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { AgentId } from '../core/ids.ts'
import { figures } from '../ledger/reports/figures.ts'
import { digestOf } from '../people/sessions.ts'
import type { RouteContext, Subject } from './route-context.ts'
import type { App } from './app.ts'
import { askContext } from './live/caller.ts'
import { apiCsp } from './shell/csp.ts'
import { LiveHub } from './live/live-hub.ts'
import { scopeOf } from './live/routes.ts'
import type { LivePage } from './live/live-page.ts'
import type { Scope } from './live/live-line.ts'
import { NodePubSub } from './nodes/node-pubsub.ts'
import { documentRoutes, installDocument } from './shell/openapi.ts'
import { addressOf, isFront } from './shell/origin.ts'
import { PageRegistry } from './live/pages.ts'
import type { HttpDeps } from './ports.ts'
import { Names } from './shell/names.ts'
import { answerBrokenRequest, answerFrameworkError, installProblems } from './shell/problem.ts'
import { Sessions, installSessions } from './session/session.ts'
import { refuseUnkeepableText } from './shell/text.ts'
import { TodayFigures } from './live/today.ts'

/** Ready to listen; `close()` ends the live feeds and waits for what is being answered. */
export async function buildServer(deps: HttpDeps, subjects: readonly Subject[]): Promise<App> {
  const app = fastify({
    loggerInstance: deps.logger,
    // The request's address can hold a caller's number: routes are logged by pattern below.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: (address: string | undefined) => isFront(address),
    bodyLimit: 64 * 1024,
    // A client that sends its request slower than this is not a browser.
    requestTimeout: 30_000,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerBrokenRequest,
    forceCloseConnections: 'idle',
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  // The views are built field by field; their schemas are held against them by the tests.
  app.setSerializerCompiler(() => (body) => JSON.stringify(body))
  app.removeContentTypeParser('text/plain')
  installProblems(app)
  measure(app, deps)
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: apiCsp },
    // Caddy speaks TLS and knows whether it does.
    strictTransportSecurity: false,
  })
  const context = furnish(deps)
  await installSessions(app, deps, context.sessions)
  await app.register(rateLimit, { global: false, keyGenerator: addressOf })
  app.addHook('preValidation', refuseUnkeepableText)
  app.addHook('onSend', async (_request, reply) => keptNowhere(reply))
  await installDocument(app, deps.settings.version)
  await app.register(async (scope) => {
    for (const subject of subjects) await subject(scope, context)
    await documentRoutes(scope)
  })
  app.addHook('onReady', async () => context.hub.start())
  return app
}

function furnish(deps: HttpDeps): RouteContext {
  const names = new Names(deps.directory)
  const news = new NodePubSub(deps.news, deps.node, deps.logger)
  const sessions = new Sessions(deps, (digest) => news.tell({ about: 'session-end', digest }))
  const pages = new PageRegistry<LivePage>((agent, instance) => news.tell({ about: 'page', agent, instance }))
  const { timeZone, serviceLevelMs } = deps.settings
  const hub = new LiveHub({
    feed: deps.feed,
    names,
    metrics: deps.metrics,
    log: deps.logger,
    now: deps.now,
    lineReady: () => deps.readiness().ready,
    askContext: (call, line) => askContext(deps.db, call, line.call(call)),
    today: (line) =>
      new TodayFigures({
        figures: (from, to) => figures(deps.db, from, to, serviceLevelMs),
        counts: () => line.counts(deps.now()),
        timeZone,
        serviceLevelMs,
        now: deps.now,
      }),
    scopeNow: (token) => scopeNow(sessions, token),
  })
  deps.directory.onChange(() => {
    names.refresh()
    hub.restartAll()
  })
  news.onNews((told, own) => {
    if (told.about === 'page') pages.heard(AgentId(told.agent), told.instance, own)
    else if (!own) endSession({ sessions, hub }, told.digest)
  })
  deps.accounts.onAccountChange((account) => {
    const tokens = sessions.heardChange(account)
    // A feed was opened with the roles of before: it comes back with those of now, or not at all.
    if (account === null) void hub.endOldSessions()
    else hub.endSession((token) => tokens.has(token))
  })
  return { deps, sessions, hub, names, pages }
}

/** Of a session that was ended at another node. */
function endSession({ sessions, hub }: Pick<RouteContext, 'sessions' | 'hub'>, digest: string): void {
  sessions.heardEnd(digest)
  hub.endSession((token) => digestOf(token).toString('base64url') === digest)
}

/** While it cannot be known, who works goes on working. */
async function scopeNow(sessions: Sessions, token: string): Promise<Scope | null | undefined> {
  try {
    const account = await sessions.accountOf(token)
    return account === null ? null : scopeOf(account)
  } catch {
    return undefined
  }
}

/** Names, numbers and a phone's password stay in no cache, unless a route has said otherwise. */
function keptNowhere(reply: FastifyReply): void {
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
}

/** Times and one log line for each answer, by the route's pattern. */
function measure(app: App, { metrics, logger }: HttpDeps): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    const { method } = request
    const status = String(reply.statusCode)
    // A live feed is open for hours: that is no duration of an answer.
    if (route !== '/api/live')
      metrics.httpSeconds.observe({ method, route, status }, reply.elapsedTime / 1_000)
    logger.debug({ method, route, status, ms: Math.round(reply.elapsedTime) }, 'answered')
  })
}
