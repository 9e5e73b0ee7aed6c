/**
 * What comes of itself goes on at the keyboard only where nobody writes elsewhere: a space in the agent's notes must
 * not press a button that has just appeared.
 */
export function takeFocus(target: HTMLElement | null): void {
  const at = document.activeElement
  const writes = at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement
  if (!writes || target?.closest('[data-pane]')?.contains(at) === true) target?.focus()
}
