/** A caller of a closed number leaves a message: an agent of its queue hears it, calls back, and closes it, all by keyboard. */
import t from 'tap'
import { hasTone, hasHeardBeep, hears, tone } from '../../support/sip/audio.ts'
import { bursts, openBrowser, openDesk, openSignedIn, waitForState } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { until } from '../../support/until.ts'
import { press, tabTo, type } from '../city/configuration-steps.ts'
import { inForce } from '../in-force.ts'
import { citizenTone } from '../desk-steps.ts'
import { recordingOf } from '../scene.ts'
import { openSceneWithOutside } from './outside-end.ts'

const agentTone = 600
const beep = 1_000
const number = '0722000991'

t.test('a message is heard, its caller called back, and it is closed', { timeout: 1_500_000 }, async (t) => {
  // Open for a minute at night.
  const { scene, outside } = await openSceneWithOutside(t, { LINE_HOURS: 'Mon-Sun 03:59-04:00' })
  const { url } = scene.linia
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const administrator = scene.linia.accounts.find(({ role }) => role === 'administrator')
  const supervisor = scene.linia.accounts.find(({ role }) => role === 'supervisor')
  if (administrator === undefined || supervisor === undefined) throw new Error('no account of the role')

  await t.test('the page Linie sets it', async (t) => {
    const page = await openSignedIn(await newContext(), url, administrator)
    await page.goto(`${url}/configuration`)
    await page.locator('[data-item]').first().waitFor()
    await press(page, 'tr[data-item] button')
    await tabTo(page, 'aside [data-field=closed]')
    await page.locator('aside [data-field=closed]').selectOption('voicemail')
    await checkScreen(t, page, 'a number that takes messages')
    await tabTo(page, '[data-action=review]', true)
    await page.keyboard.press('Enter')
    await type(page, '[data-field=reason]', 'probă')
    await page.keyboard.press('Enter')
    await page.locator('[data-draft="0"]').waitFor()
    await page.close()
  })

  await inForce(scene.linia)
  const citizen = await scene.town.call({ callerId: number, speech: tone(citizenTone) })
  await until(() => hasHeardBeep(citizen.rtp, beep))
  await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'voicemail'))
  // Longer than a slip.
  const from = performance.now()
  await until(() => performance.now() - from > 4_000)
  citizen.rtp.press('#')
  await citizen.ended
  const left = await scene.record(number, ({ recording }) => recording === 'ready')
  t.match(left, { outcome: 'voicemail', endedBy: 'caller', queue: null })
  const { rate, channels } = await recordingOf(t, scene.board, left.id)
  t.ok(hasTone(citizenTone, channels[0] ?? new Int16Array(), rate), 'it is what the caller said')

  const desk = await openDesk(await newContext(), url, scene.linia.account('agent01'))
  await desk.keyboard.press('F4')
  await waitForState(desk, 'ready')
  await desk.locator('[data-open-voicemails="1"]').waitFor()
  await press(desk, '[data-open-voicemails="1"] a')
  await desk.locator('[data-voicemails="1"]').waitFor()

  await t.test(
    'a supervisor is told where they cannot be read, and on the board when one is late',
    async () => {
      const page = await openSignedIn(await newContext(), url, supervisor)
      await page.route('**/api/voicemails', (route) => route.abort())
      await page.goto(`${url}/calls`)
      await page.locator('[data-voicemails="0"] button').waitFor()
      await page.unroute('**/api/voicemails')
      await press(page, '[data-voicemails="0"] button')
      await page.locator('[data-voicemails="1"]').waitFor()
      await page.route('**/api/voicemails/open', (route) =>
        route.fulfill({ json: { count: 1, isLate: true } }),
      )
      await page.goto(`${url}/board`)
      await page.locator('[data-late-voicemails]').waitFor()
      await press(page, '[data-late-voicemails]')
      await page.locator('[data-voicemails="1"]').waitFor()
      await page.close()
    },
  )

  await press(desk, '[data-action=take-voicemail]')
  await desk.locator('[data-voicemail]', { hasText: scene.linia.account('agent01').name }).waitFor()
  await checkScreen(t, desk, 'the messages of an agent’s queues')
  await press(desk, '[data-voicemail] a')
  await desk.locator('[data-voicemail-state=open]').waitFor()
  await desk.locator('[data-action=play]').waitFor()
  await press(desk, '[data-action=play]')
  await until(async () => {
    const { items } = (await (await desk.request.get(`${url}/api/voicemails`)).json()) as {
      readonly items: readonly { readonly isHeard: boolean }[]
    }
    return items[0]?.isHeard === true
  })
  t.equal(await desk.locator('[data-track=caller]').count(), 1)
  t.equal(await desk.locator('[data-track=agent]').count(), 0, 'nobody else speaks in a message')
  await desk.locator('dd', { hasText: /^Informații generale$/ }).waitFor()
  await checkScreen(t, desk, 'a message as a task')

  await t.test('the caller is called back', async () => {
    await desk.locator('[data-action=call-back]:not([aria-disabled=true])').waitFor()
    await press(desk, '[data-action=call-back]')
    const ring = await outside.nextRing()
    const answered = await ring.answer(tone(citizenTone))
    await waitForState(desk, 'talking')
    await until(() => hears(answered.rtp, agentTone))
    answered.hangUp()
    await scene.record(number, ({ direction, outcome }) => direction === 'outbound' && outcome === 'answered')
  })

  await t.test('it is closed with what became of it, and no task any more', async (t) => {
    const page = await openSignedIn(await newContext(), url, scene.linia.account('agent01'))
    await page.goto(`${url}/calls/${left.id}`)
    await page.locator('[data-field=voicemail-note]').waitFor()
    await type(page, '[data-field=voicemail-note]', 'a fost sunat')
    await press(page, '[data-action=close-voicemail]')
    await page.getByText('Alege întâi ce s-a rezolvat.').waitFor()
    await tabTo(page, '[data-field=voicemail-result]', true)
    await page.keyboard.press('ArrowDown')
    t.equal(await page.locator('[data-field=voicemail-result]').inputValue(), 'answered')
    await press(page, '[data-action=close-voicemail]')
    await page.locator('[data-voicemail-state=closed]').waitFor()
    const open = await (await page.request.get(`${url}/api/voicemails/open`)).json()
    t.same(open, { count: 0, isLate: false })
  })
})
