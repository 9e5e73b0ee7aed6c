/** An agent with a desk phone and a web phone: the ringing one answers, the chosen one rings next. */
import type { Test } from 'tap'
import type { Page } from 'playwright-core'
import { hasTone, heardSince, tone } from '../../support/sip/audio.ts'
import { pickUp, waitForState } from '../../support/browser/browser.ts'
import { until } from '../../support/until.ts'
import { citizenTone } from '../desk-steps.ts'
import { bounceMs } from '../../../src/ui/agent/keys/chords.ts'
import type { Scene } from '../scene.ts'
import { agentTone, endWrapUp } from './desk-work.ts'

/** Longer than the fade of a state's colour. */
const fadeMs = 500

const answerButton = (page: Page) => page.locator('[data-action=answer]')
const hint = (page: Page) => page.getByText('Ridică receptorul telefonului de birou.')
const session = (page: Page) => page.locator('[data-phone=audio]').getAttribute('data-session')

/** Before and after it, agent01 is ready with the phone in the page alone, and has left no call unanswered. */
export async function twoPhones(t: Test, scene: Scene, page: Page): Promise<void> {
  const { phone, id } = await scene.deskAgent('agent01', { ready: false })
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
  await waitForState(page, 'ready')

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
    await endWrapUp(page)
  })

  await t.test('while the desk phone rings the page is chosen', async (t) => {
    const citizen = await dial('0722000952')
    const ring = await phone.nextRing()
    await waitForState(page, 'ringing')
    await hint(page).waitFor()
    await choose('web')
    t.match(scene.view.agents.get(id), { state: 'offered', offerDevice: 'desk', phones: { active: 'web' } })
    t.equal(await answerButton(page).count(), 0, 'no button without effect is shown')
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
    await endWrapUp(page)
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
      await endWrapUp(page)
      await choose('web')
    },
  )

  await t.test('each state has its own buttons, in fixed places, and the focus is never lost', async (t) => {
    t.equal(await page.locator('[data-call-buttons], [data-action=mute]').count(), 0, 'nothing to press')
    const citizen = await dial('0722000955')
    await waitForState(page, 'ringing')
    await page.locator('[data-session="incoming ringing"]').waitFor()
    t.equal(phone.rings.length, 2, 'it rings in the chosen phone only')
    const answer = await place(page, 'answer')
    const decline = await place(page, 'hang-up')
    t.ok(answer.width > decline.width * 1.8, 'a wide button answers')
    t.match(await page.locator('[data-action=hang-up]').textContent(), /Refuză/)
    const state = await page.locator('[data-band]').boundingBox()
    const pause = await place(page, 'pause-ready')
    t.ok(
      pause.y >= (state?.y ?? 0) + (state?.height ?? 0) && pause.y < answer.y,
      'the pause is under the band',
    )

    await answerButton(page).focus()
    await page.keyboard.press('Enter')
    await waitForState(page, 'talking')
    t.equal(await answerButton(page).count(), 0)
    const focused = await page.evaluate(() => {
      const at = document.activeElement
      return {
        inZone: at?.closest('[data-zone]') !== null,
        onCall: at?.closest('[data-call-buttons]') !== null,
      }
    })
    t.strictSame(focused, { inZone: true, onCall: false }, 'and the same key does nothing to the call')
    const hold = await place(page, 'hold')
    t.same([hold.x, hold.y, hold.height], [answer.x, answer.y, answer.height])
    t.strictSame(await place(page, 'hang-up'), decline, 'hang-up is where decline was')
    t.match(await page.locator('[data-action=hang-up]').textContent(), /Închide/)

    for (const [key, alert] of [
      ['F9', 'muted'],
      ['Shift+F9', 'held'],
    ] as const) {
      await page.keyboard.press(key)
      await page.locator(`[data-caller]`).locator(`xpath=ancestor::*[@data-alert="${alert}"]`).waitFor()
      await page.waitForTimeout(fadeMs)
      t.equal(await colourOf(page, '[data-alert]'), await colourOf(page, '[data-band]'), alert)
      t.strictSame(await place(page, 'hang-up'), decline, `nothing moves: ${alert}`)
      await page.keyboard.press(key)
      await page.locator('[data-alert]').waitFor({ state: 'detached' })
    }

    const trail = page.locator('[data-peek=trail]')
    t.match(await trail.textContent(), /^\d+Istoricul apelului$/, 'the number of steps')
    await trail.focus()
    await page.keyboard.press('Enter')
    await page.locator('[data-panel=trail]', { hasText: /Sosit.*Preluat.*Reluat/ }).waitFor()
    await page.keyboard.press('Escape')
    await page.locator('[data-panel=trail]').waitFor({ state: 'detached' })
    t.ok(await trail.evaluate((button) => button === document.activeElement), 'the focus returns')

    const asked = page.waitForEvent('dialog')
    const reload = page.evaluate(() => window.location.reload()).catch(() => undefined)
    const dialog = await asked
    t.equal(dialog.type(), 'beforeunload', 'the browser asks before the page is gone')
    await dialog.dismiss()
    await reload
    t.equal(await page.locator('[data-state=talking]').count(), 1)
    citizen.hangUp()
    t.equal((await scene.record('0722000955')).outcome, 'answered')
    await endWrapUp(page)
  })

  await t.test('what cannot be done says why on focus', async (t) => {
    const newer = await page.context().newPage()
    await newer.goto(`${scene.linia.url}/desk`)
    await waitForState(page, 'elsewhere')
    await page.keyboard.press('Tab')
    await page.locator('[data-action=pause-ready]').focus()
    const reason = page.locator('[role=tooltip]', { hasText: 'Postul e deschis în altă fereastră.' })
    await reason.waitFor()
    t.equal(
      await reason.getAttribute('id'),
      await describedBy(page, 'pause-ready'),
      'and describes the button',
    )
    await page.getByRole('button', { name: 'Lucrează aici' }).click()
    await waitForState(page, 'ready')
    await newer.close()
    await page.locator('[data-registration=registered]').waitFor()
  })

  await t.test('calls that were not taken are listed with their reason', async (t) => {
    const button = page.locator('[data-peek=unanswered]')
    const before = await page.locator('[data-peek=unanswered] .tabular').textContent()
    t.equal(before, '0')
    const citizen = await dial('0722000957')
    // The keys act on the state that the page shows; the phone may ring a moment before it.
    await waitForState(page, 'ringing')
    await page.locator('[data-session="incoming ringing"]').waitFor()
    await page.keyboard.press('Shift+F8')
    // The only agent is asked again after a short rest.
    await page.locator('[data-session=none]').waitFor()
    await page.locator('[data-session="incoming ringing"]').waitFor()
    citizen.hangUp()
    await waitForState(page, 'ready')
    await button.locator('.tabular', { hasText: '2' }).waitFor()
    // The list, which is read anew each minute, may have been read before the citizen's call was on record.
    await scene.record('0722000957')
    await page.reload()
    await page.locator('[data-registration=registered]').waitFor()
    await button.locator('.tabular', { hasText: '2' }).waitFor()
    await button.focus()
    await page.keyboard.press('Enter')
    const panel = page.locator('[data-panel=unanswered]')
    await panel.waitFor()
    t.strictSame(
      await panel.locator('li').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-unanswered'))),
      ['caller hung up', 'declined'],
    )
    // Nobody has served the citizen.
    await panel.locator('[data-action=call-back]').nth(1).waitFor()
    const text = (await panel.textContent()) ?? ''
    t.match(text, /Refuzat de tine.*a sunat/)
    t.match(text, /nr\. terminat în 957/)
    t.notMatch(text, /0722/, 'no number of a call that was not served')
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    t.ok(await button.evaluate((one) => one === document.activeElement), 'the focus returns')
  })
  await phone.close()
}

async function place(page: Page, action: string) {
  const box = await page.locator(`[data-action=${action}]`).boundingBox()
  if (box === null) throw new Error(`${action} is not shown`)
  return box
}

const colourOf = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => getComputedStyle(element).backgroundColor)

const describedBy = (page: Page, action: string) =>
  page.locator(`[data-action=${action}]`).getAttribute('aria-describedby')
