/**
 * Health, readiness and metrics for monitoring: without a session, and without personal data. `docs/guides/monitoring.md`
 * describes them, not the API's document: they are asked by balancers and Prometheus, which need no client of the API.
 */
import { Type } from 'typebox'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { Readiness } from './wire.ts'

/** A balancer or Prometheus may add parameters of its own. */
const open = { access: 'open', anyParameters: true, undocumented: true } as const

export function probeRoutes(app: App, { deps: { readiness, metrics } }: RouteContext): void {
  app.get(
    '/healthz',
    {
      config: open,
      schema: {
        operationId: 'healthz',
        summary: 'The process is alive',
        response: { 200: Type.Object({ alive: Type.Boolean() }) },
      },
    },
    async () => ({ alive: true }),
  )

  app.get(
    '/readyz',
    {
      config: open,
      schema: {
        operationId: 'readyz',
        summary:
          'Whether a call would be answered now, by this node or by the owner; if not, the parts that are missing',
        response: { 200: Readiness, 503: Readiness },
      },
    },
    async (_request, reply) => {
      const state = readiness()
      return reply.code(state.ready ? 200 : 503).send(state)
    },
  )

  app.get(
    '/metrics',
    {
      config: open,
      schema: {
        operationId: 'metrics',
        summary: 'Metrics for Prometheus',
        response: {
          200: { description: 'Text format.', content: { 'text/plain': { schema: Type.String() } } },
        },
      },
    },
    async (_request, reply) => {
      const text = await metrics.registry.metrics()
      return reply
        .type(metrics.registry.contentType)
        .serializer((body: string) => body)
        .send(text)
    },
  )
}
