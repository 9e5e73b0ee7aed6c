/** Calls that end at awkward moments, and calls that are made badly: each has a defined end and a row. */
import t from 'tap'
import { setTimeout as delay } from 'node:timers/promises'
import type { Static } from 'typebox'
import type { CallItem, CallPage } from '../../src/http/wire.ts'
import { openRawCaller } from '../support/raw-caller.ts'
import { until } from '../support/until.ts'
import { openScene, type Scene } from './scene.ts'

/** Milliseconds from the first answer to the CANCEL: before, while and after each step of the way in. */
const momentsMs = [0, 1, 2, 3, 5, 8, 12, 20, 40, 80, 150] as const

/** What is on record so far. */
async function onRecord({ board }: Scene): Promise<Static<typeof CallItem>[]> {
  return (await board.get<Static<typeof CallPage>>('/api/calls?limit=100')).items
}

const ended = async (scene: Scene) => (await onRecord(scene)).filter(({ outcome }) => outcome !== null)

for (const answer of ['queue', 'agent'] as const) {
  t.test(`CANCEL at every moment, ANSWER=${answer}`, { timeout: 120_000 }, async (t) => {
    const scene = await openScene(t, { overrides: { ANSWER: answer } })
    const seat = await scene.seat('agent01')
    const caller = await openRawCaller(t, scene.linia.sip)
    for (const ms of momentsMs) {
      const call = caller.invite({ from: `<sip:07220001${String(ms).padStart(2, '0')}@test>` })
      await call.heardOf
      if (ms > 0) await delay(ms)
      call.cancel()
      const status = await call.final
      // The answer was faster than the CANCEL: then there is a call to end.
      if (status === 200) call.bye()
      t.ok([200, 487].includes(status), `${ms} ms: ${call.statuses.join(' ')}`)
      await until(() => scene.view.calls.size === 0)
    }
    await until(() => scene.view.agents.get(seat.id)?.state === 'ready')
    t.ok(seat.phone.rings.length <= momentsMs.length, 'no phone rings twice for one call')
    // What the server never saw is written down by the witness, which waits until it is sure.
    await until(async () => (await ended(scene)).length === momentsMs.length, 60_000)
    t.same(
      new Set((await onRecord(scene)).map(({ outcome }) => outcome)),
      new Set(['abandoned']),
      'each is on record',
    )
  })
}

t.test('calls that are made badly', { timeout: 120_000 }, async (t) => {
  const scene = await openScene(t)
  const caller = await openRawCaller(t, scene.linia.sip)
  const fromHeaders = {
    anonymous: '"Anonymous" <sip:anonymous@anonymous.invalid>',
    empty: '<sip:test>',
    'very long': `"${'Ș'.repeat(300)}" <sip:${'7'.repeat(250)}@test>`,
    'with control characters': '"a\u0007b\u001bc" <sip:0722%0d%0aAction%3a000951@test>',
    'with a script': '"<b>x</b>;${SHELL(id)}" <sip:0722000952@test>',
  }
  let calls = 0
  for (const [what, from] of Object.entries(fromHeaders)) {
    const call = caller.invite({ from })
    const status = await call.final
    t.ok(status === 200 || status === 400, `caller id ${what}: ${status}`)
    if (status !== 200) continue
    calls += 1
    await until(() => scene.view.calls.size === 1)
    const [shown] = scene.view.calls.values()
    t.notMatch(
      `${shown?.caller} ${shown?.callerName}`,
      /[\p{Cc}<>${}()%]/u,
      'what could do harm is filtered out',
    )
    call.bye()
    await until(() => scene.view.calls.size === 0)
  }
  await t.test('an INVITE without SDP is a call like any other', async (t) => {
    const call = caller.invite({ withSdp: false })
    t.equal(await call.final, 200)
    calls += 1
    await until(() => scene.view.calls.size === 1)
    call.bye()
    await until(() => scene.view.calls.size === 0)
  })
  await t.test('a number that is not ours is refused', async (t) => {
    t.equal(await caller.invite({ number: '112233' }).final, 404)
  })
  await t.test('a stranger gets nowhere', async (t) => {
    const stranger = await openRawCaller(t, scene.linia.sip, '127.0.0.3')
    t.ok([401, 403].includes(await stranger.invite().final))
    t.equal(scene.view.calls.size, 0)
  })
  await until(async () => (await onRecord(scene)).length >= calls, 60_000)
  const found = await onRecord(scene)
  t.ok(found.length >= calls, 'each call from the trunk has a row')
  for (const { caller: number } of found) t.ok(number === null || number.length <= 40, 'and a bounded number')
})
