import { keyActions, mayBeKey, usualKeys, type KeyAction, type KeyMap } from './chords.ts'

/** Stored keys may be outdated or edited: only allowed combinations without duplicates are taken. */
export function readKeys(text: string | null): KeyMap {
  const found = parsed(text)
  const map: Record<KeyAction, string> = { ...usualKeys }
  for (const action of keyActions) {
    const chord = found[action]
    if (typeof chord === 'string' && mayBeKey(chord)) map[action] = chord
  }
  return new Set(Object.values(map)).size === keyActions.length ? map : usualKeys
}

function parsed(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    // Invalid JSON: the default keys apply.
    return {}
  }
}
