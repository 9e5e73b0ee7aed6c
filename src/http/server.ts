/** The HTTP server, behind Caddy: wiring of the routes, and what holds for all of them. */
import fastify, { LogController } from 'fastify'
import type { FastifyReply } from 'fastify'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { AgentId } from '../core/ids.ts'
import { figures } from '../ledger/figures.ts'
import { digestOf } from '../people/sessions.ts'
import type { App, Rooms } from './app.ts'
import { askContext } from './caller.ts'
import { apiCsp } from './csp.ts'
import { LiveHub } from './live-hub.ts'
import { liveRoutes, scopeOf } from './live.ts'
import type { LivePage } from './live.ts'
import type { Scope } from './live-line.ts'
import { NodeNews } from './nodes/news.ts'
import { documentRoutes, installDocument } from './openapi.ts'
import { addressOf, isFront } from './origin.ts'
import { PageRegistry } from './pages.ts'
import type { HttpDeps } from './ports.ts'
import { Names } from './present.ts'
import { answerBrokenRequest, answerFrameworkError, installProblems } from './problem.ts'
import { accountRoutes } from './routes/accounts.ts'
import { agentRoutes } from './routes/agents.ts'
import { agreementRoutes } from './routes/agreement.ts'
import { callRoutes } from './routes/calls.ts'
import { filedDocumentRoutes } from './routes/documents.ts'
import { documentStatusRoutes } from './routes/document-status.ts'
import { demoRoutes } from './routes/demo.ts'
import { employerRoutes } from './routes/employers.ts'
import { journalRemarkRoutes } from './routes/journal-remarks.ts'
import { journalRoutes } from './routes/journal.ts'
import { identityRoutes } from './routes/identity.ts'
import { identityLockRoutes } from './routes/identity-locks.ts'
import { meRoutes } from './routes/me.ts'
import { nodeRoutes } from './routes/nodes.ts'
import { noticeRoutes } from './routes/notices.ts'
import { paperEditing } from './routes/paper-editing.ts'
import { paperRoutes } from './routes/papers.ts'
import { probeRoutes } from './routes/probes.ts'
import { queueRoutes } from './routes/queues.ts'
import { recordingRoutes } from './routes/recording.ts'
import { requestDraftRoutes } from './routes/request-drafts.ts'
import { requestPaperRoutes } from './routes/request-paper.ts'
import { requestReadingRoutes } from './routes/request-reading.ts'
import { requestStatusRoutes } from './routes/request-statuses.ts'
import { requestRoutes } from './routes/requests.ts'
import { sessionRoutes } from './routes/session.ts'
import { taxRoutes } from './routes/taxes.ts'
import { trackingRoutes } from './routes/tracking.ts'
import { Sessions, installSessions } from './session.ts'
import { refuseUnkeepableText } from './text.ts'
import { TodayFigures } from './today.ts'

/** Ready to listen; `close()` ends the live feeds and waits for what is being answered. */
export async function buildServer(deps: HttpDeps): Promise<App> {
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
  const rooms = furnish(deps)
  await installSessions(app, deps, rooms.sessions)
  await app.register(rateLimit, { global: false, keyGenerator: addressOf })
  app.addHook('preValidation', refuseUnkeepableText)
  app.addHook('onSend', async (_request, reply) => keptNowhere(reply))
  await installDocument(app, deps.settings.version)
  await app.register(async (scope) => routes(scope as App, rooms))
  app.addHook('onReady', async () => rooms.hub.start())
  return app
}

async function routes(app: App, rooms: Rooms): Promise<void> {
  probeRoutes(app, rooms)
  sessionRoutes(app, rooms)
  meRoutes(app, rooms)
  callRoutes(app, rooms)
  recordingRoutes(app, rooms)
  liveRoutes(app, rooms)
  agentRoutes(app, rooms)
  queueRoutes(app, rooms)
  agreementRoutes(app, rooms)
  accountRoutes(app, rooms)
  employerRoutes(app, rooms)
  requestRoutes(app, rooms)
  requestDraftRoutes(app, rooms)
  requestReadingRoutes(app, rooms)
  requestStatusRoutes(app, rooms)
  requestPaperRoutes(app, rooms)
  trackingRoutes(app, rooms)
  journalRoutes(app, rooms)
  journalRemarkRoutes(app, rooms)
  paperRoutes(app, rooms)
  paperEditing(app, rooms)
  noticeRoutes(app, rooms)
  demoRoutes(app, rooms)
  nodeRoutes(app, rooms)
  identityRoutes(app, rooms)
  identityLockRoutes(app, rooms)
  taxRoutes(app, rooms)
  filedDocumentRoutes(app, rooms)
  await documentStatusRoutes(app, rooms)
  await documentRoutes(app)
}

function furnish(deps: HttpDeps): Rooms {
  const names = new Names(deps.directory)
  const news = new NodeNews(deps.news, deps.node, deps.logger)
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
function endSession({ sessions, hub }: Pick<Rooms, 'sessions' | 'hub'>, digest: string): void {
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
