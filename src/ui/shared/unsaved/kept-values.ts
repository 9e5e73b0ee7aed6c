/**
 * Values of a form that are not sent yet, kept in the browser by account and form: they survive a reload and a click
 * elsewhere. Values with names of people are kept in the tab alone, and leave it at the sign-out, which asks first.
 */

/** Values that nobody came back to are dropped. */
const keptForMs = 14 * 24 * 60 * 60 * 1_000

export interface Kept<Value> {
  readonly value: Value
  /** The version that the values are a change of: `3` for a draft of version 4. */
  readonly basis: string
  /** This computer's time of the last change. */
  readonly at: number
}

export type KeptStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export interface KeptPlace<Value> {
  readonly storage: KeptStorage
  /** The key in the storage. */
  readonly key: string
  /** Null for values of another shape, such as those of an earlier release. */
  readonly accept: (stored: unknown) => Value | null
}

/** Null: nothing is kept, or it is too old or of another shape. */
export function readKept<Value>(place: KeptPlace<Value>, now: number): Kept<Value> | null {
  const { storage, key, accept } = place
  try {
    const stored: unknown = JSON.parse(storage.getItem(key) ?? 'null')
    if (typeof stored !== 'object' || stored === null) return null
    const { value, basis, at } = stored as Record<string, unknown>
    const accepted = accept(value)
    if (accepted !== null && typeof basis === 'string' && typeof at === 'number' && now - at < keptForMs)
      return { value: accepted, basis, at }
    storage.removeItem(key)
  } catch {
    // A storage that is closed to the page, or a value that is not ours.
  }
  return null
}

/** Whether it is kept: a storage may be full or closed to the page. */
export function writeKept<Value>({ storage, key }: KeptPlace<Value>, kept: Kept<Value>): boolean {
  try {
    storage.setItem(key, JSON.stringify(kept))
    return true
  } catch {
    return false
  }
}

export function forgetKept<Value>({ storage, key }: KeptPlace<Value>): void {
  try {
    storage.removeItem(key)
  } catch {
    // Nothing was kept.
  }
}

export const acceptText = (stored: unknown): string | null => (typeof stored === 'string' ? stored : null)

const keyStart = 'linia.unsent.'
export const keyOf = (account: string, name: string): string => `${keyStart}${account}.${name}`

type Keys = Pick<Storage, 'length' | 'key' | 'removeItem'>

function keysIn(storage: Keys, start: string): readonly string[] {
  return Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '').filter((key) =>
    key.startsWith(start),
  )
}

/** Whether this tab keeps values that the account has not sent. */
export const keepsUnsent = (storage: Keys, account: string): boolean =>
  keysIn(storage, `${keyStart}${account}.`).length > 0

/** Removes all accounts' values. */
export function forgetAllKept(storage: Keys): void {
  for (const key of keysIn(storage, keyStart)) storage.removeItem(key)
}
