/** Supervisors in a call, the agent’s call for help, and the pause of a recording. */
import t from 'tap'
import { newAgent, stepAgent } from '../../../src/core/agent-step.ts'
import type { Agent } from '../../../src/core/agent.ts'
import type { CallEvent } from '../../../src/core/call-event.ts'
import { step } from '../../../src/core/call-step.ts'
import type { Call, LiveCall, SupervisionMode } from '../../../src/core/call.ts'
import { callDeadline } from '../../../src/core/deadline.ts'
import { agentLegOf, AgentId, bridgeOf, earOf, OfferId, QueueId, tapOf } from '../../../src/core/ids.ts'
import { widestPlan } from '../../../src/core/media/media-plan.ts'
import { bounds } from '../../../src/core/rules.ts'
import {
  ana,
  anaAgain,
  answered,
  callIn,
  channel,
  id,
  inShort,
  lost,
  offerTo,
  rules,
  run,
  t0,
  wayTo,
} from '../samples.ts'

const later = t0 + 60_000
const now = later + 10_000
const vera = offerTo('vera', 'leg-pbx1-1.1-v1', later)
const verasLeg = agentLegOf(vera.id)
const room = bridgeOf(ana.id)
const tap = tapOf(vera.id)
const ear = earOf(vera.id, ana.id)
const anasLeg = agentLegOf(ana.id)
const supervisor = AgentId('vera')

const rung = (mode: SupervisionMode): CallEvent => ({ type: 'SupervisorRung', supervision: vera, mode })
const changed = (mode: SupervisionMode): CallEvent => ({ type: 'SupervisionChanged', offer: vera.id, mode })
const takenOver: CallEvent = { type: 'CallTakenOver', offer: vera.id }
const left: CallEvent = { type: 'AgentHungUp', offer: vera.id }
const hold: CallEvent = { type: 'HoldRequested', offer: ana.id, by: 'desk' }
const supervised = (mode: SupervisionMode, call: Call = callIn('talking')): LiveCall =>
  run(call, [rung(mode), answered(vera)], later).call as LiveCall
const next = (call: Call, event: CallEvent) => step(call, event, now, rules)

void t.test('a supervisor’s phone rings, and nobody in the call hears of it', async (t) => {
  const { call, effects, agents } = next(callIn('talking'), rung('monitor'))
  t.match(call, {
    phase: 'talking',
    supervisions: [{ offer: vera, mode: 'monitor', isUp: false }],
    others: [],
  })
  t.same(agents, [])
  t.match(effects, [{ do: 'RingAgent', offer: vera.id, isRecorded: false }])
  t.equal(callDeadline(call), vera.expiresAt)
  t.equal(next(call, rung('whisper')).call, call, 'once')
  t.same(step(call, { type: 'DeadlinePassed' }, vera.expiresAt, rules).call.supervisions, [], 'not answered')
  t.equal(next(callIn('talking'), { type: 'DeadlinePassed' }).effects.length, 0)
  const ended = next(callIn('talking'), { type: 'CallerHungUp' }).call
  t.equal(next(ended, rung('monitor')).call, ended, 'the call is over')
})

void t.test('who listens is muted; who whispers is heard at the agent’s leg alone', async (t) => {
  const listens = next(next(callIn('talking'), rung('monitor')).call, answered(vera))
  // In this order, so that the agent does not hear the first words.
  t.same(listens.effects, [
    { do: 'Mute', channel: verasLeg, muted: true },
    { do: 'Tap', bridge: tap, channel: verasLeg, heard: anasLeg, ear },
  ])
  t.match(listens.call.others, [{ role: 'supervisor', agent: 'vera', from: now, until: null }])
  t.equal(next(listens.call, answered(vera)).call, listens.call, 'reported twice')
  t.equal(callDeadline(listens.call), null)
  const whispers = next(listens.call, changed('whisper'))
  t.same(inShort(whispers.effects), [`Unmute ${verasLeg}`])
  t.equal(next(whispers.call, changed('whisper')).call, whispers.call)
  const joins = next(whispers.call, changed('barge'))
  t.same(inShort(joins.effects), [`HangUp ${ear}`, `Join ${room}`])
  const back = next(joins.call, changed('monitor'))
  t.same(inShort(back.effects), [`Mute ${verasLeg}`, `Tap ${tap}`])
})

void t.test('an agent who is muted and holds the caller can answer a supervisor who whispers', async (t) => {
  const muted: CallEvent = { type: 'MuteRequested', offer: ana.id, muted: true }
  const silent = next(callIn('talking'), muted).call
  t.notMatch(inShort(next(silent, hold).effects), [`Unmute ${anasLeg}`], 'nobody is there')
  t.same(inShort(next(next(supervised('whisper'), muted).call, hold).effects).at(-1), `Unmute ${anasLeg}`)
  const joined = next(next(next(silent, hold).call, rung('whisper')).call, answered(vera))
  t.same(inShort(joined.effects), [`Tap ${tap}`, `Unmute ${anasLeg}`])
})

void t.test('a supervisor who leaves changes nothing for the others', async (t) => {
  const { call, effects } = next(supervised('monitor'), left)
  t.match(call, { phase: 'talking', supervisions: [] })
  t.match(call.others, [{ role: 'supervisor', until: now }])
  t.same(inShort(effects), [`HangUp ${verasLeg}`, `HangUp ${ear}`, `DestroyBridge ${tap}`])
  t.same(inShort(next(supervised('barge'), lost(vera)).effects), [
    `HangUp ${verasLeg}`,
    `DestroyBridge ${tap}`,
  ])
  const declined: CallEvent = { type: 'OfferEnded', offer: vera.id, end: 'declined' }
  t.same(next(next(callIn('talking'), rung('monitor')).call, declined).call.supervisions, [])
  const mute: CallEvent = { type: 'MuteRequested', offer: vera.id, muted: true }
  t.match(next(supervised('barge'), mute).call, { muted: false })
})

void t.test('a supervisor stays in the call whichever agent serves it', async (t) => {
  const sent = next(supervised('whisper'), {
    type: 'TransferRequested',
    offer: ana.id,
    to: { queue: QueueId('taxes') },
  })
  t.match(sent.call, { phase: 'waiting', supervisions: [{ isUp: true }] })
  t.notMatch(inShort(sent.effects), [`HangUp ${verasLeg}`])
  const ion = offerTo('ion', 'leg-pbx1-1.1-i1', now)
  const again = run(
    sent.call,
    [
      { ...wayTo.ringing[1], offer: ion } as CallEvent,
      answered(ion),
      { type: 'Bridged', bridge: bridgeOf(ion.id) },
    ],
    now,
  )
  t.match(again.call, { phase: 'talking', offer: ion, supervisions: [{ mode: 'whisper' }] })
  const connecting = run(sent.call, [{ ...wayTo.ringing[1], offer: ion } as CallEvent, answered(ion)], now)
  t.match(connecting.effects.at(-1), { do: 'Tap', heard: agentLegOf(ion.id), ear: earOf(vera.id, ion.id) })

  const ended = next(supervised('monitor'), { type: 'CallerHungUp' })
  t.match(ended.call, { phase: 'ended', supervisions: [], others: [{ until: now }] })
  t.ok(ended.effects.some((effect) => effect.do === 'HangUp' && effect.channel === verasLeg))
  const plan = widestPlan(supervised('monitor'))
  t.ok(
    plan.legs.some((leg) => leg.channel === verasLeg),
    'not a stray',
  )
})

void t.test('while the caller is on hold a supervisor is with the agent', async (t) => {
  const { effects } = next(supervised('barge'), hold)
  t.same(inShort(effects), [`Leave ${room}`, `StartMusic ${channel}`, `Tap ${tap}`])
  const { effects: lostEffects, call } = next(supervised('barge'), lost(ana))
  t.same(inShort(lostEffects), [`HangUp ${anasLeg}`], 'a caller with the supervisor hears no music')
  t.match(call, { phase: 'reconnecting', room })
  const back = run(call, [{ type: 'ReturnOffered', offer: anaAgain }, answered(anaAgain)], now)
  t.same(inShort(back.effects), [`Join ${room}`])
  const listens = next(supervised('monitor'), lost(ana))
  t.same(inShort(listens.effects), [
    `HangUp ${anasLeg}`,
    `HangUp ${ear}`,
    `DestroyBridge ${room}`,
    `StartMusic ${channel}`,
  ])
})

void t.test('a supervisor takes the call over', async (t) => {
  for (const mode of ['monitor', 'whisper', 'barge'] as const)
    for (const call of [supervised(mode), next(supervised(mode), hold).call]) {
      const stepped = next(call, takenOver)
      t.match(stepped.call, {
        phase: 'talking',
        offer: vera,
        room,
        lastAgent: 'vera',
        supervisions: [],
        transfer: null,
      })
      t.same(stepped.agents, [
        { agent: 'ana', event: { type: 'CallEnded', offer: ana.id, wrapUpMs: rules.wrapUpMs } },
        { agent: 'vera', event: { type: 'CallTaken', call: id, offer: vera } },
      ])
      t.same(
        stepped.call.legs.map(({ agent, until }) => [agent, until]),
        [
          ['ana', now],
          ['vera', null],
        ],
      )
      const done = stepped.effects.map((effect) => effect.do)
      t.ok(done.indexOf('Record') >= 0, `${mode}: the supervisor is recorded from then on`)
      if (done.includes('Join')) t.ok(done.indexOf('Record') < done.indexOf('Join'))
      const joins = done.findIndex((what) => what === 'Join' || what === 'Connect')
      if (joins >= 0 && mode !== 'barge')
        t.ok(done.indexOf('DestroyBridge') > joins, 'the tap goes once nobody is moved out of it')
    }
  const ringing = next(callIn('talking'), rung('monitor')).call
  t.equal(next(ringing, takenOver).call, ringing, 'not before the phone is picked up')
  t.equal(next(callIn('talking'), takenOver).call.phase, 'talking', 'nobody listens')
  const away = next(supervised('monitor'), lost(ana)).call
  t.equal(next(away, takenOver).call, away)
  const unknown = next(supervised('monitor'), { ...takenOver, offer: OfferId('o9') })
  t.match(unknown.call, { offer: ana })
})

void t.test('a supervisor who took a call over is afterwards what they were before', async (t) => {
  const event = { type: 'CallTaken', call: id, offer: vera } as const
  const signedOut: Agent = {
    ...newAgent(supervisor, t0),
    phones: { desk: true, web: false, chosen: null, ownCalls: 0 },
  }
  const paused = stepAgent(signedOut, { type: 'SignedIn' }, t0, rules)
  const ready = stepAgent(paused, { type: 'ReadyRequested' }, t0, rules)
  const by = { id: AgentId('zoe'), name: 'Zoe' }
  const imposed = stepAgent(ready, { type: 'PauseImposed', by }, t0, rules)
  const taking = stepAgent(ready, event, now, rules)
  const wrapUp = stepAgent(taking, { type: 'CallEnded', offer: vera.id, wrapUpMs: 9_000 }, now, rules)
  t.equal(wrapUp.state, 'wrap-up')
  for (const before of [signedOut, paused, ready, imposed, wrapUp]) {
    const talks = stepAgent(before, event, now, rules)
    t.match(talks, { state: 'talking', call: id, offer: vera })
    const after = stepAgent(talks, { type: 'CallEnded', offer: vera.id, wrapUpMs: 0 }, now + 1, rules)
    t.equal(after.state, before.state === 'wrap-up' ? 'ready' : before.state)
    if (before.state === 'paused' && after.state === 'paused') t.equal(after.reason, before.reason)
  }
  t.throws(() => stepAgent(taking, event, now, rules), /an engaged agent took another call/)
})

void t.test('an agent asks for a supervisor, and no longer', async (t) => {
  const wanted: CallEvent = { type: 'HelpRequested', offer: ana.id, wanted: true }
  const { call, effects } = next(callIn('talking'), wanted)
  t.match(call, { helpSince: now })
  t.same(effects, [])
  t.equal(next(call, wanted).call, call)
  t.match(next(call, hold).call, { helpSince: now })
  t.match(next(call, { ...wanted, wanted: false }).call, { helpSince: null })
  t.match(next(call, { type: 'CallerHungUp' }).call, { helpSince: null })
  t.equal(next(call, { ...wanted, offer: OfferId('o9'), wanted: false }).call, call, 'a late wish')
})

void t.test('a recording is paused for a bounded time', async (t) => {
  const paused: CallEvent = { type: 'RecordingPaused', offer: ana.id, reason: 'payment card' }
  const { call, effects } = next(callIn('talking'), paused)
  t.match(call, {
    recordingPause: { since: now, until: now + bounds.recordingPauseMs, reason: 'payment card' },
  })
  t.same(effects, [{ do: 'PauseRecording', channel: anasLeg, paused: true }])
  t.equal(next(call, paused).call, call)
  t.equal(callDeadline(call), now + bounds.recordingPauseMs)
  const resumed: CallEvent = { type: 'RecordingResumed', offer: ana.id }
  const on = [{ do: 'PauseRecording', channel: anasLeg, paused: false }] as const
  t.same(next(call, resumed).effects, on)
  t.same(
    step(call, { type: 'DeadlinePassed' }, now + bounds.recordingPauseMs, rules).effects,
    on,
    'forgotten',
  )
  t.equal(next(callIn('talking'), resumed).call.recordingPause, null)
  for (const event of [paused, resumed]) {
    const late = { ...event, offer: OfferId('o9') } as CallEvent
    t.match(next(callIn('talking'), late).call, { recordingPause: null }, 'a late wish')
  }
  const away = next(call, lost(ana)).call
  const back = run(away, [{ type: 'ReturnOffered', offer: anaAgain }, answered(anaAgain)], now)
  t.match(
    back.effects,
    [
      { do: 'PauseRecording', channel: agentLegOf(anaAgain.id), paused: true },
      { do: 'Connect', channels: [channel, agentLegOf(anaAgain.id)] },
    ],
    'also for the leg with which the agent comes back, before anything is heard',
  )
})

void t.test('a supervisor moves a waiting caller', async (t) => {
  const by = supervisor
  const moved = (toFront: boolean): CallEvent => ({ type: 'CallMoved', queue: QueueId('taxes'), toFront, by })
  const waiting = callIn('waiting')
  t.match(next(waiting, moved(false)).call, {
    queue: 'taxes',
    priority: waiting.priority,
    queuedAt: waiting.queuedAt,
  })
  t.match(next(waiting, moved(true)).call, { queue: 'taxes', priority: 0 })
  t.equal(next(callIn('talking'), moved(true)).call.queue, 'city', 'an agent has the caller')
})

void t.test('a supervisor ends a call', async (t) => {
  const ends: CallEvent = { type: 'CallEndedBySupervisor', by: supervisor }
  for (const phase of ['waiting', 'ringing', 'talking', 'held', 'reconnecting'] as const) {
    const { call, effects, agents } = next(callIn(phase), ends)
    const outcome = phase === 'waiting' || phase === 'ringing' ? 'rejected' : 'answered'
    t.match(call, { phase: 'ended', endedBy: 'supervisor', outcome }, phase)
    t.equal(agents.length, phase === 'waiting' ? 0 : 1)
    t.ok(effects.some((effect) => effect.do === 'HangUp' && effect.channel === channel))
  }
  for (const phase of ['greeting', 'connecting'] as const)
    t.equal(next(callIn(phase), ends).call.phase, phase, 'in a moment')
})
