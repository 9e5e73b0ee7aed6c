/** The orders of supervisors to calls and agents, as the register has them. */
import { supervisionModes } from '../../core/call.ts'

/** `stop`: leaves the call; `ready`, `paused` and `signed out` set an agent's state. */
export const supervisorOrders = [
  ...supervisionModes,
  'stop',
  'take over',
  'move',
  'end',
  'call back',
  'cancel callback',
  'ready',
  'paused',
  'signed out',
] as const
export type SupervisorOrder = (typeof supervisorOrders)[number]

/** Why a supervisor sets an agent's state. A list, because a free text would name people. */
export const stateReasons = [
  'queue is long',
  'briefing',
  'technical',
  'absent',
  'end of shift',
  'other',
] as const
export type StateReason = (typeof stateReasons)[number]

/** Why a supervisor cancels a callback. */
export const callbackReasons = ['caller asked', 'served otherwise', 'wrong number', 'other'] as const
export type CallbackReason = (typeof callbackReasons)[number]
