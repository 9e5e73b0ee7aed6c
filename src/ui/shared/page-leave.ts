/** Leaving the page on purpose: then nothing asks whether the person means it. */

let leaving = false

export const isLeaving = (): boolean => leaving

export function leavePage(to: string): void {
  leaving = true
  window.location.assign(to)
}

function ask(event: BeforeUnloadEvent): void {
  if (!leaving) event.preventDefault()
}

/** The browser asks before the page is closed or reloaded. Returns the end of it. */
export function askBeforeLeaving(): () => void {
  window.addEventListener('beforeunload', ask)
  return () => window.removeEventListener('beforeunload', ask)
}
