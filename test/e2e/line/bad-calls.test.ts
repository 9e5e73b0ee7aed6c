/** Malformed calls: each has a defined end and a row in the ledger. */
import t from 'tap'
import { openRawCaller } from '../../support/sip/raw-caller.ts'
import { until } from '../../support/until.ts'
import { onRecord } from '../on-record.ts'
import { openScene } from '../scene.ts'

t.test('malformed calls', { timeout: 1_500_000 }, async (t) => {
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
      'harmful characters are filtered out',
    )
    call.bye()
    await until(() => scene.view.calls.size === 0)
  }
  await t.test('an INVITE without SDP is a normal call', async (t) => {
    const call = caller.invite({ withSdp: false })
    t.equal(await call.final, 200)
    calls += 1
    await until(() => scene.view.calls.size === 1)
    call.bye()
    await until(() => scene.view.calls.size === 0)
  })
  await t.test('an unknown number is refused', async (t) => {
    t.equal(await caller.invite({ number: '112233' }).final, 404)
  })
  await t.test('an INVITE from an unknown address is refused', async (t) => {
    const stranger = await openRawCaller(t, scene.linia.sip, '127.0.0.3')
    t.ok([401, 403].includes(await stranger.invite().final))
    t.equal(scene.view.calls.size, 0)
  })
  // The call to the unknown number is only in CEL.
  await until(async () => (await onRecord(scene)).filter(({ outcome }) => outcome !== null).length > calls)
  const found = await onRecord(scene)
  t.match(
    found.find(({ line }) => line === '112233'),
    { outcome: 'rejected', queue: null, queuedAt: null, agent: null },
    'the refused call too',
  )
  t.ok(found.length >= calls, 'each call from the trunk has a row')
  for (const { caller: number } of found)
    t.ok(number === null || number.length <= 40, 'its number is bounded')
})
