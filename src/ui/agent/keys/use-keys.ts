import { useEffect, useEffectEvent, type KeyboardEvent as ReactKeyboardEvent } from 'react'
import { useStore } from '../../shared/store.ts'
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

/** For `onKeyDown` of a form that saves itself: its key works also on a page without a desk, which has no desk's keys. */
export function useSubmitByKey(): (event: ReactKeyboardEvent<HTMLFormElement>) => void {
  const key = useKey('save')
  return (event) => {
    // Of a page with a desk, `useKeys` has handled it.
    if (event.defaultPrevented || event.repeat || chordOf(event.nativeEvent) !== key) return
    event.preventDefault()
    event.currentTarget.requestSubmit()
  }
}
