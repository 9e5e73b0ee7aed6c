/** Two callers in a row: nothing of the first is on the screen, in the focus or in any field of the second. */
import t from 'tap'
import type { Page } from 'playwright-core'
import type { RequestDetail } from '../../../src/http/requests/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import { openBrowser, openDesk, waitForState } from '../../support/browser/browser.ts'
import { fillLamp, talk } from '../desk-steps.ts'
import { openScene } from '../scene.ts'

const first = { number: '0722000991', spoken: '0722 000 991' }
const second = { number: '0722000992', spoken: '0722 000 992' }
/** What the first caller said, and what the agent typed for them. */
const ofFirst = /0722 000 991|Țăranu|Blaga|nu funcționează|adeverință|sună de joi/

t.test('the desk of the second caller has nothing of the first', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1, overrides: { WRAP_UP_MS: '60000' } })
  const { newContext } = await openBrowser(t, null)
  const desk = await openDesk(await newContext(), scene.linia.url, scene.linia.account('agent01'))
  const pane = desk.locator('[data-pane=requests]')
  await desk.keyboard.press('F4')
  await waitForState(desk, 'ready')

  const one = await talk(scene, desk, first.number)
  await desk.locator('[data-notes]').fill('sună de joi')
  await desk.locator('#tab-papers').click()
  await desk.locator('[data-pane=papers] [data-search]').fill('adeverință')
  await desk.locator('#tab-caller').click()
  await desk.locator('[data-pane=caller] [data-search]').fill('0722000991')
  await desk.locator('#tab-taxes').click()
  await desk.locator('#pane-taxes input').first().fill('Țăranu Ștefan')
  await desk.locator('#tab-requests').click()
  await desk.locator('[data-action=new-request]').click()
  await fillLamp(desk)
  await desk.locator('[data-kept=saved]').waitFor()
  await desk.locator('[data-text]').focus()
  one.hangUp()
  await waitForState(desk, 'wrap-up')
  const firstCall = await scene.record(first.number)
  // With the focus in the form the key would register the request.
  await desk.locator('[data-notes]').focus()
  await desk.keyboard.press('Control+Enter')
  await waitForState(desk, 'ready')
  t.equal(
    await desk.locator('[data-pane=caller] [data-search]').inputValue(),
    '',
    'a search of the call ends with it: the list is the agent’s own day again',
  )
  await desk.locator('[data-text]').focus()

  await t.test('a phone that rings changes nothing; an answered one closes the form', async (t) => {
    const two = await scene.town.call({ callerId: second.number })
    t.teardown(() => two.hangUp())
    await waitForState(desk, 'ringing')
    await desk.keyboard.type(' Urgent.')
    t.match(await desk.locator('[data-text]').inputValue(), / Urgent\.$/)
    await desk.keyboard.press('F8')
    await waitForState(desk, 'talking')
    await desk.keyboard.type('dictat')

    t.notMatch(await everything(desk), ofFirst)
    t.notMatch(
      await everything(desk),
      /dictat/,
      'words typed for the first caller are in no field of the second',
    )
    t.not(await desk.evaluate(() => document.activeElement?.tagName), 'BODY')
    for (const name of ['papers', 'taxes', 'caller']) {
      await desk.locator(`#tab-${name}`).click()
      t.notMatch(await everything(desk), ofFirst, name)
    }

    await t.test('a new form has the second caller’s number', async (t) => {
      await desk.locator('#tab-requests').click()
      await desk.locator('[data-action=new-request]').click()
      t.equal(await pane.locator('[data-phone]').inputValue(), second.spoken)
      t.equal(await pane.locator('[data-name]').inputValue(), '')
      await pane.locator('[data-text]').fill('Altă sesizare')
    })

    await t.test('a discarded draft is brought back', async (t) => {
      await pane.locator('[data-action=discard]').click()
      t.equal(await pane.locator('[data-draft]').count(), 1)
      await pane.locator('[data-action=bring-back]').click()
      t.equal(await pane.locator('[data-text]').inputValue(), 'Altă sesizare')
      await pane.locator('[data-kept=saved]').waitFor()
    })

    await t.test('the first caller’s draft asks, and is registered for the first call', async (t) => {
      const draft = pane.locator('[data-draft="of another call"]')
      t.match(await draft.textContent(), new RegExp(`${first.spoken} · Ștefan Țăranu`))
      await draft.click()
      await pane.locator('[data-ask-first]').waitFor()
      t.equal(await pane.locator('[data-request-form]').count(), 0)
      t.equal(await pane.locator('[data-action=go-on-here]').count(), 0, 'another number')
      await pane.locator('[data-action=open-another]').click()
      await pane.locator('[data-of-another]').waitFor()
      t.equal(await pane.locator('[data-phone]').inputValue(), first.spoken)
      await pane.locator('[data-text]').focus()
      await desk.keyboard.press('Control+Enter')
      await pane.locator('[data-read-out]').waitFor()
      const id = (await pane.locator('[data-read-out]').getAttribute('data-read-out')) ?? ''
      const agent = new Api(scene.linia.url)
      await agent.signIn(scene.linia.account('supervisor01'))
      const registered = await agent.get<RequestDetail>(`/api/requests/${id}`)
      t.equal(registered.call, firstCall.id)
    })

    await t.test('after a wrap-up the next call begins at the starters', async (t) => {
      two.hangUp()
      await waitForState(desk, 'wrap-up')
      await desk.locator('[data-notes]').focus()
      await desk.keyboard.press('Control+Enter')
      await waitForState(desk, 'ready')
      const three = await talk(scene, desk, '0722000993')
      await desk.waitForFunction(() => document.activeElement?.matches('[data-begins]') === true)
      t.pass('it has the focus')
      three.hangUp()
      await waitForState(desk, 'wrap-up')
    })
  })
})

/** The text on the screen, and every field's value. */
async function everything(page: Page): Promise<string> {
  return page.evaluate(() => {
    const fields = [...document.querySelectorAll<HTMLInputElement>('input, textarea')]
    return [document.body.innerText, ...fields.map(({ value }) => value)].join(' | ')
  })
}
