import t from 'tap'
import { releaseMaxMs } from '../../src/asterisk/ari/channel-registry.ts'
import { legOf, setScene } from '../support/pbx/pbx-scene.ts'
import { pause, phone, requestsOf } from '../support/sip/sipp.ts'
import { until } from '../support/until.ts'

const scene = await setScene(t, [
  'ana',
  'bogdan',
  'carmen',
  'dan',
  'elena',
  'florin',
  'gina',
  'hana',
  'ioana',
  'jana',
  'maria',
  'nelu',
  'oana',
  'petra',
  'radu',
  'sanda',
])
const { pbx } = scene

// Answers, then the phone dies silently. Checked in the last test: the timeout takes a while.
await scene.phone(t, 'jana', `${phone.invited}${phone.accept}`)
await scene.ring('jana', 'dead')
await scene.happened('LegUp', { channel: legOf('dead') })

/** Whether the phone was reachable, at each change from now on. */
function changesOf(username: string): () => readonly boolean[] {
  const before = scene.events.length
  return () =>
    scene.events
      .slice(before)
      .flatMap((event) =>
        event.type === 'PhoneChanged' && event.username === username ? [event.reachable] : [],
      )
}

void t.test("a phone rings with the caller's number, answers and hangs up", async (t) => {
  const run = await scene.phone(
    t,
    'ana',
    `${phone.invited}${phone.ringing}${phone.accept}${pause(5_000)}${phone.hangUp}`,
  )
  t.equal(await scene.ring('ana', 'a1'), 'done')
  t.equal(await scene.ring('ana', 'a1'), 'done', 'the same effect again')
  await scene.happened('LegUp', { channel: legOf('a1') })
  t.match(await scene.gone(legOf('a1')), { end: 'hung up' })
  t.equal(await scene.ring('ana', 'a1'), 'already gone', 'the same effect after the end')
  await until(() => /SIP\/2\.0 200 OK[^]*CSeq: 9 BYE/.test(run.messages()))
  t.match(run.messages(), /From: .*0256123456/)
  t.match(run.messages(), /X-Linia-Offer: a1/)
  t.notMatch(run.messages(), /answer-after/)
  t.equal(requestsOf(run, ['INVITE']).length, 1, 'one INVITE')
})

void t.test('an INVITE for auto-answer carries the headers for it', async (t) => {
  const run = await scene.phone(t, 'bogdan', `${phone.invited}${phone.accept}${pause(1500)}${phone.hangUp}`)
  t.equal(await scene.ring('bogdan', 'b1', { autoAnswer: true, callerNumber: null }), 'done')
  await scene.happened('LegUp', { channel: legOf('b1') })
  await scene.gone(legOf('b1'))
  t.match(run.messages(), /X-Linia-Auto-Answer: 1/)
  t.match(run.messages(), /Call-Info: .*answer-after=0/)
  t.match(run.messages(), /From: .*anonymous/i)
})

void t.test('a phone gets the end of a call before the next INVITE', async (t) => {
  const run = await scene.phone(t, 'hana', `${phone.invited}${phone.accept}${phone.hungUp}`)
  // A ring waits for the last leg's end up to a bound, which a stalled machine may reach.
  const tookMs: number[] = []
  const ring = async (offer: string) => {
    const askedAt = performance.now()
    const done = await scene.ring('hana', offer)
    tookMs.push(performance.now() - askedAt)
    return done
  }
  for (let i = 1; i <= 20; i++) {
    t.equal(await ring(`h${i}`), 'done')
    await scene.happened('LegUp', { channel: legOf(`h${i}`) })
    // As when one caller hangs up while another waits: both commands are sent at the same moment.
    const hangUp = pbx.perform({ do: 'HangUp', channel: legOf(`h${i}`), as: 'normal' })
    const next = ring(`h${i}-next`)
    t.same(await Promise.all([hangUp, next]), ['done', 'done'])
    await scene.happened('LegUp', { channel: legOf(`h${i}-next`) })
    await pbx.perform({ do: 'HangUp', channel: legOf(`h${i}-next`), as: 'normal' })
    await scene.gone(legOf(`h${i}-next`))
  }
  // Asterisk reports the end to the application before it sends it to the phone.
  await until(() => requestsOf(run, ['BYE']).length === 40)
  const requests = requestsOf(run, ['INVITE', 'BYE'])
  const calls = requestsOf(run, ['INVITE']).map(({ callId }) => callId)
  t.equal(calls.length, 40)
  const placeOf = (method: string, callId = '') =>
    requests.findIndex((request) => request.method === method && request.callId === callId)
  const early = calls.filter(
    (callId, index) =>
      index > 0 &&
      placeOf('INVITE', callId) < placeOf('BYE', calls[index - 1]) &&
      (tookMs[index] ?? 0) < releaseMaxMs,
  )
  t.same(early, [], 'each leg rang only after the one before had ended')
})

void t.test('an unanswered leg ends with its reason', async (t) => {
  const cases = [
    ['carmen', '486 Busy Here', 'busy'],
    ['dan', '603 Decline', 'declined'],
    ['elena', '480 Temporarily Unavailable', 'no answer'],
    ['florin', '404 Not Found', 'no answer'],
    ['maria', '404 Not Found', 'unreachable'],
    ['nelu', '480 Temporarily Unavailable', 'unreachable'],
    ['oana', '486 Busy Here', 'busy'],
  ] as const
  const silent = new Set(['maria', 'nelu', 'oana'])
  for (const [username, line, end] of cases) {
    const rings = silent.has(username) ? '' : phone.ringing
    await scene.phone(t, username, `${phone.invited}${rings}${phone.refuse(line)}`)
    t.equal(await scene.ring(username, `${username}-1`), 'done')
    t.match(await scene.gone(legOf(`${username}-1`)), { end }, line)
  }
})

void t.test(
  'a phone that answers each qualify and refuses each call is offered none for a while',
  async (t) => {
    await scene.phone(t, 'petra', `${phone.invited}${phone.refuse('480 Temporarily Unavailable')}`)
    const changes = changesOf('petra')
    t.equal(await scene.ring('petra', 'n1'), 'done')
    t.match(await scene.gone(legOf('n1')), { end: 'unreachable' })
    await until(() => changes().length === 2)
    t.same(changes(), [false, true])
  },
)

void t.test('a phone that takes the call and does not ring is given up and gets a CANCEL', async (t) => {
  const trying = phone.refuse('100 Trying').replace(/<recv[^]*$/, '')
  const run = await scene.phone(t, 'radu', `${phone.invited}${trying}${phone.cancelled}`)
  const changes = changesOf('radu')
  const rungAt = performance.now()
  t.equal(await scene.ring('radu', 'mute', { ringTimeoutMs: 15_000 }), 'done')
  t.match(await scene.gone(legOf('mute')), { end: 'did not ring' })
  const tookMs = performance.now() - rungAt
  t.ok(tookMs > 3_500 && tookMs < 14_000, `given up after ${Math.round(tookMs)} ms`)
  await pbx.perform({ do: 'HangUp', channel: legOf('mute'), as: 'normal' })
  await until(() => requestsOf(run, ['CANCEL']).length === 1)
  t.same(changes(), [], 'the phone stays reachable')
})

void t.test('early media is a sign of ringing as well', async (t) => {
  const progress = phone.refuse('183 Session Progress').replace(/<recv[^]*$/, '')
  await scene.phone(t, 'sanda', `${phone.invited}${progress}${phone.cancelled}`)
  t.equal(await scene.ring('sanda', 'p1', { ringTimeoutMs: 3_000 }), 'done')
  t.match(await scene.gone(legOf('p1')), { end: 'no answer' })
})

void t.test('an unanswered phone rings for the ring timeout', async (t) => {
  const run = await scene.phone(t, 'gina', `${phone.invited}${phone.ringing}${phone.cancelled}`)
  const startedAt = performance.now()
  t.equal(await scene.ring('gina', 'g1', { ringTimeoutMs: 3000 }), 'done')
  t.match(await scene.gone(legOf('g1')), { end: 'no answer' })
  const rangMs = performance.now() - startedAt
  t.ok(rangMs > 2900 && rangMs < 9000, `${Math.round(rangMs)} ms`)
  await until(() => run.messages().includes('\nCANCEL '))
})

void t.test('an offer that is withdrawn stops ringing', async (t) => {
  const run = await scene.phone(t, 'ana', `${phone.invited}${phone.ringing}${phone.cancelled}`)
  t.equal(await scene.ring('ana', 'a2'), 'done')
  // There is nothing to cancel before the INVITE is sent.
  await until(() => run.messages().includes('\nINVITE '))
  t.equal(await pbx.perform({ do: 'HangUp', channel: legOf('a2'), as: 'normal' }), 'done')
  await scene.gone(legOf('a2'))
  await until(() => run.messages().includes('\nCANCEL '))
  t.equal(await pbx.perform({ do: 'HangUp', channel: legOf('a2'), as: 'normal' }), 'already gone')
})

void t.test('an agent without a registered phone, or unknown, is refused at once', async (t) => {
  t.equal(await scene.ring('nobody', 'n1'), 'refused')
  t.equal(await scene.ring('ana', 'n2', { device: 'web' }), 'refused')
})

void t.test('a desk phone that dies in a conversation is noticed by its silence', async (t) => {
  const lost = { type: 'LegGone', channel: legOf('dead'), end: 'no audio' }
  await until(() => scene.events.some((event) => 'end' in event && event.channel === lost.channel))
  t.match(await scene.gone(legOf('dead')), lost)
})
