/** A field that takes keys: text, a choice, a box to tick. */
export const isField = (target: EventTarget | null): target is HTMLElement =>
  target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable)

/** Whether the next key belongs to a field, or to something that the agent has open: then the focus stays. */
export function isWriting(): boolean {
  const at = document.activeElement
  return isField(at) || at?.closest('[role=dialog], [role=menu], [role=listbox]') != null
}
