/** A control that cannot be used now stays reachable by keyboard, looks it, and says so. */
export function unavailable(now: boolean): {
  readonly 'aria-disabled': boolean
  readonly 'data-disabled'?: true
} {
  return now ? { 'aria-disabled': true, 'data-disabled': true } : { 'aria-disabled': false }
}
