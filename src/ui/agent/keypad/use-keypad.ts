/** Opens and closes the phone's keypad. The keys sent are kept by the open keypad alone and end with it. */
import { createStore } from '../../shared/store.ts'
import { dropTones } from '../phone/phone.ts'
import { goesOn, typedOnMs, type TypedKey } from './typed-on.ts'

/** The offer of the conversation whose keypad is open; null: it is closed. */
export const keypadOpen = createStore<string | null>(null)
export const toggleKeypad = (offer: string | null): void =>
  keypadOpen.set(keypadOpen.get() === offer ? null : offer)

let lastKeyAt = -Infinity
/** Reported by the open keypad, which has taken the key. */
export const keyTyped = ({ timeStamp }: Pick<TypedKey, 'timeStamp'>): void => {
  lastKeyAt = timeStamp
}

/**
 * The call has ended, or is on hold: what waits is not sent. An agent who types on would write a citizen's code into the
 * notes or the wrap-up, so those keys go nowhere.
 */
export function closeKeypadByItself(): void {
  dropTones()
  if (keypadOpen.get() === null) return
  keypadOpen.set(null)
  function swallow(event: KeyboardEvent): void {
    if (keypadOpen.get() !== null || event.timeStamp - lastKeyAt > typedOnMs)
      window.removeEventListener('keydown', swallow, true)
    else if (goesOn(event, lastKeyAt)) {
      lastKeyAt = event.timeStamp
      event.preventDefault()
      event.stopPropagation()
    }
  }
  window.addEventListener('keydown', swallow, true)
}
