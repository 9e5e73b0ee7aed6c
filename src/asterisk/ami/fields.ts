/** Typed access to fields of unchecked messages from Asterisk. */
export type Fields = Readonly<Record<string, unknown>>

export const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const fieldsIn = (from: Fields, name: string): Fields => {
  const value = from[name]
  return isRecord(value) ? value : {}
}

export const textIn = (from: Fields, name: string): string => {
  const value = from[name]
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : ''
}

export const listIn = (from: Fields, name: string): readonly unknown[] => {
  const value = from[name]
  return Array.isArray(value) ? value : []
}

/** An integer; null for any other text. */
export const integerIn = (from: Fields, name: string): number | null => {
  const text = textIn(from, name)
  return /^-?\d{1,16}$/.test(text) ? Number(text) : null
}
