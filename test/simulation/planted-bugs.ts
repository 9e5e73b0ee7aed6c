/**
 * Bugs that systems of this kind have had, each as a change of one place in the source. The simulator must
 * find every one of them; the text must be there exactly once, so that the list cannot rot.
 */
import type { FaultName } from './script.ts'

export interface PlantedBug {
  readonly name: string
  /** Below `src/`; a script's bug is looked for on a real Redis. */
  readonly file: string
  readonly find: string
  readonly replace: string
  /** Where it shows; without these it is looked for among all faults. */
  readonly faults?: readonly FaultName[]
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'stuck "reserved": an agent whose phone was not answered stays held',
    file: 'core/call-step.ts',
    find: "agents: [{ agent: offer.agent, event: { type: 'OfferEnded', offer: offer.id, end: event.end } }],",
    replace: 'agents: [],',
  },
  {
    name: 'two agents for one call: a call that rings stays in the line',
    file: 'voice/mirror.ts',
    find: '  setCall(call: Call, version: number): void {\n    this.#leaveLine(call.id)\n',
    replace: '  setCall(call: Call, version: number): void {\n',
  },
  {
    name: 'ring-no-answer loses the caller’s place',
    file: 'core/call-step.ts',
    find: "return { ...factsOf(call), phase: 'waiting', queuedAt: call.queuedAt, since: now }",
    replace: "return { ...factsOf(call), phase: 'waiting', queuedAt: now, since: now }",
  },
  {
    name: 'the end of an old offer acts on the new one',
    file: 'core/call-step.ts',
    find: '      if (event.offer !== offer.id) return stays(call)\n      return {\n        call: backToLine(call, now),',
    replace: '      return {\n        call: backToLine(call, now),',
  },
  {
    name: 'wrap-up is cut short',
    file: 'voice/deadlines.ts',
    find: 'if (at !== null && at <= now) this.#wake.agent(value.id, at)',
    replace: 'if (at !== null && at <= now + 3_000) this.#wake.agent(value.id, at)',
    faults: ['native call'],
  },
  {
    name: 'an ended call is listed as talking',
    file: 'voice/mirror.ts',
    find: '      this.#calls.delete(call.id)\n',
    replace: '',
  },
  {
    name: 'answered counts as abandoned',
    file: 'core/call-step.ts',
    find: "outcome: call.answeredAt === null ? outcome : 'answered',",
    replace: 'outcome,',
  },
  {
    name: 'a pick-up counts as an answer although nobody talked',
    file: 'core/call-step.ts',
    find: '      lineAnswered: true,\n      pickedUpAt: now,',
    replace: '      lineAnswered: true,\n      answeredAt: now,\n      pickedUpAt: now,',
  },
  {
    name: 'effects are lost with the process that saved them',
    file: 'voice/conductor.ts',
    find: '    this.#queue.keep(undone.map((one) => ({ ...one, call: null })))\n',
    replace: '',
  },
  {
    name: 'where Redis has forgotten, numbers begin again',
    file: 'voice/mirror.ts',
    find: 'Math.max(version, told) + 1',
    replace: 'version + 1',
    faults: ['redis emptied', 'redis rolled back', 'all nodes down'],
  },
  {
    name: 'an event is told before it is saved',
    file: 'voice/saver.ts',
    find: '    this.#unanswered.add(commit)\n',
    replace: '    this.#unanswered.add(commit)\n    spool.add(commit.events)\n',
    faults: ['node killed'],
  },
  {
    name: 'while Redis is away nothing is done',
    file: 'voice/effect-queue.ts',
    find: "if ((await sent) === 'dropped' || commit.effects.length === 0) return",
    replace: "if ((await sent) !== 'saved' || commit.effects.length === 0) return",
  },
  {
    name: 'reconciliation frees a talking agent',
    file: 'voice/reconcile.ts',
    find: "if (call !== undefined && 'offer' in call && call.offer.id === agent.offer.id) return []",
    replace: "if (agent.state === 'offered') return []",
  },
  {
    name: 'reconciliation breaks conversations that stand',
    file: 'voice/reconcile.ts',
    find: "      if (seen.leg(agent) !== 'up') {\n        return happened({ type: 'AgentLegLost'",
    replace: "      if (seen.leg(agent) !== 'gone') {\n        return happened({ type: 'AgentLegLost'",
  },
  {
    name: 'who arrives while the server takes stock is not heard',
    file: 'voice/owner.ts',
    find: '    for (const event of early) this.#hear(event)\n',
    replace: '',
    faults: ['pbx connection cut'],
  },
  {
    name: 'a lost event is never missed',
    file: 'voice/audit.ts',
    find: 'for (const { key, settle } of found) if (before.has(key)) settle()',
    replace: 'for (const { key, settle } of found) if (before.has(`never ${key}`)) settle()',
    faults: ['events lost'],
  },
  {
    name: 'a rested agent is forgotten',
    file: 'voice/conductor.ts',
    find: '    this.#deps.mirror.refreshCandidate(id, Math.max(this.#deps.clock.now(), passed))\n',
    replace: '',
  },
  {
    name: 'the phone rings on after the caller has gone',
    file: 'core/call-step.ts',
    find: '...left(call, event, now, hangUpAgent(offer)),',
    replace: '...left(call, event, now),',
  },
  {
    name: 'the bridge stays when the conversation is over',
    file: 'core/call-step.ts',
    find: "...end({ ...call, heldMs }, 'answered', by, now, hangUpAgent(call.offer), destroyBridge(call.offer)),",
    replace: "...end({ ...call, heldMs }, 'answered', by, now, hangUpAgent(call.offer)),",
  },
  {
    name: 'what could not be done is forgotten',
    file: 'voice/effect-queue.ts',
    find: 'if (left.length > 0) this.#undone.push({ commit, call, effects: left })',
    replace: 'if (left.length > 0) return',
  },
  {
    name: 'an agent is rung during a call of his own',
    file: 'core/agent.ts',
    find: '    agent.phones.ownCalls === 0 &&\n',
    replace: '',
    faults: ['native call'],
  },
  {
    name: 'who came last is served first',
    file: 'core/routing.ts',
    find: 'return a.priority - b.priority || a.queuedAt - b.queuedAt || byId(a.id, b.id)',
    replace: 'return a.priority - b.priority || b.queuedAt - a.queuedAt || byId(a.id, b.id)',
  },
  {
    name: 'resuming does not bring the caller back',
    file: 'core/call-step.ts',
    find: "        { do: 'Resume', bridge: bridgeOf(call.offer.id), caller: callerLegOf(call.id) },\n        // Unmuting",
    replace: '        // Unmuting',
  },
  {
    name: 'phones are never asked for again',
    file: 'voice/reconcile.ts',
    find: 'if (known.desk === desk && known.web === web && known.ownCalls === ownCalls) return []',
    replace: 'if (known !== null) return []',
    faults: ['events lost'],
  },
  {
    name: 'callers stay in the fallback queue after Redis was away for long',
    file: 'voice/chores.ts',
    find: 'const taken = await members.takeBack()',
    replace: 'const taken = 0',
    faults: ['redis down'],
  },
  {
    name: 'Lua: whoever asks may write (no fence)',
    file: 'line/commit.lua',
    find: 'if holder ~= ARGV[1] then',
    replace: 'if false then',
    faults: ['node hung'],
  },
  {
    name: 'Lua: effects are not appended',
    file: 'line/commit.lua',
    find: "if ARGV[4] ~= '' then",
    replace: 'if false then',
  },
  {
    name: 'Lua: the first event of a change is not appended',
    file: 'line/commit.lua',
    find: "for i = at + 1, #ARGV do\n  redis.call('XADD', KEYS[4], '*', 'e', ARGV[i])",
    replace: "for i = at + 2, #ARGV do\n  redis.call('XADD', KEYS[4], '*', 'e', ARGV[i])",
  },
  {
    name: 'Lua: an ended call stays in the line',
    file: 'line/commit.lua',
    find: "    redis.call('HDEL', KEYS[2], subject)\n    redis.call('HDEL', KEYS[3], subject)\n",
    replace: "    redis.call('HDEL', KEYS[2], subject)\n",
  },
  {
    name: 'Lua: old effects survive the writing back',
    file: 'line/overwrite.lua',
    find: "redis.call('XTRIM', KEYS[5], 'MAXLEN', 0)",
    replace: '',
  },
  {
    name: 'Lua: a standby takes a lease that is held',
    file: 'line/lease-take.lua',
    find: 'if held and not isOwn(held) then return refuse() end',
    replace: '',
  },
  {
    name: 'Lua: a holder that slept takes his lease back from the next one',
    file: 'line/lease-renew.lua',
    find: "if other and other ~= ARGV[1] and fenceOf(other) >= ours then return { 0, '' } end",
    replace: '',
    faults: ['node hung'],
  },
  {
    name: 'Lua: only some of the done effects leave the stream',
    file: 'line/acknowledge.lua',
    find: 'for i = 2, #ARGV do',
    replace: 'for i = 3, #ARGV do',
  },
]
