/** Colleagues who are asked have notes and a form of their own once they talk with the caller, too, also when they are asked aside again. */
import { createStore } from '../../shared/store.ts'
import type { DeskState } from '../desk-state.ts'

/** The last call in which this agent, who was asked, has talked with the caller. */
export const talkedIn = createStore<string | null>(null)

/** `talked`: as `talkedIn`. */
export const hasTalked = (state: DeskState, talked: string | null): boolean =>
  state.name !== 'consulted' || state.call.consult?.seat === 'room' || state.call.id === talked
