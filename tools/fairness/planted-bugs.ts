/** Bugs that the days must find, by the rules that they name: put into the product's source as it is loaded. */
import type { PlantedBug } from '../simulation/plant.ts'

export interface BugOfDays extends PlantedBug {
  /** One of its rules is broken late, and not in the days before; default: the first day. */
  readonly from?: number
}

const passedOver = 'a caller was passed over by one of a worse queue'
const overtaken = 'a caller was overtaken by a later one of the queue'

export const plantedBugs: readonly BugOfDays[] = [
  {
    name: 'the last caller of a queue is served first',
    from: 28,
    rules: [overtaken, 'a caller at the front was overtaken by a later one'],
    file: 'core/routing.ts',
    find: '|| a.queuedAt - b.queuedAt || byId(a.id, b.id)',
    replace: '|| b.queuedAt - a.queuedAt || byId(a.id, b.id)',
  },
  {
    name: 'ageing is ignored',
    from: 25,
    rules: [
      passedOver,
      'a caller was overtaken by one who came after the bound',
      'a wait was longer than ageing lets it be',
      'a caller of the last queue was starved',
    ],
    file: 'core/routing.ts',
    find: 'return priority - Math.min(now - queuedAt, waitMaxMs) / (ageingSeconds * 1_000)',
    replace: 'return priority',
  },
  {
    name: 'callers age by the seconds of the queue with which theirs is compared',
    rules: [passedOver],
    file: 'core/routing.ts',
    find: 'effective(a) - effective(b)',
    replace:
      'effective(a) - effective({ ...b, view: { queue: { ...b.view.queue, ageingSeconds: a.view.queue.ageingSeconds } } })',
  },
  {
    name: 'the front of a queue is forgotten',
    rules: ['a caller at the front was passed over'],
    file: 'core/routing.ts',
    find: '=> priority === 0',
    replace: '=> priority < 0',
  },
  {
    name: 'a caller ages past the front of another queue',
    rules: ['a caller at the front was passed over'],
    file: 'core/routing.ts',
    find: '(areAtFront ? 0 : effective(a)',
    replace: '(areAtFront && false ? 0 : effective(a)',
  },
  {
    name: 'the queue that is looked at last is never served',
    rules: ['a free agent beside a caller whom they serve', passedOver],
    file: 'core/routing.ts',
    find: 'for (const view of queues) {',
    replace: 'for (const view of [...queues].slice(0, 2)) {',
  },
  {
    name: 'agents below the least level serve a queue',
    rules: ['an agent was offered a call that they do not serve'],
    file: 'core/routing.ts',
    find: 'level !== undefined && level >= queue.levelMin',
    replace: 'level !== undefined',
  },
  {
    name: 'a callback has its place from the promise on',
    rules: [overtaken, passedOver],
    file: 'core/steps/callback.ts',
    find: 'queuedAt: call.queuedAt,\n    arrivedAt: now,',
    replace: 'queuedAt: now,\n    arrivedAt: now,',
  },
  {
    name: 'a callback that no agent has picked up loses its place',
    rules: [overtaken, passedOver],
    file: 'core/steps/callback.ts',
    find: 'queuedAt: call.queuedAt,\n  notBefore: now,',
    replace: 'queuedAt: now,\n  notBefore: now,',
  },
  {
    name: 'a citizen is called back once only',
    rules: ['a callback was lost'],
    file: 'core/steps/callback.ts',
    find: 'callback.attempt - sparedOf(callback) >= bounds.callbackAttempts',
    replace: 'callback.attempt >= 1',
  },
  {
    name: 'an agent to whom a callback is offered stays free',
    rules: ['an agent was offered a call while engaged', 'more citizens were dialled than agents were free'],
    file: 'core/steps/callback.ts',
    find: "agents: [{ agent: offer.agent, event: { type: 'Offered', call: call.id, offer } }],",
    replace: 'agents: [],',
  },
  {
    name: 'a conversation does not end',
    rules: ['a caller was left on the line'],
    file: 'core/steps/conversation.ts',
    find: 'CallerHungUp: conversationBroken,',
    replace: '',
  },
  {
    name: 'a caller who overflows loses the place',
    rules: [overtaken, passedOver],
    file: 'core/steps/overflow.ts',
    find: 'queue, priority, overflowedFrom: call.queue }',
    replace: 'queue, priority, overflowedFrom: call.queue, queuedAt: call.queuedAt + 120_000 }',
  },
  {
    name: 'a longer estimate is said',
    rules: ['an estimate grew'],
    file: 'core/announcements/next-announcement.ts',
    find: 'said(grows ? null : estimated, estimateSound)',
    replace: 'said(estimated, estimateSound)',
  },
  {
    name: 'an announcement without an estimate makes the last one forgotten',
    rules: ['an estimate grew'],
    file: 'core/steps/announcement.ts',
    find: 'estimate: estimate ?? call.announced.estimate,',
    replace: 'estimate,',
  },
]
