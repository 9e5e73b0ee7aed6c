import type { ReactNode } from 'react'

export interface ScriptProps {
  readonly callId: string
  /** What is said at this moment of any call. */
  readonly otherwise: ReactNode
}
