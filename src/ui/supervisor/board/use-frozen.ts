import { useEffect, useState, type FocusEvent } from 'react'

const lookEveryMs = 500

/** Whether the pointer or the focus is on a table, so that its rows must not move. */
export function useFrozen() {
  const [hovered, setHovered] = useState(false)
  const [focused, setFocused] = useState<Element | null>(null)
  // A row that is removed takes the focus with it, and no event says so.
  useEffect(() => {
    if (focused === null) return undefined
    const timer = setInterval(() => {
      if (document.activeElement !== focused) setFocused(null)
    }, lookEveryMs)
    return () => clearInterval(timer)
  }, [focused])
  return {
    frozen: hovered || focused !== null,
    handlers: {
      // Not `onPointerEnter`: React misses it when the element under the pointer was removed from the page.
      onPointerOver: () => setHovered(true),
      onPointerLeave: () => setHovered(false),
      // Visible focus only: a clicked button keeps the focus long after the pointer has left.
      onFocus: ({ target }: FocusEvent) => setFocused(target.matches(':focus-visible') ? target : null),
      // Within the table the next element takes its place.
      onBlur: () => setFocused(null),
    },
  }
}
