import { createStore } from '../shared/store.ts'

/** What the key that speaks the time has last said; the timers on screen are silent. */
export const spokenTime = createStore('')
