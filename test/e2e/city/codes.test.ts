/** Codes of wrap-ups, by keyboard alone: an administrator makes the tree, an agent chooses from it, a supervisor finds the call. */
import type { Page } from 'playwright-core'
import t from 'tap'
import type { PublishedConfiguration } from '../../../src/http/configuration/wire.ts'
import type { CallDetail } from '../../../src/http/calls/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import { openBrowser, openDesk, openSignedIn, waitForState } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { until } from '../../support/until.ts'
import { talk } from '../desk-steps.ts'
import { openScene } from '../scene.ts'
import { openTab, press, tabTo, type } from './configuration-steps.ts'
import { focused } from './keyboard-steps.ts'

const number = '0722000981'

/** Letter by letter, as a person does: the list marks the first match at a change while it is there already. */
async function find(page: Page, typed: string, first: string): Promise<void> {
  await page.keyboard.type(typed, { delay: 50 })
  await page.locator('[role=option][data-combobox-selected]', { hasText: first }).waitFor()
}

t.test('a city’s codes, from its page to the call', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1, overrides: { WRAP_UP_MS: '120000' } })
  const { linia } = scene
  const { newContext } = await openBrowser(t, null)
  const page = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  const api = new Api(linia.url)
  await api.signIn(linia.account('supervisor01'))
  const detail = async (): Promise<CallDetail> => {
    const { id } = await scene.record(number)
    return api.get<CallDetail>(`/api/calls/${id}`)
  }

  await t.test('an administrator makes a tree on the page of the line', async (t) => {
    await page.locator('header nav a[href="/configuration"]').click()
    await page.locator('[data-item]').first().waitFor()
    for (const [from, to] of [
      ['numbers', 'queues'],
      ['queues', 'hours'],
      ['hours', 'menus'],
      ['menus', 'codes'],
    ] as const)
      await openTab(page, from, 'ArrowRight', to)
    const add = async (name: string, under: string | null): Promise<void> => {
      await tabTo(page, '[data-action=add]', true)
      await page.keyboard.press('Enter')
      await until(async () => (await focused(page)) === 'data-field=name')
      await page.keyboard.type(name)
      if (under === null) return
      await tabTo(page, 'aside [data-field=under]')
      await page.keyboard.type(under)
    }
    await add('Taxe și impozite', null)
    await add('Acte', null)
    await add('Clădiri', 'Taxe')
    await add('Mașini', 'Taxe')
    await tabTo(page, 'aside [data-field=queues]')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    const shown = () => page.locator('[data-item] button').allTextContents()
    t.same(await shown(), ['Taxe și impozite', 'Clădiri', 'Mașini', 'Acte'])
    await checkScreen(t, page, 'configuration, codes')
    const raise = 'aside [data-action=raise]'
    await tabTo(page, raise)
    await page.keyboard.press('Enter')
    await page.locator(`${raise}[aria-disabled=true]:focus`).waitFor()
    t.same(await shown(), ['Taxe și impozite', 'Mașini', 'Clădiri', 'Acte'])
    await page.locator('[data-item="Clădiri"] button').focus()
    await page.keyboard.press('Enter')
    await tabTo(page, raise)
    await page.keyboard.press('Enter')
    await page.locator(`${raise}[aria-disabled=true]:focus`).waitFor()
    t.same(await shown(), ['Taxe și impozite', 'Clădiri', 'Mașini', 'Acte'])

    await tabTo(page, '[data-action=review]', true)
    await page.keyboard.press('Enter')
    await page.locator('[data-changes="own 4"]').waitFor()
    t.match(await page.locator('[data-at="codes.cladiri"]').textContent(), /Taxe și impozite › Clădiri/)
    await type(page, '[data-field=reason]', 'Ce ne întreabă lumea')
    await page.keyboard.press('Enter')
    await page.locator('[data-draft="0"]').waitFor()
    const { document } = await api.get<PublishedConfiguration>('/api/configuration')
    t.match(document.codes, [
      { id: 'taxe-si-impozite', name: 'Taxe și impozite' },
      { id: 'acte', name: 'Acte' },
      { id: 'cladiri', name: 'Clădiri', under: 'taxe-si-impozite' },
      { id: 'masini', name: 'Mașini', under: 'taxe-si-impozite', queues: [/./] },
    ])
  })

  await t.test('an agent chooses a code by its words, takes it back, and chooses again', async (t) => {
    await page.context().close()
    const desk = await openDesk(await newContext(), linia.url, linia.account('agent01'))
    desk.on('pageerror', (error) => errors.push(error.message))
    await desk.keyboard.press('F4')
    await waitForState(desk, 'ready')
    const citizen = await talk(scene, desk, number)
    const field = desk.locator('[data-wrap-up] [data-code]')
    await field.waitFor()
    citizen.hangUp()
    await waitForState(desk, 'wrap-up')
    await until(async () => /data-code/.test(await focused(desk)))
    t.equal(await desk.locator('[role=listbox]:visible').count(), 0, 'the list does not cover the form')
    await find(desk, 'impoz', 'Taxe și impozite')
    t.equal(await desk.locator('[role=option]').count(), 2, 'and the code below it')
    await checkScreen(t, desk, 'desk, wrap-up, codes')
    await desk.keyboard.press('ArrowDown')
    await desk.keyboard.press('Enter')
    t.equal(await field.inputValue(), 'Clădiri')
    t.equal(await field.getAttribute('title'), 'Taxe și impozite › Clădiri')
    await until(async () => (await detail()).wrapUp?.code?.id === 'cladiri')
    await desk.keyboard.type('pavaj')
    await desk.locator('[role=listbox]', { hasText: 'Niciun cod' }).waitFor()
    await desk.keyboard.press('Escape')
    await desk.keyboard.press('Tab')
    t.equal(await field.inputValue(), 'Clădiri', 'what was typed and not chosen is nothing')
    await tabTo(desk, '[data-code]', true)
    await desk.keyboard.press('Control+A')
    await desk.keyboard.press('Delete')
    await until(async () => (await detail()).wrapUp?.code === null)
    await find(desk, 'acte', 'Acte')
    await desk.keyboard.press('Enter')
    await until(async () => (await detail()).wrapUp?.code?.name === 'Acte')
    await desk.keyboard.press('Tab')
    t.match(await focused(desk), /data-subject/)
    await desk.reload()
    await waitForState(desk, 'wrap-up')
    await until(async () => (await field.inputValue()) === 'Acte')
    await press(desk, '[data-wrap-up] fieldset input', '1')
    await desk.keyboard.press('Control+Enter')
    await waitForState(desk, 'ready')
  })

  await t.test('a supervisor finds the call by its code', async (t) => {
    const supervisor = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
    await supervisor.locator('header nav a[href="/calls"]').click()
    await supervisor.locator('[data-code]').waitFor()
    await tabTo(supervisor, '[data-code]')
    await find(supervisor, 'taxe', 'Taxe și impozite')
    await supervisor.keyboard.press('Enter')
    await tabTo(supervisor, 'form button[type=submit]')
    await supervisor.keyboard.press('Enter')
    await supervisor.waitForURL(/code=taxe-si-impozite/)
    await supervisor.locator('tbody tr', { hasText: '0722 000 981' }).waitFor({ state: 'detached' })
    await tabTo(supervisor, '[data-code]')
    await supervisor.keyboard.press('Control+A')
    await find(supervisor, 'ACTE', 'Acte')
    await supervisor.keyboard.press('Enter')
    await tabTo(supervisor, 'form button[type=submit]')
    await supervisor.keyboard.press('Enter')
    await supervisor.locator('tbody tr', { hasText: '0722 000 981' }).waitFor()
    await checkScreen(t, supervisor, 'calls, by code')
    await supervisor.locator('tbody tr', { hasText: '0722 000 981' }).locator('a').first().click()
    await supervisor.locator('dd', { hasText: 'Acte' }).waitFor()
  })
  t.same(errors, [])
})
