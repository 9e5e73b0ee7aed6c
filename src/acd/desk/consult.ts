/** The commands with which an agent asks a colleague, an external party or a supervisor during a conversation. */
import { isFree, reachableDevice } from '../../core/agent.ts'
import type { Consult, Held, Talking } from '../../core/call.ts'
import type { External } from '../../core/contact.ts'
import type { DeskAnswer, DeskCommandOf, DeskRefusal } from '../../core/desk-command.ts'
import type { ChannelId } from '../../core/ids.ts'
import { isOnSecondLine } from '../../core/media/media-plan.ts'
import type { Offer } from '../../core/offer.ts'
import { bounds } from '../../core/rules.ts'
import { contactOf, refuse, type DeskTools, type HandlersOf } from './tools.ts'

type Name =
  | 'consult'
  | 'joinConsult'
  | 'completeConsult'
  | 'cancelConsult'
  | 'askForHelp'
  | 'pauseRecording'
  | 'resumeRecording'

function conversationOf(command: DeskCommandOf<Name>, { callOf }: DeskTools): Talking | Held | null {
  const call = callOf(command)
  return call?.phase === 'talking' || call?.phase === 'held' ? call : null
}

/** `secondLine`: asked by this other call of the agent's phone; null: at the desk. */
export async function ask(
  command: DeskCommandOf<'consult'>,
  secondLine: ChannelId | null,
  tools: DeskTools,
): Promise<DeskAnswer> {
  const call = conversationOf(command, tools)
  if (call === null) return refuse('not in a call')
  if (call.consult !== null) return refuse('already consulting')
  if (!tools.mayOffer()) return refuse('line is away')
  const asked = askedBy(command, call, tools)
  if (typeof asked === 'string') return refuse(asked)
  const { joins } = command
  await tools.conductor.apply(call.id, {
    type: 'ConsultRequested',
    offer: call.offer.id,
    consult: asked,
    joins,
    secondLine,
  })
  return tools.done(command.agent)
}

/** The attempt to reach the one who is asked, or why there is none. */
function askedBy(
  { agent, to }: DeskCommandOf<'consult'>,
  call: Talking | Held,
  tools: DeskTools,
): Offer | External | DeskRefusal {
  const { acdState, agentNow, clock, conductor, contactsDialled, directory } = tools
  if ('contact' in to) {
    const contact = contactOf(to.contact, agent, tools)
    if (contact.refusal !== null) return contact.refusal
    contactsDialled.add(agent)
    return conductor.externalFor(call.id, contact.value, bounds.dialMs)
  }
  if (to.agent === agent) return 'a transfer to oneself'
  if (!directory.agents().some(({ id }) => id === to.agent)) return 'unknown agent'
  const colleague = agentNow(to.agent)
  const device = reachableDevice(colleague.phones)
  const isBusy = acdState.supervisedBy(to.agent) !== undefined
  if (device === null || isBusy || !isFree(colleague, clock.now())) return 'colleague not free'
  return conductor.offerBeside(call.id, to.agent, device)
}

export function consultHandlers(tools: DeskTools): HandlersOf<Name> {
  const { applyToCall } = tools

  /** `allowed`: the seats of the colleague in which the command means something. */
  async function onConsult(
    command: DeskCommandOf<'joinConsult' | 'completeConsult' | 'cancelConsult'>,
    type: 'ConsultJoined' | 'ConsultCompleted' | 'ConsultCancelled',
    allowed: (consult: Consult) => boolean,
  ): Promise<DeskAnswer> {
    const call = conversationOf(command, tools)
    if (call === null) return refuse('not in a call')
    if (call.consult === null || !allowed(call.consult)) return refuse('nobody consulted')
    // The other two would talk without the agent.
    if (command.do === 'joinConsult' && call.phase === 'held' && call.byPhone && !isOnSecondLine(call))
      return refuse('held at the phone')
    return applyToCall(command, (offer) => ({ type, offer }))
  }

  return {
    consult: (command) => ask(command, null, tools),
    joinConsult: (command) => onConsult(command, 'ConsultJoined', ({ seat }) => seat !== 'ringing'),
    completeConsult: (command) => onConsult(command, 'ConsultCompleted', () => true),
    cancelConsult: (command) => onConsult(command, 'ConsultCancelled', () => true),

    async askForHelp(command) {
      if (conversationOf(command, tools) === null) return refuse('not in a call')
      return applyToCall(command, (offer) => ({ type: 'HelpRequested', offer, wanted: command.wanted }))
    },
    async pauseRecording(command) {
      if (conversationOf(command, tools) === null) return refuse('not in a call')
      return applyToCall(command, (offer) => ({ type: 'RecordingPaused', offer, reason: command.reason }))
    },
    async resumeRecording(command) {
      if (conversationOf(command, tools) === null) return refuse('not in a call')
      return applyToCall(command, (offer) => ({ type: 'RecordingResumed', offer }))
    },
  }
}
