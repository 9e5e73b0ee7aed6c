import { useEffect, useRef, type RefObject } from 'react'

/** Focuses an element of a form that the person has just opened. */
export function useFocus<Element extends HTMLElement>(): RefObject<Element | null> {
  const element = useRef<Element>(null)
  useEffect(() => element.current?.focus(), [])
  return element
}

/** Focuses the first field of a form that shows an error, once the errors are painted. */
export function focusFirstWrong(form: HTMLElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
}
