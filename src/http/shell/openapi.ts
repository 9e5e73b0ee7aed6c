/**
 * The API's OpenAPI document, and a page to read it. `app.swagger()` has every route; the served document leaves out those
 * that are no part of an API for programs: `undocumented` in their configuration.
 */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { Type } from 'typebox'
import type { App } from '../app.ts'
import { docsCsp } from './csp.ts'
import type { Access } from '../session/session.ts'
import { withComponents, wireSchemas } from './component-schemas.ts'
import { commonRefusals } from './documented.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A probe for monitoring, or an address from which a browser is always led on: the served document leaves it out. */
    readonly undocumented?: true
  }
}

export async function installDocument(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    convertConstToEnum: false,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Linia 969',
        version,
        description:
          'The contact centre of a city hall. Times are ISO 8601 with milliseconds, UTC; durations are milliseconds. Refusals are RFC 9457 problem documents with a stable `code`. `x-access` lists the roles that may use a route (`session`: everybody who is signed in, `open`: everybody). Routes with `x-city-data` need a signed confidentiality agreement.',
        contact: { name: 'The operators of this installation' },
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
          program: {
            type: 'http',
            scheme: 'bearer',
            description:
              'A program’s token (`lin_…`), for routes with `x-scope`, which is the scope that the token needs. An administrator enters it; the person in whose name it asks accepts it and is shown it. Every answer but a feed has `RateLimit-Limit` (requests a minute), `RateLimit-Remaining` and `RateLimit-Reset` (seconds); beyond it is 429.',
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
        { name: 'supervision', description: 'What supervisors do to a call in progress' },
        { name: 'identity', description: 'Checks of who calls, and locks after wrong answers' },
        { name: 'taxes', description: 'The tax account of a confirmed person' },
        { name: 'agents', description: 'States of agents, set by supervisors' },
        { name: 'queues', description: 'Queues' },
        { name: 'contacts', description: 'Departments and interpreters outside the contact centre' },
        {
          name: 'configuration',
          description: 'Numbers, queues and opening hours of the line, as one document',
        },
        {
          name: 'connections',
          description: 'The outside systems, their states and tests of them, for administrators',
        },
        { name: 'agreement', description: 'The confidentiality agreement' },
        { name: 'accounts', description: 'Accounts and employers, for administrators' },
        { name: 'programs', description: 'Other programs: their tokens, and the webhooks that they take' },
        { name: 'requests', description: 'Requests of citizens, under registration numbers' },
        { name: 'tracking', description: 'The state of a request, for everybody with its number and code' },
        { name: 'documents', description: 'The city’s document system' },
        { name: 'journal', description: 'The access log, and proofs that it was not altered' },
        { name: 'papers', description: 'Articles of the knowledge base, and notices' },
        { name: 'demo', description: 'Only in the demo, for requests from its own machine' },
        { name: 'document', description: 'This document' },
      ],
    },
    transform: ({ schema, url, route }) => {
      const { scope } = route.config ?? {}
      const access = route.config?.access ?? 'session'
      const cityData = route.config?.cityData === true
      const open = access === 'open'
      const common = commonRefusals({
        changes: ![route.method].flat().every((method) => method === 'GET'),
        hasBody: schema.body !== undefined,
        refusesParameters: route.config?.anyParameters !== true,
        needsSession: !open,
        cityData,
        takesTokens: scope !== undefined,
      })
      const response = { ...common, ...(schema.response as object) }
      const rights = {
        'x-access': access,
        ...(cityData && { 'x-city-data': true }),
        ...(scope && { 'x-scope': scope }),
        ...(route.config?.undocumented && { 'x-undocumented': true }),
      }
      const description = [schema.description, rightsText(access, cityData)].filter(Boolean).join('\n\n')
      return {
        url,
        schema: {
          ...schema,
          description,
          response,
          ...rights,
          ...(open && { security: [] }),
          ...(scope && { security: bySessionOrToken }),
        },
      }
    },
  })
}

const bySessionOrToken = [{ session: [] }, { program: [] }]

function rightsText(access: Access | 'session', cityData: boolean): string {
  if (access === 'open') return 'Open to everybody.'
  const roles = access === 'session' ? 'everybody who is signed in' : access.join(', ')
  return `For ${roles}${cityData ? ', with a signed confidentiality agreement' : ''}.`
}

export async function documentRoutes(app: App): Promise<void> {
  const schemas = await wireSchemas()
  let made: Json | undefined
  // Made once, when all routes are known.
  const document = (): Json => (made ??= withComponents(withoutUndocumented(app.swagger()), schemas))
  app.get(
    '/api/openapi.json',
    {
      config: { access: 'open', rateLimit: { max: 120, timeWindow: 60_000 } },
      schema: {
        operationId: 'openapi',
        tags: ['document'],
        summary: 'This document (OpenAPI 3.1)',
        response: { 200: Type.Object({}, { additionalProperties: true }) },
      },
    },
    async (_request, reply) => reply.send(document()),
  )
  app.addHook('onRoute', (route) => {
    // The pages that read the document contain no data either.
    if (route.url.startsWith('/api/docs'))
      route.config = { ...route.config, access: 'open', anyParameters: true }
  })
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: docsCsp,
    transformSpecification: document,
    transformSpecificationClone: false,
    uiConfig: { url: '/api/openapi.json', docExpansion: 'list', validatorUrl: null },
  })
}

type Json = Record<string, unknown>

function withoutUndocumented(document: { readonly paths?: object }): Json {
  const known = Object.entries(
    (document.paths ?? {}) as Readonly<Record<string, Readonly<Record<string, object>>>>,
  )
  const paths = known.map(([path, methods]) => {
    const kept = Object.entries(methods).filter(([, operation]) => !('x-undocumented' in operation))
    return [path, Object.fromEntries(kept)] as const
  })
  const shown = paths.filter(([, methods]) => Object.keys(methods).length > 0)
  return { ...document, paths: Object.fromEntries(shown) }
}
