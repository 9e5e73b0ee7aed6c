/**
 * `music.conf`: a class of music for each queue. Its one file is the queue's own piece or, without one, the line's: so classes change
 * with the queues alone, and a publication replaces a file.
 */
import { join } from 'node:path'
import type { QueueId } from '../../core/ids.ts'
import { musicOf } from '../../core/prompts/recordable.ts'

export const musicClassOf = (queue: QueueId): string => musicOf(queue)

export function musicClasses(queues: readonly QueueId[], soundsDir: string): string {
  const classes = queues.map(
    (queue) => `[${musicClassOf(queue)}]\nmode = playlist\nentry = ${join(soundsDir, musicOf(queue))}\n`,
  )
  return `; Written by the application.\n${classes.join('')}`
}

/** Before the application has written the first one. */
export const noMusicClasses = musicClasses([], '')
