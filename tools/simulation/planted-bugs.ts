/**
 * Bugs seen in systems of this kind, each as a change of one place in the source. The simulator must find every one.
 * The text to replace must occur exactly once, so that the list stays in step with the source.
 */
import type { FaultName } from './scenario.ts'

export interface PlantedBug {
  readonly name: string
  /** Path under `src/`. Bugs in Lua scripts are tested on a real Redis. */
  readonly file: string
  readonly find: string
  readonly replace: string
  /** The first violated invariant must be one of these; being caught by an unrelated one is not enough. */
  readonly rules: readonly string[]
  /** Faults under which the bug shows; default: all. */
  readonly faults?: readonly FaultName[]
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'stuck "reserved": an agent whose phone was not answered stays held',
    rules: ['held agents and calls do not match'],
    file: 'core/call-step.ts',
    find: "agents: [{ agent: offer.agent, event: { type: 'OfferEnded', offer: offer.id, end: cause } }],",
    replace: 'agents: [],',
  },
  {
    name: 'two agents for one call: a ringing call stays in the queue',
    rules: ['an alarm'],
    file: 'acd/acd-state.ts',
    find: '  setCall(call: Call, version: number): void {\n    this.#leaveLine(call.id)\n',
    replace: '  setCall(call: Call, version: number): void {\n',
  },
  {
    name: 'ring-no-answer loses the caller’s place',
    rules: ['a caller lost their place'],
    file: 'core/call-step.ts',
    find: "return { ...factsOf(call), phase: 'waiting', queuedAt: call.queuedAt, since: now }",
    replace: "return { ...factsOf(call), phase: 'waiting', queuedAt: now, since: now }",
  },
  {
    name: 'the end of an old offer acts on the new one',
    rules: ['an event of another offer was applied'],
    file: 'core/call-step.ts',
    find: 'event.offer === call.offer.id ? offerFailed(call, event.end, now) : stays(call)',
    replace: 'offerFailed(call, event.end, now)',
  },
  {
    name: 'wrap-up is cut short',
    rules: ['an event dated in the future'],
    file: 'acd/deadlines.ts',
    find: 'if (at !== null && at <= now) this.#wake.agent(value.id, at)',
    replace: 'if (at !== null && at <= now + 3_000) this.#wake.agent(value.id, at)',
    faults: ['native call'],
  },
  {
    name: 'an ended call is listed as talking',
    rules: ['one event number, two contents'],
    file: 'acd/acd-state.ts',
    find: '      this.#calls.delete(call.id)\n',
    replace: '',
  },
  {
    name: 'answered counts as abandoned',
    rules: ['the outcome does not match the answer'],
    file: 'core/call-step.ts',
    find: "outcome: call.answeredAt === null ? outcome : 'answered',",
    replace: 'outcome,',
  },
  {
    name: 'a pick-up counts as an answer although nobody talked',
    rules: ['the first answer changed'],
    file: 'core/call-step.ts',
    find: '      lineAnswered: true,\n      pickedUpAt: now,',
    replace: '      lineAnswered: true,\n      answeredAt: now,\n      pickedUpAt: now,',
  },
  {
    name: 'effects are lost with the process that saved them',
    rules: ['an effect is left'],
    file: 'acd/conductor.ts',
    find: '    this.#queue.keep(undone.map((one) => ({ ...one, call: null })))\n',
    replace: '',
  },
  {
    name: 'event numbers restart after data loss in Redis',
    rules: ['one event number, two contents'],
    file: 'acd/acd-state.ts',
    find: 'Math.max(version, told) + 1',
    replace: 'version + 1',
    faults: ['redis emptied', 'redis rolled back', 'all nodes down'],
  },
  {
    name: 'an event is spooled before it is saved',
    rules: ['an event is missing'],
    file: 'acd/state-writer.ts',
    find: '    this.#unanswered.add(commit)\n',
    replace: '    this.#unanswered.add(commit)\n    spool.add(commit.events)\n',
    faults: ['node killed'],
  },
  {
    name: 'effects are not performed while Redis is down',
    rules: ['an effect is left', 'a prompt without an end'],
    file: 'acd/effect-queue.ts',
    find: "if ((await sent) === 'dropped' || commit.effects.length === 0) return",
    replace: "if ((await sent) !== 'saved' || commit.effects.length === 0) return",
  },
  {
    name: 'reconciliation frees a talking agent',
    rules: ['held agents and calls do not match', 'an agent with two calls'],
    file: 'acd/reconcile.ts',
    find: "if (call !== undefined && 'offer' in call && call.offer.id === agent.offer.id) return []",
    replace: "if (agent.state === 'offered') return []",
  },
  {
    name: 'reconciliation ends intact conversations',
    rules: ['an intact conversation was treated as lost'],
    file: 'acd/reconcile.ts',
    find: "      if (seen.leg(agent) !== 'up') {\n        return happened({ type: 'AgentLegLost'",
    replace: "      if (seen.leg(agent) !== 'gone') {\n        return happened({ type: 'AgentLegLost'",
  },
  {
    name: 'events during the start-up reconciliation are dropped',
    rules: ['an unknown caller'],
    file: 'acd/owner.ts',
    find: '    for (const event of this.#early.splice(0)) this.#hear(event)\n',
    replace: '',
    faults: ['pbx connection cut'],
  },
  {
    name: 'the audit never repairs a lost event',
    // Depends on which event is lost first.
    rules: [
      'an unknown caller',
      'a call without its caller',
      'a conversation without its leg',
      'a wrong phone state',
    ],
    file: 'acd/audit.ts',
    find: 'for (const { key, settle } of found) if (before.has(key)) settle()',
    replace: 'for (const { key, settle } of found) if (before.has(`never ${key}`)) settle()',
    faults: ['events lost'],
  },
  {
    name: 'a phone that rings late is treated as stopped',
    rules: ['an offer was cut before its phone rang'],
    file: 'acd/reconcile.ts',
    find: '    if (seen.exists(callerLegOf(call.id)) && conductor.isAtWorkFor(call.id)) return []\n',
    replace: '',
    faults: ['pbx slow'],
  },
  {
    name: 'an agent is not reconsidered after the rest period',
    rules: ['a free agent beside a waiting caller'],
    file: 'acd/conductor.ts',
    find: '    this.#deps.acdState.refreshCandidate(id, Math.max(this.#deps.clock.now(), passed))\n',
    replace: '',
  },
  {
    name: 'the phone keeps ringing after the caller has gone',
    rules: ['an orphaned leg'],
    file: 'core/call-step.ts',
    find: '...end(call, outcomeOf(event), leftBy(event), now, hangUpAgent(offer)),',
    replace: '...end(call, outcomeOf(event), leftBy(event), now),',
  },
  {
    name: 'the bridge stays when the conversation is over',
    rules: ['an orphaned bridge'],
    file: 'core/call-step.ts',
    find: "...end({ ...call, heldMs }, 'answered', by, now, hangUpAgent(call.offer), destroyBridge(call.offer)),",
    replace: "...end({ ...call, heldMs }, 'answered', by, now, hangUpAgent(call.offer)),",
  },
  {
    name: 'failed effects are not retried',
    rules: ['an effect is left'],
    file: 'acd/effect-queue.ts',
    find: 'if (left.length > 0) this.#undone.push({ commit, call, effects: left })',
    replace: 'if (left.length > 0) return',
  },
  {
    name: 'an agent is rung during an own call',
    rules: ['rung during an own call'],
    file: 'core/agent.ts',
    find: '    agent.phones.ownCalls === 0 &&\n',
    replace: '',
    faults: ['native call'],
  },
  {
    name: 'the last caller is served first',
    rules: ['a caller was passed over'],
    file: 'core/routing.ts',
    find: 'return a.priority - b.priority || a.queuedAt - b.queuedAt || byId(a.id, b.id)',
    replace: 'return a.priority - b.priority || b.queuedAt - a.queuedAt || byId(a.id, b.id)',
  },
  {
    name: 'resume does not return the caller to the bridge',
    rules: ['a talking caller who is not bridged'],
    file: 'core/call-step.ts',
    find: "        { do: 'Resume', bridge: bridgeOf(call.offer.id), caller: callerLegOf(call.id) },\n          // Unmuting",
    replace: '        // Unmuting',
  },
  {
    name: 'a known phone state is never refreshed',
    rules: ['a wrong phone state'],
    file: 'acd/reconcile.ts',
    find: 'if (known.desk === desk && known.web === web && known.ownCalls === ownCalls) return []',
    replace: 'if (known !== null) return []',
    faults: ['events lost'],
  },
  {
    name: 'the heartbeat does not resume after the fallback has served',
    rules: ['no owner at the end'],
    file: 'acd/periodic-tasks.ts',
    find: "if (mayServe()) this.#attempt('beat', this.#beat())",
    replace: "if (mayServe() && !this.fallbackServes()) this.#attempt('beat', this.#beat())",
    faults: ['redis down'],
  },
  {
    name: 'an agent with a missed offer never counts as free again',
    rules: ['a free agent beside a waiting caller'],
    file: 'core/agent.ts',
    find: '    isRested(agent, now) &&\n',
    replace: '    agent.missed === 0 &&\n',
  },
  {
    name: 'the maximum waiting time is not enforced',
    rules: ['a caller waiting past the limit'],
    file: 'core/call-step.ts',
    find: 'if (now >= call.waitUntil) return',
    replace: 'if (now < 0) return',
  },
  {
    name: 'the end of a greeting is ignored',
    rules: ['a prompt without an end'],
    file: 'core/call-step.ts',
    find: 'event.playback === call.playback ? enterLine(call, now) : stays(call)',
    replace: 'stays(call)',
  },
  {
    name: 'a reconnection has no deadline',
    rules: ['a reconnection without an end'],
    file: 'core/deadline.ts',
    find: "    case 'reconnecting':\n",
    replace: "    case 'reconnecting':\n      return null\n",
  },
  {
    name: 'Lua: the fencing token is not checked',
    rules: ['one event number, two contents', 'an effect is left'],
    file: 'redis/commit.lua',
    find: 'if holder ~= ARGV[1] then',
    replace: 'if false then',
    faults: ['node hung'],
  },
  {
    name: 'Lua: effects are not appended',
    // A caller who is not hung up is treated as new by the next owner.
    rules: ['a recording was not handed over', 'one event number, two contents'],
    file: 'redis/commit.lua',
    find: "if ARGV[3] ~= '' then",
    replace: 'if false then',
  },
  {
    name: 'Lua: the first event of a change is not appended',
    rules: ['an event is missing'],
    file: 'redis/commit.lua',
    find: "for i = at + 1, #ARGV do\n  redis.call('XADD', KEYS[4], '*', 'e', ARGV[i])",
    replace: "for i = at + 2, #ARGV do\n  redis.call('XADD', KEYS[4], '*', 'e', ARGV[i])",
  },
  {
    name: 'Lua: the state of an ended call is not deleted',
    rules: ['Redis and memory differ'],
    file: 'redis/commit.lua',
    find: "    redis.call('HDEL', KEYS[2], subject)\n    redis.call('HDEL', KEYS[3], subject)\n",
    replace: "    redis.call('HDEL', KEYS[2], subject)\n",
  },
  {
    name: 'overload rejection never ends',
    rules: ['new callers rejected on an empty line'],
    file: 'acd/effect-queue.ts',
    find: 'sinceMs < lateSince).length >= lateMin',
    replace: 'sinceMs < lateSince).length >= 0',
  },
  {
    name: 'Lua: overwriting keeps old effects',
    rules: ['an effect is left'],
    file: 'redis/overwrite.lua',
    find: "redis.call('XTRIM', KEYS[5], 'MAXLEN', 0)",
    replace: '',
  },
  {
    name: 'Lua: a standby takes a lease that is held',
    rules: ['a caller lost their place'],
    file: 'redis/lease-take.lua',
    find: 'if held and not isOwn(held) then return refuse() end',
    replace: '',
  },
  {
    name: 'Lua: a former holder takes the lease back from its successor',
    rules: ['one event number, two contents'],
    file: 'redis/lease-renew.lua',
    find: "if other and other ~= ARGV[1] and fenceOf(other) >= ours then return { 0, '' } end",
    replace: '',
    faults: ['node hung'],
  },
  {
    name: 'Lua: not all performed effects are deleted',
    rules: ['an effect is left'],
    file: 'redis/acknowledge.lua',
    find: 'for i = 2, #ARGV do',
    replace: 'for i = 3, #ARGV do',
  },
]
