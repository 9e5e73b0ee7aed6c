import { useLayoutEffect, useRef, type RefObject } from 'react'

/**
 * For a button that ends with its state: its zone takes the focus, which would otherwise be lost. Not the next
 * button: a second press of the same key would act on it.
 */
export function useZoneKeepsFocus(): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => {
    const { current } = button
    return () => {
      if (current !== null && current === document.activeElement)
        current.closest<HTMLElement>('[data-zone]')?.focus()
    }
  }, [])
  return button
}
