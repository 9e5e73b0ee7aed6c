/** Unsent work that is in this page's memory alone: the browser asks before a reload, the sign-out before it ends the session. */
import { isLeaving } from '../page-leave.ts'

const kinds: (() => boolean)[] = []

/** `holds`: whether there is work of this kind now. */
export function keepInPage(holds: () => boolean): void {
  kinds.push(holds)
}

export const holdsUnsent = (): boolean => kinds.some((holds) => holds())

window.addEventListener('beforeunload', (event) => {
  if (holdsUnsent() && !isLeaving()) event.preventDefault()
})
