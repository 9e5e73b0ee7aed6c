/**
 * Random requests that a route's schema nearly always accepts, so that they reach the handlers. Values from earlier
 * responses are used in later requests, so that many of the requested objects exist.
 */
import { sample, stringMatching } from 'fast-check'
import { Random } from '../../tools/demo/random.ts'
import type { Route, Schema, WrongRequest } from './wrong-requests.ts'

/** Texts that change length, disappear, reverse or have a special meaning when stored, searched or shown. */
const texts = [
  'Ștefan Țăranu',
  ' \u00a0\u2003',
  'a\u0000b',
  '\u0001\u001f\u007f\u0085',
  '\ud800',
  '\udfff\ud800x',
  '\r\nX-Injected: 1',
  // Characters that become three under NFC, eighteen under NFKC, and longer in lower case.
  '\u{1d160}',
  '\ufdfa',
  'İ',
  'ß',
  'e\u0301\u0301\u0301\u0301',
  '\u202egnirts\u2066',
  '\u200b\u200d\ufeff',
  '👨‍👩‍👧‍👦',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  '٣٤٥٦',
  'Ⅻ',
  "' OR '1'='1",
  "\\'; drop table calls; --",
  'a & | ! (b <-> :*',
  '%_%\\',
  '$1 ${7*7} {{7*7}} %s %n',
  '=1+1;"a"',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '2026-13-45',
  '9999999999999999999',
  '-0',
  '1e309',
  '0722 000 111',
  '1'.repeat(13),
  'CC2026-000001/25.11.2026',
]
const days = ['2026-11-25', '2024-02-29', '1900-01-01', '0001-01-01', '9999-12-31', '2000-02-30', '2026-3-1']
const times = [
  '2026-11-25T08:00:00.000Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '2026-11-25T08:00:00+14:00',
  '1970-01-01T00:00:00.000Z',
]
const integers = [0, 1, 2, 10, 2 ** 31 - 1, 2 ** 31, Number.MAX_SAFE_INTEGER]
/** How many values are remembered for each field. */
const knownMax = 40

export class RightRequests {
  readonly #seed: number
  readonly #chance: Random
  readonly #known = new Map<string, unknown[]>()
  readonly #byPattern = new Map<string, readonly string[]>()

  constructor(seed: number) {
    this.#seed = seed
    this.#chance = new Random(seed)
  }

  /** Remembers the values of a response by field name. */
  learn(value: unknown, name = ''): void {
    if (Array.isArray(value)) for (const each of value) this.learn(each, name)
    else if (typeof value === 'object' && value !== null)
      for (const [field, each] of Object.entries(value)) this.learn(each, field)
    else if (typeof value === 'string' || typeof value === 'number') {
      const known = this.#known.get(name) ?? []
      this.#known.set(name, known)
      if (known.includes(value)) return
      if (known.length < knownMax) known.push(value)
      else known[this.#below(knownMax)] = value
    }
  }

  of({ path, operation }: Route): WrongRequest {
    const { parameters = [], requestBody, operationId } = operation
    const inPath = parameters.filter((one) => one.in === 'path')
    const filled = inPath.reduce(
      (left, { name, schema }) => left.replace(`{${name}}`, escaped(this.#value(schema, name))),
      path,
    )
    const query = parameters
      .filter((one) => one.in === 'query' && (one.required === true || this.#chance.happens(0.4)))
      .map(({ name, schema }) => `${name}=${escaped(this.#value(schema, name))}`)
    const schema = requestBody?.content['application/json']?.schema
    const body = schema === undefined ? null : JSON.stringify(this.#value(schema, operationId))
    return {
      what: body ?? '',
      path: query.length === 0 ? filled : `${filled}?${query.join('&')}`,
      headers: body === null ? {} : { 'content-type': 'application/json' },
      body: body === null ? null : Buffer.from(body),
    }
  }

  #value(schema: Schema, name: string): unknown {
    if (schema.const !== undefined) return schema.const
    if (schema.enum !== undefined) return this.#any(schema.enum)
    if (schema.anyOf !== undefined) return this.#value(this.#any(schema.anyOf), name)
    if (schema.properties !== undefined || schema.patternProperties !== undefined) return this.#object(schema)
    if (schema.items !== undefined) return this.#list(schema, schema.items, name)
    if (schema.type === 'integer' || schema.type === 'number') return this.#number(schema, name)
    if (schema.type === 'boolean') return this.#chance.happens(0.5)
    return schema.type === 'string' ? this.#text(schema, name) : null
  }

  #object({ properties = {}, required = [], patternProperties = {} }: Schema): object {
    const fields = Object.entries(properties)
      .filter(([name]) => required.includes(name) || this.#chance.happens(0.6))
      .map(([name, each]): [string, unknown] => [name, this.#value(each, name)])
    const [others] = Object.values(patternProperties)
    if (others === undefined) return Object.fromEntries(fields)
    const more = Array.from({ length: this.#below(4) }, () => this.#any(texts).slice(0, 20))
    return Object.fromEntries([...fields, ...more.map((name) => [name, this.#value(others, '')])])
  }

  #list({ minItems = 0, maxItems = 3 }: Schema, items: Schema, name: string): unknown[] {
    const most = this.#chance.happens(0.1) ? Math.min(maxItems, 60) : Math.min(maxItems, minItems + 3)
    const length = minItems + this.#below(most - minItems + 1)
    return Array.from({ length }, () => this.#value(items, name))
  }

  #number({ minimum = -(2 ** 31), maximum = Number.MAX_SAFE_INTEGER }: Schema, name: string): number {
    const known = (this.#known.get(name) ?? []).filter((one) => typeof one === 'number')
    const some = known.length > 0 && this.#chance.happens(0.5) ? known : [minimum, maximum, ...integers]
    return Math.min(Math.max(this.#any(some), minimum), maximum)
  }

  #text(schema: Schema, name: string): string {
    const { minLength = 0, maxLength = 3_000, pattern, format } = schema
    const known = (this.#known.get(name) ?? []).map(String).filter((one) => accepts(schema, one))
    if (known.length > 0 && this.#chance.happens(0.6)) return this.#any(known)
    if (format === 'date') return this.#any(days)
    if (format === 'date-time') return this.#any(times)
    // The schema limits the length apart from the pattern.
    if (pattern !== undefined && pattern !== '\\S')
      return this.#any(this.#ofPattern(pattern.replace(/\+\$$/, `{${Math.max(1, minLength)},${maxLength}}$`)))
    const text = this.#any(texts)
    const length = this.#chance.happens(0.3)
      ? maxLength
      : Math.max(minLength, Math.min(text.length, maxLength))
    return text.repeat(Math.ceil(length / text.length)).slice(0, length)
  }

  #ofPattern(pattern: string): readonly string[] {
    const known =
      this.#byPattern.get(pattern) ??
      sample(stringMatching(new RegExp(pattern, 'u')), { seed: this.#seed, numRuns: 30 })
    this.#byPattern.set(pattern, known)
    return known
  }

  #any<Item>(items: readonly Item[]): Item {
    const [first, ...others] = items
    if (first === undefined) throw new RangeError('Nothing to choose from')
    return this.#chance.pick([first, ...others])
  }

  #below(count: number): number {
    return Math.floor(this.#chance.next() * count)
  }
}

/** Strings with a format are never accepted here: days and times come from fixed lists. */
const accepts = (
  { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern = '', format }: Schema,
  text: string,
): boolean =>
  format === undefined &&
  text.length >= minLength &&
  text.length <= maxLength &&
  new RegExp(pattern, 'u').test(text)

/** A lone surrogate cannot be encoded in a URL. */
const escaped = (value: unknown): string => encodeURIComponent(String(value).toWellFormed())
