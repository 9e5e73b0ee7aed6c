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
      onFocus: () => setFocused(true),
      onBlur: (event: FocusEvent) => setFocused(event.currentTarget.contains(event.relatedTarget)),
    },
  }
}
