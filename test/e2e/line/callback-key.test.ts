/** A caller asks by two keys to be called back, behind three who came earlier; the administrator has set it on the page Linie. */
import t from 'tap'
import { hears, tone } from '../../support/sip/audio.ts'
import {
  bursts,
  openBrowser,
  openDesk,
  openSignedIn,
  pickUp,
  waitForState,
} from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { until } from '../../support/until.ts'
import { citizenTone } from '../desk-steps.ts'
import { transitions } from '../scene.ts'
import { openSceneWithOutside } from './outside-end.ts'

const agentTone = 600
const [first, second, third, fourth] = ['0722000961', '0722000962', '0722000963', '0722000964'] as const

t.test(
  'a caller presses 2 and 1, and is called back by the place that they had',
  { timeout: 1_500_000 },
  async (t) => {
    const { scene, outside } = await openSceneWithOutside(t, { WRAP_UP_MS: '2000' })
    const { url } = scene.linia
    const { newContext } = await openBrowser(t, bursts(agentTone))
    const administrator = scene.linia.accounts.find(({ role }) => role === 'administrator')
    if (administrator === undefined) throw new Error('no administrator')

    await t.test('the page Linie sets it', async (t) => {
      const page = await openSignedIn(await newContext(), url, administrator)
      await page.goto(`${url}/configuration`)
      await page.locator('[data-tab=queues]').click()
      await page.locator('tr[data-item] button').first().click()
      await page.locator('aside [data-field=isAsked]').check()
      await page.locator('[data-field=afterSeconds]').fill('10')
      await page.locator('[data-field=afterSeconds]').blur()
      await checkScreen(t, page, 'a queue whose callers may be called back')
      await page.locator('[data-action=review]').click()
      await page.locator('[data-field=reason]').fill('probă')
      await page.locator('[data-action=publish]').click()
      await page.locator('[data-draft="0"]').waitFor()
      await page.close()
    })

    const waits = async (number: string) => {
      const citizen = await scene.town.call({ callerId: number, speech: tone(citizenTone) })
      await until(() => calls(number).some(({ phase }) => phase === 'waiting'))
      return citizen
    }
    const calls = (number: string) =>
      [...scene.view.calls.values()].filter(({ caller }) => caller === `+4${number}`)
    const isOnRecord = (number: string, type: string) =>
      scene.record(number, (call) => transitions(call).includes(type))

    const earlier = [await waits(first), await waits(second), await waits(third)]
    const asks = await waits(fourth)
    await t.test('the caller is asked, confirms, and is hung up', async (t) => {
      await isOnRecord(fourth, 'CallerAsked')
      asks.rtp.press('2')
      await isOnRecord(fourth, 'KeyPressed')
      asks.rtp.press('1')
      await asks.ended
      const promised = await scene.record(fourth, ({ direction }) => direction === 'outbound')
      t.match(promised.events[0], { type: 'CallPlaced', detail: { by: null } })
      t.equal(outside.rings.length, 0, 'nobody is called without an agent')
    })

    await t.test('the three earlier callers first, then the callback', async (t) => {
      const desk = await openDesk(await newContext(), url, scene.linia.account('agent01'))
      await desk.keyboard.press('F4')
      for (const [index, citizen] of earlier.entries()) {
        await pickUp(desk)
        await waitForState(desk, 'talking')
        t.match(await desk.locator('[data-caller]').textContent(), `0722 000 96${index + 1}`)
        t.equal(outside.rings.length, 0, 'an earlier caller first')
        citizen.hangUp()
        await waitForState(desk, 'ringing')
      }
      await desk.locator('[data-callback]').waitFor()
      t.match(await desk.locator('[data-caller]').textContent(), '0722 000 964')
      await desk.locator('[data-session="incoming ringing"]').waitFor()
      await desk.keyboard.press('F8')
      const ring = await outside.nextRing()
      const answered = await ring.answer(tone(citizenTone))
      await waitForState(desk, 'talking')
      await until(() => hears(answered.rtp, agentTone))
      answered.hangUp()
      await scene.record(fourth, ({ outcome }) => outcome === 'answered')
    })
  },
)
