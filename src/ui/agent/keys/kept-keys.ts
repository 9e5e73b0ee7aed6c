import { keyActions, isAssignable, defaultKeys, type KeyAction, type KeyMap } from './chords.ts'

/** Stored keys may be outdated or edited: only allowed combinations without duplicates are taken. */
export function readKeys(text: string | null): KeyMap {
  const found = parsed(text)
  const map: Record<KeyAction, string> = { ...defaultKeys }
  for (const action of keyActions) {
    const chord = found[action]
    if (typeof chord === 'string' && isAssignable(chord)) map[action] = chord
  }
  return new Set(Object.values(map)).size === keyActions.length ? map : defaultKeys
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
