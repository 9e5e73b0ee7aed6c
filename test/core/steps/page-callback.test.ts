/** A citizen asks on the public page to be called: the callback that begins, what it is about, and its attempts. */
import t from 'tap'
import { step } from '../../../src/core/call-step.ts'
import type { Call } from '../../../src/core/call.ts'
import type { CallEvent } from '../../../src/core/call-event.ts'
import { callbackOf, CallId, isAskedOnPage, isOutbound, PbxName, QueueId } from '../../../src/core/ids.ts'
import { queueThatCalls } from '../../../src/core/announcements/page-callback.ts'
import { newQueue } from '../../../src/core/queue.ts'
import { bounds } from '../../../src/core/rules.ts'
import { returnedBy } from '../../../src/core/steps/callback.ts'
import { promisedOnPage, type PlaceInQueue } from '../../../src/core/steps/page-callback.ts'
import { answered, callIn, offered, offerTo, queue, rules, t0 } from '../samples.ts'

const pbx = PbxName('pbx1')
const hour = 3_600_000
const begun = (opensAt: number | null = null, place: PlaceInQueue | null = null) =>
  promisedOnPage(
    {
      pbx,
      unique: 'a1-b2',
      line: '969',
      number: '+40722000911',
      language: 'en',
      queue,
      request: 'CC2026-000123',
      opensAt,
      place,
    },
    t0,
  )
const next = (call: Call, event: CallEvent, at = t0 + 1_000) => step(call, event, at, rules)

void t.test('it stands behind those who came before, and nobody is on the line', async (t) => {
  const call = begun()
  t.match(call, {
    phase: 'promised',
    direction: 'outbound',
    caller: { number: '+40722000911', name: null },
    language: 'en',
    queue: queue.id,
    priority: queue.priority,
    queuedAt: t0,
    notBefore: t0,
    callback: { requests: ['CC2026-000123'], promisedAt: t0, attempt: 1 },
  })
  t.ok(isOutbound(call.id))
  t.ok(isAskedOnPage(pbx, call.callback.of))
  t.equal(call.id, callbackOf(pbx, call.callback.of, 1))
})

void t.test('it has the place of a caller with its number who waits', async (t) => {
  const place = { queuedAt: t0 - 60_000, priority: 0 }
  t.match(begun(null, place), { ...place, arrivedAt: t0, callback: { promisedAt: t0 } })
})

void t.test('its term begins when the number opens', async (t) => {
  t.equal(begun().waitUntil, t0 + bounds.callbackMs)
  t.equal(begun(t0 + hour).waitUntil, t0 + hour + bounds.callbackMs)
  t.equal(begun(t0 - hour).waitUntil, t0 + bounds.callbackMs, 'it has opened meanwhile')
})

void t.test('the first attempt names the request, the next ones the first attempt', async (t) => {
  const call = begun()
  t.same(returnedBy(call), { request: 'CC2026-000123' })
  const ana = offerTo('ana', `leg-${call.id}-u1`)
  const dialling = next(next(call, offered(ana)).call, answered(ana)).call
  const second = next(dialling, { type: 'CallerUnreached', why: 'no answer' }).begins
  t.match(second, { callback: { requests: ['CC2026-000123'], attempt: 2 }, queuedAt: t0 })
  t.same(second && returnedBy(second), { call: call.id })
})

void t.test('a callback that the number has is about the request too, and keeps its place', async (t) => {
  const asked: CallEvent = { type: 'CallbackAsked', request: 'CC2026-000200' }
  const promise: CallEvent = {
    type: 'CallbackPromised',
    call: CallId('pbx1-out-1.1r1'),
    by: null,
  }
  const kept = next(callIn('waiting'), {
    ...promise,
    by: offerTo('vera', 'leg-x').agent,
    call: callbackOf(pbx, callIn('waiting').id, 1),
  }).begins
  if (kept === undefined) throw new Error('none was promised')
  const about = next(kept, asked).call
  t.same(about, { ...kept, callback: { ...kept.callback, requests: ['CC2026-000200'] } })
  t.equal(next(about, asked).call, about, 'asked again')
  t.same(returnedBy(kept), { call: kept.callback.of })
  if (about.phase !== 'promised') throw new Error('it is promised no more')
  t.same(returnedBy(about), { call: kept.callback.of }, 'it was promised in a call')
  t.match(next(about, { type: 'CallbackAsked', request: 'CC2026-000201' }).call, {
    callback: { requests: ['CC2026-000200', 'CC2026-000201'] },
  })
  const rings = next(kept, offered(offerTo('ana', `leg-${kept.id}-u1`))).call
  t.match(next(rings, asked).call, { phase: 'ringing', callback: { requests: ['CC2026-000200'] } })
  const waiting = callIn('waiting')
  t.equal(next(waiting, asked).call, waiting, 'a call that is no callback')
  const ended = next(kept, { type: 'CallEndedBySupervisor', by: offerTo('vera', 'leg-x').agent }).call
  t.equal(next(ended, asked).call, ended)
})

void t.test(
  'the queue of the request’s call calls if it takes callbacks, else the first one that does',
  async (t) => {
    const callback = { afterSeconds: 60, standingMax: 20 }
    const silent = newQueue(QueueId('silent'), 'Fără')
    const first = { ...newQueue(QueueId('first'), 'Prima'), callback }
    const taxes = { ...newQueue(QueueId('taxes'), 'Taxe'), callback }
    const queues = [silent, first, taxes]
    t.equal(queueThatCalls(queues, taxes.id), taxes)
    t.equal(queueThatCalls(queues, silent.id), first)
    t.equal(queueThatCalls(queues, QueueId('gone')), first)
    t.equal(queueThatCalls(queues, null), first)
    t.equal(queueThatCalls([silent], silent.id), null)
  },
)
