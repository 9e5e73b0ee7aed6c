import { createContext, use } from 'react'
import type { KeyAction } from './keys/chords.ts'

export type Run = (action: KeyAction) => void

/** Runs the action of keys, buttons and the palette; the session provides it to every screen. */
export const RunContext = createContext<Run | null>(null)

export function useRun(): Run {
  const run = use(RunContext)
  if (run === null) throw new Error('useRun is called outside of AgentSession')
  return run
}
