/** Planted bugs of the parties outside the contact centre (`planted-bugs.ts`). */
import type { PlantedBug } from './plant.ts'

export const bugsOfOutside: readonly PlantedBug[] = [
  {
    name: 'the leg of an external party survives the consultation',
    rules: ['an orphaned external leg', 'an orphaned leg'],
    file: 'core/media/media-effects.ts',
    find: "    stays.has(channel) ? [] : [{ do: 'HangUp', channel, as: 'normal' }],\n",
    replace:
      "    stays.has(channel) || before.legs.some((leg) => leg.channel === channel && leg.recorder === 'none' && leg.seat.at !== 'tap') ? [] : [{ do: 'HangUp', channel, as: 'normal' }],\n",
  },
  {
    name: 'a caller is left alone after the external party has hung up',
    rules: ['a caller whom the external party has left', 'a talking caller who is not bridged'],
    file: 'core/steps/external.ts',
    find: "  return offer === call.external.id ? end(call, 'answered', 'external', now) : becomes(call)\n",
    replace: '  return becomes(call)\n',
  },
  {
    name: 'an agent who has sent the caller outside stays engaged',
    rules: ['held agents and calls do not match'],
    file: 'core/steps/external.ts',
    find: "    agents: [{ agent, event: { type: 'CallEnded', offer, wrapUpMs: rules.wrapUpMs } }],\n",
    replace: '    agents: [],\n',
  },
  {
    name: 'a contact is dialled once more when the agent hands the caller over',
    rules: ['a contact dialled twice for one caller', 'a colleague was sent away for no reason'],
    file: 'core/steps/consult.ts',
    find: '  const sent = transferringFrom(before, external, now)\n',
    replace:
      "  const sent = transferringFrom(before, seat === 'ringing' ? { ...external, id: `${external.id}-again` as typeof external.id } : external, now)\n",
  },
  {
    name: 'a contact who does not answer leaves the caller on music',
    rules: ['a contact dialled without an end', 'a phone rung past its bound'],
    file: 'core/steps/external.ts',
    find: '  OfferEnded: notTaken,\n  AgentHungUp: notTaken,\n  AgentLegLost: notTaken,\n  DeadlinePassed: (call, _event, now, rules) =>\n    now >= call.external.expiresAt ? returned(call, now, rules) : becomes(call),\n',
    replace: '',
  },
  {
    name: 'reconciliation hangs up the party to whom a caller was sent',
    rules: [
      'a caller was hung up although the agent had not left',
      'a caller whom the external party has left',
    ],
    file: 'core/media/media-plan.ts',
    find: "const [first] = 'offer' in call ? [call.offer] : 'external' in call ? [call.external] : []",
    replace: "const [first] = 'offer' in call ? [call.offer] : []",
  },
  {
    name: 'an external party waits in silence',
    rules: ['a colleague who waits in silence'],
    file: 'core/media/media-plan.ts',
    find: "  seat === 'side' ? { at: 'room', room: sideOf(id) } : musicOf(call)\n",
    replace: "  seat === 'side' ? { at: 'room', room: sideOf(id) } : { at: 'nowhere' }\n",
  },
  {
    name: 'the leg of an external party is taken for a new caller',
    rules: [
      'an unknown caller',
      'a call without its caller',
      'talking without a bridge',
      'an orphaned external leg',
      'a caller hears whom they should not',
    ],
    file: 'acd/pbx-events.ts',
    find: '    const offer = offerOfLeg(channel)\n    const call = offer === null ? undefined : this.#callOf(offer)\n    if (offer !== null && call !== undefined) {\n',
    replace:
      "    const offer = offerOfLeg(channel)\n    const call = offer === null ? undefined : this.#callOf(offer)\n    const held = call === undefined ? undefined : this.#deps.acdState.call(call)?.value\n    if (held !== undefined && 'external' in held) return this.callArrived({ type: 'CallArrived', pbx: held.pbx, call: CallId(channel), line: '969', callerNumber: '', callerName: '', arrivedAt: this.#deps.clock.wall(), queuedAt: null, answered: true }, false)\n    if (offer !== null && call !== undefined) {\n",
  },
]
