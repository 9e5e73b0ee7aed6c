/** Planted bugs of the calls to citizens (`planted-bugs.ts`). */
import type { PlantedBug } from './plant.ts'

export const bugsOfCallsOut: readonly PlantedBug[] = [
  {
    name: 'a citizen’s phone rings on when the agent has given up',
    rules: ['a citizen’s phone dialled for nobody'],
    file: 'core/media/media-effects.ts',
    find: '  if (before.caller === null || after.caller !== null) return []\n',
    replace:
      '  if (before.caller === null || before.caller.dial !== null || after.caller !== null) return []\n',
  },
  {
    name: 'the ringing tone goes on in the conversation',
    rules: ['a ringing tone in a conversation', 'a ringing tone on a second line that talks'],
    file: 'core/media/media-effects.ts',
    find: "  if (from.at === 'ringback') return [{ do: 'StopRingback', channel }]\n",
    replace: '',
  },
  {
    name: 'an agent who called in vain stays engaged',
    rules: ['held agents and calls do not match'],
    file: 'core/steps/outbound-end.ts',
    find: "    agents: [{ agent, event: { type: 'CalledInVain', offer, wrapUpMs } }],\n",
    replace: '    agents: [],\n',
  },
  {
    name: 'a citizen who picks up while no owner looks is left alone',
    rules: ['a citizen who has picked up and hears nobody'],
    file: 'acd/reconcile.ts',
    find: "  return seen.isHere(caller) ? { type: 'CallerAnswered' } : null\n",
    replace: '  return null\n',
    faults: ['node killed', 'node hung'],
  },
  {
    name: 'an agent who calls hears nothing',
    rules: ['an agent who calls and hears no ringing tone'],
    file: 'core/media/media-plan.ts',
    find: "case 'dialling':\n      return [leg(call, call.offer, ringingTone, false)]",
    replace: "case 'dialling':\n      return [leg(call, call.offer, { at: 'nowhere' }, false)]",
  },
]
