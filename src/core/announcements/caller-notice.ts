/** A notice that callers hear when they enter a queue, or while they wait when it is published. */
import { soundOf } from '../configuration/menu.ts'
import type { Millis, QueueId } from '../ids.ts'

export interface CallerNotice {
  readonly id: number
  /** In Romanian, whichever language the caller has chosen. */
  readonly text: string
  /** Empty: callers of every queue. */
  readonly queues: readonly QueueId[]
  /** It ends by itself then. */
  readonly until: Millis
}

export const noticeSound = ({ text }: Pick<CallerNotice, 'text'>): string => soundOf('ro', text, 'notice')
