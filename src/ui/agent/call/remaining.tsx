import { useLive } from '../../live/use-live.ts'
import { useNow } from '../../shared/time/now.ts'
import { duration } from '../../shared/time/time.ts'

/** Counts down by the server's clock. Hidden from screen readers, like every timer. */
export function Remaining({ until }: { readonly until: string }) {
  const now = useNow()
  const skewMs = useLive((state) => state.skewMs)
  const ms = Date.parse(until) - now - skewMs
  // Rounded up: the last second shows 00:01, and 00:00 means that the time is over.
  return (
    <span aria-hidden="true" className="tabular">
      {duration(Math.ceil(Math.max(0, ms) / 1000) * 1000)}
    </span>
  )
}
