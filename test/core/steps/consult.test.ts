/** An agent asks a colleague while the caller is on the line: to and fro, all three, handed over, or ended. */
import t from 'tap'
import type { CallEvent } from '../../../src/core/call-event.ts'
import { endBroken, step } from '../../../src/core/call-step.ts'
import type { Call, Consult, LiveCall } from '../../../src/core/call.ts'
import { callDeadline } from '../../../src/core/deadline.ts'
import { agentLegOf, bridgeOf, OfferId, sideOf } from '../../../src/core/ids.ts'
import {
  ana,
  anaAgain,
  answered,
  as,
  callIn,
  channel,
  id,
  inShort,
  offerTo,
  rules,
  run,
  t0,
} from '../samples.ts'

const later = t0 + 60_000
const dan = { ...offerTo('dan', 'leg-pbx1-1.1-d1', later), device: 'desk' as const }
const room = bridgeOf(ana.id)
const side = sideOf(dan.id)
const anasLeg = agentLegOf(ana.id)
const dansLeg = agentLegOf(dan.id)

const asked = {
  type: 'ConsultRequested',
  offer: ana.id,
  consult: dan,
  secondLine: null,
} as const satisfies CallEvent
const joined: CallEvent = { type: 'ConsultJoined', offer: ana.id }
const completed: CallEvent = { type: 'ConsultCompleted', offer: ana.id }
const cancelled: CallEvent = { type: 'ConsultCancelled', offer: ana.id }
const hold: CallEvent = { type: 'HoldRequested', offer: ana.id, by: 'desk' }
const resume: CallEvent = { type: 'ResumeRequested', offer: ana.id, by: 'phone' }
const hangUp = (offer = ana.id): CallEvent => ({ type: 'AgentHungUp', offer })
const lost = (offer = ana.id): CallEvent => ({ type: 'AgentLegLost', offer, cause: 'page reloaded' })
const passed: CallEvent = { type: 'DeadlinePassed' }

/** The colleague in each seat. */
const wayTo: Record<Consult['seat'], readonly CallEvent[]> = {
  ringing: [asked],
  side: [asked, answered(dan)],
  music: [asked, answered(dan), resume],
  room: [asked, answered(dan), joined],
}
const consulting = (seat: Consult['seat']): LiveCall =>
  run(callIn('talking'), wayTo[seat], later).call as LiveCall
const now = later + 10_000
const next = (call: Call, event: CallEvent) => step(call, event, now, rules)
const danFreed = { agent: 'dan', event: { type: 'CallEnded', offer: dan.id, wrapUpMs: 0 } }
const anaWrapsUp = { agent: 'ana', event: { type: 'CallEnded', offer: ana.id, wrapUpMs: rules.wrapUpMs } }

void t.test('the caller hears music while the colleague’s phone rings', async (t) => {
  for (const phase of ['talking', 'held'] as const) {
    const { call, effects, agents } = step(callIn(phase), asked, later, rules)
    t.match(call, { phase: 'held', consult: { offer: dan, seat: 'ringing' }, room })
    t.same(agents, [{ agent: 'dan', event: { type: 'Offered', call: id, offer: dan } }])
    const left = phase === 'talking' ? [`Leave ${room}`, `StartMusic ${channel}`] : []
    t.same(inShort(effects), [...left, `RingAgent ${dan.id}`], phase)
    t.equal(callDeadline(call), dan.expiresAt)
  }
  const { call } = next(callIn('talking'), asked)
  t.equal(next(call, { ...asked, consult: offerTo('ion', 'leg-x') }).call, call, 'one colleague at a time')
  t.equal(next(callIn('talking'), { ...asked, offer: OfferId('o9') }).call.phase, 'talking', 'a late wish')
})

void t.test('the agent and the colleague hear each other, and the caller neither', async (t) => {
  const { call, effects, agents } = next(consulting('ringing'), answered(dan))
  t.match(call, { phase: 'held', consult: { seat: 'side' } })
  t.same(agents, [{ agent: 'dan', event: { type: 'OfferAnswered', offer: dan.id } }])
  t.same(effects, [
    { do: 'Connect', bridge: side, channels: [anasLeg, dansLeg] },
    { do: 'Mute', channel: anasLeg, muted: false },
  ])
  t.match(call.others, [{ id: dan.id, role: 'consulted', agent: 'dan', from: now, until: null }])
  t.match(call.legs, [{ agent: 'ana', until: null }])
  t.equal(next(call, answered(dan)).call, call, 'reported twice')
})

void t.test('resume and hold go to and fro between the two', async (t) => {
  const toCaller = next(consulting('side'), resume)
  t.match(toCaller.call, { phase: 'talking', consult: { seat: 'music' } })
  t.same(inShort(toCaller.effects), [`Leave ${side}`, `StartMusic ${dansLeg}`, `Connect ${room}`])
  const back = next(toCaller.call, hold)
  t.match(back.call, { phase: 'held', consult: { seat: 'side' } })
  t.same(inShort(back.effects), [
    `Leave ${room}`,
    `StartMusic ${channel}`,
    `StopMusic ${dansLeg}`,
    `Connect ${side}`,
  ])
})

void t.test('a colleague who answers while the agent talks with the caller waits with music', async (t) => {
  const talks = next(consulting('ringing'), resume).call
  t.match(talks, { phase: 'talking', consult: { seat: 'ringing' } })
  const { call, effects } = next(talks, answered(dan))
  t.match(call, { phase: 'talking', consult: { seat: 'music' } })
  t.same(inShort(effects), [`StartMusic ${dansLeg}`, `BuildBridge ${side}`])
})

void t.test('all three hear each other, from either side', async (t) => {
  for (const [seat, first] of [
    ['side', [`Connect ${room}`]],
    ['music', [`StopMusic ${dansLeg}`, `Join ${room}`]],
  ] as const) {
    const { call, effects } = next(consulting(seat), joined)
    t.match(call, { phase: 'talking', consult: { seat: 'room' } }, seat)
    t.same(inShort(effects), first)
  }
  t.equal(next(consulting('ringing'), joined).call.phase, 'held', 'not before the colleague is there')
  const held = next(consulting('room'), hold)
  t.match(held.call, { phase: 'held', consult: { seat: 'side' } }, 'the caller waits, the two talk')
  t.same(held.effects, [
    { do: 'Leave', bridge: room, channels: [channel] },
    { do: 'StartMusic', channel, queue: 'city' },
    { do: 'Connect', bridge: side, channels: [anasLeg, dansLeg] },
  ])
})

void t.test('the caller stays with the colleague, and the agent wraps up', async (t) => {
  for (const event of [completed, hangUp()])
    for (const seat of ['side', 'music', 'room'] as const) {
      const { call, effects, agents } = next(consulting(seat), event)
      t.match(call, {
        phase: 'talking',
        offer: dan,
        room,
        lastAgent: 'dan',
        consult: null,
        transfer: { by: 'ana', to: { agent: 'dan' }, at: now, state: 'taken' },
      })
      t.same(agents, [anaWrapsUp], `${event.type} in ${seat}`)
      t.same(
        call.legs.map(({ agent, until }) => [agent, until]),
        [
          ['ana', now],
          ['dan', null],
        ],
      )
      t.match(call.others, [{ role: 'consulted', until: now }])
      t.match(effects[0], { do: 'HangUp', channel: anasLeg })
      const joins = effects.filter(({ do: what }) => what === 'Join' || what === 'Connect')
      t.same(joins.length, seat === 'room' ? 0 : 1, 'nobody who is in the room is moved')
    }
})

void t.test('a caller handed over while the phone rings is offered to that colleague', async (t) => {
  const { call, agents, effects } = next(consulting('ringing'), completed)
  t.match(call, {
    phase: 'ringing',
    offer: dan,
    consult: null,
    priority: 0,
    transfer: { by: 'ana', state: 'under way' },
  })
  t.same(agents, [anaWrapsUp])
  t.same(inShort(effects), [
    `HangUp ${anasLeg}`,
    `DestroyBridge ${room}`,
    `StartMusic ${channel}`,
    `BuildBridge ${bridgeOf(dan.id)}`,
  ])
  t.match(next(call, answered(dan)).call, { phase: 'connecting', offer: dan })
  const declined = next(call, { type: 'OfferEnded', offer: dan.id, end: 'declined' }).call
  t.match(declined, { phase: 'waiting', transfer: { state: 'failed' }, reservedFor: { agent: 'ana' } })
})

void t.test('a consultation that is ended gives the caller back to the agent', async (t) => {
  const { call, effects, agents } = next(consulting('side'), cancelled)
  t.match(call, { phase: 'talking', offer: ana, consult: null })
  t.same(agents, [danFreed])
  t.same(inShort(effects), [`HangUp ${dansLeg}`, `Connect ${room}`, `DestroyBridge ${side}`])
  t.same(next(consulting('ringing'), cancelled).agents, [
    { agent: 'dan', event: { type: 'OfferEnded', offer: dan.id, end: 'withdrawn' } },
  ])
  t.same(
    next(consulting('room'), cancelled).agents,
    [{ agent: 'dan', event: { type: 'CallEnded', offer: dan.id, wrapUpMs: rules.wrapUpMs } }],
    'a colleague who talked with the caller has notes to write',
  )
  for (const event of [cancelled, completed, joined])
    t.equal(next(callIn('talking'), event).call.phase, 'talking', 'nobody is asked')
  const other = { ...cancelled, offer: OfferId('o9') } as CallEvent
  t.match(next(consulting('side'), other).call, { consult: { seat: 'side' } }, 'a late wish')
  const late = { ...completed, offer: OfferId('o9') } as CallEvent
  t.match(next(consulting('side'), late).call, { consult: { seat: 'side' } })
})

void t.test(
  'a colleague who was in the room keeps the wrap-up, wherever they sit when they leave',
  async (t) => {
    const wrapsUp = [{ agent: 'dan', event: { type: 'CallEnded', offer: dan.id, wrapUpMs: rules.wrapUpMs } }]
    const aside = next(consulting('room'), hold).call
    t.match(aside, { consult: { seat: 'side' } })
    t.same(next(aside, hangUp(dan.id)).agents, wrapsUp)
    const waits = next(aside, resume).call
    t.match(waits, { consult: { seat: 'music' } })
    t.same(next(waits, cancelled).agents, wrapsUp)
    const older = {
      ...consulting('room'),
      consult: { offer: dan, seat: 'room', secondLine: null },
    } as LiveCall
    t.same(next(older, cancelled).agents, wrapsUp, 'of an older release')
  },
)

void t.test('a colleague who hangs up or is lost leaves the caller waiting for the agent', async (t) => {
  for (const event of [
    hangUp(dan.id),
    lost(dan.id),
    { type: 'OfferEnded', offer: dan.id, end: 'cut' } as const,
  ]) {
    const { call, agents } = next(consulting('side'), event)
    t.match(call, { phase: 'held', consult: null, offer: ana })
    t.same(agents, [danFreed], event.type)
    t.match(next(consulting('room'), event).call, { phase: 'talking', consult: null, offer: ana })
  }
  const declined: CallEvent = { type: 'OfferEnded', offer: dan.id, end: 'declined' }
  const { call, agents } = next(consulting('ringing'), declined)
  t.match(call, { phase: 'held', consult: null })
  t.same(agents, [{ agent: 'dan', event: { type: 'OfferEnded', offer: dan.id, end: 'declined' } }])
  const expired = step(consulting('ringing'), passed, dan.expiresAt, rules)
  t.match(expired.call, { phase: 'held', consult: null })
  t.match(expired.agents, [{ agent: 'dan', event: { end: 'expired' } }])
  t.equal(next(consulting('ringing'), passed).call.consult?.seat, 'ringing', 'too early')
  const mute: CallEvent = { type: 'MuteRequested', offer: dan.id, muted: true }
  t.match(next(consulting('room'), mute).call, { muted: false }, 'the colleague commands nothing')
})

void t.test('nobody is left in a call whose caller is gone', async (t) => {
  for (const seat of ['ringing', 'side', 'music', 'room'] as const) {
    const { call, effects, agents } = next(consulting(seat), { type: 'CallerHungUp' })
    t.equal(call.phase, 'ended')
    t.same(new Set(agents.map(({ agent }) => agent)), new Set(['ana', 'dan']), seat)
    for (const leg of [anasLeg, dansLeg])
      t.ok(effects.some((effect) => effect.do === 'HangUp' && effect.channel === leg))
    const broken = endBroken(consulting(seat), now)
    t.same(
      broken.agents.map(({ agent }) => agent),
      ['ana', 'dan'],
    )
    for (const leg of [anasLeg, dansLeg])
      t.ok(broken.effects.some((effect) => effect.do === 'HangUp' && effect.channel === leg))
  }
})

void t.test('an agent whose leg is lost comes back to the same three', async (t) => {
  const rung: CallEvent = { type: 'ReturnOffered', offer: anaAgain }
  const shared = next(consulting('room'), lost())
  t.match(shared.call, { phase: 'reconnecting', room, consult: { seat: 'room' } })
  t.same(inShort(shared.effects), [`HangUp ${anasLeg}`], 'the other two go on talking')
  const back = run(shared.call, [rung, answered(anaAgain), { type: 'Bridged', bridge: room }], now)
  t.match(back.call, { phase: 'talking', offer: anaAgain, room, consult: { seat: 'room' } })
  t.same(
    run(shared.call, [rung, answered(anaAgain)], now).effects,
    [{ do: 'Join', bridge: room, channels: [agentLegOf(anaAgain.id)] }],
    'only the agent is moved',
  )

  const aside = next(consulting('side'), lost())
  t.match(aside.call, { phase: 'reconnecting', consult: { seat: 'music' } })
  const again = run(
    aside.call,
    [rung, answered(anaAgain), { type: 'Bridged', bridge: bridgeOf(anaAgain.id) }],
    now,
  )
  t.match(again.call, { phase: 'talking', room: bridgeOf(anaAgain.id), consult: { seat: 'music' } })
  t.match(next(consulting('ringing'), lost()).call, { phase: 'reconnecting', consult: { seat: 'ringing' } })
})

void t.test('when the agent does not come back, the caller is the colleague’s', async (t) => {
  for (const seat of ['side', 'music', 'room'] as const) {
    const gone = as(next(consulting(seat), lost()).call, 'reconnecting')
    const { call, effects } = step(gone, passed, gone.until, rules)
    const there = seat === 'room' ? room : bridgeOf(dan.id)
    t.match(call, { phase: 'talking', offer: dan, room: there, consult: null })
    const connects = effects.filter(({ do: what }) => what === 'Connect')
    t.same(connects, seat === 'room' ? [] : [{ do: 'Connect', bridge: there, channels: [channel, dansLeg] }])
  }
  const atDesk = next(next(consulting('side'), lost()).call, hangUp())
  t.match(atDesk.call, { phase: 'talking', offer: dan })
  const connecting = run(next(consulting('music'), lost()).call, [
    { type: 'ReturnOffered', offer: anaAgain },
    answered(anaAgain),
  ])
  t.match(step(connecting.call, hangUp(anaAgain.id), now, rules).call, { phase: 'talking', offer: dan })
})

void t.test(
  'a colleague who has taken the caller over and loses the leg is mended like any agent',
  async (t) => {
    const gone = next(next(consulting('side'), completed).call, lost(dan.id)).call
    const again = { ...dan, id: OfferId('leg-pbx1-1.1-d2') }
    const connecting = run(gone, [{ type: 'ReturnOffered', offer: again }, answered(again)], now).call
    t.equal(connecting.phase, 'connecting')
    t.same(next(connecting, { type: 'CallerHungUp' }).agents, [
      { agent: 'dan', event: { type: 'CallEnded', offer: again.id, wrapUpMs: rules.wrapUpMs } },
    ])
  },
)

void t.test('a transfer ends the consultation', async (t) => {
  const { call, agents } = next(consulting('side'), {
    type: 'TransferRequested',
    offer: ana.id,
    to: { agent: offerTo('ion', 'o3').agent },
  })
  t.match(call, { phase: 'waiting', consult: null })
  t.same(agents, [anaWrapsUp, danFreed])
})
