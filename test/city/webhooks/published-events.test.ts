import { readFileSync } from 'node:fs'
import t from 'tap'
import { awayMs, isRefusal, pauseAfter } from '../../../src/city/webhooks/backoff.ts'
import { eventTypesOf, isWanted, newsOf, webhookTypes } from '../../../src/city/webhooks/published-events.ts'
import type { AcdCallEvent, AcdEvent } from '../../../src/core/acd-event.ts'
import type { CallEvent } from '../../../src/core/call-event.ts'
import type { Call } from '../../../src/core/call.ts'
import { AgentId, ContactId, OfferId, QueueId, bridgeOf } from '../../../src/core/ids.ts'
import { upcastAcdEvent, type Stored } from '../../../src/core/versions.ts'
import { callEvents, monday, offerTo } from '../../ledger/fixtures.ts'

const typesOf = (events: readonly AcdCallEvent[]) =>
  events.map(({ event, after, at }) => newsOf(event, after, at)?.type ?? null)

t.test('of an answered call the queue, the offer and the answer are published', async (t) => {
  const events = callEvents({ id: 'pbx1-1.1' })
  t.strictSame(typesOf(events), [null, 'call.queued', 'call.offered', 'call.answered', null])
  const [, , offered, answered] = events
  const offer = offerTo(AgentId('agent-1'), monday + 100, 'o-pbx1-1.1')
  t.strictSame(newsOf(offered!.event, offered!.after, offered!.at), {
    type: 'call.offered',
    offer,
    reconnects: false,
  })
  t.strictSame(newsOf(answered!.event, answered!.after, answered!.at), { type: 'call.answered', offer })
})

t.test('a caller enters the queue once, whatever sends them back to it', async (t) => {
  const [, entered, offered] = callEvents({ id: 'pbx1-1.1' })
  const waiting = entered!.after as Extract<Call, { phase: 'waiting' }>
  const offer = offerTo(AgentId('agent-1'), monday + 100)
  const again: Call = { ...waiting, offeredAt: offered!.at }
  const at = entered!.at
  t.equal(newsOf({ type: 'CallArrived' }, waiting, at)?.type, 'call.queued', 'without a greeting')
  t.equal(newsOf({ type: 'DeadlinePassed' }, waiting, at)?.type, 'call.queued', 'the greeting’s end was lost')
  t.equal(newsOf({ type: 'DeadlinePassed' }, waiting, at + 150_000), null, 'the network is answered at last')
  t.equal(newsOf({ type: 'DeadlinePassed' }, again, at), null, 'the phone was not answered')
  t.equal(newsOf({ type: 'OfferEnded', offer: offer.id, end: 'no answer' }, again, at), null)
})

t.test('a lost leg is offered and answered again', async (t) => {
  const [, , , bridged] = callEvents({ id: 'pbx1-1.1' })
  const talking = bridged!.after as Extract<Call, { phase: 'talking' }>
  const offer = offerTo(AgentId('agent-1'), monday + 9_000, 'o2')
  const { muted: _, ...facts } = talking
  const reconnecting: Call = { ...facts, phase: 'reconnecting', offer, invited: true, until: monday + 20_000 }
  t.match(newsOf({ type: 'ReturnOffered', offer }, reconnecting, monday), {
    type: 'call.offered',
    reconnects: true,
    offer: { id: 'o2' },
  })
  t.match(newsOf({ type: 'Bridged', bridge: bridgeOf(offer.id) }, { ...talking, offer }, monday), {
    type: 'call.answered',
    offer: { id: 'o2' },
  })
})

t.test('a transfer has the sender, the queue and the target', async (t) => {
  const [, entered] = callEvents({ id: 'pbx1-1.1' })
  const to = { agent: AgentId('agent-2') }
  const by = AgentId('agent-1')
  const transfer = { by, from: QueueId('general'), to, at: monday, state: 'under way' } as const
  const after: Call = { ...entered!.after, transfer }
  const event: CallEvent = { type: 'TransferRequested', offer: OfferId('o1'), to }
  const news = { type: 'call.transferred', by, from: 'general', to, contactName: null }
  t.strictSame(newsOf(event, after, monday), news)
  const contact = { id: ContactId('urbanism'), name: 'Urbanism', number: '410', language: null }
  const external = { id: OfferId('x1'), contact, madeAt: monday, expiresAt: monday }
  t.match(newsOf(event, { ...after, external } as Call, monday), { contactName: 'Urbanism' })
  t.equal(newsOf(event, entered!.after, monday), null, 'a state without it')
})

t.test('an unknown type is skipped', async (t) => {
  const [arrived] = callEvents({ id: 'pbx1-1.1' })
  t.equal(newsOf({ type: 'SupervisorJoined' } as unknown as CallEvent, arrived!.after, monday), null)
  t.notOk(eventTypesOf(webhookTypes).includes('CallerHungUp'), 'the end follows from the call’s row')
})

t.test('only rows that can lead to a wanted message are listed', async (t) => {
  t.strictSame(eventTypesOf(['call.offered']), ['OfferMade', 'ReturnOffered'])
  t.strictSame(eventTypesOf(['call.ended', 'recording.ready', 'voicemail.left']), [])
  // A table of its own could forget an event: each that is published leads to the type under which it is listed.
  for (const { event, after, at } of callEvents({ id: 'pbx1-1.1' })) {
    const type = newsOf(event, after, at)?.type
    if (type !== undefined) t.ok(eventTypesOf([type]).includes(event.type), event.type)
  }
  t.ok(isWanted('event', ['call.ended']), 'what it leads to is known once it is read')
  t.strictSame(
    [
      isWanted('end', ['call.ended']),
      isWanted('end', ['recording.ready']),
      isWanted('recording', ['call.ended']),
      isWanted('voicemail', ['voicemail.left']),
      isWanted('voicemail', ['recording.ready']),
    ],
    [true, false, false, true, false],
  )
})

t.test('events of every older release are published', async (t) => {
  for (const version of [0, 1, 2, 3, 4, 5]) {
    const file = new URL(`../../redis/fixtures/version-${version}.json`, import.meta.url)
    const { events } = JSON.parse(readFileSync(file, 'utf8')) as { events: Stored<AcdEvent>[] }
    const news = events
      .map((stored) => upcastAcdEvent(stored))
      .flatMap((one) => (one.subject === 'call' ? (newsOf(one.event, one.after, one.at) ?? []) : []))
    const types = new Set(news.map(({ type }) => type))
    for (const type of ['call.queued', 'call.offered', 'call.answered'])
      t.ok(types.has(type as 'call.queued'), `version ${version}: ${type}`)
    const answered = news.find(({ type }) => type === 'call.answered')
    t.ok(answered !== undefined && 'offer' in answered && answered.offer.agent.length > 0)
  }
})

t.test('pauses grow to a minute, for what is refused to an hour', async (t) => {
  const tries = [1, 2, 3, 4, 5, 6, 7, 100]
  t.strictSame(
    tries.map((failed) => pauseAfter(failed, false) / 1_000),
    [2, 10, 30, 60, 60, 60, 60, 60],
  )
  t.strictSame(
    tries.map((failed) => pauseAfter(failed, true) / 1_000),
    [2, 10, 30, 120, 600, 1_800, 3_600, 3_600],
  )
  t.strictSame(
    [0, 1, 2, 5, 6, 400].map((probes) => awayMs(probes) / 1_000),
    [1, 2, 4, 32, 60, 60],
  )
  t.strictSame([302, 400, 401, 408, 422, 429, 500, 503].filter(isRefusal), [400, 401, 422])
})
