/** The record of a call, and what may stand beside its stage: they hold in every saved state. */
import type { Call, Leg, LiveCall, OtherLeg } from '../../../src/core/call.ts'
import { isExternal } from '../../../src/core/contact.ts'
import type { AgentId, OfferId } from '../../../src/core/ids.ts'
import type { Owner } from '../../../src/acd/owner.ts'
import { blockedCaller } from '../world/simulated-callers.ts'
import { must } from './violation.ts'

export const callsOf = (owner: Pick<Owner, 'line'>): readonly LiveCall[] =>
  owner.line.calls().map(({ value }) => value)

export function checkRecord(call: Call): void {
  const text = () => JSON.stringify(call)
  const isTurnedAway = call.phase === 'ended' && call.outcome === 'rejected'
  must(isTurnedAway || call.caller.number !== blockedCaller, 'a blocked caller was let in', text)
  const serving = call.phase === 'talking' || call.phase === 'held' ? [call.offer.id] : []
  must(isRecordOf(call.legs, serving), 'the legs on record are not those of the call', text)
  must(isRecordOf(call.others, besideOf(call)), 'the others on record are not those of the call', text)
  const isInConversation =
    call.phase === 'connecting' ||
    call.phase === 'talking' ||
    call.phase === 'held' ||
    call.phase === 'reconnecting'
  must(call.consult === null || isInConversation, 'a consultation outside a conversation', text)
  must(call.helpSince === null || isInConversation, 'a call for help outside a conversation', text)
  must(call.recordingPause === null || isInConversation, 'a recording paused outside a conversation', text)
  must(call.supervisions.length === 0 || call.phase !== 'ended', 'a supervision of an ended call', text)
  const seat = call.consult?.seat ?? 'ringing'
  const canSit =
    seat === 'ringing' ||
    (call.phase === 'held'
      ? seat === 'side' || (seat === 'music' && call.consult?.secondLine?.isHeld === true)
      : seat === 'music' || seat === 'room')
  must(canSit, 'a colleague in a seat that the stage does not have', text)
}

/** Each leg once, and as open those that take part alone. */
function isRecordOf(legs: readonly (Leg | OtherLeg)[], present: readonly OfferId[]): boolean {
  const open = legs.filter(({ until }) => until === null).map(({ id }) => id)
  const ids = new Set(legs.map(({ id }) => id))
  return (
    ids.size === legs.length && open.length === present.length && present.every((id) => open.includes(id))
  )
}

const besideOf = (call: Call): readonly OfferId[] => [
  ...besideIn(call),
  ...(call.phase === 'transferred' ? [call.external.id] : []),
]

const besideIn = ({ consult, supervisions }: Call): readonly OfferId[] => [
  ...(consult === null || consult.seat === 'ringing' ? [] : [consult.offer.id]),
  ...supervisions.flatMap(({ isUp, offer }) => (isUp ? [offer.id] : [])),
]

interface Hold {
  readonly call: LiveCall
  readonly offer: OfferId
  readonly rings: boolean
}

/** Engaged agents and the calls that engage them, as the one who serves or as a colleague, correspond one to one. */
export function holdsMatch(owner: Owner): void {
  const holders = new Map<AgentId, Hold>()
  const listening = new Set<AgentId>()
  for (const { value: call } of owner.line.calls()) {
    if ('offer' in call)
      hold(holders, call.offer.agent, { call, offer: call.offer.id, rings: call.phase === 'ringing' })
    if (call.consult !== null && !isExternal(call.consult.offer))
      hold(holders, call.consult.offer.agent, {
        call,
        offer: call.consult.offer.id,
        rings: call.consult.seat === 'ringing',
      })
    for (const { offer } of call.supervisions) listening.add(offer.agent)
  }
  for (const { value: agent } of owner.line.agents()) {
    const held = agent.state === 'offered' || agent.state === 'talking'
    const holder = holders.get(agent.id)
    const text = () => `${JSON.stringify(agent)} ${JSON.stringify(holder)}`
    must(held === (holder !== undefined), 'held agents and calls do not match', text)
    if (!held || holder === undefined) continue
    must(holder.offer === agent.offer.id && holder.call.id === agent.call, 'held by another offer', text)
    must((agent.state === 'offered') === holder.rings, 'agent state and call phase differ', text)
    must(!listening.has(agent.id), 'a listening supervisor was engaged', text)
  }
}

function hold(holders: Map<AgentId, Hold>, agent: AgentId, one: Hold): void {
  const other = holders.get(agent)
  must(
    other === undefined,
    'an agent with two calls',
    () => `${JSON.stringify(other)} ${JSON.stringify(one)}`,
  )
  holders.set(agent, one)
}

/** Whether this agent has sent the caller on, and is not to get them back. */
export const isSender = (agent: AgentId, { transfer }: Call): boolean =>
  transfer?.state === 'under way' && transfer.by === agent
