import { useEffect, useRef, type RefObject } from 'react'

/** Focuses an element of a form that the person has just opened; `isWanted` false: not this time. */
export function useFocus<Element extends HTMLElement>(isWanted = true): RefObject<Element | null> {
  const element = useRef<Element>(null)
  useEffect(() => {
    if (isWanted) element.current?.focus()
  }, [isWanted])
  return element
}

/** Focuses the first field of a form that shows an error, once the errors are painted. */
export function focusFirstWrong(form: HTMLElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
}
