/**
 * What the agent may do now, and the reason why not: a button never just turns grey. `choose` is what needs only
 * a server that listens: the reason of a pause, the device, a call of the demonstration.
 */
import type { DeskState } from './desk-state.ts'

export type DeskAction = 'answer' | 'hang-up' | 'mute' | 'hold' | 'pause-ready' | 'save' | 'extend' | 'choose'

export type WhyNot =
  | 'feed'
  | 'noCall'
  | 'notRinging'
  | 'notTalking'
  | 'noPhone'
  | 'superseded'
  | 'deskPhone'
  | 'wrapUp'

export interface Surroundings {
  /** The live feed is fresh: what the buttons refer to is true. */
  readonly fresh: boolean
  readonly superseded: boolean
}

/** null: allowed. */
export function whyNot(action: DeskAction, state: DeskState, around: Surroundings): WhyNot | null {
  if (around.superseded) return 'superseded'
  if (!around.fresh || state.name === 'connecting') return 'feed'
  switch (action) {
    case 'answer':
      if (state.name !== 'ringing' || state.picking) return 'notRinging'
      return state.device === 'desk' ? 'deskPhone' : null
    case 'hang-up':
      return inCall(state) ? null : 'noCall'
    case 'mute':
      return state.name === 'talking' ? null : 'notTalking'
    case 'hold':
      return state.name === 'talking' || state.name === 'held' ? null : 'notTalking'
    case 'pause-ready':
      return state.name === 'no-phone' && state.wanted === 'paused' ? 'noPhone' : null
    case 'save':
      return state.name === 'wrap-up' || inCall(state) ? null : 'noCall'
    case 'extend':
      return state.name === 'wrap-up' ? null : 'wrapUp'
    case 'choose':
      return null
  }
}

export function inCall(state: DeskState): boolean {
  return (
    state.name === 'ringing' ||
    state.name === 'talking' ||
    state.name === 'held' ||
    state.name === 'reconnecting'
  )
}
