/**
 * A request from the call to its number; the draft that is kept when the call drops or the page is refreshed. Two callers
 * in a row: nothing of the first is on the screen, in the focus or in any field of the second.
 */
import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import type { RequestDetail } from '../../../src/http/requests/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import { openBrowser, openDesk, waitForState } from '../../support/browser/browser.ts'
import { fillLamp, talk } from '../desk-steps.ts'
import { openScene, type Scene } from '../scene.ts'

const caller = '0722000961'
const first = { number: '0722000991', spoken: '0722 000 991' }
const second = { number: '0722000992', spoken: '0722 000 992' }
/** What the first caller said, and what the agent typed for them. */
const ofFirst = /0722 000 991|Țăranu|Blaga|nu funcționează|adeverință|sună de joi/

t.test(
  'a request is registered during the call, and stays with its caller and its agent',
  { timeout: 1_500_000 },
  async (t) => {
    const scene = await openScene(t, { agents: 2, overrides: { WRAP_UP_MS: '60000' } })
    const { newContext } = await openBrowser(t, null)
    const desk = await openDesk(await newContext(), scene.linia.url, scene.linia.account('agent01'))
    await desk.keyboard.press('F4')
    await waitForState(desk, 'ready')

    const citizen = await talk(scene, desk, caller)
    await desk.locator('#tab-requests').click()
    await desk.locator('[data-action=new-request]').click()
    await fillLamp(desk)
    t.equal(
      await desk.locator('[data-request-form] [data-phone]').inputValue(),
      '0722 000 961',
      'the caller’s number is filled in',
    )

    await t.test('a refresh keeps the draft and the call', async () => {
      await desk.locator('[data-kept=saved]').waitFor()
      await desk.reload()
      await waitForState(desk, 'talking')
      await desk.locator('#tab-requests').click()
      await desk.locator('[data-pane=requests] ul button').first().click()
    })
    t.match(await desk.locator('[data-text]').inputValue(), /nu funcționează/)
    await desk.locator('[data-text]').focus()
    await desk.keyboard.press('Control+Enter')
    const words = desk.getByRole('region', { name: 'Cuvintele' })
    t.match(await words.locator('[data-spoken=number]').textContent(), /^CC 20\d\d – \d{3} \d{3}$/)
    t.match(await words.locator('[data-spoken=code]').textContent(), /^\d{3} \d{3}$/)
    t.equal(
      await words.locator('[data-spoken=number]').evaluate((element) => getComputedStyle(element).fontSize),
      '24px',
    )
    t.equal(await desk.locator('[data-wrap-up] [data-subject]').inputValue(), 'Iluminat public', 'proposed')
    await desk.keyboard.press('F7')
    await words.locator('[data-action=told]').waitFor({ state: 'detached' })

    citizen.hangUp()
    await waitForState(desk, 'wrap-up')
    await desk.keyboard.press('Control+Enter')
    await waitForState(desk, 'ready')

    const again = await talk(scene, desk, caller)
    const home = desk.locator('[data-pane=caller]')
    await home.locator('[data-caller-head]', { hasText: /Înainte: un apel; ultima dată azi la/ }).waitFor()
    t.match(
      await home.locator('[data-columns="2"] button[aria-pressed]').allTextContents(),
      [new RegExp(`Iluminat public · ${scene.linia.account('agent01').name}$`)],
      'the last call with its subject and who answered',
    )
    await desk.locator('#tab-requests').click()
    const pane = desk.locator('[data-pane=requests]')
    await pane.locator('[data-request]').first().waitFor()
    t.match(
      await pane.locator('[data-request]').first().textContent(),
      /Iluminat public/,
      'the draft is offered with the next call',
    )
    t.notMatch(await pane.textContent(), /Țăranu/, 'the subject is shown, not the content')
    await pane.locator('[data-request]').first().click()
    await pane.locator('[data-request-record]').waitFor()
    t.match(await pane.textContent(), /Țăranu/, 'the content is shown after opening it')

    await pane.locator('[data-action=new-request]').click()
    await fillLamp(desk)
    await desk.keyboard.press('Control+Enter')
    await words.locator('[data-spoken=number]').waitFor()
    again.hangUp()
    await waitForState(desk, 'wrap-up')
    await desk.keyboard.press('Control+Enter')
    await waitForState(desk, 'ready')
    await pane.getByRole('heading', { name: /De comunicat · 1/ }).waitFor()
    t.pass('after a dropped call the number stays on the list to be told')
    const telling = desk.waitForRequest(/\/tellings$/)
    await desk.getByRole('button', { name: 'Nu poate fi contactat' }).click()
    t.strictSame((await telling).postDataJSON(), { how: 'not reachable', call: null })
    await pane.getByRole('heading', { name: /De comunicat · 1/ }).waitFor({ state: 'detached' })
    t.pass('until it is noted that nobody can be reached')

    await t.test('the desk of the second caller has nothing of the first', (t) => twoCallers(t, scene, desk))
    await desk.locator('#tab-requests').click()
    await pane.locator('[data-action=new-request]').click()
    await fillLamp(desk)
    await desk.locator('[data-kept=saved]').waitFor()
    await desk.keyboard.press('F4')
    await desk.locator('header button').last().click()
    await desk.getByRole('menuitem', { name: 'Ieși din cont' }).click()
    await desk.locator('input[name=username]').waitFor()
    const other = scene.linia.account('agent02')
    await desk.locator('input[name=username]').fill(other.username)
    await desk.locator('input[name=password]').fill(other.password)
    await desk.locator('button[type=submit]').click()
    await desk.locator('#tab-requests').click()
    await pane.locator('[data-action=new-request]').waitFor()
    t.equal(
      await pane.getByRole('heading', { name: 'Începute' }).count(),
      0,
      'a draft is not shown to another agent',
    )
  },
)

async function twoCallers(t: Test, scene: Scene, desk: Page): Promise<void> {
  const pane = desk.locator('[data-pane=requests]')
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
      await desk.locator('[data-notes]').focus()
      await desk.keyboard.press('Control+Enter')
      await waitForState(desk, 'ready')
    })
  })
}

/** The text on the screen, and every field's value. */
async function everything(page: Page): Promise<string> {
  return page.evaluate(() => {
    const fields = [...document.querySelectorAll<HTMLInputElement>('input, textarea')]
    return [document.body.innerText, ...fields.map(({ value }) => value)].join(' | ')
  })
}
