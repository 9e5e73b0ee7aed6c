/** The API's own document, and a page to read it. */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { Type } from 'typebox'
import type { App } from '../app.ts'
import { docsCsp } from './csp.ts'
import { commonRefusals } from './documented.ts'

export async function installDocument(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Linia 969',
        version,
        description:
          'The contact centre of a city hall. Times are ISO 8601 with milliseconds, UTC; durations are milliseconds. Refusals are RFC 9457 problem documents with a stable `code`. `x-access` names the roles that may ask, `session` everybody who is signed in; `x-city-data` needs a signed confidentiality agreement.',
        license: { name: 'EUPL-1.2', identifier: 'EUPL-1.2' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'linia' } },
      },
      security: [{ session: [] }],
      tags: [
        { name: 'session', description: 'Signing in and out' },
        { name: 'me', description: "The agent's own seat" },
        { name: 'calls', description: 'Calls and recordings' },
        { name: 'live', description: 'The line, live' },
        { name: 'agents', description: 'What supervisors do' },
        { name: 'queues', description: 'Queues' },
        { name: 'agreement', description: 'The confidentiality agreement' },
        { name: 'accounts', description: 'What administrators do' },
        { name: 'requests', description: 'What citizens ask, under numbers of the city' },
        { name: 'tracking', description: 'Following a request, for anybody with its number and code' },
        { name: 'documents', description: 'The city’s document system' },
        { name: 'journal', description: 'Who looked at what, and that nothing was altered' },
        { name: 'papers', description: 'Papers and procedures' },
        { name: 'demo', description: 'Only in the demo, only on its own machine' },
        { name: 'probes', description: 'For machines that watch' },
        { name: 'document', description: 'This document' },
      ],
    },
    transform: ({ schema, url, route }) => {
      const access = route.config?.access ?? 'session'
      const cityData = route.config?.cityData === true
      const open = access === 'open'
      const common = commonRefusals({
        changes: ![route.method].flat().every((method) => method === 'GET'),
        hasBody: schema.body !== undefined,
        needsSession: !open,
        cityData,
      })
      const response = { ...common, ...(schema.response as object) }
      const rights = { 'x-access': access, ...(cityData && { 'x-city-data': true }) }
      return { url, schema: { ...schema, response, ...rights, ...(open && { security: [] }) } }
    },
  })
}

export async function documentRoutes(app: App): Promise<void> {
  app.get(
    '/api/openapi.json',
    {
      schema: {
        operationId: 'openapi',
        tags: ['document'],
        summary: 'This document (OpenAPI 3.1)',
        response: { 200: Type.Object({}, { additionalProperties: true }) },
      },
    },
    async (_request, reply) => reply.send(app.swagger()),
  )
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: docsCsp,
    uiConfig: { url: '/api/openapi.json', docExpansion: 'list', validatorUrl: null },
  })
}
