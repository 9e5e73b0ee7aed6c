/** The wrong fields of a form that the server refused, each until its value is mended. */
import { Problem, type WrongField } from './server/api.ts'

/** A refusal, and the form as it was sent. */
export interface RefusedForm {
  readonly error: unknown
  readonly form: object
}

/** Fields of which one is enough; the refusal names the first. */
type Together = Readonly<Record<string, readonly string[]>>

/**
 * The accepted values of each wrong field, by its dotted name, without the fields whose value has changed since the
 * refusal. `prefix`: of the form's fields in the body that was sent.
 */
export function fieldProblems(
  refused: RefusedForm | null,
  form: object,
  { prefix = '', together = {} }: { readonly prefix?: string; readonly together?: Together } = {},
): ReadonlyMap<string, string> {
  if (refused === null) return new Map()
  return new Map(
    wrongFieldsOf(refused.error)
      .map(
        ({ field, accepted }) =>
          [field.startsWith(prefix) ? field.slice(prefix.length) : field, accepted] as const,
      )
      .filter(([field]) => {
        const names = together[field] ?? [field]
        return names.every((name) => valueAt(form, name) === valueAt(refused.form, name))
      }),
  )
}

export const wrongFieldsOf = (error: unknown): readonly WrongField[] =>
  error instanceof Problem ? error.errors : []

function valueAt(form: object, name: string): unknown {
  return name
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], form)
}
