/** Invariants of one call and its agents, under any events in any order. */
import t from 'tap'
import * as fc from 'fast-check'
import type { AgentEvent } from '../../src/core/agent-event.ts'
import { newAgent, stepAgent } from '../../src/core/agent-step.ts'
import type { Agent } from '../../src/core/agent.ts'
import { arrive } from '../../src/core/call-arrival.ts'
import type { CallEvent } from '../../src/core/call-event.ts'
import { step } from '../../src/core/call-step.ts'
import type { Stepped } from '../../src/core/steps/next.ts'
import type { Call } from '../../src/core/call.ts'
import { agentDeadline, callDeadline } from '../../src/core/deadline.ts'
import type { Effect } from '../../src/core/effect.ts'
import { AgentId, BridgeId, bridgeOf, OfferId, PlaybackId, QueueId, type Millis } from '../../src/core/ids.ts'
import { InvariantBroken } from '../../src/core/invariant.ts'
import type { Offer, OfferEnd } from '../../src/core/offer.ts'
import { bounds, type Rules } from '../../src/core/rules.ts'
import { answered, arrival, bridged, offerTo, offered, open, rules, t0 } from './samples.ts'

const names = ['ana', 'ion', 'eva']

class World {
  call: Call
  readonly agents = new Map(names.map((name) => [name, newAgent(AgentId(name), t0) as Agent]))
  readonly rules: Rules
  /** All offers made so far; the events of old ones keep coming. */
  readonly offers: Offer[] = []
  now: Millis = t0
  queuedAt: number | null = null

  constructor(by: Rules) {
    this.rules = by
    const stepped = arrive(arrival(), open, this.now, by)
    this.call = stepped.call
    for (const name of names) {
      for (const type of ['SignedIn', 'ReadyRequested'] as const) this.agent(name, { type })
      this.agent(name, { type: 'PhonesChanged', desk: false, web: true })
    }
  }

  agent(name: string, event: AgentEvent): void {
    const agent = this.agents.get(name)
    if (agent !== undefined) this.agents.set(name, stepAgent(agent, event, this.now, this.rules))
  }

  apply(event: CallEvent): Stepped {
    const before = this.call
    const stepped = step(before, event, this.now, this.rules)
    this.call = stepped.call
    for (const { agent, event } of stepped.agents) this.agent(agent, event)
    this.check(before, event, stepped)
    return stepped
  }

  newOffer(name: string): Offer {
    const offer = offerTo(name, `o${this.offers.length + 1}`, this.now)
    this.offers.push(offer)
    return offer
  }

  check(before: Call, event: CallEvent, { call, effects }: Stepped): void {
    const must = (holds: boolean, what: string) => {
      if (!holds) throw new InvariantBroken(`${what}: ${event.type} ${before.phase} → ${call.phase}`)
    }
    must(before.phase !== 'ended' || call === before, 'ended changed')
    must(before.queuedAt === null || call.queuedAt === before.queuedAt, 'the place in the line changed')
    must(before.answeredAt === null || call.answeredAt === before.answeredAt, 'the first answer changed')
    must(before.offeredAt === null || call.offeredAt === before.offeredAt, 'the first ring changed')
    must(call.heldMs >= before.heldMs && call.priority <= before.priority, 'held time or priority went back')
    const conversing = call.phase === 'talking' || call.phase === 'held'
    must((callDeadline(call) !== null) === (call.phase !== 'ended' && !conversing), 'a phase without a bound')
    const held = [...this.agents.values()].filter(({ state }) => state === 'offered' || state === 'talking')
    const holder = 'offer' in call ? call.offer : null
    must(held.length === (holder === null ? 0 : 1), `${held.length} agents are held`)
    for (const agent of this.agents.values())
      must(agent.imposed === null || agent.state !== 'ready', 'ready in a supervisor’s pause')
    for (const agent of held) {
      if (agent.state !== 'offered' && agent.state !== 'talking') continue
      must(agent.id === holder?.agent && agent.offer.id === holder.id, 'held by another offer')
      must((agent.state === 'offered') === (call.phase === 'ringing'), 'the agent is in another state')
    }
    const known = new Set([before, call].flatMap((each) => ('offer' in each ? [each.offer.id] : [])))
    if (event.type === 'AgentAnswered') known.add(event.offer)
    for (const offer of effects.flatMap(offersOf)) must(known.has(offer), `${offer} is another offer’s`)
  }
}

function offersOf(effect: Effect): OfferId[] {
  const names = Object.values(effect).flatMap((value) => {
    const match = /^(?:offer|bridge)-(.+)$/.exec(String(value))
    return match?.[1] === undefined ? [] : [OfferId(match[1])]
  })
  return effect.do === 'RingAgent' ? [effect.offer] : names
}

type Move = readonly [kind: number, who: number, which: number, waitMs: number]
const moves = fc.array(
  fc.tuple(fc.nat(19), fc.nat(2), fc.nat(5), fc.oneof(fc.constant(0), fc.nat(2_000), fc.nat(700_000))),
  { maxLength: 60 },
)
const ends: readonly OfferEnd[] = [
  'no answer',
  'declined',
  'busy',
  'unreachable',
  'expired',
  'withdrawn',
  'cut',
]

function play(world: World, [kind, who, which, waitMs]: Move): void {
  world.now += waitMs
  const name = names[who] ?? 'ana'
  const current = 'offer' in world.call ? world.call.offer : null
  // Mostly the present offer, else an earlier one.
  const offer = which < 4 ? (current ?? world.offers.at(-1)) : world.offers[which - 4]
  const id = offer?.id ?? OfferId('o0')
  const event = eventOf(world, kind, which, name, id)
  if (event !== null) world.apply(event)
}

function eventOf(world: World, kind: number, which: number, name: string, offer: OfferId): CallEvent | null {
  switch (kind) {
    case 0:
      return { type: 'PlaybackEnded', playback: PlaybackId(`greeting-${world.call.id}`) }
    case 1:
    case 2:
    case 3:
      // As the owner does: only to a ready agent, only for a waiting caller.
      return world.call.phase === 'waiting' && world.agents.get(name)?.state === 'ready'
        ? offered(world.newOffer(name))
        : null
    case 4:
    case 5:
      return { type: 'AgentAnswered', offer }
    case 6:
    case 7:
      return { type: 'Bridged', bridge: bridgeOf(offer) }
    case 8:
      return { type: 'OfferEnded', offer, end: ends[which] ?? 'busy' }
    case 9:
      return { type: 'AgentLegLost', offer, cause: 'no audio' }
    case 10:
      return world.call.phase === 'reconnecting'
        ? { type: 'ReturnOffered', offer: world.newOffer(world.call.offer.agent) }
        : null
    case 11:
      return which % 2 === 0
        ? { type: 'HoldRequested', offer, by: 'phone' }
        : { type: 'ResumeRequested', offer, by: which % 3 === 0 ? 'desk' : 'phone' }
    case 12:
      return { type: 'MuteRequested', offer, muted: which % 2 === 0 }
    case 13:
      return { type: 'DeadlinePassed' }
    case 14:
      return which === 0 ? { type: 'AgentHungUp', offer } : { type: 'Bridged', bridge: BridgeId('bridge-x') }
    case 15:
      return which === 0 ? { type: 'CallerHungUp' } : { type: 'DeadlinePassed' }
    case 16:
      return which === 0 ? { type: 'CallerLost', pbxDied: true } : { type: 'CallArrived' }
    case 19:
      return {
        type: 'TransferRequested',
        offer,
        to: which % 2 === 0 ? { queue: QueueId('taxes') } : { agent: AgentId(name) },
      }
    default:
      agentMove(world, kind, which, name)
      return null
  }
}

function agentMove(world: World, kind: number, which: number, name: string): void {
  if (kind === 17) world.agent(name, which < 3 ? { type: 'ReadyRequested' } : { type: 'DeadlinePassed' })
  else if (which === 0) world.agent(name, { type: 'SignedOut' })
  else if (which === 5) world.agent(name, { type: 'SignedIn' })
  else if (which === 4) {
    const by = { id: AgentId('maria'), name: 'Maria' }
    const held = world.agents.get(name)?.imposed !== null
    world.agent(name, held ? { type: 'PauseLifted', by } : { type: 'PauseImposed', by })
  } else world.agent(name, which < 3 ? { type: 'PauseRequested', reason: 'meal' } : { type: 'WrapUpEnded' })
}

const settings = fc.record({
  answer: fc.constantFrom('queue', 'agent'),
  greeting: fc.boolean(),
  wrapUpMs: fc.constantFrom(0, 10_000),
})
const worldOf = (change: Partial<Rules>, played: readonly Move[]): World => {
  const world = new World({ ...rules, ...change })
  for (const move of played) play(world, move)
  return world
}

void t.test('the invariants hold after every event, in any order', async () => {
  fc.assert(
    fc.property(settings, moves, (change, played) => {
      worldOf(change, played)
    }),
    { numRuns: 2_000 },
  )
})

void t.test(
  'left alone, every call but a conversation ends by its deadlines, and every agent is let go',
  async () => {
    fc.assert(
      fc.property(settings, moves, (change, played) => {
        const world = worldOf(change, played)
        for (let rounds = 0; rounds < 20 && world.call.phase !== 'ended'; rounds++) {
          const deadline = callDeadline(world.call)
          // A conversation has no deadline.
          world.now = Math.max(world.now, deadline ?? world.now)
          world.apply(deadline === null ? { type: 'CallerHungUp' } : { type: 'DeadlinePassed' })
        }
        for (const [name, agent] of world.agents) {
          const deadline = agentDeadline(agent)
          world.now = Math.max(world.now, deadline ?? world.now)
          if (deadline !== null) world.agent(name, { type: 'DeadlinePassed' })
        }
        const states = [...world.agents.values()].map(({ state }) => state)
        return (
          world.call.phase === 'ended' &&
          states.every((state) => !['offered', 'talking', 'wrap-up'].includes(state))
        )
      }),
      { numRuns: 1_000 },
    )
  },
)

void t.test('a deadline that has passed always moves the call on', async () => {
  fc.assert(
    fc.property(settings, moves, (change, played) => {
      const world = worldOf(change, played)
      const deadline = callDeadline(world.call)
      if (deadline === null) return true
      world.now = Math.max(world.now, deadline)
      const before = world.call
      world.apply({ type: 'DeadlinePassed' })
      return world.call !== before
    }),
    { numRuns: 1_000 },
  )
})

void t.test(
  'no caller waits, or is rung for, unanswered by the network for longer than it bears',
  async () => {
    const early = fc.record({ answer: fc.constant('agent' as const), greeting: fc.boolean() })
    fc.assert(
      fc.property(early, moves, (change, played) => {
        const world = worldOf(change, [])
        return played.every((move) => {
          play(world, move)
          // The owner applies deadlines punctually.
          let deadline = callDeadline(world.call)
          while (deadline !== null && deadline <= world.now) {
            world.apply({ type: 'DeadlinePassed' })
            deadline = callDeadline(world.call)
          }
          const { call, now } = world
          // A caller who hears why the call is not served does not pay for it.
          const unanswered = !call.lineAnswered && call.phase !== 'dismissing' && call.phase !== 'ended'
          return !unanswered || now < call.arrivedAt + bounds.answerAtLatestMs
        })
      }),
      { numRuns: 1_000 },
    )
  },
)

void t.test(
  'the caller may leave at any moment: every leg and bridge ends, and no agent stays engaged',
  async () => {
    fc.assert(
      fc.property(settings, moves, (change, played) => {
        const world = worldOf(change, played)
        if (world.call.phase === 'ended') return true
        const { call, effects } = world.apply({ type: 'CallerHungUp' })
        const wasAnswered = call.answeredAt !== null
        if (call.phase !== 'ended' || effects.at(-1)?.do !== 'FinishRecording') return false
        return call.outcome === 'rejected' || (call.outcome === 'answered') === wasAnswered
      }),
      { numRuns: 1_000 },
    )
  },
)

void t.test('the same event twice changes nothing the second time', async () => {
  fc.assert(
    fc.property(settings, moves, fc.nat(16), fc.nat(5), (change, played, kind, which) => {
      const world = worldOf(change, played)
      const offer = 'offer' in world.call ? world.call.offer.id : OfferId('o0')
      const event = eventOf(world, kind, which, 'ana', offer)
      if (event === null || event.type === 'DeadlinePassed') return true
      world.apply(event)
      const once = world.call
      world.apply(event)
      return world.call === once
    }),
    { numRuns: 1_000 },
  )
})

void t.test('each sample is in the stage of its name', async (t) => {
  const world = new World(rules)
  world.apply({ type: 'PlaybackEnded', playback: PlaybackId(`greeting-${world.call.id}`) })
  const offer = world.newOffer('ana')
  for (const event of [offered(offer), answered(offer), bridged(offer)]) world.apply(event)
  t.equal(world.call.phase, 'talking')
  t.throws(() => world.agent('ana', { type: 'Offered', call: world.call.id, offer: offerTo('ana', 'x') }))
})
