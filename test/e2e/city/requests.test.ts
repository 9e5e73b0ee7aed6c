/**
 * A request from the call to its number and the tracking page; and the draft that is kept when the call drops or the
 * page is refreshed.
 */
import t from 'tap'
import { openBrowser, openDesk, waitForState } from '../../support/browser/browser.ts'
import { fillLamp, talk } from '../desk-steps.ts'
import { openScene } from '../scene.ts'

const caller = '0722000961'

t.test(
  'a request is registered during the call and shown on the tracking page',
  { timeout: 1_500_000 },
  async (t) => {
    const scene = await openScene(t, { agents: 2, overrides: { WRAP_UP_MS: '60000' } })
    const { newContext } = await openBrowser(t, null)
    const context = await newContext()
    const desk = await openDesk(context, scene.linia.url, scene.linia.account('agent01'))
    await desk.keyboard.press('F4')
    await waitForState(desk, 'ready')

    const first = await talk(scene, desk, caller)
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
    const number = await words.locator('[data-spoken=number]').textContent()
    t.match(number, /^CC 20\d\d – \d{3} \d{3}$/)
    const code = await words.locator('[data-spoken=code]').textContent()
    t.match(code, /^\d{3} \d{3}$/)
    t.equal(
      await words.locator('[data-spoken=number]').evaluate((element) => getComputedStyle(element).fontSize),
      '24px',
    )
    t.equal(await desk.locator('[data-wrap-up] [data-subject]').inputValue(), 'Iluminat public', 'proposed')
    await desk.keyboard.press('F7')
    await words.locator('[data-action=told]').waitFor({ state: 'detached' })

    const visitor = await (await newContext()).newPage()
    await visitor.goto(`${scene.linia.url}/urmarire`)
    await visitor.locator('input[name=number]').fill(number ?? '')
    await visitor.locator('input[name=code]').fill(code ?? '')
    await visitor.locator('button[type=submit]').click()
    await visitor.locator('[data-tracked=registered]').waitFor()
    t.notMatch(
      await visitor.locator('main').textContent(),
      /Țăranu|Blaga|nu funcționează/,
      'the list shows nothing of its content',
    )

    first.hangUp()
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
