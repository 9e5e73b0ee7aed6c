/** Unpublished changes on top of a version that somebody else has published meanwhile. */
import { plain } from '../../../core/configuration/changes.ts'
import type { Configuration, OutboundSetting } from '../../../core/configuration/schema.ts'
import { outboundFields } from './outbound/outbound-words.ts'

/**
 * Items that the draft has changed, added or removed are as in the draft; all others as in the newer version. An item that
 * both have changed is the draft's: the review before the publication shows it as a difference.
 */
export function onTopOf(newer: Configuration, base: Configuration, draft: Configuration): Configuration {
  const menus = merged(newer.menus ?? [], base.menus ?? [], draft.menus ?? [], byId)
  const codes = inOrderOf(
    draft.codes ?? [],
    base.codes ?? [],
    merged(newer.codes ?? [], base.codes ?? [], draft.codes ?? [], byId),
  )
  const pauses = inOrderOf(
    draft.pauses ?? [],
    base.pauses ?? [],
    merged(newer.pauses ?? [], base.pauses ?? [], draft.pauses ?? [], byId),
  )
  const { outbound: theirs, ...rest } = newer
  const outbound = mergedOutbound(theirs, base.outbound, draft.outbound)
  return {
    ...rest,
    ...(outbound === undefined ? {} : { outbound }),
    numbers: merged(newer.numbers, base.numbers, draft.numbers, ({ number }) => number),
    queues: merged(newer.queues, base.queues, draft.queues, byId),
    hours: merged(newer.hours, base.hours, draft.hours, byId),
    ...(newer.menus === undefined && menus.length === 0 ? {} : { menus }),
    ...(newer.codes === undefined && codes.length === 0 ? {} : { codes }),
    ...(newer.pauses === undefined && pauses.length === 0 ? {} : { pauses }),
  }
}

/** Field by field: a number that somebody else has taken out is not allowed again by a change of a bound. */
function mergedOutbound(
  newer: OutboundSetting | undefined,
  base: OutboundSetting | undefined,
  draft: OutboundSetting | undefined,
): OutboundSetting | undefined {
  if (newer === undefined || base === undefined || draft === undefined)
    return plain(base) === plain(draft) ? newer : draft
  const fields = outboundFields.map((field) => {
    const isMine = plain(base[field]) !== plain(draft[field])
    return [field, (isMine ? draft : newer)[field]] as const
  })
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined)) as unknown as OutboundSetting
}

/** The order of reasons, and of codes, is a change like others; those that the draft does not have come last. */
function inOrderOf<Item extends { readonly id: string }>(
  draft: readonly Item[],
  base: readonly Item[],
  items: Item[],
): Item[] {
  const place = new Map(draft.map(({ id }, index) => [id, index]))
  const ofBoth = base.flatMap(({ id }) => place.get(id) ?? [])
  const isMoved = ofBoth.some((one, index) => one < (ofBoth[index - 1] ?? 0))
  const last = draft.length
  return isMoved
    ? items.toSorted((one, other) => (place.get(one.id) ?? last) - (place.get(other.id) ?? last))
    : items
}

const byId = ({ id }: { readonly id: string }): string => id

function merged<Item>(
  newer: readonly Item[],
  base: readonly Item[],
  draft: readonly Item[],
  nameOf: (item: Item) => string,
): Item[] {
  const named = (items: readonly Item[]) => new Map(items.map((item) => [nameOf(item), item]))
  const [was, mine] = [named(base), named(draft)]
  const isMine = (name: string): boolean => plain(was.get(name)) !== plain(mine.get(name))
  const kept = newer.flatMap((item) => {
    const name = nameOf(item)
    if (!isMine(name)) return [item]
    const changed = mine.get(name)
    return changed === undefined ? [] : [changed]
  })
  const present = new Set(newer.map(nameOf))
  return [...kept, ...draft.filter((item) => !present.has(nameOf(item)) && isMine(nameOf(item)))]
}
