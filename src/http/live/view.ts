/** A call in progress as the wire has it. */
import { isExternal } from '../../core/contact.ts'
import type { Call, LiveCall } from '../../core/call.ts'
import type { Pauses } from '../../core/configuration/pauses.ts'
import { isAskedOnPage, type AgentId } from '../../core/ids.ts'
import { allowedTo, callOutRightOf } from '../../core/phone-number.ts'
import type { CallOutRules } from '../../core/rules.ts'
import { externalHears, externalView } from '../contacts/view.ts'
import { consultView, recordingPauseView } from '../consult/view.ts'
import { iso, isoOrNull } from '../shell/iso-time.ts'
import type { Names } from '../shell/names.ts'
import { supervisionViews } from '../supervision/view.ts'
import { transferredBy } from '../transfer/view.ts'
import type { CallOutView, LiveCallView, PauseView } from './wire.ts'

/** `unreached`: the contact who has just not been reached. */
export function callView(
  call: LiveCall,
  names: Names,
  unreached: LiveCallView['unreached'] = null,
): LiveCallView {
  const agent = holderOf(call)
  const placer = placerOf(call)
  return {
    id: call.id,
    caller: call.caller.number,
    callerName: call.caller.name,
    direction: call.direction,
    callback: callbackView(call),
    placedBy: placer === null ? null : names.agent(placer),
    line: call.line,
    language: call.language === 'ro' ? null : call.language,
    queue: names.queue(call.queue),
    phase: call.phase,
    since: iso(call.since),
    arrivedAt: iso(call.arrivedAt),
    queuedAt: isoOrNull(call.queuedAt),
    answeredAt: isoOrNull(call.answeredAt),
    agent: agent === null ? null : names.agent(agent),
    muted: call.phase === 'talking' && call.muted,
    autoAnswer: call.phase === 'reconnecting' || call.phase === 'summoning',
    transferred: transferredBy(call, names),
    consult: consultView(call, names),
    external: externalView(call),
    externalHears: externalHears(call),
    unreached,
    helpSince: isoOrNull(call.helpSince),
    recordingPause: recordingPauseView(call),
    supervisions: supervisionViews(call, names),
  }
}

const callbackView = ({ callback, pbx }: LiveCall): LiveCallView['callback'] =>
  callback && {
    of: isAskedOnPage(pbx, callback.of) ? null : callback.of,
    requests: [...(callback.requests ?? [])],
    promisedAt: iso(callback.promisedAt),
    attempt: callback.attempt,
  }

/** The agent who called the citizen is the first to talk with them. */
const placerOf = ({ direction, legs, lastAgent }: LiveCall): AgentId | null =>
  direction === 'outbound' ? (legs[0]?.agent ?? lastAgent) : null

/** The agent who holds the call now: their phone rings for it, or they are in it. */
export function holderOf(call: Call): AgentId | null {
  switch (call.phase) {
    case 'summoning':
    case 'dialling':
    case 'ringing':
    case 'connecting':
    case 'talking':
    case 'held':
    case 'reconnecting':
      return call.offer.agent
    case 'greeting':
    case 'menu':
    case 'promised':
    case 'waiting':
    case 'transferring':
    case 'transferred':
    case 'survey':
    case 'closed':
    case 'voicemail':
    case 'dismissing':
    case 'ended':
      return null
  }
}

/** The agents whom the call concerns now: the one who holds it, then the colleague who is asked. */
export function concernedBy(call: Call): readonly AgentId[] {
  const holder = holderOf(call)
  const offer = call.phase === 'ended' ? null : (call.consult?.offer ?? null)
  const asked = offer === null || isExternal(offer) ? null : offer.agent
  return [holder, asked].filter((agent) => agent !== null)
}

/** `isSupervisor`: the agent is a supervisor as well. */
export const callOutView = (rules: CallOutRules, isSupervisor: boolean): CallOutView => ({
  right: callOutRightOf(rules, isSupervisor),
  allowed: [...allowedTo(rules, isSupervisor)],
  ...(isSupervisor && { callbacks: [...rules.allowed] }),
})

export const pauseViews = ({ offered, former }: Pauses): PauseView[] => [
  ...offered.map(({ id, name, nameEn = null, expectedMinutes = null }) => ({
    id,
    name,
    nameEn,
    expectedMinutes,
    offered: true,
  })),
  ...former.map(({ id, name, nameEn = null }) => ({
    id,
    name,
    nameEn,
    expectedMinutes: null,
    offered: false,
  })),
]
