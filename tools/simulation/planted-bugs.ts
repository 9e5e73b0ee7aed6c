/**
 * Bugs that systems of this kind have had, each as a change of one place in the source. The simulator must
 * find every one of them; the text must be there exactly once, so that the list cannot rot.
 */
import type { FaultName } from './scenario.ts'

export interface PlantedBug {
  readonly name: string
  /** Below `src/`; a script's bug is looked for on a real Redis. */
  readonly file: string
  readonly find: string
  readonly replace: string
  /** Which of these breaks first: to be caught by chance, by a rule that has nothing to do with it, is not enough. */
  readonly rules: readonly string[]
  /** Where it shows; without these it is looked for among all faults. */
  readonly faults?: readonly FaultName[]
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'stuck "reserved": an agent whose phone was not answered stays held',
    rules: ['held agents and calls do not match'],
    file: 'core/call-step.ts',
    find: "agents: [{ agent: offer.agent, event: { type: 'OfferEnded', offer: offer.id, end: event.end } }],",
    replace: 'agents: [],',
  },
  {
    name: 'two agents for one call: a call that rings stays in the line',
    rules: ['an alarm'],
    file: 'acd/acd-state.ts',
    find: '  setCall(call: Call, version: number): void {\n    this.#leaveLine(call.id)\n',
    replace: '  setCall(call: Call, version: number): void {\n',
  },
  {
    name: 'ring-no-answer loses the caller’s place',
    rules: ['a caller lost his place'],
    file: 'core/call-step.ts',
    find: "return { ...factsOf(call), phase: 'waiting', queuedAt: call.queuedAt, since: now }",
    replace: "return { ...factsOf(call), phase: 'waiting', queuedAt: now, since: now }",
  },
  {
    name: 'the end of an old offer acts on the new one',
    rules: ['an event of another offer was taken'],
    file: 'core/call-step.ts',
    find: '      if (event.offer !== offer.id) return stays(call)\n      return {\n        call: backToLine(call, now),',
    replace: '      return {\n        call: backToLine(call, now),',
  },
  {
    name: 'wrap-up is cut short',
    rules: ['an event of the future'],
    file: 'acd/deadlines.ts',
    find: 'if (at !== null && at <= now) this.#wake.agent(value.id, at)',
    replace: 'if (at !== null && at <= now + 3_000) this.#wake.agent(value.id, at)',
    faults: ['native call'],
  },
  {
    name: 'an ended call is listed as talking',
    rules: ['one event, two contents'],
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
    name: 'where Redis has forgotten, numbers begin again',
    rules: ['one event, two contents'],
    file: 'acd/acd-state.ts',
    find: 'Math.max(version, told) + 1',
    replace: 'version + 1',
    faults: ['redis emptied', 'redis rolled back', 'all nodes down'],
  },
  {
    name: 'an event is told before it is saved',
    rules: ['an event is missing'],
    file: 'acd/state-writer.ts',
    find: '    this.#unanswered.add(commit)\n',
    replace: '    this.#unanswered.add(commit)\n    spool.add(commit.events)\n',
    faults: ['node killed'],
  },
  {
    name: 'while Redis is away nothing is done',
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
    name: 'reconciliation breaks conversations that stand',
    rules: ['a conversation that stood was taken for lost'],
    file: 'acd/reconcile.ts',
    find: "      if (seen.leg(agent) !== 'up') {\n        return happened({ type: 'AgentLegLost'",
    replace: "      if (seen.leg(agent) !== 'gone') {\n        return happened({ type: 'AgentLegLost'",
  },
  {
    name: 'who arrives while the server takes stock is not heard',
    rules: ['a caller whom nobody knows'],
    file: 'acd/owner.ts',
    find: '    for (const event of this.#early.splice(0)) this.#hear(event)\n',
    replace: '',
    faults: ['pbx connection cut'],
  },
  {
    name: 'a lost event is never missed',
    // By which event is lost first.
    rules: [
      'a caller whom nobody knows',
      'a call without its caller',
      'a conversation without its leg',
      'a phone that is believed otherwise',
    ],
    file: 'acd/audit.ts',
    find: 'for (const { key, settle } of found) if (before.has(key)) settle()',
    replace: 'for (const { key, settle } of found) if (before.has(`never ${key}`)) settle()',
    faults: ['events lost'],
  },
  {
    name: 'a phone that Asterisk is slow to ring is taken for one that has stopped',
    rules: ['a phone was taken for silent before it rang'],
    file: 'acd/reconcile.ts',
    find: '    if (seen.exists(callerLegOf(call.id)) && conductor.isAtWorkFor(call.id)) return []\n',
    replace: '',
    faults: ['pbx slow'],
  },
  {
    name: 'a rested agent is forgotten',
    rules: ['a free agent beside a waiting caller'],
    file: 'acd/conductor.ts',
    find: '    this.#deps.acdState.refreshCandidate(id, Math.max(this.#deps.clock.now(), passed))\n',
    replace: '',
  },
  {
    name: 'the phone rings on after the caller has gone',
    rules: ['a leg that nobody wants'],
    file: 'core/call-step.ts',
    find: '...left(call, event, now, hangUpAgent(offer)),',
    replace: '...left(call, event, now),',
  },
  {
    name: 'the bridge stays when the conversation is over',
    rules: ['a bridge that nobody wants'],
    file: 'core/call-step.ts',
    find: "...end({ ...call, heldMs }, 'answered', by, now, hangUpAgent(call.offer), destroyBridge(call.offer)),",
    replace: "...end({ ...call, heldMs }, 'answered', by, now, hangUpAgent(call.offer)),",
  },
  {
    name: 'what could not be done is forgotten',
    rules: ['an effect is left'],
    file: 'acd/effect-queue.ts',
    find: 'if (left.length > 0) this.#undone.push({ commit, call, effects: left })',
    replace: 'if (left.length > 0) return',
  },
  {
    name: 'an agent is rung during a call of his own',
    rules: ['rung during a call of his own'],
    file: 'core/agent.ts',
    find: '    agent.phones.ownCalls === 0 &&\n',
    replace: '',
    faults: ['native call'],
  },
  {
    name: 'who came last is served first',
    rules: ['a caller was passed over'],
    file: 'core/routing.ts',
    find: 'return a.priority - b.priority || a.queuedAt - b.queuedAt || byId(a.id, b.id)',
    replace: 'return a.priority - b.priority || b.queuedAt - a.queuedAt || byId(a.id, b.id)',
  },
  {
    name: 'resuming does not bring the caller back',
    rules: ['a talking caller who is not bridged'],
    file: 'core/call-step.ts',
    find: "        { do: 'Resume', bridge: bridgeOf(call.offer.id), caller: callerLegOf(call.id) },\n        // Unmuting",
    replace: '        // Unmuting',
  },
  {
    name: 'phones are never asked for again',
    rules: ['a phone that is believed otherwise'],
    file: 'acd/reconcile.ts',
    find: 'if (known.desk === desk && known.web === web && known.ownCalls === ownCalls) return []',
    replace: 'if (known !== null) return []',
    faults: ['events lost'],
  },
  {
    name: 'who was silent for too long never beats again',
    rules: ['nobody owns the line at the end'],
    file: 'acd/periodic-tasks.ts',
    find: "if (mayServe()) this.#attempt('beat', this.#beat())",
    replace: "if (mayServe() && !this.fallbackServes()) this.#attempt('beat', this.#beat())",
    faults: ['redis down'],
  },
  {
    name: 'who missed an offer is never free again, by what the line itself takes for free',
    rules: ['a free agent beside a waiting caller'],
    file: 'core/agent.ts',
    find: '    isRested(agent, now) &&\n',
    replace: '    agent.missed === 0 &&\n',
  },
  {
    name: 'nobody is taken out of the line when he has waited for too long',
    rules: ['a caller who waits past his limit'],
    file: 'core/call-step.ts',
    find: 'if (now >= call.waitUntil) return',
    replace: 'if (now < 0) return',
  },
  {
    name: 'the end of a greeting is not taken',
    rules: ['a prompt without an end'],
    file: 'core/call-step.ts',
    find: 'return event.playback === call.playback ? enterLine(call, now) : stays(call)',
    replace: 'return stays(call)',
  },
  {
    name: 'a caller waits for the agent who was lost for as long as it takes',
    rules: ['a reconnection without an end'],
    file: 'core/deadline.ts',
    find: "    case 'reconnecting':\n",
    replace: "    case 'reconnecting':\n      return null\n",
  },
  {
    name: 'Lua: whoever asks may write (no fence)',
    rules: ['one event, two contents', 'an effect is left'],
    file: 'redis/commit.lua',
    find: 'if holder ~= ARGV[1] then',
    replace: 'if false then',
    faults: ['node hung'],
  },
  {
    name: 'Lua: effects are not appended',
    // A caller whom nobody hangs up is taken for a new one by the next owner.
    rules: ['a recording was not handed over', 'one event, two contents'],
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
    name: 'Lua: an ended call stays in the line',
    rules: ['Redis and memory differ'],
    file: 'redis/commit.lua',
    find: "    redis.call('HDEL', KEYS[2], subject)\n    redis.call('HDEL', KEYS[3], subject)\n",
    replace: "    redis.call('HDEL', KEYS[2], subject)\n",
  },
  {
    name: 'a line that was slow once refuses newcomers for ever',
    rules: ['newcomers hear busy on an empty line'],
    file: 'acd/effect-queue.ts',
    find: 'sinceMs < lateSince).length >= lateMin',
    replace: 'sinceMs < lateSince).length >= 0',
  },
  {
    name: 'Lua: old effects survive the writing back',
    rules: ['an effect is left'],
    file: 'redis/overwrite.lua',
    find: "redis.call('XTRIM', KEYS[5], 'MAXLEN', 0)",
    replace: '',
  },
  {
    name: 'Lua: a standby takes a lease that is held',
    rules: ['a caller lost his place'],
    file: 'redis/lease-take.lua',
    find: 'if held and not isOwn(held) then return refuse() end',
    replace: '',
  },
  {
    name: 'Lua: a holder that slept takes his lease back from the next one',
    rules: ['one event, two contents'],
    file: 'redis/lease-renew.lua',
    find: "if other and other ~= ARGV[1] and fenceOf(other) >= ours then return { 0, '' } end",
    replace: '',
    faults: ['node hung'],
  },
  {
    name: 'Lua: only some of the done effects leave the stream',
    rules: ['an effect is left'],
    file: 'redis/acknowledge.lua',
    find: 'for i = 2, #ARGV do',
    replace: 'for i = 3, #ARGV do',
  },
]
