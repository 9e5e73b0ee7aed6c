import { isWriting } from './is-writing.ts'

/**
 * Moves the focus to an element that appeared by itself, unless the agent is typing in another place or has something
 * open: a space typed into the notes must not press a new button.
 */
export function focusUnlessTyping(target: HTMLElement | null): void {
  const isHere = target?.closest('[data-pane]')?.contains(document.activeElement) === true
  if (isHere || !isWriting()) target?.focus()
}
