import { useEffect, useEffectEvent } from 'react'
import { useStore } from '../../shared/store.ts'
import { submitFocused } from '../work/pane-actions.ts'
import { actionOf, chordOf, isBounce, type KeyAction } from './chords.ts'
import { keyMap } from './key-map.ts'

/** Runs the desk's actions by key, also while the agent is typing in a field. */
export function useKeys(run: (action: KeyAction) => void): void {
  const act = useEffectEvent(run)
  useEffect(() => {
    let previous: { action: KeyAction; at: number } | null = null
    function press(event: KeyboardEvent): void {
      // The key sheet is waiting for a new combination.
      if (document.documentElement.dataset['choosingKey'] === 'yes') return
      const chord = chordOf(event)
      const action = chord === null ? null : actionOf(chord, keyMap.get())
      if (action === null) return
      event.preventDefault()
      if (event.repeat || isBounce(action, event.timeStamp, previous)) return
      previous = { action, at: event.timeStamp }
      act(action)
    }
    window.addEventListener('keydown', press, true)
    return () => window.removeEventListener('keydown', press, true)
  }, [])
}

export function useKey(action: KeyAction): string {
  return useStore(keyMap, (map) => map[action])
}

/**
 * The key of *save* in the forms that save themselves, for pages without a desk, whose keys would do it. Others must not
 * call it (`active`): the form would be sent twice.
 */
export function useFormKeys(active: boolean): void {
  useEffect(() => {
    if (!active) return undefined
    function press(event: KeyboardEvent): void {
      if (event.repeat || chordOf(event) !== keyMap.get().save || !submitFocused()) return
      event.preventDefault()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [active])
}
