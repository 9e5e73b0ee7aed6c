import { keyActions, isAssignable, defaultKeys, type KeyAction, type KeyMap } from './chords.ts'

/** Keys for an action that came with an update, when its default is the agent's own key for something else. */
const spare = ['Ctrl+Shift+F7', 'Ctrl+Shift+F9', 'Ctrl+Shift+F10', 'Ctrl+Shift+F11', 'Ctrl+Shift+F12']

/** Stored keys may be outdated or edited: only allowed combinations without duplicates are taken. */
export function readKeys(text: string | null): KeyMap {
  const found = parsed(text)
  const own = new Map<KeyAction, string>()
  for (const action of keyActions) {
    const chord = found[action]
    if (typeof chord === 'string' && isAssignable(chord)) own.set(action, chord)
  }
  const map: Record<KeyAction, string> = { ...defaultKeys, ...Object.fromEntries(own) }
  const used = new Set(own.values())
  if (used.size < own.size) return defaultKeys
  for (const action of keyActions) {
    if (own.has(action)) continue
    if (used.has(map[action])) {
      // These two keys are known by heart: an edited map without them counts for nothing.
      if (action === 'answer' || action === 'hang-up') return defaultKeys
      map[action] = spare.find((chord) => isFree(chord, used)) ?? map[action]
    }
    used.add(map[action])
  }
  return used.size === keyActions.length ? map : defaultKeys
}

const defaults = new Set(Object.values(defaultKeys))

/** Neither in use, nor the default of an action that is still to be placed. */
const isFree = (chord: string, used: ReadonlySet<string>): boolean => !used.has(chord) && !defaults.has(chord)

function parsed(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    // Invalid JSON: the default keys apply.
    return {}
  }
}
