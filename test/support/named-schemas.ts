/** The API's document with its named schemas in their places, for tests that walk through schemas. */
export function withoutReferences<Document>(document: Document): Document {
  const { schemas = {} } =
    (document as { components?: { schemas?: Record<string, object> } }).components ?? {}
  const whole = JSON.stringify(document, (_key, value: { readonly $ref?: unknown } | null) => {
    if (typeof value !== 'object' || typeof value?.$ref !== 'string') return value
    const [, name = ''] = /^#\/components\/schemas\/(\w+)$/.exec(value.$ref) ?? []
    const found = schemas[name]
    if (found === undefined) throw new Error(`no schema ${value.$ref}`)
    return found
  })
  return JSON.parse(whole) as Document
}
