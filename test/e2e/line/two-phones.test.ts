/** An agent with a desk phone and a web phone: the ringing one answers, the chosen one rings next. */
import t from 'tap'
import type { Page } from 'playwright-core'
import { hasTone, heardSince, tone } from '../../support/sip/audio.ts'
import { bursts, openBrowser, openDesk, pickUp, waitForState } from '../../support/browser/browser.ts'
import { until } from '../../support/until.ts'
import { citizenTone } from '../desk-steps.ts'
import { bounceMs } from '../../../src/ui/agent/keys/chords.ts'
import { openScene } from '../scene.ts'

const agentTone = 600
/** A long ring time-out, so that actions during the ring do not race with the next ring. */
const ringTimeoutMs = '60000'

const answerButton = (page: Page) => page.locator('[data-action=answer]')
const hint = (page: Page) => page.getByText('Ridică receptorul telefonului de birou.')
const session = (page: Page) => page.locator('[data-phone=audio]').getAttribute('data-session')

t.test('an agent with two phones', { timeout: 280_000 }, async (t) => {
  const overrides = { RING_TIMEOUT_MS: ringTimeoutMs }
  const scene = await openScene(t, { agents: 1, overrides })
  const { phone, id } = await scene.deskAgent('agent01', { ready: false })
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const page = await openDesk(await newContext(), scene.linia.url, scene.linia.account('agent01'))
  const call = () => [...scene.view.calls.values()][0]
  const dial = (callerId: string) => scene.town.call({ callerId, speech: tone(citizenTone) })

  /** Chooses a phone in the page, and waits until page and server agree on it. */
  async function choose(device: 'desk' | 'web'): Promise<void> {
    const list = page.locator('select[aria-label="Sună"]')
    await list.selectOption(device)
    await until(() => scene.view.agents.get(id)?.phones.active === device)
    await until(async () => (await list.inputValue()) === device)
  }

  await choose('web')
  await page.keyboard.press('F4')
  await waitForState(page, 'ready', 20_000)

  await t.test('while the page rings the desk phone is chosen; F8 answers in the page', async (t) => {
    const citizen = await dial('0722000951')
    await page.locator('[data-session="incoming ringing"]').waitFor()
    await waitForState(page, 'ringing')
    await choose('desk')
    t.match(scene.view.agents.get(id), { state: 'offered', offerDevice: 'web', phones: { active: 'desk' } })
    t.equal(await answerButton(page).getAttribute('aria-disabled'), 'false', 'the button answers')
    t.equal(await hint(page).count(), 0, 'no hint points to a phone that does not ring')
    t.equal(await session(page), 'incoming ringing', 'the ringing phone is unchanged')
    await page.keyboard.press('F8')
    await waitForState(page, 'talking')
    await page.locator('[data-session="incoming up"]').waitFor()
    t.equal(phone.rings.length, 0, 'the desk phone has not rung')
    // An earlier keystroke would count as a bounce of the first.
    await page.waitForTimeout(bounceMs + 300)
    await page.keyboard.press('Shift+F8')
    t.equal((await citizen.ended).ending, 'line hung up')
    t.equal((await scene.record('0722000951')).outcome, 'answered')
    await waitForState(page, 'ready')
  })

  await t.test('while the desk phone rings the page is chosen', async (t) => {
    const citizen = await dial('0722000952')
    const ring = await phone.nextRing()
    await waitForState(page, 'ringing')
    await hint(page).waitFor()
    await choose('web')
    t.match(scene.view.agents.get(id), { state: 'offered', offerDevice: 'desk', phones: { active: 'web' } })
    t.equal(
      await answerButton(page).getAttribute('aria-disabled'),
      'true',
      'no key without effect is offered',
    )
    t.equal(await answerButton(page).getAttribute('title'), 'Răspunzi din telefonul de birou.')
    t.ok(await hint(page).isVisible(), 'the hint shows the ringing phone')
    await page.keyboard.press('F8')
    const talk = await ring.answer(tone(agentTone))
    await waitForState(page, 'talking')
    t.equal(await session(page), 'none', 'the page has not rung')
    await until(() => hasTone(citizenTone, heardSince(talk.rtp, performance.now() - 1000)))
    t.pass('the desk phone hears the citizen')
    // Asterisk mutes, independent of the phone in use or chosen.
    await page.keyboard.press('F9')
    await until(() => call()?.muted === true)
    await page.keyboard.press('F9')
    await until(() => call()?.muted === false)
    talk.hangUp()
    t.equal((await citizen.ended).ending, 'line hung up')
    t.equal((await scene.record('0722000952')).outcome, 'answered')
    await waitForState(page, 'ready')
  })

  await t.test(
    'the page is lost during a call with the desk phone chosen: the desk phone rings, and the page shows it',
    async (t) => {
      const citizen = await dial('0722000954')
      await pickUp(page)
      await choose('desk')
      const rings = phone.nextRing()
      await page.reload()
      const ring = await rings
      await waitForState(page, 'reconnecting')
      await hint(page).waitFor()
      const talk = await ring.answer(tone(agentTone))
      await waitForState(page, 'talking')
      t.equal(await hint(page).count(), 0)
      await until(() => hasTone(citizenTone, heardSince(talk.rtp, performance.now() - 1000)))
      t.pass('the conversation continues at the desk phone')
      talk.hangUp()
      t.equal((await citizen.ended).ending, 'line hung up')
      t.match(await scene.record('0722000954'), { outcome: 'answered' })
      await waitForState(page, 'ready')
      await choose('web')
    },
  )

  await t.test('the following call rings in the page again', async (t) => {
    const citizen = await dial('0722000953')
    await pickUp(page)
    t.equal(phone.rings.length, 2, 'it rings only there')
    citizen.hangUp()
    t.equal((await scene.record('0722000953')).outcome, 'answered')
    await waitForState(page, 'ready')
  })
})
