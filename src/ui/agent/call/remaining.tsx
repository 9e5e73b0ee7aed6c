import { useLive } from '../../live/use-live.ts'
import { useNow } from '../../shared/time/now.ts'
import { duration } from '../../shared/time/time.ts'
import styles from './call-zone.module.css'

/** Counts down by the server's clock. Hidden from screen readers, like every timer. */
export function Remaining({ until }: { readonly until: string }) {
  const ms = useRemainingMs(until)
  // Rounded up: the last second shows 00:01, and 00:00 means that the time is over.
  return (
    <span aria-hidden="true" className="tabular">
      {duration(Math.ceil(Math.max(0, ms) / 1000) * 1000)}
    </span>
  )
}

/** Shrinks from the whole width to nothing. */
export function RemainingBar({ since, until }: { readonly since: string; readonly until: string }) {
  const ms = useRemainingMs(until)
  const whole = Math.max(1, Date.parse(until) - Date.parse(since))
  const share = Math.min(1, Math.max(0, ms / whole))
  return <span className={styles['bar']} style={{ transform: `scaleX(${share})` }} aria-hidden="true" />
}

function useRemainingMs(until: string): number {
  const now = useNow()
  const skewMs = useLive((state) => state.skewMs)
  return Date.parse(until) - now - skewMs
}
