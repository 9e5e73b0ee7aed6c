import { useState, type FocusEvent } from 'react'

/** Whether the reader's pointer or focus is on something, so that it must not move. */
export function useFrozen() {
  const [hovered, setHovered] = useState(false)
  const [focused, setFocused] = useState(false)
  return {
    frozen: hovered || focused,
    handlers: {
      // Not `enter`: React misses it where the pointer stood on something that has left the page.
      onPointerOver: () => setHovered(true),
      onPointerLeave: () => setHovered(false),
      // Only where the reader sees it: a button that was clicked keeps the focus long after the hand has left.
      onFocus: (event: FocusEvent) => setFocused(event.target.matches(':focus-visible')),
      onBlur: (event: FocusEvent) => setFocused(event.currentTarget.contains(event.relatedTarget)),
    },
  }
}
