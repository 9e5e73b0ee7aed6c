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
  ...reordered(before.pauses ?? [], after.pauses ?? []),
]

/** The order of the reasons for pauses has a meaning; one that is added comes last without being a change of it. */
function reordered(before: Named, after: Named): readonly ConfigurationChange[] {
  const [was, is] = [before.map(({ id }) => id), after.map(({ id }) => id)]
  const kept = [...was.filter((id) => is.includes(id)), ...is.filter((id) => !was.includes(id))]
  return kept.every((id, index) => id === is[index]) ? [] : [{ at: 'pauses', before: was, after: is }]
}

type Named = readonly { readonly id: string }[]

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
