/**
 * Which actions are possible now, and the reason if one is not: a button is never just greyed out. `choose`
 * stands for everything that needs only a live feed: the device, a call of the demonstration.
 */
import type { LiveCallView } from '../../http/live/wire.ts'
import { hasTalked } from './consult/talked-in.ts'
import type { DeskState } from './desk-state.ts'

export type DeskAction =
  | 'answer'
  | 'hang-up'
  | 'mute'
  | 'hold'
  | 'transfer'
  | ConsultAction
  | 'interpreter'
  | 'ask-help'
  | 'recording'
  | 'keypad'
  | 'pause-ready'
  | 'pause-reason'
  | 'save'
  | 'extend'
  | 'call-out'
  | 'choose'

/** Of the agent who asks a colleague, or somebody outside. */
export type ConsultAction = 'three-way' | 'hand-over' | 'end-consult'

export type WhyNot =
  | 'feed'
  | 'noCall'
  | 'inCall'
  | 'notRinging'
  | 'notTalking'
  | 'asked'
  | 'consulting'
  | 'nobodyConsulted'
  | 'colleagueRings'
  | 'alreadyThree'
  | 'noInterpreter'
  | 'noPhone'
  | 'superseded'
  | 'deskPhone'
  | 'deskKeys'
  | 'callerHeld'
  | 'wrapUp'
  | 'supervisor'

export interface Surroundings {
  /** The live feed is up to date, so the buttons refer to the current state. */
  readonly fresh: boolean
  readonly superseded: boolean
  /** A supervisor's pause holds. */
  readonly imposed: boolean
  /** One of the agent's phones can be rung. */
  readonly reachable: boolean
  /** As the store (`consult/talked-in.ts`). */
  readonly talkedIn: string | null
  /** The agent talks on a desk phone. */
  readonly onDeskPhone: boolean
  /** A contact is an interpreter. */
  readonly hasInterpreter: boolean
}

/** Null: the action is possible. */
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
    case 'ask-help':
    case 'recording':
      return notServing(state)
    case 'keypad':
      return notServing(state) ?? noTones(state, around)
    case 'transfer':
      return notServing(state) ?? (consultIn(state) === null ? null : 'consulting')
    case 'interpreter':
      if (!around.hasInterpreter) return 'noInterpreter'
      return notServing(state) ?? (consultIn(state) === null ? null : 'consulting')
    case 'hand-over':
    case 'end-consult':
      return notServing(state) ?? (consultIn(state) === null ? 'nobodyConsulted' : null)
    case 'three-way':
      return notServing(state) ?? notThree(state)
    case 'pause-reason':
      return around.imposed ? 'supervisor' : null
    case 'pause-ready':
      if (around.imposed) return 'supervisor'
      return state.name === 'no-phone' && state.wanted === 'paused' ? 'noPhone' : null
    case 'save':
      if (!hasTalked(state, around.talkedIn)) return 'asked'
      return state.name === 'wrap-up' || inCall(state) ? null : 'noCall'
    case 'extend':
      return state.name === 'wrap-up' ? null : 'wrapUp'
    case 'call-out':
      if (inCall(state)) return 'inCall'
      return around.reachable ? null : 'noPhone'
    case 'choose':
      return null
  }
}

/** Null: the agent talks with the caller, or has the caller on hold. */
function notServing(state: DeskState): WhyNot | null {
  if (state.name === 'consulted') return 'asked'
  return state.name === 'talking' || state.name === 'held' ? null : 'notTalking'
}

/** Tones are heard by those in the room: on hold that is nobody, or a colleague. */
function noTones({ name }: DeskState, { onDeskPhone }: Surroundings): WhyNot | null {
  if (onDeskPhone) return 'deskKeys'
  return name === 'held' ? 'callerHeld' : null
}

function notThree(state: DeskState): WhyNot | null {
  const consult = consultIn(state)
  if (consult === null) return 'nobodyConsulted'
  if (consult.seat === 'ringing') return 'colleagueRings'
  return consult.seat === 'room' && state.name === 'talking' ? 'alreadyThree' : null
}

/** The consultation of the agent who serves the caller; null: there is none. */
export const consultIn = (state: DeskState): LiveCallView['consult'] =>
  state.name === 'talking' || state.name === 'held' ? (state.call?.consult ?? null) : null

/** The content of the first button's place; neither that place nor the last one ever moves. */
export type FirstControl = 'answer' | 'desk phone' | 'hold'

/**
 * The buttons of the call that make sense in this state; the others are absent. `desk phone`: the receiver answers,
 * so a text stands in the place of the button.
 */
export function callControls(state: DeskState): {
  readonly first: FirstControl | null
  readonly last: boolean
} {
  return { first: firstControl(state), last: inCall(state) }
}

function firstControl(state: DeskState): FirstControl | null {
  switch (state.name) {
    case 'ringing':
      if (state.picking) return null
      return state.device === 'desk' ? 'desk phone' : 'answer'
    case 'reconnecting':
      return state.device === 'desk' ? 'desk phone' : null
    case 'talking':
    case 'held':
      return 'hold'
    case 'calling':
    case 'connecting':
    case 'elsewhere':
    case 'signed-out':
    case 'ready':
    case 'paused':
    case 'no-phone':
    case 'consulted':
    case 'wrap-up':
      return null
  }
}

/** It rings and nobody has answered: the agent may decline. */
export function isOffered(state: DeskState): boolean {
  return state.name === 'ringing' && !state.picking
}

export function inCall(state: DeskState): boolean {
  return (
    state.name === 'ringing' ||
    state.name === 'calling' ||
    state.name === 'talking' ||
    state.name === 'held' ||
    state.name === 'consulted' ||
    state.name === 'reconnecting'
  )
}
