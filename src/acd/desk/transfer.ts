/** A blind transfer, by a command of the desk or by the desk phone's own key. */
import { isFree, takesCalls } from '../../core/agent.ts'
import type { LiveCall, TransferTarget } from '../../core/call.ts'
import type { DeskCommandOf, DeskRefusal } from '../../core/desk-command.ts'
import { CallId, offerOfLeg, type AgentId, type OfferId } from '../../core/ids.ts'
import { levelFor } from '../../core/routing.ts'
import type { PbxEvent } from '../ports.ts'
import { extensionOf } from './extensions.ts'
import { refuse, type DeskTools, type HandlersOf } from './tools.ts'

export type TransferAsked = Extract<PbxEvent, { type: 'TransferAsked' }>
type Command = DeskCommandOf<'transfer'>

export const transferHandlers = (tools: DeskTools): HandlersOf<'transfer'> => ({
  async transfer(command) {
    const refusal = whyNot(command, tools)
    return refusal === null ? sendOn(command, tools) : refuse(refusal)
  },
})

/**
 * The same for the key of a phone, with the same refusals, of which the phone is told. An agent who does not serve the caller (a
 * colleague who is asked, a supervisor) is refused, and so is a connection with another call of the phone. Returns whether
 * the caller was sent on.
 */
export function transferByPhone({ channel, to }: TransferAsked, tools: DeskTools): boolean {
  const { acdState, conductor } = tools
  const offer = offerOfLeg(channel)
  // A call that the phone has placed itself.
  if (offer === null) return false
  const id = acdState.callOfOffer(offer)
  const call = id === undefined ? undefined : acdState.call(id)?.value
  const command = call === undefined ? null : commandOf(call, offer, to, tools)
  const isSentOn = command !== null && whyNot(command, tools) === null
  // In the call's order, this comes before the end of the leg: otherwise the phone would report a failure.
  void conductor.perform(id ?? CallId(channel), [{ do: 'AnswerTransferKey', channel, isSentOn }])
  if (isSentOn) void sendOn(command, tools)
  return isSentOn
}

function commandOf(call: LiveCall, offer: OfferId, to: string | null, tools: DeskTools): Command | null {
  const target = to === null ? null : extensionOf(to, tools.directory)
  return target !== null && 'offer' in call && call.offer.id === offer
    ? { do: 'transfer', agent: call.offer.agent, offer, to: target }
    : null
}

const sendOn = (command: Command, { applyToCall }: DeskTools) =>
  applyToCall(command, (offer) => ({ type: 'TransferRequested', offer, to: command.to }))

function whyNot(command: Command, tools: DeskTools): DeskRefusal | null {
  const call = tools.callOf(command)
  if (call?.phase !== 'talking' && call?.phase !== 'held') return 'not in a call'
  // The caller would leave a conversation for nobody.
  if (!tools.mayOffer()) return 'line is away'
  return whyNotTo(command.to, command.agent, tools)
}

/** Why nobody would take the caller; null: somebody will, as it is now. */
function whyNotTo(
  to: TransferTarget,
  by: AgentId,
  { acdState, agentNow, clock, directory }: DeskTools,
): DeskRefusal | null {
  const known = directory.agents()
  if ('agent' in to) {
    if (to.agent === by) return 'a transfer to oneself'
    if (!known.some(({ id }) => id === to.agent)) return 'unknown agent'
    const isBusy = acdState.supervisedBy(to.agent) !== undefined
    return !isBusy && isFree(agentNow(to.agent), clock.now()) ? null : 'colleague not free'
  }
  const queue = directory.queues().find(({ id }) => id === to.queue)
  if (queue === undefined) return 'unknown queue'
  return known.some(
    (agent) => agent.id !== by && levelFor(agent, queue) !== null && takesCalls(agentNow(agent.id)),
  )
    ? null
    : 'queue not served'
}
