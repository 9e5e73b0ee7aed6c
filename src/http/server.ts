/** The HTTP server, behind Caddy: what holds for all routes, and the context that the subjects' routes share. */
import fastify, { LogController } from 'fastify'
import type { FastifyReply } from 'fastify'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { AgentId, type Millis, type QueueId } from '../core/ids.ts'
import { targetIn } from '../core/reports/target.ts'
import { tallies } from '../ledger/reports/figures.ts'
import { surveys } from '../ledger/calls/surveys.ts'
import { overflows } from '../ledger/reports/overflows.ts'
import { digestOf } from '../people/sessions.ts'
import type { RouteContext, Subject } from './route-context.ts'
import { RecentLooks } from './access/recent-looks.ts'
import type { App } from './app.ts'
import { askContext } from './live/caller.ts'
import { apiCsp } from './shell/csp.ts'
import { LiveHub } from './live/live-hub.ts'
import { callOutRules } from '../core/configuration/outbound.ts'
import { scopeOf } from './live/routes.ts'
import type { LivePage } from './live/live-page.ts'
import { queuesWithAgents } from './live/queue-agents.ts'
import type { LiveState, Scope } from './live/live-state.ts'
import { NodePubSub } from './nodes/node-pubsub.ts'
import { documentRoutes, installDocument } from './shell/openapi.ts'
import { networkOf } from '../people/throttle.ts'
import { addressOf, isFront } from './shell/origin.ts'
import { PageRegistry } from './live/pages.ts'
import { hasSigned } from '../ledger/agreement/agreements.ts'
import type { HttpDeps } from './ports.ts'
import { Names } from './shell/names.ts'
import { answerBrokenRequest, answerFrameworkError, installProblems } from './shell/problem.ts'
import { ListTurns } from './session/list-turns.ts'
import { Sessions, installSessions } from './session/session.ts'
import { refuseUnkeepableText } from './shell/text.ts'
import { refuseUnknownParameters } from './shell/parameters.ts'
import { TodayFigures, type LiveCounts } from './live/today.ts'

/** Ready to listen. `close()` ends the live feeds and waits for requests in progress. */
export async function buildServer(deps: HttpDeps, subjects: readonly Subject[]): Promise<App> {
  const app = fastify({
    loggerInstance: deps.logger,
    // A request's URL can contain a caller's number: `measure` logs the route's pattern instead.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: (address: string | undefined) => isFront(address),
    bodyLimit: 64 * 1024,
    // No browser sends a request slower than this.
    requestTimeout: 30_000,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerBrokenRequest,
    forceCloseConnections: 'idle',
    // Otherwise fastify loads its own compilers, before ours replace them.
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(compiledAtFirstUse)
  // Each view is built field by field, so responses need no schema-driven serializer; the tests check them
  // against it.
  app.setSerializerCompiler(() => (body) => JSON.stringify(body))
  app.removeContentTypeParser('text/plain')
  installProblems(app)
  measure(app, deps)
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: apiCsp },
    // Caddy terminates TLS and sends this header where it does.
    strictTransportSecurity: false,
  })
  const context = createContext(deps)
  await app.register(rateLimit, { global: false, keyGenerator: (request) => networkOf(addressOf(request)) })
  await installSessions(app, deps, context.sessions)
  app.addHook('preValidation', refuseUnkeepableText)
  app.addHook('preValidation', refuseUnknownParameters)
  app.addHook('onSend', async (_request, reply) => forbidCaching(reply))
  await installDocument(app, deps.settings.version)
  await app.register(async (scope) => {
    for (const subject of subjects) await subject(scope, context)
    await documentRoutes(scope)
  })
  app.addHook('onReady', async () => context.hub.start())
  return app
}

const noCompiler = (): never => {
  throw new Error('a route was added before the compilers of schemas were set')
}

/** At the start the schemas of all routes would take a tenth of its time. */
const compiledAtFirstUse: typeof TypeBoxValidatorCompiler = (route) => {
  let validate: ReturnType<typeof TypeBoxValidatorCompiler> | null = null
  return (input) => (validate ??= TypeBoxValidatorCompiler(route))(input)
}

function createContext(deps: HttpDeps): RouteContext {
  const names = new Names(deps.directory)
  const pubSub = new NodePubSub(deps.nodeChannel, deps.node, deps.logger)
  const sessions = new Sessions(deps, (digest) => pubSub.publish({ about: 'session-end', digest }))
  const pages = new PageRegistry<LivePage>((agent, instance) =>
    pubSub.publish({ about: 'page', agent, instance }),
  )
  const { serviceLevelMs, shortAbandonMs } = deps.settings
  const targetOf = (queue: QueueId) => targetIn(deps.directory.queues(), queue, serviceLevelMs)
  const withinMs = (queue: QueueId): number => targetOf(queue).withinMs
  const hub = new LiveHub({
    feed: deps.feed,
    names,
    supervisionNotice: deps.settings.supervisionNotice,
    metrics: deps.metrics,
    log: deps.logger,
    now: deps.now,
    queues: () => deps.directory.queues(),
    pauses: () => deps.directory.pauses(),
    callOutRules: () => callOutRules(deps.directory.outbound(), deps.dryRun.rules.callOut),
    targetOf,
    shortAbandonMs,
    acdReady: () => deps.readiness().ready,
    askContext: (call, state) => askContext(deps.db, call, state.call(call)),
    today: (state) =>
      new TodayFigures({
        tallies: (period) => tallies(deps.db, period, { targetMs: serviceLevelMs, shortAbandonMs }),
        overflows: (period) => overflows(deps.db, period),
        surveys: (period) => surveys(deps.db, period),
        counts: () => countsOf(state, withinMs, deps.now()),
        waitingBeyond: () => state.waitingBeyond(withinMs, deps.now()),
        queues: () => queuesWithAgents(deps.directory),
        targetOf,
        serviceLevelMs,
        shortAbandonMs,
        now: deps.now,
      }),
    scopeNow: (token) => scopeNow(deps, sessions, token),
  })
  deps.directory.onChange(() => {
    names.refresh()
    hub.restartAll()
  })
  pubSub.onMessage((message, own) => {
    if (message.about === 'page') pages.heard(AgentId(message.agent), message.instance, own)
    else if (!own) endSession({ sessions, hub }, message.digest)
  })
  deps.accounts.onAccountChange((account) => {
    const tokens = sessions.accountChanged(account)
    // A feed keeps the roles with which it was opened; its page reconnects with the present ones, if at all.
    if (account === null) void hub.endOldSessions()
    else hub.endSession((token) => tokens.has(token))
  })
  const recentLooks = new RecentLooks(deps.now)
  return { deps, sessions, hub, names, pages, recentLooks, lists: new ListTurns() }
}

/** The part that every page has. */
function countsOf(state: LiveState, withinMs: (queue: QueueId) => number, now: Millis): LiveCounts {
  const { waiting, longestWaitMs, free } = state.counts(now)
  return { waiting, longestWaitMs, free, tooLong: state.waitsTooLong(withinMs, now) }
}

/** For a session that was ended at another node. */
function endSession({ sessions, hub }: Pick<RouteContext, 'sessions' | 'hub'>, digest: string): void {
  sessions.ended(digest)
  hub.endSession((token) => digestOf(token).toString('base64url') === digest)
}

/**
 * Undefined while PostgreSQL cannot answer: the feeds of agents at work must not end then, a program's does at its term. A
 * program has no feed without the signed agreement, which a person is asked to sign on the page.
 */
async function scopeNow(
  { db, now }: HttpDeps,
  sessions: Sessions,
  token: string,
): Promise<Scope | null | undefined> {
  try {
    const session = await sessions.sessionOf(token)
    if (session === null) return null
    const { account, program } = session
    if (program !== null && program.expiresAt <= now()) return null
    const signed = await hasSigned(db, account.id)
    return program !== null && !signed ? null : scopeOf(account, signed)
  } catch {
    return undefined
  }
}

/** Responses contain names, numbers and phone passwords, so no cache may keep them unless the route allows it. */
function forbidCaching(reply: FastifyReply): void {
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
}

/** Records the duration of each response and logs it, by the route's pattern. */
function measure(app: App, { metrics, logger }: HttpDeps): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    const { method } = request
    const status = String(reply.statusCode)
    // A live feed stays open for hours, which is not a response time.
    if (route !== '/api/live')
      metrics.httpSeconds.observe({ method, route, status }, reply.elapsedTime / 1_000)
    logger.debug({ method, route, status, ms: Math.round(reply.elapsedTime) }, 'request answered')
  })
}
