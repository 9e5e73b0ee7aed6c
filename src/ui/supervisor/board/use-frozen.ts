import { useState, type FocusEvent } from 'react'

/** Whether the pointer or the focus is on a table, so that its rows must not move. */
export function useFrozen() {
  const [hovered, setHovered] = useState(false)
  const [focused, setFocused] = useState(false)
  return {
    frozen: hovered || focused,
    handlers: {
      // Not `onPointerEnter`: React misses it when the element under the pointer was removed from the page.
      onPointerOver: () => setHovered(true),
      onPointerLeave: () => setHovered(false),
      // Visible focus only: a clicked button keeps the focus long after the pointer has left.
      onFocus: (event: FocusEvent) => setFocused(event.target.matches(':focus-visible')),
      onBlur: (event: FocusEvent) => setFocused(event.currentTarget.contains(event.relatedTarget)),
    },
  }
}
