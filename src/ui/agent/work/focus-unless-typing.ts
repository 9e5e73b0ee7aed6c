/**
 * Moves the focus to an element that appeared by itself, unless the agent is typing in another place: a space
 * typed into the notes must not press a new button.
 */
export function focusUnlessTyping(target: HTMLElement | null): void {
  const at = document.activeElement
  const writes = at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement
  if (!writes || target?.closest('[data-pane]')?.contains(at) === true) target?.focus()
}
