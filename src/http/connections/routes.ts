/** The outside systems with their states, and tests of three of them, for administrators. */
import { beginTest, endTest } from '../../ledger/connections/tests.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { refusals } from '../shell/documented.ts'
import { Refused } from '../shell/problem.ts'
import { SystemsWatch } from './systems-watch.ts'
import { tryConnection } from './try.ts'
import { connectionsView, isSetUp } from './view.ts'
import { ConnectionParams, Connections, ConnectionTest } from './wire.ts'

const config = { access: ['administrator'] } as const
const tags = ['connections']

export function connectionRoutes(app: App, { deps }: RouteContext): void {
  const { db, node, logger } = deps
  const systems = new SystemsWatch(deps)
  app.addHook('onClose', () => systems.stop())

  app.get(
    '/api/connections',
    {
      config,
      schema: {
        operationId: 'connections',
        tags,
        summary:
          'Every outside system on which the line depends, with its state now, and the terms of retention. While PostgreSQL is away, what is on record is null',
        response: { 200: Connections, ...refusals(403) },
      },
    },
    async () => {
      await systems.look()
      return connectionsView(deps, systems)
    },
  )

  app.post(
    '/api/connections/:id/test',
    {
      config,
      schema: {
        operationId: 'testConnection',
        tags,
        summary:
          'Ask the system now, by a question that changes nothing and is about nobody. Within ten seconds; one at a time, six a minute; none while PostgreSQL is away, because each is on record',
        params: ConnectionParams,
        response: { 200: ConnectionTest, ...refusals(400, 403, 409, 429, 503) },
      },
    },
    async (request) => {
      const { id: by } = accountOf(request)
      const { id } = request.params
      if (!(await isSetUp(id, deps))) throw new Refused('connection-not-set-up')
      const test = { connection: id, by, node }
      const begun = await beginTest(db, test)
      if (!begun.ok) {
        if (begun.why === 'under way') throw new Refused('test-under-way')
        throw new Refused('too-many-tests', begun.retryAfterMs / 1_000)
      }
      const tried = await tryConnection(id, deps, (err) =>
        logger.warn({ err, connection: id }, 'a connection could not be tested'),
      )
      const { result, hosts } = tried
      await endTest(db, begun.id, test, result)
      const fails = result.outcome === 'fails'
      logger.info({ by, connection: id, outcome: result.outcome }, 'a connection was tested')
      return {
        id,
        node: tried.node,
        outcome: result.outcome,
        cause: fails ? result.cause : null,
        status: fails ? result.status : null,
        part: fails ? result.part : null,
        tookMs: tenthsOf(result.tookMs),
        readOnly: fails ? null : result.readOnly,
        hosts: hosts.map((host) => ({ ...host })),
      }
    },
  )
}

const tenthsOf = (ms: number): number => Math.round(ms * 10) / 10
