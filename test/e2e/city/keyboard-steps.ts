/** Steps at the desk by keyboard: pickers, errors at their fields, where the focus goes, the search key. */
import type { Page } from 'playwright-core'
import type { Test } from 'tap'

const menuItemsMax = 20

/** The focused element, by its `data-` names, id or tag: `data-name`, `tab-papers`, `BODY`. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const at = document.activeElement ?? document.body
    const names = [...at.attributes].filter(({ name }) =>
      /^data-(?!(mantine|size|with|variant|error))/.test(name),
    )
    return (
      names.map(({ name, value }) => (value === 'true' || value === '' ? name : `${name}=${value}`))[0] ??
      (at.id || at.tagName)
    )
  })
}

/** In a menu that is open: the arrow keys to the item, and Enter. */
export async function chooseItem(page: Page, item: string): Promise<void> {
  await page.waitForFunction(() => document.activeElement?.closest('[role=menu]') != null)
  for (let presses = 0; presses < menuItemsMax; presses += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, item)) {
      await page.keyboard.press('Enter')
      return
    }
    await page.keyboard.press('ArrowDown')
  }
  throw new Error(`the arrow keys do not reach ${item}`)
}

/** Enter takes the marked match, Tab keeps the text, and a text that matches nothing is not lost. */
export async function pick(t: Test, desk: Page): Promise<void> {
  const form = desk.locator('[data-request-form]')
  const category = form.locator('[data-category]')
  const text = form.locator('[data-text]')
  const type = async (typed: string, key: string): Promise<string> => {
    await category.selectText()
    // Letter by letter, as a person does: the picker marks the first match at a change while its list is there already.
    await category.pressSequentially(typed, { delay: 50 })
    await desk.locator('[role=option][data-combobox-selected]').waitFor()
    await desk.keyboard.press(key)
    return category.inputValue()
  }
  t.equal(await type('gropi pe strd', 'Tab'), 'gropi pe strd', 'Tab keeps the text of a category')
  await desk.locator('[data-pane=requests] [data-action=elsewhere]').click()
  await form.waitFor({ state: 'detached' })
  await desk.locator('[data-pane=requests] [data-draft]').first().click()
  t.equal(await category.inputValue(), 'gropi pe strd', 'and the draft keeps it')
  t.equal(await type('zzz qqq', 'Enter'), 'Altele', 'nothing matches: the other category')
  t.equal(await text.inputValue(), 'zzz qqq', 'and the typed text is kept as what is asked')
  await text.fill('')
  for (const [typed, name] of [
    ['bec', 'Iluminat public'],
    ['bultein', 'Evidența persoanelor'],
    ['autobuz', 'Transport public: curse și personal'],
    ['inundatie', 'Apă și canalizare'],
    ['stalp', 'Iluminat public'],
  ] as const)
    t.equal(await type(typed, 'Enter'), name, typed)
  const street = form.locator('[data-address=place] [data-street]')
  await street.fill('lucain blaga')
  await desk.getByRole('option', { name: 'Strada Lucian Blaga' }).waitFor()
  await desk.keyboard.press('Tab')
  t.equal(await street.inputValue(), 'lucain blaga', 'Tab keeps the text of a street')
  t.not(await focused(desk), 'BODY')
}

/** A refusal stands at each wrong field; the first has the focus; a mended field loses its error. */
export async function mend(t: Test, desk: Page): Promise<void> {
  const form = desk.locator('[data-request-form]')
  const wrong = form.locator('[aria-invalid=true]')
  await form.locator('[data-text]').fill('')
  await form.locator('[data-action=register]').click()
  await form.locator('[data-text][aria-invalid=true]').waitFor()
  t.equal(await wrong.count(), 2, 'text and name')
  t.equal(await focused(desk), 'data-text', 'the first wrong field has the focus')
  const described = await form.locator('[data-name]').getAttribute('aria-describedby')
  t.equal(
    await desk.locator(`#${described?.split(' ').at(-1)}`).textContent(),
    'Completează numele petentului.',
  )
  t.equal(await form.locator('[role=alert]').textContent(), 'Mai trebuie completate 2 câmpuri.')
  await desk.keyboard.type('Nu arde becul.')
  t.equal(await wrong.count(), 1, 'the error is gone as soon as its field is mended')
  await form.locator('[data-name]').fill('Ștefan')
  t.equal(await wrong.count(), 0)
  t.equal(await form.locator('[role=alert]').textContent(), '')
}

/** Discarding a form and bringing it back, clearing a search, closing a dialog: the focus stays in the page. */
export async function keepFocus(t: Test, desk: Page): Promise<void> {
  const pane = desk.locator('[data-pane=requests]')
  const typed = await pane.locator('[data-request-form] [data-text]').inputValue()
  t.not(typed, '')
  await pane.locator('[data-action=discard]').focus()
  await desk.keyboard.press('Enter')
  await pane.locator('[data-action=bring-back]').waitFor()
  await desk.waitForFunction(() => document.activeElement?.matches('[data-action=bring-back]') === true)
  await desk.keyboard.press('Enter')
  await pane.locator('[data-request-form]').waitFor()
  t.equal(await pane.locator('[data-text]').inputValue(), typed, 'the form comes back as it was')
  await desk.waitForFunction(() => document.activeElement?.closest('[data-request-form]') !== null)
  await pane.locator('[data-search]').fill('CC2026')
  await pane.getByRole('button', { name: 'Renunță la căutare' }).click()
  t.equal(await focused(desk), 'data-search', 'after clearing, the field is ready')
  await desk.keyboard.press('Control+k')
  await desk.locator('[role=dialog] input').waitFor()
  await desk.keyboard.press('Escape')
  await desk.locator('[role=dialog]').waitFor({ state: 'detached' })
  t.equal(await focused(desk), 'data-search', 'after a dialog, where it was')
  await desk.locator('#tab-papers').click()
  t.equal(await focused(desk), 'tab-papers')
  await desk.locator('#tab-requests').click()
  // An element that another part removes while it has the focus.
  await desk.evaluate(() => {
    const button = document.createElement('button')
    document.querySelector('[data-pane=requests]')?.append(button)
    button.focus()
    button.remove()
  })
  await desk.waitForFunction(() => document.activeElement !== document.body)
  t.equal(await focused(desk), 'data-pane=requests', 'the part of the page that it was in')
}

/** A new agent types the caller's words where a call opens: it says what is searched there, and Enter takes them to the articles. */
export async function wordsOnCallersPage(t: Test, desk: Page): Promise<void> {
  await desk.locator('#tab-caller').click()
  await desk.keyboard.press('F2')
  await desk.keyboard.type('mi-am pierdut buletinul')
  await desk.locator('[data-pane=caller]').getByText('Aici se caută numere de telefon.').waitFor()
  await desk.keyboard.press('Enter')
  await desk.locator('[data-pane=papers] [data-article]').waitFor()
  t.equal(await desk.locator('[data-pane=papers] [data-search]').inputValue(), 'mi-am pierdut buletinul')
  await desk.locator('#tab-caller').click()
  t.equal(await desk.locator('[data-pane=caller] [data-search]').inputValue(), '')
}

/** The list of all commands begins with the possible ones; the others say why not. Enter runs only what was looked for. */
export async function possibleFirst(t: Test, desk: Page): Promise<void> {
  await desk.keyboard.press('Control+k')
  const commands = desk.locator('[role=dialog] li button')
  await commands.first().waitFor()
  const can = await commands.evaluateAll((all) =>
    all.map((one) => one.getAttribute('aria-disabled') !== 'true'),
  )
  t.ok(can.includes(false) && can.includes(true))
  t.equal(can.lastIndexOf(true), can.indexOf(false) - 1, 'what can be done now comes first')
  for (const [name, why] of [
    ['Răspunde', 'Nu sună nimic.'],
    ['Comunicat', 'Niciun număr de comunicat'],
    ['Reclamă întârzierea', 'Nicio cerere întârziată'],
    ['Sumele în cifre', 'Nimic de citit cu voce tare'],
    ['Persoana verificată următoare', 'Nu e niciun apel.'],
  ] as const)
    t.match(await commands.filter({ hasText: name }).first().textContent(), why, name)
  await desk.keyboard.press('Enter')
  t.equal(await commands.count(), can.length, 'nothing was looked for: nothing is run')
  await desk.keyboard.press('Escape')
  await desk.locator('[role=dialog]').waitFor({ state: 'detached' })
}

/** Whether the list of all commands has this one as possible now. */
export async function canRun(desk: Page, name: string): Promise<boolean> {
  await desk.keyboard.press('Control+k')
  const command = desk.locator('[role=dialog] li button', { hasText: name }).first()
  await command.waitFor()
  const can = (await command.getAttribute('aria-disabled')) === 'false'
  await desk.keyboard.press('Escape')
  await desk.locator('[role=dialog]').waitFor({ state: 'detached' })
  return can
}

/** What is typed right after the search key arrives whole: in each tab, from another screen, and while data loads. */
export async function searchAtOnce(t: Test, desk: Page): Promise<void> {
  const field = (name: string) => desk.locator(`[data-pane=${name}]:not([hidden]) [data-search]`)
  const tabs = ['caller', 'papers', 'requests'] as const
  for (const name of tabs) {
    await desk.locator(`#tab-${name}`).click()
    await desk.keyboard.press('F2')
    await desk.keyboard.type('abc12')
    await desk.waitForFunction(() => document.activeElement?.matches('[data-search]') === true)
    t.equal(await field(name).inputValue(), 'abc12', `${name}: typed at once`)
    await desk.keyboard.press('Escape')
  }
  await desk.locator('#tab-taxes').click()
  await desk.keyboard.press('F2')
  await desk.keyboard.type('0722')
  await desk.waitForFunction(
    () => document.activeElement?.matches('[data-pane=caller] [data-search]') === true,
  )
  t.equal(await field('caller').inputValue(), '0722', 'a tab without a search field: the caller’s')
  await desk.keyboard.press('Escape')
  // The agreement must be known before a tab shows city data.
  let typed = Promise.withResolvers<undefined>()
  await desk.route('**/api/me/agreement', async (route) => {
    await typed.promise
    await route.continue()
  })
  for (const name of ['papers', 'requests'] as const) {
    typed = Promise.withResolvers()
    await desk.reload()
    await desk.locator(`#tab-${name}`).click()
    await desk.locator(`[data-pane=${name}] [data-loading]`).waitFor()
    await desk.keyboard.press('F2')
    await desk.keyboard.type('abcd')
    await desk.keyboard.press('Backspace')
    typed.resolve(undefined)
    await desk.waitForFunction(() => document.activeElement?.matches('[data-search]') === true)
    t.equal(await field(name).inputValue(), 'abc', `${name}: typed while its data load`)
  }
  await desk.unroute('**/api/me/agreement')
  await desk.locator('header nav a[href="/calls"]').click()
  await desk.locator('[data-pane]').first().waitFor({ state: 'detached' })
  await desk.keyboard.press('F2')
  await desk.keyboard.type('xyz')
  await desk.waitForFunction(() => document.activeElement?.matches('[data-search]') === true)
  t.equal(await field('requests').inputValue(), 'xyz', 'from another screen')
  await desk.locator('#tab-caller').click()
}
