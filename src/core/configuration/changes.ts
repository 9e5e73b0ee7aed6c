/** The difference of two configurations, as people read it: items are found by their names, so that a moved one is no change. */
import type { Configuration } from './schema.ts'

export interface ConfigurationChange {
  /** `queues.taxe.levelMin`; a number, a queue, hours or a date by its own name. */
  readonly at: string
  /** Absent: it was added. */
  readonly before?: unknown
  /** Absent: it was removed. */
  readonly after?: unknown
}

/** In the order of the document; empty: the two mean the same. */
export const changesOf = (before: Configuration, after: Configuration): readonly ConfigurationChange[] => [
  ...changed(before, after, ''),
  ...reordered('codes', before.codes ?? [], after.codes ?? []),
  ...reordered('pauses', before.pauses ?? [], after.pauses ?? []),
]

/**
 * Agents are offered reasons for pauses and codes in the order of the document; one that is added comes last without being a
 * change of it. Codes are ordered among those that are under the same one: only these are told, and the others stay.
 */
function reordered(at: 'codes' | 'pauses', before: Ordered, after: Ordered): readonly ConfigurationChange[] {
  const groups = [...new Set(after.map(({ under }) => under))].flatMap((group) => {
    const idsIn = (items: Ordered) => items.filter(({ under }) => under === group).map(({ id }) => id)
    const [was, is] = [idsIn(before), idsIn(after)]
    const known = before.map(({ id }) => id)
    const kept = [...known.filter((id) => is.includes(id)), ...is.filter((id) => !known.includes(id))]
    return kept.every((id, index) => id === is[index]) ? [] : [{ was, is }]
  })
  if (groups.length === 0) return []
  return [{ at, before: groups.flatMap(({ was }) => was), after: groups.flatMap(({ is }) => is) }]
}

type Ordered = readonly { readonly id: string; readonly under?: string }[]

function changed(before: unknown, after: unknown, at: string): readonly ConfigurationChange[] {
  const [old, now] = [partsOf(before), partsOf(after)]
  if (old !== null && now !== null)
    return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) =>
      changed(old.get(key), now.get(key), at === '' ? key : `${at}.${key}`),
    )
  if (plain(before) === plain(after)) return []
  return [{ at, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }]
}

/** As text, in which the order of fields makes no difference: PostgreSQL gives them in another order than the page. */
export const plain = (value: unknown): string | undefined =>
  JSON.stringify(value, (_key, part: unknown) =>
    isFields(part) && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  )

/** Null: compared as a whole. */
function partsOf(value: unknown): ReadonlyMap<string, unknown> | null {
  if (!Array.isArray(value)) return isFields(value) ? new Map(Object.entries(value)) : null
  const named = new Map<string, unknown>()
  for (const item of value as readonly unknown[]) {
    const name = nameOf(item)
    // Two of one name, which is a fault of the document, would be one.
    if (name === null || named.has(name)) return null
    named.set(name, item)
  }
  return named
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** The field that names an item of a list. */
function nameOf(item: unknown): string | null {
  if (!isFields(item)) return null
  const name = item['id'] ?? item['number'] ?? item['date']
  return typeof name === 'string' ? name : null
}
