/** Parties outside the contact centre: asked, brought in, given the caller; and when they do not answer or leave. */
import t from 'tap'
import type { CallEvent } from '../../../src/core/call-event.ts'
import { endBroken, step } from '../../../src/core/call-step.ts'
import type { Call, LiveCall } from '../../../src/core/call.ts'
import { callDeadline } from '../../../src/core/deadline.ts'
import { agentLegOf, bridgeOf, OfferId, sideOf } from '../../../src/core/ids.ts'
import { externalIn, externalOf } from '../../../src/core/leg.ts'
import { isStillWanted } from '../../../src/core/media/media-effects.ts'
import { mediaPlan } from '../../../src/core/media/media-plan.ts'
import type { Offer } from '../../../src/core/offer.ts'
import { bounds } from '../../../src/core/rules.ts'
import { ana, as, callIn, channel, inShort, offerTo, registry, rules, run, sentOut, t0 } from '../samples.ts'

const later = t0 + 60_000
const now = later + 10_000
const party = { ...registry, id: OfferId('leg-pbx1-1.1-x1'), madeAt: later, expiresAt: later + 65_000 }
const leg = agentLegOf(party.id)
const side = sideOf(party.id)
const room = bridgeOf(ana.id)
const anasLeg = agentLegOf(ana.id)

const asked: CallEvent = { type: 'ConsultRequested', offer: ana.id, consult: party, secondLine: null }
const joins: CallEvent = { ...asked, joins: true }
const picksUp: CallEvent = { type: 'AgentAnswered', offer: party.id }
const joined: CallEvent = { type: 'ConsultJoined', offer: ana.id }
const completed: CallEvent = { type: 'ConsultCompleted', offer: ana.id }
const resume: CallEvent = { type: 'ResumeRequested', offer: ana.id, by: 'phone' }
const passed: CallEvent = { type: 'DeadlinePassed' }
const byCaller: CallEvent = { type: 'CallerHungUp' }
const leaves = (offer = party.id): CallEvent => ({ type: 'AgentHungUp', offer })
const ended = (end: 'busy' | 'no answer' | 'unreachable', offer = party.id): CallEvent => ({
  type: 'OfferEnded',
  offer,
  end,
})

const consulting = (...events: readonly CallEvent[]): LiveCall =>
  run(callIn('talking'), [asked, ...events], later).call as LiveCall
const next = (call: Call, event: CallEvent, at = now) => step(call, event, at, rules)
const wrapsUp = { agent: 'ana', event: { type: 'CallEnded', offer: ana.id, wrapUpMs: rules.wrapUpMs } }
const comesBack = { agent: 'ana', event: { type: 'CallReturned', call: 'pbx1-1.1' } }

void t.test(
  'the agent hears the ringing tone while the contact is dialled, and the caller music',
  async (t) => {
    const { call, effects, agents } = next(callIn('talking'), asked)
    t.match(call, { phase: 'held', consult: { offer: party, seat: 'ringing' }, others: [] })
    t.same(agents, [], 'no agent of ours is rung')
    t.same(inShort(effects), [
      `Leave ${room}`,
      `StartMusic ${channel}`,
      `StartRingback ${anasLeg}`,
      `DialExternal ${leg}`,
    ])
    t.match(effects.at(-1), { number: '0256408300', ringTimeoutMs: 45_000, call: 'pbx1-1.1' })
    t.equal(callDeadline(call), party.expiresAt)
    t.equal(externalIn(call), null, 'nobody hears anything yet')
    t.equal(externalOf(call)?.id, party.id)
  },
)

void t.test('once put through, the two talk aside; the party is on record and not recorded', async (t) => {
  const { call, effects } = next(consulting(), picksUp)
  t.match(call, {
    phase: 'held',
    consult: { seat: 'side' },
    others: [{ role: 'external', contact: 'registry', name: 'Stare civilă', from: now, until: null }],
  })
  t.same(inShort(effects), [`StopRingback ${anasLeg}`, `Connect ${side}`])
  t.match(externalIn(call), { isInRoom: false })
  t.equal(mediaPlan(call).legs.find((one) => one.channel === leg)?.recorder, 'none')
  t.same(next(call, picksUp).call, call, 'twice is once')
})

void t.test('to and fro, and all three', async (t) => {
  const music = consulting(picksUp, resume)
  t.match(music, { phase: 'talking', consult: { seat: 'music' } })
  t.match(mediaPlan(music).legs[1], { channel: leg, seat: { at: 'music' } })
  const three = consulting(picksUp, joined)
  t.match(three, { phase: 'talking', consult: { seat: 'room' } })
  t.match(externalIn(three), { external: party, isInRoom: true })
  t.match(mediaPlan(three).legs[1], { channel: leg, seat: { at: 'room', room } })
})

void t.test('an interpreter joins as soon as they answer', async (t) => {
  const rung = next(callIn('talking'), joins).call
  t.match(next(rung, picksUp).call, { phase: 'talking', consult: { seat: 'room' } })
  t.match(next(next(rung, resume).call, picksUp).call, { phase: 'talking', consult: { seat: 'room' } })
  const lost = next(rung, { type: 'AgentLegLost', offer: ana.id, cause: 'page reloaded' }).call
  t.match(next(lost, picksUp).call, { phase: 'reconnecting', consult: { seat: 'music' } })
})

void t.test('a party who does not answer or leaves: the caller stays with the agent', async (t) => {
  for (const event of [ended('busy'), ended('unreachable')])
    t.match(next(consulting(), event), { call: { phase: 'held', consult: null }, agents: [] })
  t.match(next(consulting(), passed, party.expiresAt), { call: { phase: 'held', consult: null }, agents: [] })
  t.match(next(consulting(picksUp), leaves()), {
    call: { phase: 'held', consult: null, others: [{ until: now }] },
    agents: [],
  })
  const cancelled = next(consulting(picksUp), { type: 'ConsultCancelled', offer: ana.id })
  t.match(cancelled.call, { phase: 'talking', consult: null })
  t.ok(inShort(cancelled.effects).includes(`HangUp ${leg}`))
})

void t.test('the agent gives the caller to the party, by key, by hanging up or by being lost', async (t) => {
  const three = consulting(picksUp, joined)
  const given = next(three, completed)
  t.match(given.call, {
    phase: 'transferred',
    external: party,
    room,
    until: now + bounds.transferredMs,
    consult: null,
    transfer: { by: 'ana', from: 'city', to: { contact: 'registry' }, state: 'taken' },
    others: [{ role: 'external', until: null }],
    legs: [{ agent: 'ana', until: now }],
  })
  t.same(given.agents, [wrapsUp])
  t.same(inShort(given.effects), [`HangUp ${anasLeg}`, `DestroyBridge ${side}`], 'the two are not disturbed')
  t.equal(callDeadline(given.call), now + bounds.transferredMs)
  t.match(externalIn(given.call), { isInRoom: true })
  t.match(next(three, leaves(ana.id)).call, { phase: 'transferred' })
  const aside = next(consulting(picksUp), completed)
  t.match(aside.call, { phase: 'transferred', room, heldMs: now - later - 1_000 })
  const lost = next(three, { type: 'AgentLegLost', offer: ana.id, cause: 'phone gone' }).call
  t.match(lost, { phase: 'reconnecting', consult: { seat: 'room' } })
  t.match(next(lost, passed, now + rules.reconnectMs).call, { phase: 'transferred', room })
  const alone = next(consulting(picksUp), { type: 'AgentLegLost', offer: ana.id, cause: 'phone gone' }).call
  t.match(
    next(alone, passed, now + rules.reconnectMs).call,
    { phase: 'waiting', priority: 0, consult: null },
    'a voicemail may have picked up: the caller has not met the party',
  )
  t.match(next(alone, leaves(ana.id)).call, { phase: 'transferred', room: bridgeOf(party.id) })
})

void t.test('a supervisor who has joined stays with the caller and the party; others leave', async (t) => {
  const by = (agent: string) => offerTo(agent, `leg-pbx1-1.1-${agent}`, later)
  const [vera, zoe, mia] = [by('vera'), by('zoe'), by('mia')]
  const supervised = (call: Call): Call => {
    const rung = [vera, zoe, mia].reduce<Call>(
      (before, supervision) =>
        next(before, { type: 'SupervisorRung', supervision, mode: supervision === zoe ? 'whisper' : 'barge' })
          .call,
      call,
    )
    const up = (before: Call, { id: offer }: Offer) => next(before, { type: 'AgentAnswered', offer }).call
    return up(up(rung, vera), zoe)
  }
  const three = supervised(next(next(callIn('talking'), joins).call, picksUp).call)
  const lost = next(three, { type: 'AgentLegLost', offer: ana.id, cause: 'phone gone' }).call
  for (const { call, effects } of [
    next(lost, passed, now + rules.reconnectMs),
    next(three, leaves(ana.id)),
    next(three, completed),
    next(supervised(consulting(picksUp)), completed),
  ]) {
    t.match(call, { phase: 'transferred', room, supervisions: [{ offer: vera, mode: 'barge' }] })
    t.equal(call.supervisions.length, 1)
    const { caller, legs } = mediaPlan(call)
    for (const { seat } of [...(caller === null ? [] : [caller]), ...legs]) t.same(seat, { at: 'room', room })
    t.same(
      legs.map(({ channel, recorder }) => [channel, recorder]),
      [leg, agentLegOf(vera.id)].map((one) => [one, 'none']),
    )
    for (const gone of [zoe, mia]) t.ok(inShort(effects).includes(`HangUp ${agentLegOf(gone.id)}`))
    t.match(next(call, leaves(vera.id)).call, { phase: 'transferred', supervisions: [] }, 'the two talk on')
    t.match(next(call, leaves(party.id)).call, { phase: 'ended', supervisions: [] })
  }
  t.same(next(supervised(callIn('talking')), sentOut()).call.supervisions, [], 'nobody is in the room')
})

void t.test(
  'an agent who hangs up while a third is still dialled ends the conversation; from hold, the caller waits for the contact',
  async (t) => {
    const over = { phase: 'ended', endedBy: 'agent' }
    t.match(next(consulting(resume), leaves(ana.id)).call, over)
    const third = next(callIn('talking'), joins).call
    const { call, effects } = next(third, leaves(ana.id))
    t.match(call, over)
    t.ok(inShort(effects).includes(`HangUp ${leg}`))
    t.match(next(third, completed).call, { phase: 'transferring' }, 'asked for')
    t.match(next(consulting(), leaves(ana.id)).call, { phase: 'transferring' })
  },
)

void t.test('nobody is joined while the agent’s phone has the caller on hold', async (t) => {
  const held = next(callIn('talking'), { type: 'HoldRequested', offer: ana.id, by: 'phone' }).call
  const asking = next(held, joins).call
  t.match(next(asking, picksUp).call, { phase: 'held', byPhone: true, consult: { seat: 'side' } })
})

void t.test('a caller who is given away while the contact is dialled waits for the contact', async (t) => {
  const { call, effects, agents } = next(consulting(), completed)
  t.match(call, { phase: 'transferring', external: party, transfer: { state: 'under way' } })
  t.same(agents, [wrapsUp])
  t.notOk(inShort(effects).includes(`HangUp ${leg}`), 'the contact is dialled once')
  t.match(next(call, picksUp).call, { phase: 'transferred', external: party })
})

void t.test('a caller is sent to a contact, who answers', async (t) => {
  const sent = next(callIn('talking'), sentOut())
  t.match(sent.call, {
    phase: 'transferring',
    external: registry,
    supervisions: [],
    transfer: { by: 'ana', to: { contact: 'registry' }, state: 'under way' },
  })
  t.same(sent.agents, [wrapsUp])
  t.same(inShort(sent.effects), [
    `HangUp ${anasLeg}`,
    `DestroyBridge ${room}`,
    `StartMusic ${channel}`,
    `DialExternal ${agentLegOf(registry.id)}`,
  ])
  const dial = sent.effects.at(-1)
  t.ok(dial && isStillWanted(dial, sent.call as LiveCall))
  t.notOk(dial && isStillWanted(dial, callIn('transferred') as LiveCall))
  t.equal(callDeadline(sent.call), registry.expiresAt)
  const talks = callIn('transferred')
  t.match(talks, { transfer: { state: 'taken' }, others: [{ role: 'external' }] })
  t.equal(next(talks, passed).call, talks, 'not yet')
  t.match(next(talks, passed, as(talks, 'transferred').until).call, { phase: 'ended', endedBy: 'system' })
  for (const event of [leaves(registry.id), ended('busy', registry.id)])
    t.match(next(talks, event).call, { phase: 'ended', outcome: 'answered', endedBy: 'external' })
  t.equal(next(talks, leaves()).call, talks, 'of another attempt')
  const unseen = (offer = registry.id): CallEvent => ({ type: 'AgentLegLost', offer, cause: 'restart' })
  t.match(next(talks, unseen()).call, { phase: 'waiting', priority: 0 }, 'the caller is still there')
  t.equal(next(talks, unseen(party.id)).call, talks)
  t.match(next(talks, { ...unseen(), cause: 'no audio' } as CallEvent).call, { phase: 'ended' })
})

void t.test('a contact who does not answer gives the caller back to the sender, once', async (t) => {
  const sent = callIn('transferring')
  t.equal(externalIn(sent), null, 'nobody has answered')
  for (const event of [ended('busy', registry.id), leaves(registry.id), passed]) {
    const { call, agents } = next(sent, event, registry.expiresAt)
    t.match(call, {
      phase: 'waiting',
      queue: 'city',
      priority: 0,
      reservedFor: { agent: 'ana', until: registry.expiresAt + bounds.reservedMs },
      transfer: { state: 'failed' },
    })
    t.same(agents, [comesBack])
    t.match(next(call, passed, registry.expiresAt + bounds.reservedMs).call, { reservedFor: null })
  }
  t.equal(next(sent, passed, registry.expiresAt - 1).call, sent, 'not yet')
  for (const event of [leaves(), ended('no answer'), picksUp]) t.equal(next(sent, event).call, sent, 'late')
  t.match(next({ ...as(sent, 'transferring'), transfer: null }, passed, registry.expiresAt), {
    call: { phase: 'waiting', reservedFor: null },
    agents: [],
  })
})

void t.test('the caller, or a supervisor, ends it', async (t) => {
  for (const phase of ['transferring', 'transferred'] as const) {
    t.match(next(callIn(phase), byCaller).call, { phase: 'ended', outcome: 'answered', endedBy: 'caller' })
    const { call, effects } = next(callIn(phase), { type: 'CallEndedBySupervisor', by: ana.agent })
    t.match(call, { phase: 'ended', outcome: 'answered', endedBy: 'supervisor' })
    t.ok(inShort(effects).includes(`HangUp ${agentLegOf(registry.id)}`))
    t.match(endBroken(callIn(phase) as LiveCall, now), { agents: [] })
  }
})

void t.test('a colleague may be asked to join at once, too', async (t) => {
  const dan = offerTo('dan', 'leg-pbx1-1.1-d1', later)
  const rung = next(callIn('talking'), {
    type: 'ConsultRequested',
    offer: ana.id,
    consult: dan,
    joins: true,
    secondLine: null,
  })
  t.match(next(rung.call, { type: 'AgentAnswered', offer: dan.id }).call, { consult: { seat: 'room' } })
  t.equal(externalIn(rung.call), null)
  t.equal(externalOf(callIn('talking')), null, 'nobody is asked')
})
