/** The agent's own keys, stored in this browser. */
import { createStore } from '../../shared/store.ts'
import { defaultKeys, type KeyAction, type KeyMap } from './chords.ts'
import { readKeys } from './kept-keys.ts'

const kept = 'linia.keys'

export const keyMap = createStore<KeyMap>(readKeys(localStorage.getItem(kept)))

export function setKey(action: KeyAction, chord: string): void {
  keyMap.set({ ...keyMap.get(), [action]: chord })
  localStorage.setItem(kept, JSON.stringify(keyMap.get()))
}

export function resetKeys(): void {
  keyMap.set(defaultKeys)
  localStorage.removeItem(kept)
}
