/**
 * Names the schemas of the OpenAPI document. Routes use the schemas of the `wire.ts` files as they are; the document
 * has each exported one once, under its exported name, and refers to it wherever the same schema occurs. An object schema
 * with a title is one, too.
 */
import { readdir } from 'node:fs/promises'
import path from 'node:path'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
type JsonObject = Readonly<Record<string, Json>>

const wires = path.join(import.meta.dirname, '..')

/** The exported schemas of all `wire.ts` files, by name. */
export async function wireSchemas(): Promise<ReadonlyMap<string, object>> {
  const files = await readdir(wires, { recursive: true })
  const schemas = new Map<string, object>()
  for (const file of files.filter((one) => path.basename(one) === 'wire.ts').toSorted()) {
    const exported = (await import(path.join(wires, file))) as Record<string, unknown>
    for (const [name, schema] of Object.entries(exported)) {
      // Of two with one name the other stays unnamed; a test reports it.
      if (isTypeBox(schema) && !schemas.has(name)) schemas.set(name, schema)
    }
  }
  return schemas
}

/** The document with `#/components/schemas/` for the schemas that occur in it. */
export function withComponents<Document extends object>(
  document: Document,
  schemas: ReadonlyMap<string, object>,
): Document {
  const references = new References(schemas)
  const { paths, components, ...rest } = plain(document) as Record<string, JsonObject>
  const referring = references.in(paths ?? {})
  return {
    ...rest,
    components: { ...components, schemas: references.components() },
    paths: referring,
  } as unknown as Document
}

class References {
  readonly #schemas: ReadonlyMap<string, JsonObject>
  /** Name by the schema's text: alike schemas are told apart by their descriptions. */
  readonly #names = new Map<string, string>()
  /** Without the description, for a field that describes its own use of the schema. */
  readonly #undescribed = new Map<string, string>()
  readonly #components = new Map<string, Json>()

  constructor(schemas: ReadonlyMap<string, object>) {
    this.#schemas = new Map([...schemas].map(([name, schema]) => [name, documented(schema) as JsonObject]))
    for (const [name, schema] of this.#schemas) {
      this.#names.set(JSON.stringify(schema), name)
      if (isAnyText(schema)) continue
      const text = JSON.stringify(undescribed(schema))
      if (!this.#undescribed.has(text)) this.#undescribed.set(text, name)
    }
  }

  in(json: Json, self?: string): Json {
    if (json === null || typeof json !== 'object') return json
    if (isList(json)) return json.map((one) => this.in(one))
    const exact = this.#names.get(JSON.stringify(json)) ?? titleOf(json)
    if (exact !== undefined && exact !== self) return this.#referTo(exact, {}, json)
    const { description } = json
    const alike = this.#undescribed.get(JSON.stringify(undescribed(json)))
    if (exact === undefined && alike !== undefined && alike !== self)
      return this.#referTo(alike, description === undefined ? {} : { description }, json)
    return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, this.in(value)]))
  }

  components(): JsonObject {
    return Object.fromEntries([...this.#components].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }

  #referTo(name: string, more: JsonObject, schema: JsonObject): JsonObject {
    if (!this.#components.has(name)) {
      // Set first, so that its place is taken while what it consists of is named.
      this.#components.set(name, null)
      this.#components.set(name, this.in(this.#schemas.get(name) ?? schema, name))
    }
    return { $ref: `#/components/schemas/${name}`, ...more }
  }
}

const isTypeBox = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && '~kind' in value

const isList = (json: readonly Json[] | JsonObject): json is readonly Json[] => Array.isArray(json)

/** As it is sent: without TypeBox's own marks. */
const plain = (value: object): Json => JSON.parse(JSON.stringify(value)) as Json

/** As `@fastify/swagger` writes a schema: a record's values are additional properties. */
const documented = (schema: object): Json =>
  JSON.parse(JSON.stringify(schema), (_key, value: Json | { readonly patternProperties?: object }) => {
    if (value === null || typeof value !== 'object' || !('patternProperties' in value)) return value
    const { patternProperties, ...rest } = value
    return { ...rest, additionalProperties: Object.values(patternProperties ?? {})[0] as Json }
  }) as Json

/** Of a schema that no `wire.ts` file exports: those of core/ name themselves. */
const titleOf = ({ type, title }: JsonObject): string | undefined =>
  type === 'object' && typeof title === 'string' ? title : undefined

/** A bounded text without a form of its own can be anything: another one is not known by its bounds. */
const isAnyText = ({ type, format, pattern }: JsonObject): boolean =>
  (type === 'string' || type === 'integer') && format === undefined && pattern === undefined

const undescribed = (schema: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => key !== 'description' && key !== 'examples'))
