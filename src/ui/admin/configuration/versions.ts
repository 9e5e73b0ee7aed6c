/** The version before one of a list, newest first; 0: as installed. Null: it is on a page that has not been read yet. */
export function versionBefore(
  items: readonly { readonly id: number }[],
  hasMore: boolean,
  index: number,
): number | null {
  return items[index + 1]?.id ?? (hasMore ? null : 0)
}
