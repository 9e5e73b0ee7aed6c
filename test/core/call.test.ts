import t from 'tap'
import type { CallStage, LiveCall } from '../../src/core/call.ts'
import type { CallEvent } from '../../src/core/call-event.ts'
import { endBroken, step } from '../../src/core/call-step.ts'
import { callDeadline } from '../../src/core/deadline.ts'
import { BridgeId, OfferId, PlaybackId } from '../../src/core/ids.ts'
import { bounds } from '../../src/core/rules.ts'
import {
  ana,
  anaAgain,
  answered,
  as,
  bridged,
  callIn,
  channel,
  greeted,
  ion,
  lost,
  offered,
  rules,
  run,
  t0,
  inShort,
  wayTo,
} from './samples.ts'

const later = t0 + 100_000
const phases = Object.keys(wayTo) as (keyof typeof wayTo)[]
const hangUp: CallEvent = { type: 'CallerHungUp' }

void t.test('a caller goes from the greeting to the conversation', async (t) => {
  t.equal(callIn('greeting').queuedAt, null, 'a greeted caller is in no queue yet')
  const waiting = run(callIn('greeting'), [greeted()])
  t.match(waiting.call, { phase: 'waiting', queuedAt: t0 + 1_000 })
  t.same(inShort(waiting.effects), [`StartMusic ${channel}`])

  const ringing = run(waiting.call, [offered(ana)], t0 + 1_000)
  t.match(ringing.call, { phase: 'ringing', offer: ana, offeredAt: t0 + 2_000 })
  t.same(inShort(ringing.effects), ['RingAgent o1', 'BuildBridge bridge-o1'])
  t.match(ringing.effects[0], { ringTimeoutMs: rules.ringTimeoutMs, callerNumber: '+40256100200' })
  t.same(ringing.agents, [{ agent: 'ana', event: { type: 'Offered', call: ringing.call.id, offer: ana } }])

  const connecting = run(ringing.call, [answered(ana)], t0 + 2_000)
  t.match(connecting.call, { phase: 'connecting', pickedUpAt: t0 + 3_000, answeredAt: null })
  t.same(inShort(connecting.effects), ['Connect bridge-o1'])
  t.same(connecting.agents, [{ agent: 'ana', event: { type: 'OfferAnswered', offer: 'o1' } }])

  const talking = run(connecting.call, [bridged(ana)], t0 + 3_000)
  t.match(talking.call, { phase: 'talking', answeredAt: t0 + 3_000, lastAgent: 'ana', muted: false })
  t.same(talking.effects, [])
})

void t.test('a greeting whose end is lost is over by its deadline, and not before', async (t) => {
  const call = callIn('greeting')
  const passed: CallEvent = { type: 'DeadlinePassed' }
  t.equal(step(call, passed, call.until - 1, rules).call, call)
  t.equal(step(call, passed, call.until, rules).call.phase, 'waiting')
  const other: CallEvent = { type: 'PlaybackEnded', playback: PlaybackId('greeting-another') }
  t.equal(step(call, other, later, rules).call, call, 'another playback changes nothing')
})

/** Whether the caller has talked with somebody by then. */
const hasTalked = (phase: CallStage): boolean =>
  ['talking', 'held', 'reconnecting', 'transferring', 'transferred', 'survey'].includes(phase)

void t.test('a caller who hangs up ends the call in every stage', async (t) => {
  for (const type of ['CallerHungUp', 'CallerLost'] as const) {
    for (const phase of phases) {
      const { call, effects } = step(callIn(phase), { type }, later, rules)
      const unserved = phase === 'voicemail' || phase === 'closed' ? 'closed' : 'abandoned'
      const outcome = hasTalked(phase) ? 'answered' : unserved
      // The agent had ended the conversation.
      const endedBy = phase === 'survey' ? 'agent' : 'caller'
      t.match(call, { phase: 'ended', endedAt: later, outcome, endedBy }, `${type} while ${phase}`)
      t.equal(inShort(effects).at(-1), 'FinishRecording')
      t.ok(inShort(effects).includes(`HangUp ${channel}`), 'an already gone leg is hung up all the same')
    }
  }
})

void t.test('calls that went down with Asterisk have failed; a conversation stays answered', async (t) => {
  for (const phase of phases) {
    const { call } = step(callIn(phase), { type: 'CallerLost', pbxDied: true }, later, rules)
    const outcome = hasTalked(phase) ? 'answered' : 'failed'
    t.match(call, { phase: 'ended', outcome, endedBy: phase === 'survey' ? 'agent' : 'system' }, phase)
  }
})

void t.test('a call whose end is noticed late ended when it was last seen', async (t) => {
  for (const phase of phases) {
    const before = callIn(phase)
    const lost = (lastSeenAt: number): CallEvent => ({ type: 'CallerLost', pbxDied: true, lastSeenAt })
    const noticedAt = before.since + 3_600_000
    const endedAt = (lastSeenAt: number) => {
      const { call } = step(before, lost(lastSeenAt), noticedAt, rules)
      return call.phase === 'ended' ? call.endedAt : null
    }
    t.equal(endedAt(before.since + 5_000), before.since + 5_000, phase)
    t.equal(endedAt(before.since - 5_000), before.since, 'its own last change is a sign of life as well')
    t.equal(endedAt(noticedAt + 5_000), noticedAt, 'a clock that was ahead ends nothing in the future')
  }
})

void t.test('a quarantined call ends without a step, and frees its agent', async (t) => {
  t.match(endBroken(callIn('waiting'), later), { call: { outcome: 'failed', endedBy: 'system' }, agents: [] })
  const ringing = endBroken(callIn('ringing'), later)
  t.match(ringing.agents, [{ agent: 'ana', event: { type: 'OfferEnded', offer: 'o1', end: 'cut' } }])
  const talking = endBroken(callIn('talking'), later)
  t.match(talking.agents, [{ agent: 'ana', event: { type: 'CallEnded', offer: 'o1', wrapUpMs: 0 } }])
  t.same(inShort(talking.effects), [
    'HangUp offer-o1',
    'DestroyBridge bridge-o1',
    `HangUp ${channel}`,
    'FinishRecording',
  ])
})

void t.test('a quarantined call whose legs could not be read ends all the same', async (t) => {
  for (const phase of phases) {
    const { legs: _unread, ...half } = callIn(phase)
    const { call } = endBroken(half as LiveCall, later)
    t.match(call, { phase: 'ended', endedBy: 'system', endedAt: later }, phase)
    t.same(call.legs, [], 'the ledger reads a list')
  }
})

void t.test('a caller who hangs up while ringing frees the agent, and the phone stops', async (t) => {
  const { effects, agents } = step(callIn('ringing'), hangUp, later, rules)
  t.same(inShort(effects), [
    'HangUp offer-o1',
    'DestroyBridge bridge-o1',
    `HangUp ${channel}`,
    'FinishRecording',
  ])
  t.same(agents, [{ agent: 'ana', event: { type: 'OfferEnded', offer: 'o1', end: 'withdrawn' } }])
})

void t.test('an answer at the moment of the hang-up is no answer', async (t) => {
  const { call, effects, agents } = step(callIn('connecting'), hangUp, later, rules)
  t.match(call, { outcome: 'abandoned', answeredAt: null, lastAgent: null })
  t.same(inShort(effects), [
    'HangUp offer-o1',
    'DestroyBridge bridge-o1',
    `HangUp ${channel}`,
    'FinishRecording',
  ])
  t.match(agents, [{ event: { type: 'OfferEnded', end: 'withdrawn' } }], 'no miss')
  const late = step(call, answered(ana), later + 1, rules)
  t.equal(late.call, call, 'ended never changes')
  t.same(inShort(late.effects), ['HangUp offer-o1'])
})

void t.test('a conversation ends by either side, with wrap-up', async (t) => {
  const ends: [CallEvent, string][] = [
    [hangUp, 'caller'],
    [{ type: 'AgentHungUp', offer: ana.id }, 'agent'],
    [{ type: 'OfferEnded', offer: ana.id, end: 'declined' }, 'agent'],
  ]
  for (const phase of ['talking', 'held'] as const) {
    for (const [event, endedBy] of ends) {
      const { call, effects, agents } = step(callIn(phase), event, later, rules)
      t.match(call, { phase: 'ended', outcome: 'answered', endedBy })
      t.same(agents, [{ agent: 'ana', event: { type: 'CallEnded', offer: 'o1', wrapUpMs: 10_000 } }])
      t.equal(inShort(effects)[0], 'HangUp offer-o1', 'the agent is free for the next call first')
    }
    t.same(
      step(callIn(phase), answered(ana), later, rules).effects,
      [],
      'the same answer again is nothing new',
    )
    for (const stale of [{ type: 'AgentHungUp', offer: ion.id }, lost(ion)] as const)
      t.equal(step(callIn(phase), stale, later, rules).call.phase, phase, 'another offer changes nothing')
  }
})

void t.test('a ring without answer keeps the place in the queue', async (t) => {
  const ringing = callIn('ringing')
  for (const end of [
    'no answer',
    'declined',
    'busy',
    'unreachable',
    'expired',
    'withdrawn',
    'cut',
  ] as const) {
    const { call, effects, agents } = step(ringing, { type: 'OfferEnded', offer: ana.id, end }, later, rules)
    t.match(call, { phase: 'waiting', queuedAt: ringing.queuedAt, priority: ringing.priority })
    t.same(inShort(effects), ['HangUp offer-o1', 'DestroyBridge bridge-o1'])
    t.same(agents, [{ agent: 'ana', event: { type: 'OfferEnded', offer: 'o1', end } }])
  }
  const passed: CallEvent = { type: 'DeadlinePassed' }
  t.equal(step(ringing, passed, ana.expiresAt - 1, rules).call, ringing)
  const expired = step(ringing, passed, ana.expiresAt, rules)
  t.match(expired.call, { phase: 'waiting', queuedAt: ringing.queuedAt })
  t.match(expired.agents, [{ event: { end: 'expired' } }])
  const second = step(expired.call, offered(ion), later, rules).call
  t.equal(second.offeredAt, ringing.offeredAt, 'the first ring stays on record')
})

void t.test('events of an offer that is over are ignored by id', async (t) => {
  const again = as(
    run(callIn('ringing'), [{ type: 'OfferEnded', offer: ana.id, end: 'no answer' }, offered(ion)]).call,
    'ringing',
  )
  t.equal(step(again, { type: 'OfferEnded', offer: ana.id, end: 'no answer' }, later, rules).call, again)
  const late = step(again, answered(ana), later, rules)
  t.equal(late.call, again)
  t.same(inShort(late.effects), ['HangUp offer-o1'], 'a late answer is hung up')
  for (const phase of phases) {
    const stale = OfferId('o0')
    const call = callIn(phase)
    const events: CallEvent[] = [
      { type: 'AgentAnswered', offer: stale },
      { type: 'OfferEnded', offer: stale, end: 'no answer' },
      { type: 'AgentHungUp', offer: stale },
      { type: 'AgentLegLost', offer: stale, cause: 'no audio' },
      { type: 'HoldRequested', offer: stale, by: 'desk' },
      { type: 'ResumeRequested', offer: stale, by: 'desk' },
      { type: 'MuteRequested', offer: stale, muted: true },
      { type: 'Bridged', bridge: BridgeId('bridge-o0') },
      { type: 'PlaybackEnded', playback: PlaybackId('greeting-o0') },
      { type: 'CallArrived' },
    ]
    for (const event of events)
      t.equal(step(call, event, later, rules).call, call, `${event.type} while ${phase}`)
  }
})

void t.test('a caller in service is not offered again', async (t) => {
  for (const phase of phases.filter((phase) => phase !== 'waiting')) {
    const call = callIn(phase)
    const { call: after, effects } = step(call, offered(ion), later, rules)
    t.equal(after, call, phase)
    t.same(effects, [])
  }
})

void t.test('a connection that fails puts the caller back, with music', async (t) => {
  const connecting = callIn('connecting')
  const failures: [CallEvent, string][] = [
    [{ type: 'AgentHungUp', offer: ana.id }, 'declined'],
    [lost(ana), 'declined'],
    [{ type: 'OfferEnded', offer: ana.id, end: 'cut' }, 'cut'],
    [{ type: 'DeadlinePassed' }, 'expired'],
  ]
  for (const [event, end] of failures) {
    const { call, effects, agents } = step(connecting, event, later, rules)
    t.match(call, { phase: 'waiting', queuedAt: connecting.queuedAt, priority: 10 })
    t.same(inShort(effects), ['HangUp offer-o1', 'DestroyBridge bridge-o1', `StartMusic ${channel}`])
    t.match(agents, [{ event: { type: 'OfferEnded', end } }])
  }
  const early = step(connecting, { type: 'DeadlinePassed' }, connecting.bridgedBy - 1, rules)
  t.equal(early.call, connecting)
  t.same(step(connecting, answered(ana), later, rules).effects, [], 'the same answer again is nothing new')
})

void t.test('hold gives music, resume ends it, and held time adds up', async (t) => {
  const held = run(callIn('talking'), [{ type: 'HoldRequested', offer: ana.id, by: 'desk' }], t0)
  t.equal(held.call.phase, 'held')
  t.same(inShort(held.effects), ['Leave bridge-o1', `StartMusic ${channel}`])
  const resume: CallEvent = { type: 'ResumeRequested', offer: ana.id, by: 'phone' }
  const back = step(held.call, resume, held.call.since + 7_000, rules)
  t.match(back.call, { phase: 'talking', heldMs: 7_000, muted: false })
  t.same(inShort(back.effects), ['Connect bridge-o1', 'Unmute offer-o1'])
  const again = run(back.call, [{ type: 'HoldRequested', offer: ana.id, by: 'desk' }], back.call.since)
  const ended = step(again.call, hangUp, again.call.since + 3_000, rules)
  t.match(ended.call, { phase: 'ended', heldMs: 10_000 })
  const backwards = step(again.call, hangUp, again.call.since - 60_000, rules)
  t.match(backwards.call, { heldMs: 7_000 }, 'a clock set back makes no negative time')
})

void t.test('the phone’s own hold key is remembered, also where the desk held before', async (t) => {
  const hold = (by: 'desk' | 'phone', offer = ana.id): CallEvent => ({ type: 'HoldRequested', offer, by })
  t.match(run(callIn('talking'), [hold('phone')]).call, { phase: 'held', byPhone: true })
  const atDesk = run(callIn('talking'), [hold('desk')]).call
  t.match(atDesk, { byPhone: false })
  const both = step(atDesk, hold('phone'), later, rules)
  t.same(both, { call: { ...atDesk, byPhone: true }, effects: [], agents: [] })
  t.equal(step(atDesk, hold('desk'), later, rules).call, atDesk)
  t.equal(step(atDesk, hold('phone', ion.id), later, rules).call, atDesk)
  t.equal(step(both.call, hold('phone'), later, rules).call, both.call)
})

void t.test('mute is performed once and ends with the leg', async (t) => {
  const mute: CallEvent = { type: 'MuteRequested', offer: ana.id, muted: true }
  const muted = run(callIn('talking'), [mute])
  t.match(muted.call, { muted: true })
  t.same(inShort(muted.effects), ['Mute offer-o1'])
  t.equal(step(muted.call, mute, later, rules).call, muted.call)
  t.equal(step(callIn('held'), mute, later, rules).call.phase, 'held')
  const mended = run(muted.call, [
    lost(ana),
    { type: 'ReturnOffered', offer: anaAgain },
    answered(anaAgain),
    bridged(anaAgain),
  ])
  t.match(mended.call, { phase: 'talking', muted: false }, 'the new leg is not muted, and says so')
})

void t.test(
  'after a lost leg the caller hears music, the same agent is rung again, and the conversation goes on',
  async (t) => {
    const talking = callIn('talking')
    const broken = step(talking, lost(ana), later, rules)
    t.match(broken.call, { phase: 'reconnecting', invited: false, until: later + rules.reconnectMs })
    t.same(inShort(broken.effects), ['HangUp offer-o1', 'DestroyBridge bridge-o1', `StartMusic ${channel}`])
    // The hold may not have been carried out when the phone was lost.
    t.same(step(callIn('held'), lost(ana), later, rules).effects, broken.effects, 'also from a hold')
    t.same(broken.agents, [], 'the agent stays held')

    const invited = step(broken.call, { type: 'ReturnOffered', offer: anaAgain }, later, rules)
    t.same(inShort(invited.effects), ['RingAgent o2 by itself'])
    t.same(invited.agents, [{ agent: 'ana', event: { type: 'OfferReplaced', lost: 'o1', offer: anaAgain } }])
    t.equal(step(invited.call, { type: 'ReturnOffered', offer: ion }, later, rules).call, invited.call)

    const mended = run(invited.call, [answered(anaAgain), bridged(anaAgain)], later)
    t.match(mended.call, { phase: 'talking', answeredAt: talking.answeredAt, lastAgent: 'ana' })
    const ended = run(mended.call, [{ type: 'AgentHungUp', offer: anaAgain.id }], later + 9_000)
    t.match(ended.agents, [{ event: { type: 'CallEnded', offer: 'o2', wrapUpMs: 10_000 } }])
  },
)

void t.test('a held call whose leg is lost keeps its held time', async (t) => {
  const held = callIn('held')
  t.match(step(held, lost(ana), held.since + 4_000, rules).call, { phase: 'reconnecting', heldMs: 4_000 })
})

void t.test('an attempt to return that fails may be made again before the bound', async (t) => {
  const broken = step(callIn('talking'), lost(ana), later, rules).call
  const failed = run(broken, [
    { type: 'ReturnOffered', offer: anaAgain },
    { type: 'OfferEnded', offer: anaAgain.id, end: 'unreachable' },
  ])
  t.match(failed.call, { phase: 'reconnecting', invited: false })
  const third = { ...anaAgain, id: OfferId('o9') }
  const again = step(failed.call, { type: 'ReturnOffered', offer: third }, later, rules)
  t.match(again.agents, [{ event: { type: 'OfferReplaced', lost: 'o2' } }])
  const late = step(again.call, answered(anaAgain), later, rules)
  t.same(inShort(late.effects), ['HangUp offer-o2'])
  t.equal(step(broken, answered(ana), later, rules).call, broken, 'the lost leg cannot answer')
})

void t.test(
  'an attempt to return at a phone that does not ring is hung up when it is given up',
  async (t) => {
    const broken = step(callIn('talking'), lost(ana), later, rules).call
    const invited = step(broken, { type: 'ReturnOffered', offer: anaAgain }, later, rules).call
    const end = { type: 'OfferEnded', offer: anaAgain.id, end: 'did not ring' } as const
    const givenUp = step(invited, end, later, rules)
    t.match(givenUp.call, { phase: 'reconnecting', invited: false })
    t.same(inShort(givenUp.effects), ['HangUp offer-o2'], 'otherwise the phone may still ring, for nobody')
    t.same(step(givenUp.call, end, later, rules).effects, [], 'the end of the leg itself')
  },
)

void t.test('a caller whose agent does not return is first in the queue', async (t) => {
  const broken = as(step(callIn('talking'), lost(ana), later + 3_600_000, rules).call, 'reconnecting')
  const passed: CallEvent = { type: 'DeadlinePassed' }
  t.equal(step(broken, passed, broken.until - 1, rules).call, broken)
  const gaveUp = step(broken, passed, broken.until, rules)
  const front = as(gaveUp.call, 'waiting')
  t.match(front, { priority: 0, queuedAt: broken.queuedAt, answeredAt: broken.answeredAt })
  t.same(gaveUp.effects, [])
  t.same(gaveUp.agents, [{ agent: 'ana', event: { type: 'CallEnded', offer: 'o1', wrapUpMs: 0 } }])
  t.ok(front.waitUntil >= broken.until + rules.waitMaxMs, 'an hour of talking was no waiting')
  const gone = step(front, hangUp, later, rules).call
  t.match(gone, { outcome: 'answered' }, 'it was a conversation once')

  const invited = step(broken, { type: 'ReturnOffered', offer: anaAgain }, broken.since, rules).call
  t.same(inShort(step(invited, passed, broken.until, rules).effects), ['HangUp offer-o2'])
  const moved = step(invited, lost(anaAgain), later, rules)
  t.match(moved.call, { phase: 'reconnecting', invited: false }, 'the phone that was rung is gone')
  t.same(inShort(moved.effects), ['HangUp offer-o2'])
})

void t.test('a reconnection that fails at the bridge ends the conversation', async (t) => {
  const mending = as(
    run(callIn('reconnecting'), [{ type: 'ReturnOffered', offer: anaAgain }, answered(anaAgain)]).call,
    'connecting',
  )
  const failed = step(mending, { type: 'DeadlinePassed' }, later, rules)
  t.match(failed.call, { phase: 'waiting', priority: 0 })
  t.same(failed.agents, [{ agent: 'ana', event: { type: 'CallEnded', offer: 'o2', wrapUpMs: 0 } }])
  const left = step(mending, hangUp, later, rules)
  t.match(left.call, { phase: 'ended', outcome: 'answered', endedBy: 'caller' })
  t.match(left.agents, [{ event: { type: 'CallEnded', wrapUpMs: 10_000 } }], 'with wrap-up')

  const other = run(step(callIn('reconnecting'), { type: 'DeadlinePassed' }, later, rules).call, [
    offered(ion),
    answered(ion),
  ]).call
  const missed = step(other, hangUp, later, rules)
  t.match(missed.call, { outcome: 'answered', lastAgent: 'ana' })
  t.match(missed.agents, [{ agent: 'ion', event: { type: 'OfferEnded', end: 'withdrawn' } }])
})

void t.test('an agent who hangs up at the desk while the leg is lost ends the call', async (t) => {
  const { call, agents } = step(callIn('reconnecting'), { type: 'AgentHungUp', offer: ana.id }, later, rules)
  t.match(call, { phase: 'ended', outcome: 'answered', endedBy: 'agent' })
  t.match(agents, [{ event: { type: 'CallEnded', wrapUpMs: 10_000 } }])
})

void t.test('the wait is bounded: the caller hears why, then the call ends', async (t) => {
  const waiting = callIn('waiting')
  const passed: CallEvent = { type: 'DeadlinePassed' }
  t.equal(step(waiting, passed, waiting.waitUntil - 1, rules).call, waiting)
  const dismissed = step(waiting, passed, waiting.waitUntil, rules)
  const dismissing = as(dismissed.call, 'dismissing')
  t.match(dismissing, { outcome: 'rejected', until: waiting.waitUntil + bounds.promptMs })
  t.same(inShort(dismissed.effects), [`StopMusic ${channel}`, 'Play waited too long'])
  t.equal(step(dismissing, passed, dismissing.until - 1, rules).call, dismissing)
  const heard: CallEvent = { type: 'PlaybackEnded', playback: dismissing.playback }
  for (const [event, endedBy] of [
    [heard, 'system'],
    [passed, 'system'],
    [hangUp, 'caller'],
  ] as const)
    t.match(step(dismissing, event, dismissing.until, rules).call, {
      phase: 'ended',
      outcome: 'rejected',
      endedBy,
    })
  t.equal(step(dismissing, greeted(), later, rules).call, dismissing)
  t.same(inShort(step(dismissing, answered(ana), later, rules).effects), ['HangUp offer-o1'])
  for (const event of [lost(ana), bridged(ana), { type: 'AgentHungUp', offer: ana.id }] as const)
    t.equal(step(dismissing, event, later, rules).call, dismissing)
})

void t.test('early media: answered when an agent answers, or in time before the network cuts', async (t) => {
  const early = { ...rules, answer: 'agent' } as const
  const waiting = callIn('waiting', early)
  t.equal(waiting.lineAnswered, false)
  t.equal(callDeadline(waiting), waiting.arrivedAt + bounds.answerAtLatestMs)
  const connected = run(waiting, [offered(ana), answered(ana)], t0, early)
  t.same(inShort(connected.effects), [`AnswerCaller ${channel}`, 'Connect bridge-o1'])
  t.equal(connected.call.lineAnswered, true)

  const atLatest = step(
    waiting,
    { type: 'DeadlinePassed' },
    waiting.arrivedAt + bounds.answerAtLatestMs,
    early,
  )
  t.match(atLatest.call, { phase: 'waiting', lineAnswered: true, queuedAt: waiting.queuedAt })
  t.same(inShort(atLatest.effects), [`AnswerCaller ${channel}`, `StartMusic ${channel}`])
  t.equal(callDeadline(atLatest.call), waiting.waitUntil)
})

void t.test('early media is bounded also while a phone rings, which goes on ringing', async (t) => {
  const early = { ...rules, answer: 'agent' } as const
  const waiting = callIn('waiting', early)
  const answerBy = waiting.arrivedAt + bounds.answerAtLatestMs
  const passed: CallEvent = { type: 'DeadlinePassed' }
  const offer = { ...ana, expiresAt: answerBy + 14_000 }
  const ringing = step(waiting, offered(offer), answerBy - 1_000, early).call
  t.equal(callDeadline(ringing), answerBy)
  t.equal(step(ringing, passed, answerBy - 1, early).call, ringing)
  const { call, effects, agents } = step(ringing, passed, answerBy, early)
  t.match(call, { phase: 'ringing', offer, lineAnswered: true, since: ringing.since })
  t.same(inShort(effects), [`AnswerCaller ${channel}`, `StartMusic ${channel}`])
  t.same(agents, [])
  t.equal(callDeadline(call), offer.expiresAt)
  t.same(inShort(step(call, answered(offer), answerBy + 1, early).effects), ['Connect bridge-o1'])
})
