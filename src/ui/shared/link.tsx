import type { AnchorHTMLAttributes, MouseEvent } from 'react'
import { navigate } from './router.ts'

/** A link inside the application: no reload, so that the phone in the page keeps its call. */
export function Link({ href, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { readonly href: string }) {
  function follow(event: MouseEvent<HTMLAnchorElement>): void {
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0
    if (event.defaultPrevented || elsewhere) return
    event.preventDefault()
    navigate(href)
  }
  return (
    <a href={href} onClick={follow} {...rest}>
      {rest.children}
    </a>
  )
}
