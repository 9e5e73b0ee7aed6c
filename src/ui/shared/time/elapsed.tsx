import { useLive } from '../../live/use-live.ts'
import { useNow } from './now.ts'
import { duration } from './time.ts'

/** A running timer by the server's clock. Hidden from screen readers: a key announces the time instead. */
export function Elapsed({ since }: { readonly since: string }) {
  const ms = useElapsed(since)
  return (
    <span aria-hidden="true" className="tabular">
      {duration(ms)}
    </span>
  )
}

export function useElapsed(since: string): number {
  const now = useNow()
  const skewMs = useLive((state) => state.skewMs)
  return Math.max(0, now + skewMs - Date.parse(since))
}
