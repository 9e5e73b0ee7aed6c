/** The API's OpenAPI document, and a page to read it. */
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
          'The contact centre of a city hall. Times are ISO 8601 with milliseconds, UTC; durations are milliseconds. Refusals are RFC 9457 problem documents with a stable `code`. `x-access` lists the roles that may use a route (`session`: everybody who is signed in, `open`: everybody). Routes with `x-city-data` need a signed confidentiality agreement.',
        license: { name: 'EUPL-1.2', identifier: 'EUPL-1.2' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'linia',
            description: 'Over HTTPS its name is `__Host-linia`.',
          },
        },
      },
      security: [{ session: [] }],
      tags: [
        { name: 'session', description: 'Signing in and out' },
        { name: 'me', description: "The signed-in account: the agent's state, phone, page and call" },
        { name: 'calls', description: 'Calls and recordings' },
        { name: 'access', description: 'Calls and requests opened with a reason, and unusual looks' },
        { name: 'live', description: 'The live feed of calls, agents and figures' },
        { name: 'agents', description: 'States of agents, set by supervisors' },
        { name: 'queues', description: 'Queues' },
        { name: 'agreement', description: 'The confidentiality agreement' },
        { name: 'accounts', description: 'Accounts and employers, for administrators' },
        { name: 'requests', description: 'Requests of citizens, under registration numbers' },
        { name: 'tracking', description: 'The state of a request, for everybody with its number and code' },
        { name: 'documents', description: 'The city’s document system' },
        { name: 'journal', description: 'The access log, and proofs that it was not altered' },
        { name: 'papers', description: 'Articles of the knowledge base, and notices' },
        { name: 'demo', description: 'Only in the demo, for requests from its own machine' },
        { name: 'probes', description: 'Health, readiness and metrics, for monitoring' },
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
