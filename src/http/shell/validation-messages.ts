/** Describes in words what a schema accepts, for the user whose request was refused. */
import type { Language } from './language.ts'

/** The part of JSON Schema that the wire files use. */
interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly format?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

/** One validation error, as TypeBox reports it. */
export interface SchemaError {
  readonly keyword: string
  readonly instancePath: string
  readonly params: Readonly<Record<string, unknown>>
}

export interface WrongField {
  /** Dotted; empty for the whole body. */
  readonly field: string
  readonly accepted: string
}

const wrongFieldsMax = 10

/** One entry per wrong field, with what it accepts. */
export function wrongFields(
  errors: readonly SchemaError[],
  schema: object,
  language: Language,
): WrongField[] {
  const paths = new Set<string>()
  for (const { keyword, instancePath, params } of errors) {
    if (keyword !== 'required') paths.add(instancePath)
    else for (const name of namesIn(params['requiredProperties'])) paths.add(`${instancePath}/${name}`)
  }
  return [...paths].slice(0, wrongFieldsMax).map((path) => ({
    field: path.split('/').slice(1).join('.'),
    accepted: describe(schemaAt(schema, path), language),
  }))
}

function namesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []
}

function schemaAt(root: Schema, path: string): Schema {
  let schema = root
  for (const step of path.split('/').slice(1)) schema = below(schema, step) ?? {}
  return schema
}

function below(schema: Schema, step: string): Schema | undefined {
  const own = schema.properties?.[step] ?? schema.items
  if (own !== undefined) return own
  for (const part of [...(schema.allOf ?? []), ...(schema.anyOf ?? [])]) {
    const found = below(part, step)
    if (found !== undefined) return found
  }
  return undefined
}

function describe(schema: Schema, language: Language): string {
  const ro = language === 'ro'
  if (schema.enum !== undefined)
    return `${ro ? 'una dintre valorile' : 'one of'}: ${schema.enum.map(String).join(', ')}`
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.anyOf !== undefined)
    return schema.anyOf.map((one) => describe(one, language)).join(ro ? ' sau ' : ' or ')
  const fields = fieldsOf(schema)
  if (fields.length > 0) return `${ro ? 'un obiect cu' : 'an object with'} ${fields.join(', ')}`
  if (schema.type === 'string') return describeText(schema, ro)
  if (schema.type === 'integer' || schema.type === 'number') return describeNumber(schema, ro)
  if (schema.type === 'boolean') return ro ? 'true sau false' : 'true or false'
  return schema.type ?? (ro ? 'altă valoare' : 'another value')
}

function fieldsOf(schema: Schema): string[] {
  return [
    ...Object.keys(schema.properties ?? {}),
    ...(schema.allOf ?? []).flatMap((part) => Object.keys(part.properties ?? {})),
  ]
}

function describeText({ format, minLength = 0, maxLength }: Schema, ro: boolean): string {
  if (format === 'date-time')
    return ro ? 'o dată cu oră ISO 8601 (2026-11-24T08:00:00Z)' : 'an ISO 8601 time (2026-11-24T08:00:00Z)'
  if (format === 'date') return ro ? 'o zi din calendar (2026-11-24)' : 'a day of the calendar (2026-11-24)'
  if (maxLength === undefined) return ro ? 'un text' : 'a text'
  return ro
    ? `un text de ${minLength}–${maxLength} caractere`
    : `a text of ${minLength}–${maxLength} characters`
}

function describeNumber({ minimum, maximum, type }: Schema, ro: boolean): string {
  const kind = type === 'integer' ? (ro ? 'un număr întreg' : 'a whole number') : ro ? 'un număr' : 'a number'
  if (minimum === undefined || maximum === undefined) return kind
  return ro ? `${kind} de la ${minimum} la ${maximum}` : `${kind} from ${minimum} to ${maximum}`
}
