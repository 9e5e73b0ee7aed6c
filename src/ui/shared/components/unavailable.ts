/** Props of an unavailable control: it stays focusable, looks disabled and is announced as such. */
export function unavailable(now: boolean): {
  readonly 'aria-disabled': boolean
  readonly 'data-disabled'?: true
} {
  return now ? { 'aria-disabled': true, 'data-disabled': true } : { 'aria-disabled': false }
}
