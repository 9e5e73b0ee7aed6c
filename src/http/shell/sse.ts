/** Server-sent events as text (HTML standard, section 9.2). */
import type { StreamPosition } from '../../core/acd-event.ts'
import type { LiveEvents } from '../live/wire.ts'

export function frame<Name extends keyof LiveEvents>(
  name: Name,
  data: LiveEvents[Name],
  position?: StreamPosition,
): string {
  const id = position === undefined ? '' : `id: ${position}\n`
  return `${id}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}

/** The same frame without a position: a browser that reconnects after it has the one of an earlier frame. */
export const withoutPosition = (text: string): string => text.replace(/^id: .*\n/, '')

/** Sets how long a browser waits before it reconnects. */
export const retry = (ms: number): string => `retry: ${ms}\n\n`
