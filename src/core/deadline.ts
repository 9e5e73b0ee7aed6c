/** When the present state ends by itself; the owner's sweep feeds `DeadlinePassed` from then on. */
import type { Agent } from './agent.ts'
import type { Call } from './call.ts'
import type { Millis } from './ids.ts'
import { bounds } from './rules.ts'

/** Null: this state ends by events alone (a conversation). */
export function callDeadline(call: Call): Millis | null {
  switch (call.phase) {
    case 'greeting':
    case 'reconnecting':
    case 'dismissing':
      return call.until
    case 'waiting':
      return call.lineAnswered
        ? call.waitUntil
        : Math.min(call.waitUntil, call.arrivedAt + bounds.answerAtLatestMs)
    case 'ringing':
      return call.offer.expiresAt
    case 'connecting':
      return call.bridgedBy
    case 'talking':
    case 'held':
    case 'ended':
      return null
  }
}

export function agentDeadline(agent: Agent): Millis | null {
  switch (agent.state) {
    case 'wrap-up':
      return agent.until
    case 'ready':
      return agent.notBefore
    case 'signed out':
    case 'paused':
    // A held agent is freed by his call, whose every phase but a conversation has a deadline.
    case 'offered':
    case 'talking':
      return null
  }
}
