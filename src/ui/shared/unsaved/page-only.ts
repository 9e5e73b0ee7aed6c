/** Whether this page holds something in its memory alone that is not sent: the browser asks before a reload, the sign-out before it ends the session. */
import { isLeaving } from '../page-leave.ts'

let holds = false

export const holdsUnsent = (): boolean => holds
export const setHoldsUnsent = (now: boolean): void => {
  holds = now
}

window.addEventListener('beforeunload', (event) => {
  if (holds && !isLeaving()) event.preventDefault()
})
