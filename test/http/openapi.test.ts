import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { demoRoutes } from '../../tools/demo/routes.ts'
import { Compile } from 'typebox/compile'
import { wireSchemas } from '../../src/http/shell/component-schemas.ts'
import { noCityData } from './agreement/no-city-data.ts'
import { withoutReferences } from '../support/named-schemas.ts'
import { redocly } from '../support/redocly.ts'
import { undocumented } from '../support/undocumented.ts'
import { demoOf, serve } from './serve.ts'

interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly responses?: Record<string, { description?: string; content?: Record<string, { schema?: object }> }>
  readonly requestBody?: { content: Record<string, { schema: object }> }
  readonly parameters?: { name: string; in: string; required?: boolean; schema?: object }[]
  readonly security?: object[]
}

t.test('the document is OpenAPI 3.1 and contains every route that is not left out', async (t) => {
  const { ask, app } = await serve(t)
  const json = withoutReferences((await ask('GET', '/api/openapi.json')).json)
  t.match(json, { openapi: '3.1.0', info: { title: 'Linia 969', version: '0.0.0' } })
  const paths = withoutReferences(json)['paths'] as Record<string, Record<string, Operation>>
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
      '400',
      ...(operation.security?.length === 0 ? [] : ['401', '503']),
      ...(method === 'get' ? [] : ['403']),
      ...(operation.requestBody === undefined ? [] : ['413', '415']),
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
    if (path === '/api/session' || path.startsWith('/api/activation') || path.startsWith('/api/demo'))
      continue
    if (path.startsWith('/api/city-hall') || path === '/api/openapi.json') continue
    if (path === '/api/documents/status' || path === '/api/me/phone/socket/call') continue
    if (path.startsWith('/api/tracking') || path.startsWith('/api/sign-in')) continue
    t.notOk(operation.security?.length === 0, `${name} needs a session`)
  }
  const known = Object.entries(app.swagger().paths ?? {})
  const routesOf = (of: object): string[] =>
    Object.entries(of).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method} ${path}`),
    )
  t.same(
    new Set(routesOf(app.swagger().paths ?? {})),
    new Set([...routesOf(paths), ...Object.keys(undocumented).map((path) => `get ${path}`)]),
    'each route is in the document, or left out with a reason in test/support/undocumented.ts',
  )
  const all = known.flatMap(([, methods]) => Object.values(methods as Record<string, Operation>))
  t.same(
    new Set(all.map(({ operationId }) => operationId)),
    new Set(operationsInSource()),
    'and no operation that is not in the source',
  )
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

t.test('the configuration and its parts are named schemas with descriptions', async (t) => {
  const { ask, signIn } = await serve(t)
  const { json } = await ask('GET', '/api/openapi.json', { as: await signIn('super') })
  const { schemas } = json['components'] as { schemas: Record<string, object> }
  t.match(schemas, {
    Configuration: {
      description: 'The configuration of the line',
      properties: { queues: { items: { $ref: '#/components/schemas/QueueSetting' } } },
    },
    QueueSetting: { properties: { levelMin: { description: 'The least level of that skill' } } },
  })
  t.match(schemas, {
    ConfigurationToCheck: { properties: { document: { $ref: '#/components/schemas/Configuration' } } },
  })
  t.match((json['paths'] as Record<string, object>)['/api/configuration/check'], {
    post: {
      requestBody: {
        content: { 'application/json': { schema: { $ref: '#/components/schemas/ConfigurationToCheck' } } },
      },
    },
  })
})

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
  const { ask } = await serve(t)
  const page = await ask('GET', '/api/docs')
  t.equal(page.status, 200)
  t.match(page.headers.get('content-security-policy'), /^default-src 'none'; script-src 'self'/)
  const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? '')
  t.ok(files.length > 3)
  for (const file of files) {
    t.notMatch(file, /^(https?:)?\/\//)
    const at = new URL(file, 'http://x/api/docs').pathname
    t.equal((await ask('GET', at)).status, 200, at)
  }
})

t.test('every schema that a wire file exports is a component, once, and is referred to', async (t) => {
  const { ask } = await serve(t, { demo: true }, [demoRoutes(demoOf())])
  const document = (await ask('GET', '/api/openapi.json')).json as unknown as {
    paths: object
    components: { schemas: object }
  }
  const { schemas } = document.components
  // Fields of a query and parts of a path are parameters in OpenAPI, each by its own.
  const named = await wireSchemas()
  const bodies = [...named.keys()].filter((name) => !/(Params|Query)$/.test(name))
  const folder = path.join(import.meta.dirname, '../../src/http')
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (path.basename(file) === 'wire.ts')
      for (const [name, schema] of Object.entries((await import(path.join(folder, file))) as object))
        if (named.has(name)) t.equal(named.get(name), schema, `${file}: no other file exports ${name}`)
  t.same(
    bodies.filter((name) => !(name in schemas) && !(name in unnamed)),
    [],
    'export what a route answers or takes, or give the reason in this test',
  )
  t.same(
    Object.keys(unnamed).filter((name) => name in schemas),
    [],
  )
  const text = JSON.stringify(document)
  t.same(
    Object.keys(schemas).filter((name) => !text.includes(`"#/components/schemas/${name}"`)),
    [],
    'none that nothing refers to',
  )
  for (const [name, schema] of Object.entries(schemas)) {
    const alone = JSON.stringify(schema)
    if (alone.length < 200) continue
    t.equal(text.split(alone).length - 1, 1, `${name} is written once`)
  }
  const inlined = JSON.stringify(withoutReferences(document)).length
  t.ok(text.length < 0.7 * inlined, `${text.length} characters; ${inlined} without names`)
})

/** Exported schemas that no body contains, with the reason. */
const unnamed: Readonly<Record<string, string>> = {
  InCall: 'fields of a query',
  DeskCommandBody: 'between nodes; the route is not in the document',
  Readiness: 'of a probe; the route is not in the document',
}

t.test('Redocly’s linter finds nothing', async (t) => {
  const { ask } = await serve(t, { demo: true }, [demoRoutes(demoOf())])
  const { text } = await ask('GET', '/api/openapi.json')
  const folder = t.testdir({ 'openapi.json': text })
  const args = ['lint', '--extends=recommended', '--format=json', 'openapi.json']
  const found = await redocly(folder, ...args).catch(({ stdout }: { readonly stdout: string }) => stdout)
  t.same((JSON.parse(found) as { problems: object[] }).problems, [])
})
