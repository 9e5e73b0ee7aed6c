/** When the present state ends by itself; the owner's sweep feeds `DeadlinePassed` from then on. */
import type { Agent } from './agent.ts'
import type { Call, Voicemail } from './call.ts'
import type { Millis } from './ids.ts'
import { bounds } from './rules.ts'

/** Null: this state ends by events alone (a conversation). */
export function callDeadline(call: Call): Millis | null {
  const at = Math.min(stageDeadline(call), besideDeadline(call))
  return at === Infinity ? null : at
}

/** Of those whose phones ring beside the stage, and of a recording's pause; infinite: none. */
function besideDeadline({ consult, supervisions, recordingPause }: Call): Millis {
  return Math.min(
    consult?.seat === 'ringing' ? consult.offer.expiresAt : Infinity,
    recordingPause?.until ?? Infinity,
    ...supervisions.map(({ offer, isUp }) => (isUp ? Infinity : offer.expiresAt)),
  )
}

function stageDeadline(call: Call): Millis {
  switch (call.phase) {
    case 'greeting':
    case 'reconnecting':
    case 'dismissing':
    case 'dialling':
    case 'transferred':
    case 'closed':
    case 'survey':
      return call.until
    case 'voicemail':
      return Math.min(call.until, toneUntil(call))
    case 'menu':
      return Math.min(call.until, call.leaveBy)
    case 'transferring':
      return call.external.expiresAt
    case 'summoning':
      return call.offer.expiresAt
    case 'waiting':
      return Math.min(
        call.waitUntil,
        answerBy(call),
        call.reservedFor?.until ?? Infinity,
        call.announcement?.until ?? Infinity,
        call.question?.until ?? Infinity,
      )
    case 'promised':
      return call.waitUntil
    case 'ringing':
      return Math.min(call.offer.expiresAt, answerBy(call), call.announcement?.until ?? Infinity)
    case 'connecting':
      return call.bridgedBy
    case 'talking':
    case 'held':
    case 'ended':
      return Infinity
  }
}

/** When the caller is taken to speak without having been seen to hear the end of the tone. */
export const toneUntil = ({ prompt, since }: Voicemail): Millis =>
  prompt?.say === 'tone' ? since + bounds.toneMs : Infinity

/** When the call must be answered towards the network, with or without an agent; infinite once it has been. */
export function answerBy({ lineAnswered, arrivedAt }: Call): Millis {
  return lineAnswered ? Infinity : arrivedAt + bounds.answerAtLatestMs
}

export function agentDeadline(agent: Agent): Millis | null {
  switch (agent.state) {
    case 'wrap-up':
      return agent.until
    case 'ready':
      // An agent without a phone has no rest to wait for.
      return agent.reachableBy ?? agent.notBefore
    case 'signed out':
    case 'paused':
    // An engaged agent is freed by the call: every stage of it but a conversation has a deadline.
    case 'offered':
    case 'talking':
      return null
  }
}
