/** A blind transfer, by a command of the desk or by the desk phone's own key. */
import { isFree, takesCalls } from '../../core/agent.ts'
import type { CallEvent } from '../../core/call-event.ts'
import type { LiveCall, TransferTarget } from '../../core/call.ts'
import { isExternal } from '../../core/contact.ts'
import type { DeskCommandOf, DeskRefusal } from '../../core/desk-command.ts'
import { agentLegOf, CallId, offerOfLeg, type AgentId } from '../../core/ids.ts'
import { levelFor } from '../../core/routing.ts'
import { bounds } from '../../core/rules.ts'
import type { PbxEvent } from '../ports.ts'
import { extensionOf } from './extensions.ts'
import { contactOf, refuse, type DeskTools, type HandlersOf } from './tools.ts'

export type TransferAsked = Extract<PbxEvent, { type: 'TransferAsked' }>
type Command = DeskCommandOf<'transfer'>

export const transferHandlers = (tools: DeskTools): HandlersOf<'transfer'> => ({
  async transfer(command) {
    const refusal = whyNot(command, tools)
    return refusal === null ? sendOn(command, tools) : refuse(refusal)
  },
})

/**
 * The same for the key of a phone, with the same refusals, of which the phone is told. To the colleague who is asked it hands
 * the caller over, and so does the connection of the phone's two lines with the caller and that colleague. An agent who does
 * not serve the caller (a colleague who is asked, a supervisor) is refused, and so is any other call of the phone. Returns
 * whether the caller was sent on.
 */
export function transferByPhone(asked: TransferAsked, tools: DeskTools): boolean {
  const { acdState, conductor } = tools
  const { channel } = asked
  const offer = offerOfLeg(channel)
  const id = offer === null ? acdState.callOfSecondLine(channel) : acdState.callOfOffer(offer)
  // A call that the phone has placed itself.
  if (offer === null && id === undefined) return false
  const call = id === undefined ? undefined : acdState.call(id)?.value
  const event = call === undefined || conductor.isBroken(call.id) ? null : wish(call, asked, tools)
  // In the call's order, this comes before the end of the leg: otherwise the phone would report a failure.
  void conductor.perform(id ?? CallId(channel), [
    { do: 'AnswerTransferKey', channel, isSentOn: event !== null },
  ])
  if (call !== undefined && event !== null) void conductor.apply(call.id, event)
  return event !== null
}

/** The event that the key asks for; null: it is refused. */
function wish(call: LiveCall, { channel, to, other }: TransferAsked, tools: DeskTools): CallEvent | null {
  if (call.phase !== 'talking' && call.phase !== 'held') return null
  const { id: offer, agent } = call.offer
  const leg = agentLegOf(offer)
  const line = call.consult?.secondLine?.channel
  const completed: CallEvent = { type: 'ConsultCompleted', offer }
  if (to === null) {
    const isBoth = (channel === leg && other === line) || (channel === line && other === leg)
    return isBoth && line !== undefined ? completed : null
  }
  const target = channel === leg ? extensionOf(to, tools.directory) : null
  if (target === null) return null
  const consulted = call.consult?.offer
  if (
    consulted !== undefined &&
    !isExternal(consulted) &&
    'agent' in target &&
    target.agent === consulted.agent
  )
    return completed
  const command: Command = { do: 'transfer', agent, offer, to: target }
  return whyNot(command, tools) === null ? { type: 'TransferRequested', offer, to: target } : null
}

function sendOn(command: Command, tools: DeskTools) {
  const { to } = command
  const asked = 'contact' in to ? contactOf(to.contact, command.agent, tools).value : null
  if (asked !== null) tools.contactsDialled.add(command.agent)
  const call = tools.callOf(command)
  const external =
    asked === null || call === null
      ? {}
      : { external: tools.conductor.externalFor(call.id, asked, bounds.transferMs) }
  return tools.applyToCall(command, (offer) => ({ type: 'TransferRequested', offer, to, ...external }))
}

function whyNot(command: Command, tools: DeskTools): DeskRefusal | null {
  const call = tools.callOf(command)
  if (call?.phase !== 'talking' && call?.phase !== 'held') return 'not in a call'
  // The caller would leave a conversation for nobody.
  if (!tools.mayOffer()) return 'line is away'
  return whyNotTo(command.to, command.agent, tools)
}

/** Why nobody would take the caller; null: somebody will, as it is now. */
function whyNotTo(to: TransferTarget, by: AgentId, tools: DeskTools): DeskRefusal | null {
  const { acdState, agentNow, clock, directory } = tools
  const known = directory.agents()
  if ('agent' in to) {
    if (to.agent === by) return 'a transfer to oneself'
    if (!known.some(({ id }) => id === to.agent)) return 'unknown agent'
    const isBusy = acdState.supervisedBy(to.agent) !== undefined
    return !isBusy && isFree(agentNow(to.agent), clock.now()) ? null : 'colleague not free'
  }
  if ('contact' in to) return contactOf(to.contact, by, tools).refusal
  const queue = directory.queues().find(({ id }) => id === to.queue)
  if (queue === undefined) return 'unknown queue'
  return known.some(
    (agent) => agent.id !== by && levelFor(agent, queue) !== null && takesCalls(agentNow(agent.id)),
  )
    ? null
    : 'queue not served'
}
