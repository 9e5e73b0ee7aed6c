import type { ReactNode } from 'react'

export interface ScriptProps {
  readonly callId: string
  /** The general script of the current state. */
  readonly otherwise: ReactNode
}
