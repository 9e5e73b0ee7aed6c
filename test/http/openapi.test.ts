import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { demoRoutes } from '../../tools/demo/routes.ts'
import { Compile } from 'typebox/compile'
import { noCityData } from './agreement/no-city-data.ts'
import { demoOf, serve } from './serve.ts'

interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly responses?: Record<string, { description?: string; content?: Record<string, { schema?: object }> }>
  readonly requestBody?: { content: Record<string, { schema: object }> }
  readonly parameters?: { name: string; in: string; required?: boolean; schema?: object }[]
  readonly security?: object[]
}

t.test('the document is OpenAPI 3.1 and contains every route', async (t) => {
  const { ask, signIn, app } = await serve(t)
  const { json } = await ask('GET', '/api/openapi.json', { as: await signIn('super') })
  t.match(json, { openapi: '3.1.0', info: { title: 'Linia 969', version: '0.0.0' } })
  const paths = json['paths'] as Record<string, Record<string, Operation>>
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const ids = operations.map(({ operation }) => operation.operationId)
  t.equal(new Set(ids).size, operations.length, 'each with its own operationId')
  for (const { path, method, operation } of operations) {
    const name = `${method} ${path}`
    t.ok(operation.summary, name)
    t.ok(Object.keys(operation.responses ?? {}).length > 0, name)
    const told = Object.keys(operation.responses ?? {})
    const may = [
      ...(operation.security?.length === 0 ? [] : ['401', '503']),
      ...(method === 'get' ? [] : ['403']),
      ...(operation.requestBody === undefined ? [] : ['400', '413', '415']),
    ]
    t.same(
      may.filter((status) => !told.includes(status)),
      [],
      `${name}: refusals that any such route can give`,
    )
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
    const declared = (operation.parameters ?? []).filter((one) => one.in === 'path' && one.required === true)
    t.same(
      declared.map((one) => one.name),
      inPath,
      `${name}: parameters of the path`,
    )
    const schemas = [
      ...(operation.parameters ?? []).map((one) => one.schema),
      ...Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => schema),
      ...Object.values(operation.responses ?? {}).flatMap(({ description, content }) => {
        t.type(description, 'string', name)
        return Object.values(content ?? {}).map(({ schema }) => schema)
      }),
    ]
    for (const schema of schemas) {
      t.ok(schema !== undefined && ['type', 'anyOf', 'allOf', 'enum'].some((word) => word in schema), name)
      t.doesNotThrow(() => Compile(schema ?? {}), name)
    }
    if (
      !path.startsWith('/api') ||
      path === '/api/session' ||
      path.startsWith('/api/activation') ||
      path.startsWith('/api/demo')
    )
      continue
    if (path.startsWith('/api/city-hall')) continue
    if (path === '/api/documents/status' || path === '/api/me/phone/socket/call') continue
    if (path === '/api/tracking' || (path.startsWith('/api/sign-in') && !/(link|sign-out)$/.test(path)))
      continue
    t.notOk(operation.security?.length === 0, `${name} needs a session`)
  }
  t.same(new Set(ids), new Set(operationsInSource()), 'and no operation that is not in the source')
  t.ok(app.hasRoute({ method: 'GET', url: '/api/docs' }))
})

t.test(
  'every route either declares that it shows city data, or has a reason why it shows none',
  async (t) => {
    const { app } = await serve(t, { demo: true }, [demoRoutes(demoOf())])
    const operations = Object.values(app.swagger().paths ?? {}).flatMap((methods) =>
      Object.values(methods as Record<string, Operation & { 'x-city-data'?: boolean }>),
    )
    for (const operation of operations) {
      const { operationId = '' } = operation
      t.not(
        operation['x-city-data'] === true,
        operationId in noCityData,
        `${operationId}: say \`cityData: true\` in its config, or give the reason in test/http/agreement/no-city-data.ts`,
      )
    }
    const known = new Set(operations.map(({ operationId }) => operationId))
    t.same(
      Object.keys(noCityData).filter((operationId) => !known.has(operationId)),
      [],
      'no reason for a route that does not exist',
    )
  },
)

/** The operationIds in the route files. */
function operationsInSource(): string[] {
  const folder = path.join(import.meta.dirname, '../../src/http')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  const text = files.map((file) => readFileSync(path.join(folder, file), 'utf8')).join('\n')
  return [...text.matchAll(/operationId: '(\w+)'/g)].map(([, id]) => id ?? '')
}

t.test('the document is shown on a page that loads nothing from other hosts', async (t) => {
  const { ask, signIn } = await serve(t)
  const as = await signIn('super')
  const page = await ask('GET', '/api/docs', { as })
  t.equal(page.status, 200)
  t.match(page.headers.get('content-security-policy'), /^default-src 'none'; script-src 'self'/)
  const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? '')
  t.ok(files.length > 3)
  for (const file of files) {
    t.notMatch(file, /^(https?:)?\/\//)
    const at = new URL(file, 'http://x/api/docs').pathname
    t.equal((await ask('GET', at, { as })).status, 200, at)
  }
})
