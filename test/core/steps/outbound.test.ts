/** A citizen whom an agent calls: the agent’s own phone, the citizen’s, the first words. */
import t from 'tap'
import { newAgent, stepAgent } from '../../../src/core/agent-step.ts'
import type { Agent } from '../../../src/core/agent.ts'
import type { CallEvent } from '../../../src/core/call-event.ts'
import { step } from '../../../src/core/call-step.ts'
import type { Call, LiveCall } from '../../../src/core/call.ts'
import { callDeadline } from '../../../src/core/deadline.ts'
import { AgentId, bridgeOf, callerLegOf, OfferId, outboundCallIn, PbxName } from '../../../src/core/ids.ts'
import type { Effect } from '../../../src/core/effect.ts'
import { isStillWanted } from '../../../src/core/media/media-effects.ts'
import { mediaPlan, widestPlan } from '../../../src/core/media/media-plan.ts'
import { bounds } from '../../../src/core/rules.ts'
import { placed } from '../../../src/core/steps/placed.ts'
import type { OfferEnd } from '../../../src/core/offer.ts'
import { answered, inShort, offerTo, queue, rules, run, t0 } from '../samples.ts'

const id = outboundCallIn(PbxName('pbx1'), t0, 'a-b-c')
const ana = offerTo('ana', `leg-${id}-u1`)
const room = bridgeOf(ana.id)
const asked = { id, pbx: PbxName('pbx1'), line: '969', number: '+40722000111', queue, offer: ana }
const begun = placed(asked, t0)
const answers: CallEvent = { type: 'CallerAnswered' }
const full: CallEvent = { type: 'Bridged', bridge: room }
const hangsUp: CallEvent = { type: 'AgentHungUp', offer: ana.id }
const stage = (events: readonly CallEvent[]): Call => run(begun.call, events).call
const dialling = stage([answered(ana)])
const connecting = stage([answered(ana), answers])
const talking = stage([answered(ana), answers, full])
const now = t0 + 10_000
const next = (call: Call, event: CallEvent) => step(call, event, now, rules)
const freed = [{ agent: 'ana', event: { type: 'CalledInVain', offer: ana.id, wrapUpMs: rules.wrapUpMs } }]

void t.test('the agent’s own phone is rung first, and picks up by itself', async (t) => {
  t.equal(id, `pbx1-out-${Math.floor(t0 / 1000)}.abc`)
  t.match(begun.call, { phase: 'summoning', direction: 'outbound', caller: { number: '+40722000111' } })
  t.same(inShort(begun.effects), [`RingAgent ${ana.id} by itself`])
  t.same(begun.agents, [{ agent: 'ana', event: { type: 'CallTaken', call: id, offer: ana } }])
  t.equal(mediaPlan(begun.call).caller, null, 'nobody is called yet')
  t.equal(callDeadline(begun.call), ana.expiresAt)
})

void t.test('then the citizen is dialled, while the agent hears it ring', async (t) => {
  const { call, effects } = next(begun.call, answered(ana))
  t.match(call, { phase: 'dialling', until: now + bounds.dialMs + bounds.dialMarginMs })
  t.same(effects, [
    { do: 'StartRingback', channel: ana.id },
    {
      do: 'DialCaller',
      channel: callerLegOf(id),
      number: '0722000111',
      ringTimeoutMs: bounds.dialMs,
    },
    { do: 'BuildBridge', bridge: room },
  ])
  t.equal(callDeadline(call), now + bounds.dialMs + bounds.dialMarginMs)
  t.same(call.legs, [], 'nobody has talked')
  const other = answered(offerTo('ana', 'leg-other'))
  t.equal(next(begun.call, other).call, begun.call, 'a leg of another attempt')
})

void t.test(
  'the two are connected when the citizen picks up, and it is a conversation like any other',
  async (t) => {
    const { call, effects, agents } = next(dialling, answers)
    t.match(call, { phase: 'connecting', answeredAt: null, room })
    t.same(inShort(effects), [`StopRingback ${ana.id}`, `Connect ${room}`])
    t.same(agents, [])
    const talks = next(call, full).call
    t.match(talks, {
      phase: 'talking',
      direction: 'outbound',
      answeredAt: now,
      legs: [{ agent: 'ana', until: null }],
    })
    const over = next(talks, { type: 'CallerHungUp' })
    t.match(over.call, { phase: 'ended', outcome: 'answered', endedBy: 'caller', direction: 'outbound' })
    t.match(over.agents, [{ agent: 'ana', event: { type: 'CallEnded', wrapUpMs: rules.wrapUpMs } }])
    t.match(next(talking, { type: 'HoldRequested', offer: ana.id, by: 'desk' }).call, { phase: 'held' })
    t.match(
      next(talking, { type: 'TransferRequested', offer: ana.id, to: { queue: queue.id } }).call,
      { phase: 'waiting', direction: 'outbound' },
      'who was called can be sent on',
    )
  },
)

void t.test(
  'a citizen who is not reached leaves the agent with a wrap-up and no miss, with the reason on record',
  async (t) => {
    const whys = [
      ['busy', 'caller'],
      ['rejected', 'caller'],
      ['no answer', 'system'],
      ['unreachable', 'system'],
      ['failed', 'system'],
    ] as const
    for (const [why, endedBy] of whys) {
      const { call, effects, agents } = next(dialling, { type: 'CallerUnreached', why })
      t.match(call, { phase: 'ended', outcome: why, endedBy, answeredAt: null, lastAgent: 'ana' })
      t.same(agents, freed, why)
      t.same(inShort(effects).slice(0, 3), [`HangUp ${ana.id}`, `DestroyBridge ${room}`, `HangUp ${id}`])
    }
    const late = step(dialling, { type: 'DeadlinePassed' }, now + 120_000, rules)
    t.match(late.call, { outcome: 'no answer' }, 'the event of its end was lost')
    t.equal(next(dialling, { type: 'DeadlinePassed' }).call, dialling)
    t.match(
      next(dialling, { type: 'CallerHungUp' }).call,
      { outcome: 'no answer', endedBy: 'caller' },
      'during the announcement',
    )
    t.match(next(dialling, { type: 'CallerLost', pbxDied: true }).call, {
      outcome: 'failed',
      endedBy: 'system',
    })
  },
)

void t.test('the agent gives up, at each moment, and nobody’s phone goes on ringing', async (t) => {
  for (const call of [begun.call, dialling]) {
    const { call: over, effects, agents } = next(call, hangsUp)
    t.match(over, { phase: 'ended', outcome: 'cancelled', endedBy: 'agent' })
    t.same(agents, freed)
    t.ok(inShort(effects).includes(`HangUp ${ana.id}`))
    t.equal(inShort(effects).includes(`HangUp ${id}`), call === dialling, 'the citizen’s phone')
    const lost: CallEvent = { type: 'AgentLegLost', offer: ana.id, cause: 'page reloaded' }
    t.match(next(call, lost).call, { outcome: 'cancelled' })
    t.match(next(call, { type: 'CallEndedBySupervisor', by: AgentId('vera') }).call, {
      endedBy: 'supervisor',
    })
    t.equal(next(call, { type: 'AgentHungUp', offer: OfferId('another') }).call, call)
  }
  t.match(next(dialling, { type: 'OfferEnded', offer: ana.id, end: 'declined' }).call, {
    outcome: 'cancelled',
  })
  t.equal(next(dialling, { type: 'OfferEnded', offer: OfferId('another'), end: 'busy' }).call, dialling)
})

void t.test(
  'the agent’s own phone does not pick up: given up, unless the phone could not ring',
  async (t) => {
    const ends = (end: OfferEnd) => next(begun.call, { type: 'OfferEnded', offer: ana.id, end })
    for (const end of ['declined', 'no answer', 'busy', 'expired'] as const)
      t.match(ends(end).call, { outcome: 'cancelled', endedBy: 'agent' }, end)
    for (const end of ['unreachable', 'did not ring', 'cut'] as const)
      t.match(ends(end).call, { outcome: 'failed', endedBy: 'system' }, end)
    t.same(ends('no answer').agents, freed, 'no missed offer')
    t.same(ends('no answer').effects.at(-1), { do: 'FinishRecording', call: begun.call.id })
    const other: CallEvent = { type: 'OfferEnded', offer: OfferId('another'), end: 'busy' }
    t.equal(next(begun.call, other).call, begun.call)
    t.equal(next(begun.call, { type: 'DeadlinePassed' }).call, begun.call)
    const late = step(begun.call, { type: 'DeadlinePassed' }, ana.expiresAt, rules)
    t.match(late.call, { outcome: 'cancelled', endedBy: 'agent' })
  },
)

void t.test('before the first words there is no queue to go back to', async (t) => {
  t.match(next(connecting, hangsUp).call, { phase: 'ended', outcome: 'cancelled', endedBy: 'agent' })
  t.match(next(connecting, { type: 'CallerHungUp' }).call, { outcome: 'no answer', endedBy: 'caller' })
  t.same(next(connecting, { type: 'CallerHungUp' }).agents, freed)
  const cut: CallEvent = { type: 'OfferEnded', offer: ana.id, end: 'cut' }
  t.match(next(connecting, cut).call, { outcome: 'failed', endedBy: 'system' })
  t.match(next(connecting, { type: 'CallerLost', pbxDied: true }).call, {
    outcome: 'failed',
    endedBy: 'system',
  })
})

void t.test('events of another stage change nothing', async (t) => {
  t.equal(next(begun.call, answers).call, begun.call)
  t.equal(next(talking, answers).call, talking)
  t.equal(next(talking, { type: 'CallerUnreached', why: 'busy' }).call, talking)
  t.equal(next(begun.call, { type: 'CallPlaced', by: AgentId('ana'), returns: null }).call, begun.call)
})

void t.test('an effect that waited is performed only where it is still wanted', async (t) => {
  const live = (call: Call): LiveCall => call as LiveCall
  const [quiet] = next(dialling, answers).effects.slice(0, 1) as [Effect]
  for (const effect of next(begun.call, answered(ana)).effects) {
    t.ok(isStillWanted(effect, live(dialling)))
    t.equal(isStillWanted(effect, live(connecting)), effect.do === 'BuildBridge', 'the room is still theirs')
    t.notOk(isStillWanted(effect, undefined))
  }
  t.ok(isStillWanted(quiet, live(connecting)))
  t.notOk(isStillWanted(quiet, live(dialling)))
  t.notOk(isStillWanted(quiet, undefined))
  t.equal(widestPlan(live(begun.call)).caller, null)
  t.equal(widestPlan(live(dialling)).caller?.channel, id)
})

void t.test('after a call in vain the agent has a wrap-up, without a call to write about', async (t) => {
  const facts = newAgent(AgentId('ana'), t0)
  const taken = { type: 'CallTaken', call: id, offer: ana } as const
  const inVain = { type: 'CalledInVain', offer: ana.id, wrapUpMs: rules.wrapUpMs } as const
  const states: readonly Agent[] = [
    { ...facts, state: 'ready', notBefore: 0, reachableBy: null },
    { ...facts, state: 'paused', reason: 'paperwork' },
    { ...facts, state: 'wrap-up', call: id, until: now, after: { state: 'paused', reason: 'paperwork' } },
  ]
  const ended = now + 9_000
  const after = states.map((agent) => stepAgent(stepAgent(agent, taken, now, rules), inVain, ended, rules))
  for (const agent of after)
    t.match(agent, { state: 'wrap-up', call: null, until: ended + rules.wrapUpMs, missed: 0, callsToday: 0 })
  const over = after.map((agent) => stepAgent(agent, { type: 'WrapUpEnded' }, ended + 1, rules))
  t.match(over, [{ state: 'ready' }, { state: 'paused', reason: 'paperwork' }, { state: 'paused' }])
  const [talking] = states.map((agent) => stepAgent(agent, taken, now, rules)) as [Agent]
  t.match(stepAgent(talking, { ...inVain, wrapUpMs: 0 }, ended, rules), { state: 'ready' })
  t.equal(stepAgent(talking, { ...inVain, offer: OfferId('another') }, ended, rules), talking)
})
