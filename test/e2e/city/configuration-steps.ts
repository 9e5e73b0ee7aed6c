/** An administrator changes the line on its page, by keyboard alone. */
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { checkScreen } from '../../support/browser/screen.ts'
import { until } from '../../support/until.ts'
import { focused } from './keyboard-steps.ts'

/** More stops than the page has. */
const stopsMax = 120

/** Presses Tab until the focus is there. */
export async function tabTo(page: Page, selector: string, back = false): Promise<void> {
  for (let stop = 0; stop < stopsMax; stop += 1) {
    const isThere = await page.evaluate(
      (wanted) =>
        document.activeElement?.closest(wanted) === document.activeElement && document.activeElement !== null,
      selector,
    )
    if (isThere) return
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab')
  }
  throw new Error(`the keyboard does not reach ${selector}`)
}

export async function press(page: Page, selector: string, key = 'Enter'): Promise<void> {
  await tabTo(page, selector)
  await page.keyboard.press(key)
}

export async function type(page: Page, selector: string, text: string): Promise<void> {
  await tabTo(page, selector)
  await page.keyboard.press('Control+A')
  await page.keyboard.type(text)
}

/** From a tab of the page to the next one: the arrow keys choose. */
export async function openTab(
  page: Page,
  from: string,
  key: 'ArrowRight' | 'ArrowLeft',
  to: string,
): Promise<void> {
  await tabTo(page, `[data-tab=${from}]`, true)
  await page.keyboard.press(key)
  await page.locator(`[data-tab=${to}][aria-selected=true]`).waitFor()
}

export const bar = (page: Page): Promise<string | null> =>
  page.locator('[data-draft]').getAttribute('data-draft')

/** A queue, hours with half a day and a closed day, and a number that has both; published. */
export async function addByKeyboard(t: Test, page: Page): Promise<void> {
  await openTab(page, 'numbers', 'ArrowRight', 'queues')
  await press(page, '[data-action=add]')
  await page.locator('aside [data-field=name]').waitFor()
  await type(page, 'aside [data-field=name]', 'Urbanism')
  await press(page, 'aside [data-field=overflowTo]', 'End')
  await type(page, 'aside [data-field=overflowAfterSeconds]', '300')
  await checkScreen(t, page, 'configuration, a queue')

  await openTab(page, 'queues', 'ArrowRight', 'hours')
  await press(page, '[data-action=add]')
  await type(page, 'aside [data-field=name]', 'Program de iarnă')
  await press(page, 'aside [data-number="969"]', 'Space')
  await page.locator('aside [data-number="969"]:checked').waitFor()
  t.equal(await bar(page), '3', 'the number has them, under their new name')
  await type(page, '[data-weekday=Fri] input', '8')
  await press(page, '[data-weekday=Sat] [data-action=add-window]')
  await press(page, '[data-action=add-date]')
  await type(page, 'fieldset[data-date] [data-day]', '24.12.2026')
  await type(page, 'fieldset[data-date] [data-field=reason]', 'Ajunul Crăciunului')
  await press(page, 'fieldset[data-date="2026-12-24"] [data-action=add-window]')
  await press(page, '[data-action=add-date]')
  await type(page, 'fieldset[data-date=""] [data-day]', '31.12.2026')
  await checkScreen(t, page, 'configuration, hours')
  await press(page, 'aside [data-number="969"]', 'Space')
  await page.locator('aside [data-number="969"]:not(:checked)').waitFor()
  t.equal(await bar(page), '2', 'and the usual ones again')
  await press(page, '[data-action=add-date]')
  await press(page, 'fieldset[data-date=""] [data-action=remove-date]')
  t.equal(await focused(page), 'data-action=add-date', 'what is removed hands the focus on')

  await openTab(page, 'hours', 'ArrowLeft', 'queues')
  await openTab(page, 'queues', 'ArrowLeft', 'numbers')
  await press(page, '[data-action=add]')
  await type(page, 'aside [data-field=number]', '0256408300')
  await press(page, 'aside [data-field=queue]', 'End')
  await press(page, 'aside [data-field=hours]', 'End')
  await press(page, 'aside [data-field=answer]', 'End')
  await type(page, 'aside [data-field=closingGraceMinutes]', '20')
  await checkScreen(t, page, 'configuration, a number')
  t.equal(await bar(page), '3', 'three changes wait')

  await tabTo(page, '[data-action=review]', true)
  await page.keyboard.press('Enter')
  await page.locator('[data-fault]').waitFor()
  t.same(await page.locator('[data-fault]').allTextContents(), ['0256408300'], 'the number has no name')
  await checkScreen(t, page, 'configuration, faults')
  await press(page, '[data-fault]')
  await page.locator('aside [data-field=name][aria-invalid=true]').waitFor()
  await until(async () => (await focused(page)) === 'data-field=name')
  await type(page, 'aside [data-field=name]', 'Urbanism')

  await tabTo(page, '[data-action=review]', true)
  await page.keyboard.press('Enter')
  await page.locator('[data-changes="own 3"]').waitFor()
  await press(page, '[data-action=publish]')
  await page.locator('[data-field=reason][aria-invalid=true]').waitFor()
  await tabTo(page, '[data-field=reason]', true)
  await page.keyboard.type('Urbanismul are numărul lui')
  await checkScreen(t, page, 'configuration, review')
  await page.keyboard.press('Enter')
  await page.locator('[data-draft="0"]').waitFor()
}

/** Runs in the page: how many unpublished drafts it has kept. */
export const keptDrafts = (): number =>
  Object.keys(localStorage).filter((key) => key.endsWith('.configuration')).length

/** Two administrators change the line at once: the second is told, and adds their change to the newer version. */
export async function publishLate(t: Test, page: Page, publishElsewhere: () => Promise<void>): Promise<void> {
  await page.reload()
  await page.locator('[data-item="0256408300"] button').click()
  const hours = page.locator('aside [data-field=hours]')
  const before = await hours.inputValue()
  await hours.selectOption('')
  await hours.selectOption(before)
  t.equal(await page.evaluate(keptDrafts), 0, 'what is taken back leaves no draft')
  await page.locator('[data-tab=queues]').click()
  await page.locator('[data-item="Urbanism"] button').click()
  await page.locator('aside [data-field=levelMin]').selectOption('3')
  t.equal(
    await page.locator('aside [data-field=ageingSeconds]').inputValue(),
    '30',
    'a new queue ages as the first one does',
  )
  await page.reload()
  t.equal(await bar(page), '1', 'the draft survives a reload')
  await page.locator('[data-tab=queues][aria-selected=true]').waitFor()
  await page.locator('[data-action=review]').click()
  await publishElsewhere()
  await page.locator('[data-field=reason]').fill('Numai experții')
  await page.locator('[data-action=publish]').click()
  await page.locator('[data-late]').waitFor()
  t.match(await page.locator('[data-late]').textContent(), /a publicat altă versiune/)
  t.match(await page.locator('[data-changes="theirs 1"]').textContent(), /Numărul 969: Nume.*Linia 969/)
  await checkScreen(t, page, 'configuration, late')
  await page.locator('[data-action=merge]').click()
  await page.locator('[data-late]').waitFor({ state: 'detached' })
  t.match(
    await page.locator('[data-changes="own 1"]').textContent(),
    /Nivel minim13/,
    'only the own change is left',
  )
  await page.locator('[data-action=publish]').click()
  await page.locator('[data-draft="0"]').waitFor()
}

/** Every version is listed with its difference; an earlier one becomes the draft. */
export async function revert(t: Test, page: Page): Promise<void> {
  await page.locator('[data-tab=history]').click()
  const versions = page.locator('aside li button')
  await versions.first().waitFor()
  t.match(await versions.first().textContent(), /în vigoare.*Numai experții/)
  await checkScreen(t, page, 'configuration, history')
  await page.locator('[data-tab=queues]').click()
  await page.locator('aside [data-field=levelMin]').selectOption('5')
  await page.locator('[data-tab=history]').click()
  await versions.nth(1).click()
  await page.locator('[data-action=revert]').click()
  await page.locator('[data-changes="own 1"]').waitFor()
  await page.locator('[data-action=bring-back]').click()
  t.match(await page.locator('[data-changes="own 1"]').textContent(), /Nivel minim\d5/, 'the draft is back')
  await page.locator('[data-action=discard], [data-action=back]').first().click()
  await page.locator('[data-action=discard]').click()
  await page.locator('[data-tab=history]').click()
  await versions.nth(1).click()
  await page.locator('[data-action=revert]').click()
  await page.locator('[data-changes="own 1"]').waitFor()
  await page.locator('[data-field=reason]').fill('Înapoi')
  await page.locator('[data-action=publish]').click()
  await page.locator('[data-draft="0"]').waitFor()
}

/** A supervisor reads the version in force and tries it; nothing on the page edits. */
export async function readOnly(t: Test, page: Page): Promise<void> {
  await page.locator('header nav a[href="/configuration"]').click()
  await page.locator('[data-read-only]').waitFor()
  await page.locator('[data-read-item]').waitFor()
  await checkScreen(t, page, 'configuration, read by a supervisor')
  const edits = '[data-action=add], [data-action=remove], [data-draft], aside input, aside select'
  for (const [from, to] of [
    ['numbers', 'queues'],
    ['queues', 'hours'],
    ['hours', 'menus'],
    ['menus', 'codes'],
    ['codes', 'pauses'],
  ] as const) {
    t.equal(await page.locator(edits).count(), 0, from)
    await openTab(page, from, 'ArrowRight', to)
  }
  await openTab(page, 'pauses', 'ArrowRight', 'outbound')
  await openTab(page, 'outbound', 'ArrowRight', 'try')
  await page.locator('[data-story=told]').waitFor()
  await checkScreen(t, page, 'configuration, tried by a supervisor')
  await openTab(page, 'try', 'ArrowRight', 'history')
  await page.locator('[data-changes]').waitFor()
  t.equal(await page.locator('[data-action=revert]').count(), 0)
}
