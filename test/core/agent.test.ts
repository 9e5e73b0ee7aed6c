import t from 'tap'
import type { AgentEvent } from '../../src/core/agent-event.ts'
import { letGo, newAgent, stepAgent } from '../../src/core/agent-step.ts'
import { isFree, reachableDevice, type Agent, type AgentState } from '../../src/core/agent.ts'
import { agentDeadline } from '../../src/core/deadline.ts'
import { AgentId } from '../../src/core/ids.ts'
import { InvariantBroken } from '../../src/core/invariant.ts'
import { isMissed, type OfferEnd } from '../../src/core/offer.ts'
import { bounds } from '../../src/core/rules.ts'
import { ana, anaAgain, id, ion, rules, t0 } from './samples.ts'

const later = t0 + 100_000
const signIn: AgentEvent = { type: 'SignedIn' }
const ready: AgentEvent = { type: 'ReadyRequested' }
const offered: AgentEvent = { type: 'Offered', call: id, offer: ana }
const answered: AgentEvent = { type: 'OfferAnswered', offer: ana.id }
const callEnded: AgentEvent = { type: 'CallEnded', offer: ana.id, wrapUpMs: 10_000 }
const signOut: AgentEvent = { type: 'SignedOut' }
const pause: AgentEvent = { type: 'PauseRequested', reason: 'meal' }
const ended = (end: OfferEnd): AgentEvent => ({ type: 'OfferEnded', offer: ana.id, end })

const wayTo: Record<AgentState, readonly AgentEvent[]> = {
  'signed out': [],
  paused: [signIn],
  ready: [signIn, ready],
  offered: [signIn, ready, offered],
  talking: [signIn, ready, offered, answered],
  'wrap-up': [signIn, ready, offered, answered, callEnded],
}
const states = Object.keys(wayTo) as AgentState[]

const run = (agent: Agent, events: readonly AgentEvent[], from = t0): Agent =>
  events.reduce((now, event, index) => stepAgent(now, event, from + 1_000 * (index + 1), rules), agent)
const agentIn = (state: AgentState): Agent => {
  const agent = run(newAgent(AgentId('ana'), t0), wayTo[state])
  if (agent.state !== state) throw new Error(`${agent.state} instead of ${state}`)
  return agent
}

void t.test('an agent signs in paused, becomes ready, talks, wraps up and is ready again', async (t) => {
  t.match(agentIn('paused'), { reason: 'sign-in', missed: 0, callsToday: 0 })
  t.match(agentIn('talking'), { call: id, offer: ana, after: { state: 'ready' } })
  const wrapUp = agentIn('wrap-up')
  t.match(wrapUp, { call: id, until: t0 + 15_000, callsToday: 1, idleSince: t0 + 5_000 })
  const over: AgentEvent = { type: 'DeadlinePassed' }
  t.equal(stepAgent(wrapUp, over, t0 + 14_999, rules), wrapUp)
  t.match(stepAgent(wrapUp, over, t0 + 15_000, rules), { state: 'ready', notBefore: t0 + 15_000 })
  t.match(stepAgent(wrapUp, { type: 'WrapUpEnded' }, t0 + 6_000, rules), { state: 'ready' })
  t.match(stepAgent(agentIn('talking'), { ...callEnded, wrapUpMs: 0 }, later, rules), {
    state: 'ready',
    idleSince: later,
    notBefore: later,
  })
})

void t.test('an agent who dials 112 stays in the same state, with the time of it', async (t) => {
  for (const state of states) {
    const agent = agentIn(state)
    const dialled = stepAgent(agent, { type: 'EmergencyDialled', device: 'desk', at: t0 }, later, rules)
    t.same(dialled, { ...agent, emergencyAt: t0 }, state)
    t.equal(run(dialled, [{ type: 'SignedOut' }, callEnded]).emergencyAt, t0, `${state}, kept`)
    t.equal(
      stepAgent(dialled, { type: 'EmergencyDialled', device: 'desk', at: t0 }, later, rules),
      dialled,
      'the same call, reported again',
    )
    t.match(stepAgent(dialled, { type: 'EmergencyDialled', device: 'web', at: later }, later, rules), {
      emergencyAt: later,
    })
  }
})

void t.test('wrap-up can be made longer, never shorter', async (t) => {
  const wrapUp = agentIn('wrap-up')
  t.match(stepAgent(wrapUp, { type: 'WrapUpExtended', until: t0 + 60_000 }, later, rules), {
    until: t0 + 60_000,
  })
  t.equal(stepAgent(wrapUp, { type: 'WrapUpExtended', until: t0 }, later, rules), wrapUp)
})

void t.test('signing out: at once when free, after the call when in one', async (t) => {
  for (const state of ['paused', 'ready', 'wrap-up'] as const)
    t.match(stepAgent(agentIn(state), signOut, later, rules), { state: 'signed out' }, state)
  t.equal(agentIn('signed out').state, 'signed out')
  const leaving = stepAgent(agentIn('offered'), signOut, later, rules)
  t.match(leaving, { state: 'offered', after: { state: 'signed out' } })
  t.match(stepAgent(leaving, ended('withdrawn'), later, rules), { state: 'signed out', missed: 0 })
  const last = run(leaving, [answered, callEnded])
  t.match(last, { state: 'signed out', callsToday: 1 }, 'without wrap-up')
  const stays = stepAgent(stepAgent(agentIn('talking'), signOut, later, rules), ready, later, rules)
  t.match(stays, { after: { state: 'ready' } }, 'the wish can be changed')
})

void t.test('every state that ends by time has a deadline', async (t) => {
  t.equal(agentDeadline(agentIn('wrap-up')), t0 + 15_000)
  for (const state of ['signed out', 'paused', 'offered', 'talking'] as const)
    t.equal(agentDeadline(agentIn(state)), null, `${state} ends by events`)
})

void t.test('an agent who signs in again before the call is over was never signed out', async (t) => {
  for (const state of ['offered', 'talking'] as const) {
    const back = run(agentIn(state), [signOut, signIn])
    t.match(back, { state, after: { state: 'paused', reason: 'sign-in' } })
    t.match(stepAgent(back, ready, later, rules), { after: { state: 'ready' } })
    t.match(
      run(agentIn(state), [pause, signIn]),
      { after: { state: 'paused', reason: 'meal' } },
      'and loses nothing',
    )
  }
  const over = run(agentIn('talking'), [signOut, signIn, callEnded])
  t.match(over, { state: 'wrap-up', callsToday: 1 }, 'with wrap-up')
  t.match(run(over, [{ type: 'WrapUpEnded' }]), { state: 'paused', reason: 'sign-in' })
})

void t.test('a pause requested during a call begins after it', async (t) => {
  t.match(run(agentIn('talking'), [pause, callEnded, { type: 'WrapUpEnded' }]), {
    state: 'paused',
    reason: 'meal',
  })
  t.match(run(agentIn('offered'), [pause, ended('no answer')]), {
    state: 'paused',
    reason: 'meal',
    missed: 1,
  })
  t.match(stepAgent(agentIn('wrap-up'), pause, later, rules), { state: 'paused', reason: 'meal' })
  t.match(stepAgent(agentIn('wrap-up'), ready, later, rules), { state: 'ready' })
  t.match(stepAgent(agentIn('ready'), pause, later, rules), { state: 'paused', since: later })
  const paused = stepAgent(agentIn('paused'), pause, later, rules)
  t.equal(stepAgent(paused, pause, later + 1, rules), paused, 'the same again begins nothing anew')
})

const maria = { id: AgentId('maria'), name: 'Maria Ionescu' }
const impose: AgentEvent = { type: 'PauseImposed', by: maria }
const lift: AgentEvent = { type: 'PauseLifted', by: maria }
const imposedOn = (agent: Agent): Agent => stepAgent(agent, impose, later, rules)

void t.test('a supervisor’s pause holds until a supervisor lifts it', async (t) => {
  const held = imposedOn(agentIn('ready'))
  t.match(held, { state: 'paused', reason: 'supervisor', imposed: { by: maria, since: later } })
  for (const own of [ready, pause])
    t.equal(stepAgent(held, own, later, rules), held, `${own.type} of the agent changes nothing`)
  const second: AgentEvent = { type: 'PauseImposed', by: { id: AgentId('dan'), name: 'Dan' } }
  t.equal(stepAgent(held, second, later + 1, rules), held, 'the first supervisor stays named')
  t.match(stepAgent(held, lift, later, rules), { state: 'ready', imposed: null })
  t.equal(stepAgent(agentIn('ready'), lift, later, rules).state, 'ready', 'there is nothing to lift')
  t.equal(imposedOn(agentIn('signed out')).imposed, null)
})

void t.test('lifting restores the state that a supervisor’s pause replaced', async (t) => {
  const meal = stepAgent(agentIn('ready'), pause, later, rules)
  t.match(stepAgent(imposedOn(meal), lift, later, rules), { state: 'paused', reason: 'meal', imposed: null })
  const fresh = imposedOn(agentIn('paused'))
  t.match(stepAgent(fresh, lift, later, rules), { state: 'paused', reason: 'sign-in' })
  const unrung = run(agentIn('offered'), [ended('did not ring'), offered, impose, ended('did not ring')])
  t.match(unrung, { state: 'paused', reason: 'supervisor', unrung: 2 })
  t.match(stepAgent(unrung, lift, later, rules), { state: 'paused', reason: 'phone' })
})

void t.test('a supervisor’s pause in a call begins after it, and may be lifted before', async (t) => {
  for (const state of ['offered', 'talking', 'wrap-up'] as const)
    t.match(imposedOn(agentIn(state)), { state, imposed: { since: later } })
  const busy = imposedOn(agentIn('talking'))
  t.equal(stepAgent(busy, pause, later, rules), busy)
  const over = run(busy, [callEnded, ready])
  t.equal(over.state, 'wrap-up', 'no way out of it through the wrap-up')
  t.match(run(over, [{ type: 'WrapUpEnded' }]), { state: 'paused', reason: 'supervisor' })
  t.match(run(busy, [lift, { ...callEnded, wrapUpMs: 0 }]), { state: 'ready', imposed: null })
  const wished = run(agentIn('talking'), [pause, impose, { ...callEnded, wrapUpMs: 0 }])
  t.match(wished, { reason: 'supervisor' })
  t.match(stepAgent(wished, lift, later, rules), { reason: 'meal' }, 'what the agent had asked for before')
})

void t.test('signing out and in again ends no supervisor’s pause within the shift', async (t) => {
  const out = stepAgent(imposedOn(agentIn('ready')), signOut, later, rules)
  t.match(out, { state: 'signed out', imposed: { by: maria } })
  const back = stepAgent(out, signIn, later + bounds.betweenShiftsMs - 1, rules)
  t.match(back, { state: 'paused', reason: 'supervisor' })
  t.match(stepAgent(back, lift, later, rules), { reason: 'sign-in' })
  const next = stepAgent(out, signIn, later + bounds.betweenShiftsMs, rules)
  t.match(next, { reason: 'sign-in', imposed: null }, 'a new shift begins without it')
  const during = run(imposedOn(agentIn('talking')), [signOut, signIn, { ...callEnded, wrapUpMs: 0 }])
  t.match(during, { state: 'paused', reason: 'supervisor' })
})

void t.test('missed offers: a rest after each, a visible pause after too many', async (t) => {
  let agent = agentIn('offered')
  agent = stepAgent(agent, ended('no answer'), later, rules)
  t.match(agent, { state: 'ready', missed: 1, notBefore: later + bounds.restMs })
  agent = run(agent, [offered, ended('busy'), offered, ended('expired')], later)
  t.match(agent, { state: 'paused', reason: 'missed', missed: 3 })
  t.match(stepAgent(agent, ready, later, rules), { state: 'ready', missed: 0 })
  const answers = run(agentIn('offered'), [ended('declined'), offered, answered])
  t.match(answers, { missed: 1 }, 'a phone may answer and be gone before the bridge')
  const thrice = run(answers, [ended('declined'), offered, answered, ended('declined')], later)
  t.match(thrice, { state: 'paused', reason: 'missed' })
  t.match(stepAgent(answers, callEnded, later, rules), { missed: 0 }, 'a conversation forgives')
  for (const end of ['withdrawn', 'cut'] as const) {
    t.equal(isMissed(end), false)
    t.match(stepAgent(agentIn('offered'), ended(end), later, rules), {
      state: 'ready',
      missed: 0,
      notBefore: later,
    })
  }
  const failed = stepAgent(agentIn('talking'), ended('expired'), later, rules)
  t.match(failed, { state: 'ready', missed: 1 }, 'a bridge that never came to stand')
})

void t.test('a phone that never rang is no miss of the agent, who only rests', async (t) => {
  t.equal(isMissed('unreachable'), false)
  let agent = agentIn('offered')
  for (let attempt = 0; attempt < 10; attempt += 1) {
    agent = stepAgent(agent, ended('unreachable'), later, rules)
    t.match(agent, { state: 'ready', missed: 0, notBefore: later + bounds.restMs })
    agent = stepAgent(agent, offered, later + bounds.restMs, rules)
  }
  const leaving = stepAgent(agentIn('offered'), pause, later, rules)
  t.match(stepAgent(leaving, ended('unreachable'), later, rules), { state: 'paused', reason: 'meal' })
})

void t.test(
  'a phone that answers and does not ring: the second time in a row pauses its agent',
  async (t) => {
    t.equal(isMissed('did not ring'), false)
    const unrung = ended('did not ring')
    const once = stepAgent(agentIn('offered'), unrung, later, rules)
    t.match(once, { state: 'ready', missed: 0, unrung: 1, notBefore: later + bounds.restMs })
    const again = stepAgent(once, offered, later, rules)
    t.match(again, { state: 'offered', unrung: 1 })
    const twice = stepAgent(again, unrung, later, rules)
    t.match(twice, { state: 'paused', reason: 'phone', missed: 0, unrung: 2 })

    const tried = stepAgent(twice, ready, later, rules)
    t.match(tried, { state: 'ready', unrung: 1 }, 'the agent asks for one more attempt')
    t.match(stepAgent(stepAgent(tried, offered, later, rules), unrung, later, rules), { reason: 'phone' })

    for (const end of ['unreachable', 'cut'] as const)
      t.match(stepAgent(again, ended(end), later, rules), { unrung: 1 }, `${end} tells nothing about ringing`)
    const left = (afterMs: number) => stepAgent(again, ended('withdrawn'), ana.madeAt + afterMs, rules).unrung
    t.equal(left(bounds.ringsWithinMs - 1), 1)
    t.equal(left(bounds.ringsWithinMs), 0, 'the caller left a phone that would have been given up')
    for (const end of ['no answer', 'declined', 'busy'] as const)
      t.match(stepAgent(again, ended(end), later, rules), { unrung: 0 }, `${end}: the phone rang`)
    t.match(stepAgent(again, answered, later, rules), { state: 'talking', unrung: 0 })
    const other = stepAgent(once, { type: 'DeviceChosen', device: 'desk' }, later, rules)
    t.match(other, { unrung: 0 }, 'another phone may ring')
    const back = stepAgent(stepAgent(twice, signOut, later, rules), signIn, later, rules)
    t.match(back, { reason: 'sign-in', unrung: 0 })
    const leaving = stepAgent(again, pause, later, rules)
    t.match(stepAgent(leaving, unrung, later, rules), { state: 'paused', reason: 'meal' })
  },
)

void t.test('an event of another offer changes nothing', async (t) => {
  for (const state of ['offered', 'talking'] as const) {
    const agent = agentIn(state)
    const stale: AgentEvent[] = [
      { type: 'OfferAnswered', offer: ion.id },
      { type: 'OfferEnded', offer: ion.id, end: 'no answer' },
      { type: 'CallEnded', offer: ion.id, wrapUpMs: 0 },
      { type: 'OfferReplaced', lost: ion.id, offer: anaAgain },
    ]
    for (const event of stale)
      t.equal(stepAgent(agent, event, later, rules), agent, `${event.type} while ${state}`)
  }
  const mended = stepAgent(
    agentIn('talking'),
    { type: 'OfferReplaced', lost: ana.id, offer: anaAgain },
    later,
    rules,
  )
  t.match(mended, { state: 'talking', offer: anaAgain })
  t.equal(stepAgent(mended, callEnded, later, rules), mended, 'the lost leg’s end is not the call’s')
  t.equal(stepAgent(agentIn('offered'), offered, later, rules).state, 'offered', 'the same offer again')
})

void t.test('every other event leaves every state as it is', async (t) => {
  const nothing: Record<AgentState, readonly AgentEvent[]> = {
    'signed out': [ready, pause, signOut, answered, callEnded, offered, { type: 'DeadlinePassed' }],
    paused: [signIn, answered, callEnded, offered, { type: 'WrapUpEnded' }],
    ready: [signIn, ready, answered, callEnded, { type: 'DeadlinePassed' }],
    offered: [signIn, callEnded, { type: 'WrapUpEnded' }, { type: 'DeadlinePassed' }],
    talking: [signIn, answered, { type: 'WrapUpExtended', until: later }, { type: 'DeadlinePassed' }],
    'wrap-up': [signIn, offered, answered, callEnded, ended('no answer')],
  }
  for (const state of states) {
    const agent = agentIn(state)
    for (const event of nothing[state])
      t.equal(stepAgent(agent, event, t0 + 5_500, rules), agent, `${event.type} while ${state}`)
  }
})

void t.test('a second call for an engaged agent is a bug', async (t) => {
  for (const state of ['offered', 'talking'] as const)
    t.throws(() => stepAgent(agentIn(state), { ...offered, offer: ion }, later, rules), InvariantBroken)
})

void t.test('an agent without a call is freed, without a miss', async (t) => {
  for (const state of ['offered', 'talking'] as const) {
    const agent = agentIn(state)
    if (agent.state === 'offered' || agent.state === 'talking')
      t.match(stepAgent(agent, letGo(agent), later, rules), { state: 'ready', missed: 0 }, state)
  }
})

void t.test('phones are facts beside every state', async (t) => {
  for (const state of states) {
    let agent = agentIn(state)
    agent = stepAgent(agent, { type: 'PhonesChanged', desk: true, web: false }, later, rules)
    agent = stepAgent(agent, { type: 'OwnCallsChanged', ownCalls: 1 }, later, rules)
    agent = stepAgent(agent, { type: 'DeviceChosen', device: 'desk' }, later, rules)
    t.same(agent.phones, { desk: true, web: false, chosen: 'desk', ownCalls: 1 }, state)
    t.equal(agent.state, state)
    for (const event of [
      { type: 'PhonesChanged', desk: true, web: false },
      { type: 'OwnCallsChanged', ownCalls: 1 },
      { type: 'DeviceChosen', device: 'desk' },
    ] as const)
      t.equal(stepAgent(agent, event, later, rules), agent, 'the same again is no change')
  }
  const chosen = stepAgent(agentIn('paused'), { type: 'DeviceChosen', device: 'desk' }, later, rules)
  t.equal(stepAgent(chosen, signOut, later, rules).phones.chosen, null, 'the choice ends with the shift')
})

void t.test('free means ready, rested, reachable, and without a call that is not ours', async (t) => {
  const web = stepAgent(agentIn('ready'), { type: 'PhonesChanged', desk: false, web: true }, later, rules)
  t.ok(isFree(web, later))
  t.notOk(isFree(agentIn('ready'), later), 'no phone')
  t.notOk(isFree(stepAgent(web, { type: 'OwnCallsChanged', ownCalls: 1 }, later, rules), later))
  t.notOk(isFree(stepAgent(web, { type: 'DeviceChosen', device: 'desk' }, later, rules), later))
  t.notOk(isFree(stepAgent(web, pause, later, rules), later))
  const resting = stepAgent(stepAgent(web, offered, later, rules), ended('no answer'), later, rules)
  t.notOk(isFree(resting, later + bounds.restMs - 1))
  t.ok(isFree(resting, later + bounds.restMs))
  t.ok(isFree(resting, later - 1), 'no rest is so long: the clock has been set back')
})

void t.test(
  'an agent who is ready without a phone is paused after a bound, unless one is back before',
  async (t) => {
    const phone = (web: boolean): AgentEvent => ({ type: 'PhonesChanged', desk: false, web })
    const over: AgentEvent = { type: 'DeadlinePassed' }
    const reached = stepAgent(agentIn('ready'), phone(true), later, rules)
    t.match(reached, { state: 'ready', reachableBy: null })
    t.equal(agentDeadline(reached), t0 + 2_000, 'the rest')
    const lost = stepAgent(reached, phone(false), later, rules)
    const bound = later + bounds.phoneAwayMs
    t.match(lost, { state: 'ready', reachableBy: bound })
    t.equal(agentDeadline(lost), bound)
    t.equal(stepAgent(lost, over, bound - 1, rules), lost)
    t.match(stepAgent(lost, over, bound, rules), { state: 'paused', reason: 'technical', since: bound })

    const back = stepAgent(lost, phone(true), bound - 1, rules)
    t.match(back, { state: 'ready', since: reached.since, reachableBy: null }, 'nothing has happened')
    t.equal(stepAgent(back, over, bound, rules), back)

    const chosen = stepAgent(reached, { type: 'DeviceChosen', device: 'desk' }, later, rules)
    t.match(chosen, { reachableBy: bound }, 'the chosen phone is not reachable')
    const other = stepAgent(chosen, { type: 'OwnCallsChanged', ownCalls: 1 }, later + 1, rules)
    t.match(other, { reachableBy: bound }, 'the bound does not begin anew')

    const after = stepAgent(agentIn('talking'), { ...callEnded, wrapUpMs: 0 }, later, rules)
    t.match(after, { state: 'ready', reachableBy: bound }, 'lost during the call: from its end on')
    t.notOk('reachableBy' in stepAgent(lost, offered, later, rules))
  },
)

void t.test('the browser rings first, unless the agent chose', async (t) => {
  const phones = { desk: true, web: true, chosen: null, ownCalls: 0 }
  t.equal(reachableDevice(phones), 'web')
  t.equal(reachableDevice({ ...phones, web: false }), 'desk')
  t.equal(reachableDevice({ ...phones, desk: false, web: false }), null)
  t.equal(reachableDevice({ ...phones, chosen: 'desk' }), 'desk')
  t.equal(reachableDevice({ ...phones, chosen: 'desk', desk: false }), null, 'only the chosen one rings')
})
