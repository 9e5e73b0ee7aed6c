/** Malformed and malicious requests to a route, generated from the API's document. */
import { gzipSync } from 'node:zlib'
import type { Role } from '../../src/http/wire.ts'
import { withoutReferences } from '../support/named-schemas.ts'

export interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  /** The schema of additional fields. */
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly pattern?: string
  readonly format?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

export interface Operation {
  readonly operationId: string
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required?: boolean
    readonly schema: Schema
  }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  /** Access: a list of roles, every session, or everybody. */
  readonly 'x-access'?: readonly Role[] | 'session' | 'open'
}

export interface Route {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

export interface WrongRequest {
  readonly what: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
}

export function routesOf(document: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}): readonly Route[] {
  return Object.entries(withoutReferences(document).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
}

/** Texts that have broken other programs, as JavaScript strings. */
const texts = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\r\nX-Injected: 1',
  '\ud800',
  '\udfff\ud800',
  '😀'.repeat(50),
  '\u202egnirts',
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  "' OR '1'='1",
  "'; drop table calls; --",
  '${jndi:ldap://127.0.0.1/a}',
  '{{7*7}}',
  '%n%n%s',
  '<script>alert(1)</script>',
  '-1',
  '0',
  'NaN',
  '1e308',
  '9223372036854775808',
  '0x10',
  'null',
  'true',
  '[object Object]',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '9999-12-31T23:59:60Z',
  '0000-00-00T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  'x'.repeat(300),
  'x'.repeat(7_000),
]
/** Not used in URLs, which a server can refuse for their length alone. */
const longText = 'x'.repeat(60_000)
const values: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  Number.MAX_SAFE_INTEGER + 2,
  [],
  {},
  [null],
  [['ready']],
  { state: 'ready' },
  { toString: 'x' },
  ...texts,
  longText,
]

/** A value that the schema accepts. */
export function sampleOf(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  if (schema.anyOf?.[0] !== undefined) return sampleOf(schema.anyOf[0])
  if (schema.properties !== undefined)
    return Object.fromEntries(Object.entries(schema.properties).map(([name, each]) => [name, sampleOf(each)]))
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1
  if (schema.type === 'boolean') return true
  if (schema.type === 'null') return null
  if (schema.items !== undefined) return [sampleOf(schema.items)]
  return schema.format === 'date-time' ? '2026-11-24T08:00:00Z' : 'sample'
}

const json = { 'content-type': 'application/json' }

/** All requests for one route. Some are valid by chance, and may then succeed. */
export function wrongRequestsOf(route: Route): readonly WrongRequest[] {
  const { path, operation } = route
  const schema = operation.requestBody?.content['application/json']?.schema
  const whole = filled(path, 'nobody')
  const sample = schema === undefined ? {} : sampleOf(schema)
  return [
    ...wrongPaths(path),
    ...wrongQueries(operation, whole),
    ...(schema === undefined ? [] : wrongFields(sample, whole)),
    ...(route.method === 'GET' ? [] : wrongBodies(sample, whole)),
    ...wrongHeaders(whole, route.method === 'GET' ? null : Buffer.from(JSON.stringify(sample))),
  ]
}

function filled(path: string, value: string): string {
  return path.replace(/\{\w+\}/g, value)
}

function request(what: string, path: string, body: Buffer | string | null, headers = json): WrongRequest {
  return { what, path, headers: body === null ? {} : headers, body: body === null ? null : Buffer.from(body) }
}

/** A lone surrogate cannot be encoded in a URL. */
const escaped = (text: string): string => encodeURIComponent(text.toWellFormed())

function wrongPaths(path: string): readonly WrongRequest[] {
  const raw = ['%', '%zz', '%ff', '%c0%af', '%00', '..', '.', '%2e%2e', '%2f', ';a=b', '*', '%ed%a0%80']
  const inPath = path.includes('{')
    ? [...raw, ...texts.map(escaped)].map((part) =>
        request(`path ${part.slice(0, 40)}`, filled(path, part), null),
      )
    : []
  const whole = filled(path, 'nobody')
  return [
    ...inPath,
    ...['/', '//', '/.', '/%2e', '?', '#x'].map((end) => request(`path${end}`, whole + end, null)),
  ]
}

function wrongQueries({ parameters = [] }: Operation, path: string): readonly WrongRequest[] {
  const named = parameters.filter((one) => one.in === 'query').map(({ name }) => name)
  const query = (what: string, text: string) => request(`query ${what}`, `${path}?${text}`, null)
  const each = named.flatMap((name) => [
    ...texts.map((text) => query(`${name}=${text.slice(0, 20)}`, `${name}=${escaped(text)}`)),
    ...['%', '%zz', '%ff', '%c0%af', '%00', '%ed%a0%80', ''].map((raw) =>
      query(`${name}=${raw}`, `${name}=${raw}`),
    ),
    query(`${name} twice`, `${name}=a&${name}=b`),
    query(`${name}[]`, `${name}[]=a&${name}[]=b`),
    query(`${name}[__proto__]`, `${name}[__proto__][x]=1`),
    query(`${name} alone`, name),
  ])
  return [
    ...each,
    query('of a thousand', Array.from({ length: 1_000 }, (_, index) => `p${index}=1`).join('&')),
    query('prototype', '__proto__[polluted]=1&constructor[prototype][polluted]=1&__proto__=1'),
    query('unknown', 'unknown=1&=2&&&=&%=%'),
  ]
}

function wrongFields(sample: unknown, path: string): readonly WrongRequest[] {
  const known = typeof sample === 'object' && sample !== null ? sample : {}
  return Object.keys(known).flatMap((name) => {
    const without = Object.fromEntries(Object.entries(known).filter(([each]) => each !== name))
    return [
      request(`without ${name}`, path, JSON.stringify(without)),
      ...values.map((value) =>
        request(
          `${name}: ${(JSON.stringify(value) ?? '').slice(0, 40)}`,
          path,
          JSON.stringify({ ...known, [name]: value }),
        ),
      ),
    ]
  })
}

/** Fifty megabytes when decompressed. */
const bomb = gzipSync(Buffer.alloc(50e6, 32)).subarray(0, 60_000)

function wrongBodies(sample: unknown, path: string): readonly WrongRequest[] {
  const text = JSON.stringify(sample)
  const inner = text.slice(1, -1)
  const deep = 25_000
  const bodies: Readonly<Record<string, Buffer | string>> = {
    'of nothing': '',
    'of spaces': '   ',
    'cut short': text.slice(0, -1),
    'with more behind it': `${text}${text}`,
    'of an open brace': '{',
    'of an empty object': '{}',
    'of one null': 'null',
    'of true': 'true',
    'of a list': `[${text}]`,
    'of an empty list': '[]',
    'of a text': '"x"',
    'of a number': '1e999',
    'deep lists': '['.repeat(deep) + ']'.repeat(deep),
    'deep objects': `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
    'deep inside': `{${inner}${inner === '' ? '' : ','}"x":${'['.repeat(deep)}${']'.repeat(deep)}}`,
    'with __proto__': `{${inner}${inner === '' ? '' : ','}"__proto__":{"polluted":1}}`,
    'with constructor.prototype': `{"constructor":{"prototype":{"polluted":1}}${inner === '' ? '' : ','}${inner}}`,
    'with a field twice': `{${inner}${inner === '' ? '' : ','}${inner}}`,
    'with a thousand fields': JSON.stringify(
      Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`f${i}`, i])),
    ),
    'with a byte order mark': `\ufeff${text}`,
    'in UTF-16': Buffer.from(text, 'utf16le'),
    'with invalid UTF-8': Buffer.concat([
      Buffer.from('{"state":"'),
      Buffer.from([0xc3, 0x28, 0xff, 0xfe]),
      Buffer.from('"}'),
    ]),
    'with raw control characters': '{"state":"\u0001\u0002\n"}',
    'with half a surrogate': '{"state":"\\ud800","username":"\\udc00","password":"\\ud800","text":"\\ud800"}',
    'too large': JSON.stringify({ text: 'x'.repeat(200_000) }),
    'of comments': '/* x */ {}',
    'of NaN': '{"a":NaN}',
  }
  const types = [
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/json; charset=\u00ff',
    'application/json, application/json',
    'application/octet-stream',
    '',
    'x',
    '*/*',
    `application/${'x'.repeat(2_000)}`,
  ]
  return [
    ...Object.entries(bodies).map(([what, body]) => request(`a body ${what}`, path, body)),
    ...types.map((type) => request(`as ${type.slice(0, 40)}`, path, text, { 'content-type': type })),
    {
      what: 'a gzip bomb',
      path,
      headers: { ...json, 'content-encoding': 'gzip' },
      body: bomb,
    },
    {
      what: 'an unknown encoding',
      path,
      headers: { ...json, 'content-encoding': 'x' },
      body: Buffer.from(text),
    },
  ]
}

function wrongHeaders(path: string, body: Buffer | null): readonly WrongRequest[] {
  const headers: readonly Readonly<Record<string, string>>[] = [
    { origin: 'null' },
    { origin: 'https://evil.example' },
    { origin: ':::' },
    { 'sec-fetch-site': 'cross-site' },
    { host: 'evil.example' },
    { host: '[::1' },
    { host: 'a'.repeat(1_000) },
    { 'x-forwarded-for': `${'1.2.3.4, '.repeat(200)}x` },
    { 'x-forwarded-for': '\u00ff', 'x-forwarded-host': '<script>', 'x-forwarded-proto': 'gopher' },
    { 'last-event-id': '-1' },
    { 'last-event-id': '\u00e9'.repeat(100) },
    { 'last-event-id': '99999999999999999999-99999999999999999999' },
    { range: 'bytes=9-1' },
    { range: `bytes=${'0-1,'.repeat(1_000)}0-1` },
    { range: 'lines=1-2', 'if-range': '"x' },
    { accept: 'x'.repeat(2_000), 'accept-encoding': '*;q=9', 'accept-language': `${'a-'.repeat(500)};q=x` },
    { 'accept-language': 'en;q=2, ro;q=-1, __proto__' },
    { 'if-none-match': '*', 'if-modified-since': 'never' },
    { expect: '200-maybe' },
    { authorization: 'Basic Og==' },
    { 'content-length-x': '1', te: 'gzip', upgrade: 'h2c', 'http2-settings': 'x' },
  ]
  return headers.map((more) => ({
    what: `with ${Object.keys(more).join(', ')}`,
    path,
    headers: body === null ? more : { ...json, ...more },
    body,
  }))
}
