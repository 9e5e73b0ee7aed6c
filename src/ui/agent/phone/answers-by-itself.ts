/** Whether the page's phone picks up by itself; the agent's own choice, stored in this browser. */
import { createStore } from '../../shared/store.ts'

const kept = 'linia.answers'

export const answersByItself = createStore(localStorage.getItem(kept) === 'by-itself')

export function answerByItself(yes: boolean): void {
  answersByItself.set(yes)
  if (yes) localStorage.setItem(kept, 'by-itself')
  else localStorage.removeItem(kept)
}
