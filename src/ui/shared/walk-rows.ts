import type { KeyboardEvent } from 'react'

/** The arrow keys move from row to row, focusing the link or the menu of the row. */
export function walkRows(event: KeyboardEvent): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  const row = event.target instanceof Element ? event.target.closest('tbody tr') : null
  if (step === 0 || row === null) return
  const next = step === 1 ? row.nextElementSibling : row.previousElementSibling
  const control = next?.querySelector<HTMLElement>('a, button')
  if (control === null || control === undefined) return
  event.preventDefault()
  control.focus()
}
