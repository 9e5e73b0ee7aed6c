import { useEffect, useRef, type RefObject } from 'react'

/** Focuses an element of a form that the person has just opened. */
export function useFocus<Element extends HTMLElement>(): RefObject<Element | null> {
  const element = useRef<Element>(null)
  useEffect(() => element.current?.focus(), [])
  return element
}
