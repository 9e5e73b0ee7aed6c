/** An agent asks a colleague by the second line of their desk phone: where both lines sit, and how each ends. */
import t from 'tap'
import type { CallEvent } from '../../../src/core/call-event.ts'
import { endBroken, step } from '../../../src/core/call-step.ts'
import type { Call, LiveCall } from '../../../src/core/call.ts'
import {
  agentLegOf,
  bridgeOf,
  callerLegOf,
  ChannelId,
  earOf,
  OfferId,
  secondEarOf,
  sideOf,
} from '../../../src/core/ids.ts'
import { mediaPlan, widestPlan } from '../../../src/core/media/media-plan.ts'
import { ana, answered, callIn, channel, id, inShort, offerTo, rules, run, t0 } from '../samples.ts'

const now = t0 + 70_000
const dan = offerTo('dan', 'leg-pbx1-1.1-d1', now)
const vera = offerTo('vera', 'leg-pbx1-1.1-v1', now)
const line = ChannelId('pbx1-1.9')
const room = bridgeOf(ana.id)
const side = sideOf(dan.id)
const anasLeg = agentLegOf(ana.id)
const dansLeg = agentLegOf(dan.id)

const keyHold: CallEvent = { type: 'HoldRequested', offer: ana.id, by: 'phone' }
const deskHold: CallEvent = { type: 'HoldRequested', offer: ana.id, by: 'desk' }
const resume: CallEvent = { type: 'ResumeRequested', offer: ana.id, by: 'phone' }
const deskResume: CallEvent = { type: 'ResumeRequested', offer: ana.id, by: 'desk' }
const dialled: CallEvent = { type: 'ConsultRequested', offer: ana.id, consult: dan, secondLine: line }
const lineHeld: CallEvent = { type: 'SecondLineHeld', offer: ana.id, held: true }
const lineTaken: CallEvent = { type: 'SecondLineHeld', offer: ana.id, held: false }
const joined: CallEvent = { type: 'ConsultJoined', offer: ana.id }
const completed: CallEvent = { type: 'ConsultCompleted', offer: ana.id }
const cancelled: CallEvent = { type: 'ConsultCancelled', offer: ana.id }
const lineEnded: CallEvent = { type: 'SecondLineEnded', offer: ana.id }
const hangUp = (offer = ana.id): CallEvent => ({ type: 'AgentHungUp', offer })

const ringing = [keyHold, dialled]
const aside = [...ringing, answered(dan)]
/** The phone has both lines on hold, then the caller's is taken. */
const both = [...aside, lineHeld]
const back = [...both, resume]
const after = (events: readonly CallEvent[]): LiveCall => run(callIn('talking'), events, now).call as LiveCall
const next = (call: Call, event: CallEvent) => step(call, event, now + 60_000, rules)
/** Where the caller, the agent's two lines and the colleague sit. */
const seats = (call: Call): Record<string, string> => {
  const { caller, legs } = mediaPlan(call)
  const all = [...(caller === null ? [] : [caller]), ...legs]
  const short: Record<string, string> = { [room]: 'room', [side]: 'side' }
  return Object.fromEntries(
    all.map(({ channel, seat }) => [
      names[channel] ?? channel,
      'room' in seat ? (short[seat.room] ?? '?') : seat.at,
    ]),
  )
}
const names: Record<string, string> = {
  [channel]: 'caller',
  [anasLeg]: 'first',
  [line]: 'second',
  [dansLeg]: 'dan',
}

void t.test(
  'the second line hears the ringing tone, then the colleague; the caller hears music',
  async (t) => {
    const asked = next(after([keyHold]), dialled)
    t.match(asked.call, {
      phase: 'held',
      byPhone: true,
      consult: { seat: 'ringing', secondLine: { channel: line, isActive: true, isHeld: false } },
    })
    t.same(inShort(asked.effects), [`StartRingback ${line}`, `RingAgent ${dan.id}`])
    t.same(seats(asked.call), { caller: 'music', first: 'nowhere', second: 'ringback', dan: 'nowhere' })
    const { call, effects } = next(asked.call, answered(dan))
    t.same(effects, [
      { do: 'StopRingback', channel: line },
      { do: 'Connect', bridge: side, channels: [line, dansLeg] },
    ])
    t.same(seats(call), { caller: 'music', first: 'nowhere', second: 'side', dan: 'side' })
    const plan = mediaPlan(call)
    t.equal(
      plan.legs.find((leg) => leg.channel === line)?.recorder,
      'none',
      'the colleague’s leg is recorded',
    )
  },
)

void t.test('the phone’s keys go to and fro, in whichever order they are reported', async (t) => {
  t.same(
    seats(after(both)),
    { caller: 'music', first: 'nowhere', second: 'nowhere', dan: 'music' },
    'both on hold',
  )
  t.match(after(both), { phase: 'held', byPhone: true, consult: { seat: 'music' } })
  for (const order of [
    [lineHeld, resume],
    [resume, lineHeld],
  ]) {
    const call = after([...aside, ...order])
    t.match(call, { phase: 'talking', consult: { seat: 'music', secondLine: { isHeld: true } } })
    t.same(seats(call), { caller: 'room', first: 'room', second: 'nowhere', dan: 'music' })
  }
  for (const order of [
    [keyHold, lineTaken],
    [lineTaken, keyHold],
  ]) {
    const call = after([...back, ...order])
    t.match(call, { phase: 'held', byPhone: true, consult: { seat: 'side', secondLine: { isHeld: false } } })
    t.same(seats(call), { caller: 'music', first: 'nowhere', second: 'side', dan: 'side' })
  }
  for (const order of [
    [lineHeld, resume],
    [resume, lineHeld],
  ])
    t.match(
      seats(after([...aside, joined, ...order])),
      { caller: 'room', first: 'room', second: 'nowhere' },
      'from all three, too',
    )
  t.same(seats(after([...back, keyHold])), {
    caller: 'music',
    first: 'nowhere',
    second: 'nowhere',
    dan: 'music',
  })
  const again = after(both)
  t.equal(next(again, lineHeld).call, again, 'reported twice')
  t.equal(next(callIn('held'), lineHeld).call.consult, null, 'no second line')
  t.equal(next(again, { ...lineTaken, offer: OfferId('o9') }).call, again, 'of another offer')
  const rings = after([...ringing, resume])
  t.match(rings, { phase: 'talking', consult: { seat: 'ringing' } })
  t.same(seats(rings), { caller: 'room', first: 'room', second: 'ringback', dan: 'nowhere' })
  t.match(next(rings, answered(dan)).call, { phase: 'talking', consult: { seat: 'music' } })
  t.match(next(rings, lineTaken).call, { phase: 'held', consult: { seat: 'ringing' } })
})

void t.test(
  'a phone cannot put on hold a line that rings: back there, the agent hears the colleague',
  async (t) => {
    const turned = [...ringing, resume]
    for (const events of [
      [...turned, answered(dan), keyHold],
      [...turned, keyHold, answered(dan)],
      [...turned, answered(dan), joined, keyHold],
    ]) {
      const call = after(events)
      t.match(call, { phase: 'held', byPhone: true, consult: { seat: 'side' } })
      t.same(seats(call), { caller: 'music', first: 'nowhere', second: 'side', dan: 'side' })
    }
    t.same(
      seats(after([...turned, keyHold])),
      { caller: 'music', first: 'nowhere', second: 'ringback', dan: 'nowhere' },
      'the colleague still rings',
    )
    const late = after([...turned, answered(dan), lineHeld])
    t.match(late, { phase: 'talking', consult: { seat: 'music' } }, 'put on hold once it is answered')
    t.same(seats(next(late, keyHold).call), {
      caller: 'music',
      first: 'nowhere',
      second: 'nowhere',
      dan: 'music',
    })
  },
)

void t.test(
  'from the desk: to the colleague by the line that the phone has active, and all three',
  async (t) => {
    const byFirst = after([...back, deskHold])
    t.match(byFirst, { phase: 'held', byPhone: false, consult: { seat: 'side' } })
    t.same(seats(byFirst), { caller: 'music', first: 'side', second: 'nowhere', dan: 'side' })
    t.match(
      next(byFirst, keyHold).call,
      { byPhone: true, consult: { seat: 'music' } },
      'and now by the key as well',
    )
    const three = after([...aside, joined])
    t.same(seats(three), { caller: 'room', first: 'nowhere', second: 'room', dan: 'room' })
    t.same(seats(after([...back, joined])), { caller: 'room', first: 'room', second: 'nowhere', dan: 'room' })
    const muted = next(three, { type: 'MuteRequested', offer: ana.id, muted: true })
    t.same(muted.effects, [{ do: 'Mute', channel: line, muted: true }])
    t.match(next(three, deskHold).call, { phase: 'held', byPhone: true, consult: { seat: 'side' } })
    t.match(
      next(three, lineHeld).call,
      { phase: 'held', byPhone: true, consult: { seat: 'music' } },
      'nobody is left beside an empty line',
    )
  },
)

const ends = [
  [ringing, 'held'],
  [aside, 'held'],
  [both, 'held'],
  [back, 'talking'],
  [[...aside, joined], 'held'],
] as const

void t.test(
  'the desk does not take the agent back from a phone that has turned away meanwhile',
  async (t) => {
    for (const before of [both, [...back, keyHold], [...aside, joined]])
      t.same(after([...before, deskResume]), after(before))
    t.match(after([...back, deskHold, deskResume]), { phase: 'talking' }, 'held at the desk')
  },
)

void t.test('the end of the second line leaves the caller’s as the phone has it', async (t) => {
  for (const [event, events, phase] of [
    ...ends.map((one) => [lineEnded, ...one] as const),
    ...ends.map((one) => [cancelled, ...one] as const),
    [cancelled, [...back, joined], 'talking'],
    [cancelled, [...back, deskHold], 'talking'],
  ] as const) {
    const { call, effects, agents } = next(after(events), event)
    t.match(call, { phase, consult: null, offer: ana })
    if (call.phase === 'held') t.ok(call.byPhone)
    for (const gone of [line, dansLeg])
      t.ok(
        effects.some((effect) => effect.do === 'HangUp' && effect.channel === gone),
        gone,
      )
    t.match(agents, [{ agent: 'dan' }])
  }
})

void t.test('an idle second line ends alone: whoever hears the agent by the other one stays', async (t) => {
  for (const [events, phase, seat] of [
    [[...back, joined], 'talking', 'room'],
    [[...back, deskHold], 'held', 'side'],
  ] as const) {
    const before = after(events)
    const { call, effects, agents } = next(before, lineEnded)
    t.match(call, { phase, consult: { offer: dan, seat, secondLine: null } })
    t.same(effects, [{ do: 'HangUp', channel: line, as: 'normal' }], 'and nobody is moved')
    t.same(agents, [])
    t.equal(next(before, { ...lineEnded, offer: OfferId('o9') }).call, before, 'of another offer')
    t.equal(next(call, lineEnded).call, call, 'reported twice')
  }
})

void t.test('a colleague who leaves ends the second line', async (t) => {
  const declined: CallEvent = { type: 'OfferEnded', offer: dan.id, end: 'declined' }
  for (const [events, event] of [
    [ringing, declined],
    [aside, hangUp(dan.id)],
    [[...aside, joined], hangUp(dan.id)],
    [[...back, joined], hangUp(dan.id)],
  ] as const) {
    const before = after(events)
    const { call, effects } = next(before, event)
    const isByFirst = before.consult?.secondLine?.isActive === false
    t.match(
      call,
      isByFirst ? { phase: 'talking', consult: null } : { phase: 'held', byPhone: true, consult: null },
    )
    t.ok(effects.some((effect) => effect.do === 'HangUp' && effect.channel === line))
  }
})

void t.test(
  'handed over, or the line with the caller hung up: the colleague serves the caller',
  async (t) => {
    for (const event of [completed, hangUp()])
      for (const events of [ringing, aside, both, back, [...aside, joined]]) {
        const { call, effects } = next(after(events), event)
        t.match(call, { phase: events === ringing ? 'ringing' : 'talking', offer: dan, consult: null })
        for (const gone of [line, anasLeg])
          t.ok(
            effects.some((effect) => effect.do === 'HangUp' && effect.channel === gone),
            gone,
          )
        t.notOk(effects.some((effect) => effect.do === 'HangUp' && effect.channel === dansLeg))
      }
  },
)

void t.test('a phone that is lost has lost both lines', async (t) => {
  const { call, effects } = next(after(aside), { type: 'AgentLegLost', offer: ana.id, cause: 'phone gone' })
  t.match(call, { phase: 'reconnecting', consult: { seat: 'music', secondLine: null } })
  t.same(inShort(effects).slice(0, 2), [`HangUp ${anasLeg}`, `HangUp ${line}`])
  const asked = callIn('talking')
  t.match(next(asked, { type: 'AgentLegLost', offer: ana.id, cause: 'phone gone' }).call, { consult: null })
})

void t.test('a supervisor hears the line by which the agent speaks', async (t) => {
  const heard = (events: readonly CallEvent[]) => {
    const rung: CallEvent = { type: 'SupervisorRung', supervision: vera, mode: 'monitor' }
    const seat = mediaPlan(after([...events, rung, answered(vera)])).legs.at(-1)?.seat
    return seat?.at === 'tap' ? [seat.heard, seat.ear] : []
  }
  t.same(heard(aside), [line, secondEarOf(vera.id, dan.id)])
  t.same(heard(back), [anasLeg, earOf(vera.id, ana.id)])
  t.not(secondEarOf(vera.id, dan.id), earOf(vera.id, dan.id), 'not the one at the colleague who serves later')
})

void t.test('nothing is left of a call that ends, or is quarantined', async (t) => {
  const whole = after(aside)
  t.ok(
    widestPlan(whole).legs.some((leg) => leg.channel === line),
    'no stray',
  )
  for (const { effects } of [next(whole, { type: 'CallerHungUp' }), endBroken(whole, now)])
    for (const gone of [line, anasLeg, dansLeg, callerLegOf(id)])
      t.ok(
        effects.some((effect) => effect.do === 'HangUp' && effect.channel === gone) ||
          gone === callerLegOf(id),
      )
})
