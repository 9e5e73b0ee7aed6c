/** The commands with which an agent asks a colleague, or a supervisor, during a conversation. */
import { isFree, reachableDevice } from '../../core/agent.ts'
import type { Consult, Held, Talking } from '../../core/call.ts'
import type { DeskAnswer, DeskCommandOf } from '../../core/desk-command.ts'
import { refuse, type DeskTools, type HandlersOf } from './tools.ts'

type Name =
  | 'consult'
  | 'joinConsult'
  | 'completeConsult'
  | 'cancelConsult'
  | 'askForHelp'
  | 'pauseRecording'
  | 'resumeRecording'

export function consultHandlers(tools: DeskTools): HandlersOf<Name> {
  const { acdState, agentNow, applyToCall, callOf, clock, conductor, directory, done, mayOffer } = tools

  const conversationOf = (command: DeskCommandOf<Name>): Talking | Held | null => {
    const call = callOf(command)
    return call?.phase === 'talking' || call?.phase === 'held' ? call : null
  }

  /** `allowed`: the seats of the colleague in which the command means something. */
  async function onConsult(
    command: DeskCommandOf<'joinConsult' | 'completeConsult' | 'cancelConsult'>,
    type: 'ConsultJoined' | 'ConsultCompleted' | 'ConsultCancelled',
    allowed: (consult: Consult) => boolean,
  ): Promise<DeskAnswer> {
    const call = conversationOf(command)
    if (call === null) return refuse('not in a call')
    if (call.consult === null || !allowed(call.consult)) return refuse('nobody consulted')
    return applyToCall(command, (offer) => ({ type, offer }))
  }

  return {
    async consult(command) {
      const call = conversationOf(command)
      if (call === null) return refuse('not in a call')
      if (call.consult !== null) return refuse('already consulting')
      if (!mayOffer()) return refuse('line is away')
      if (command.to === command.agent) return refuse('a transfer to oneself')
      if (!directory.agents().some(({ id }) => id === command.to)) return refuse('unknown agent')
      const colleague = agentNow(command.to)
      const device = reachableDevice(colleague.phones)
      const isBusy = acdState.supervisedBy(command.to) !== undefined
      if (device === null || isBusy || !isFree(colleague, clock.now())) return refuse('colleague not free')
      const consult = conductor.offerBeside(call.id, command.to, device)
      await conductor.apply(call.id, { type: 'ConsultRequested', offer: call.offer.id, consult })
      return done(command.agent)
    },
    joinConsult: (command) => onConsult(command, 'ConsultJoined', ({ seat }) => seat !== 'ringing'),
    completeConsult: (command) => onConsult(command, 'ConsultCompleted', () => true),
    cancelConsult: (command) => onConsult(command, 'ConsultCancelled', () => true),

    async askForHelp(command) {
      if (conversationOf(command) === null) return refuse('not in a call')
      return applyToCall(command, (offer) => ({ type: 'HelpRequested', offer, wanted: command.wanted }))
    },
    async pauseRecording(command) {
      if (conversationOf(command) === null) return refuse('not in a call')
      return applyToCall(command, (offer) => ({ type: 'RecordingPaused', offer, reason: command.reason }))
    },
    async resumeRecording(command) {
      if (conversationOf(command) === null) return refuse('not in a call')
      return applyToCall(command, (offer) => ({ type: 'RecordingResumed', offer }))
    },
  }
}
