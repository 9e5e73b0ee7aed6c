/** One clock for all running timers, so that they tick together. */
import { useSyncExternalStore } from 'react'
import { createStore } from '../store.ts'
import { startOfDay } from './time.ts'

const tickMs = 500
const now = createStore(Date.now())
let watchers = 0
let ticking: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  if (watchers === 0) {
    now.set(Date.now())
    ticking = setInterval(() => now.set(Date.now()), tickMs)
  }
  watchers += 1
  const leave = now.subscribe(listener)
  return () => {
    leave()
    watchers -= 1
    if (watchers === 0) clearInterval(ticking)
  }
}

/** This computer's time, updated twice a second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now.get())
}

/** The start of the city's day; a screen left open overnight moves to the new day by itself. */
export function useStartOfDay(): string {
  return useSyncExternalStore(subscribe, () => startOfDay(now.get()))
}
