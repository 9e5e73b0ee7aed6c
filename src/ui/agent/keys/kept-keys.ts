import { keyActions, mayBeKey, usualKeys, type KeyAction, type KeyMap } from './chords.ts'

/** What is kept may be old or edited: only combinations that are allowed and not doubled are taken. */
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
    // Broken text is no map; the usual keys stand.
    return {}
  }
}
