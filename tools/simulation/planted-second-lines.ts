/** Planted bugs of the second line by which an agent asks a colleague (`planted-bugs.ts`). */
import type { PlantedBug } from './plant.ts'

export const bugsOfSecondLines: readonly PlantedBug[] = [
  {
    name: 'the second line survives its consultation',
    rules: ['an orphaned leg'],
    file: 'core/media/media-effects.ts',
    find: 'stays.has(channel) ?',
    replace: "stays.has(channel) || channel.includes('-line.') ?",
  },
  {
    name: 'a second line is taken for a new caller',
    rules: ['a call without its caller', 'an orphaned leg', 'a caller hears whom they should not'],
    file: 'acd/pbx-events.ts',
    find: 'return this.#deps.secondLine(event)',
    replace:
      "return this.callArrived({ ...event, type: 'CallArrived', pbx: this.#deps.pbx.name, call: CallId(event.channel), line: '969', callerNumber: '', callerName: '', arrivedAt: Date.now(), queuedAt: null, answered: false }, false)",
  },
  {
    name: 'both lines of the agent sit with the colleague',
    rules: ['somebody hears whom they should not', 'a caller hears whom they should not'],
    file: 'core/media/media-plan.ts',
    find: '? [nowhere, seat] :',
    replace: '? [seat, seat] :',
  },
  {
    name: 'the end of the second line is not noticed',
    rules: ['a conversation without its leg'],
    file: 'acd/pbx-events.ts',
    find: 'void conductor.apply(ofLine.id, event)',
    replace: '',
  },
  {
    name: 'the end of the second line ends the conversation',
    rules: ['a caller was hung up although the agent had not left'],
    file: 'acd/pbx-events.ts',
    find: "{ type: 'SecondLineEnded', offer: ofLine.offer }",
    replace: "{ type: 'AgentHungUp', offer: ofLine.offer }",
  },
  {
    name: 'reconciliation hangs up second lines',
    rules: ['a second line was hung up for no reason'],
    file: 'core/media/media-plan.ts',
    find: '    ...(second ? [{ ...nowhere, channel: second.channel }] : []),\n',
    replace: '',
  },
  {
    name: 'the agent is heard by the second line although the phone has it on hold',
    rules: [
      'somebody is not heard',
      'a caller hears whom they should not',
      'somebody hears whom they should not',
      'a talking caller who is not bridged',
    ],
    file: 'core/media/media-plan.ts',
    find: 'second.isActive ? [nowhere, seat] : [seat, nowhere]',
    replace: '[nowhere, seat]',
  },
  {
    name: 'a line that rings is taken to be on hold',
    rules: ['an agent who does not speak by the active line'],
    file: 'core/steps/consult.ts',
    find: '{ ...consult.secondLine, isActive: false }',
    replace: '{ ...consult.secondLine, isActive: false, isHeld: true }',
  },
  {
    name: 'the end of an idle second line ends the part of a colleague who talks',
    rules: ['a colleague was sent away for no reason'],
    file: 'core/steps/consult.ts',
    find: 'if (isHeard && !consult.secondLine.isActive)',
    replace: 'if (isHeard && false)',
  },
  {
    name: 'what the application refuses rings on',
    rules: ['an orphaned leg'],
    file: 'acd/desk/second-line.ts',
    find: "  await conductor.perform(CallId(channel), [{ do: 'HangUp', channel, as }])\n",
    replace: '  void [conductor, as, CallId]\n',
  },
]
