/**
 * The screens of articles and notices (`checkScreen`); no layout shift while typing, contrast of 7:1 for texts to be
 * read out.
 */
import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import { articleFields } from '../../../src/ui/knowledge/draft.ts'
import { tone } from '../../support/sip/audio.ts'
import { openBrowser, openDesk, openSignedIn, pickUp, waitForState } from '../../support/browser/browser.ts'
import { checkScreen, office } from '../../support/browser/screen.ts'
import { openScene } from '../scene.ts'
import { openTestDatabase } from '../../support/postgres.ts'

const caller = '0722000962'

t.test('the screens of articles and notices are accessible', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { overrides: { WRAP_UP_MS: '60000' } })
  const { newContext } = await openBrowser(t, null)

  const check = (page: Page, name: string) => checkScreen(t, page, name)
  const enter = async (username: string): Promise<Page> =>
    openSignedIn(await newContext(), scene.linia.url, scene.linia.account(username))

  const visitor = await (await newContext()).newPage()
  await visitor.goto(scene.linia.url)
  await visitor.locator('[aria-labelledby=demo] button').nth(4).waitFor()
  t.equal(
    await visitor.evaluate(() => document.documentElement.scrollHeight),
    office.height,
    'five roles fit',
  )
  await check(visitor, 'sign-in-five-roles')
  await visitor.close()

  const desk = await openDesk(await newContext(), scene.linia.url, scene.linia.account('agent01'))
  await desk.keyboard.press('F4')
  await waitForState(desk, 'ready')
  await desk.locator('[data-notice]').first().waitFor()
  await desk.keyboard.press('Shift+F2')
  await desk.locator('[data-pane=papers] [data-paper]').first().waitFor()
  await check(desk, 'papers-idle')

  const citizen = await scene.town.call({ callerId: caller, speech: tone(800) })
  await pickUp(desk)
  const notice = desk.locator('details[data-notices-of] summary')
  const whole = desk.locator('[role=tooltip]', { hasText: 'cisternă la colț cu strada Mărășești' })
  await notice.hover()
  await whole.waitFor()
  await desk.mouse.move(0, 0)
  await whole.waitFor({ state: 'detached' })
  await notice.focus()
  await desk.keyboard.press('Shift+Tab')
  await desk.keyboard.press('Tab')
  await whole.waitFor()
  // Open, the text is below.
  await desk.keyboard.press('Enter')
  await whole.waitFor({ state: 'detached' })
  await desk.keyboard.press('Enter')
  await desk.locator('#tab-papers').click()
  const places = await placesOf(desk)
  await desk.keyboard.press('F2')
  // Enter before the results arrive: the first one opens when they do.
  const opened = desk.locator('[data-article="casatorie-depunere@1"]')
  await desk.keyboard.type('acte pentru cununie')
  t.strictSame(await placesOf(desk), places, 'no layout shift while typing')
  await desk.keyboard.press('Enter')
  await opened.waitFor()
  await desk.locator('[data-aloud]').waitFor()
  await check(desk, 'papers-talking')
  t.equal((await placesOf(desk)).at(-1), places.at(-1), 'the notes yield to the article; the button stays')
  for (const colorScheme of ['light', 'dark'] as const) {
    await desk.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const read of ['[data-aloud] p', '[data-article] td', '[data-article] dd'])
      t.ok((await contrastOf(desk, read)) >= 7, `${read} can be read aloud in ${colorScheme}`)
  }
  // The search counts once its text has stayed.
  const counted = desk.waitForResponse((response) => response.url().endsWith('/api/papers/misses'))
  await desk.keyboard.press('F2')
  await desk.keyboard.type('zzzz qqqq')
  await desk.locator('[data-pane=papers] output:not(:empty)', { hasText: 'Nicio fișă' }).waitFor()
  await check(desk, 'papers-nothing')
  await counted
  await desk.keyboard.press('F2')
  await desk.keyboard.type('bec')
  await desk.locator('[data-offered=street-lighting]').waitFor()
  await check(desk, 'papers-offered')
  await desk.keyboard.press('F2')
  await desk.keyboard.type('pasaprot')
  await desk.locator('[data-paper=pasaport] [data-elsewhere]', { hasText: 'Nu e la noi' }).waitFor()
  await desk.keyboard.press('Enter')
  await desk.locator('[data-article="pasaport@1"] [data-elsewhere]').waitFor()
  await desk.locator('[data-aloud] p', { hasText: 'Pentru pașaport vă adresați la Serviciul' }).waitFor()
  await check(desk, 'papers-elsewhere')
  // Elsewhere: not resolved at once.
  await desk.locator('label[data-proposed=true]', { hasText: 'Îndrumat' }).waitFor()
  await desk.keyboard.press('F2')
  await desk.keyboard.type('acte pentru cununie')
  await desk.keyboard.press('Enter')
  await opened.waitFor()
  await desk.keyboard.press('Shift+F8')
  await waitForState(desk, 'wrap-up')
  await desk.locator('label[data-proposed=true]').waitFor()
  await check(desk, 'papers-wrap-up')
  await citizen.ended
  await desk.keyboard.press('Control+Enter')
  const call = await scene.record(caller)

  await searchedOften(scene.linia.databaseUrl)
  const editor = await enter('editor01')
  await editor.locator('[data-paper]').first().waitFor()
  await check(editor, 'papers-page')
  for (const [shown, name] of [
    ['drafts', 'papers-drafts'],
    ['due', 'papers-due'],
    // The desk has searched for what no article knows.
    ['misses', 'papers-misses'],
    ['words', 'papers-synonyms'],
    ['notices', 'papers-notices'],
  ] as const) {
    await editor.locator(`[data-shown=${shown}]`).click()
    await editor.locator('main [data-paper], main tbody tr, [data-notice]').first().waitFor()
    await check(editor, name)
  }
  await editor.locator('[data-shown=drafts]').click()
  await editor.locator('[data-draft] a').first().click()
  await editor.locator('[data-changed]').first().waitFor()
  await check(editor, 'paper-draft')
  await editor.locator('[data-action=return-draft]').click()
  await saysWhyNot(t, editor, '[data-action=send-back]', '[data-return-reason]')
  await editor.goto(`${scene.linia.url}/papers/terasa-sezoniera`)
  await editor.locator('[data-article]').waitFor()
  await editor.locator('[data-action=retire]').click()
  await saysWhyNot(t, editor, '[data-action=retire-now]', '[data-retire-reason]')
  await editor.locator('[data-retire-reason]').fill('Nu se mai cere')
  await editor.keyboard.press('Enter')
  await editor.locator('[data-retired]').waitFor()
  await check(editor, 'paper-page')
  await editor.locator('[data-action=edit]').click()
  await editor.locator('[data-paper-form]').waitFor()
  await editor.locator('input[name=fee]').fill('')
  await editor.locator('[data-action=save-paper]').click()
  await editor.locator('input[name=fee][aria-invalid=true]').waitFor()
  await check(editor, 'paper-editor')
  t.strictSame(
    await fieldOrder(editor),
    articleFields.filter((field) => field !== 'id'),
    'the first wrong field gets the focus, and the changes are listed, in the order of the form',
  )
  await t.test('the refused fields of an article are right again when the text is given up', (t) =>
    givesUp(t, editor),
  )

  const auditor = await enter('auditor01')
  await auditor.goto(`${scene.linia.url}/calls/${encodeURIComponent(call.id)}`)
  await auditor.locator('section[aria-labelledby=papers] a').first().waitFor()
  await check(auditor, 'call-page-papers')
})

/** Without a reason nothing is sent: the button says what it waits for, and a press leads to the field. */
async function saysWhyNot(t: Test, editor: Page, button: string, field: string): Promise<void> {
  await editor.locator(field).waitFor()
  await editor.keyboard.press('Tab')
  await editor.locator('[role=tooltip]', { hasText: 'Scrie întâi motivul.' }).waitFor()
  await editor.locator(button).press('Enter')
  t.ok(await editor.locator(field).evaluate((one) => one === document.activeElement), field)
  await editor.locator(field).fill('x')
  t.equal(await editor.locator(button).getAttribute('aria-disabled'), 'false')
  await editor.locator(field).fill('')
}

/** The names of the form's fields as they follow one another; the rows of documents to bring have none. */
const fieldOrder = (editor: Page): Promise<readonly string[]> =>
  editor.evaluate(() =>
    [...document.querySelectorAll('[data-paper-form] :is([name], [data-action=add-need])')].map(
      (field) => field.getAttribute('name') ?? 'needs',
    ),
  )

/** The fee is missing. The confirmation that nothing has changed says why it cannot be given, until it can. */
async function givesUp(t: Test, editor: Page): Promise<void> {
  const wrong = editor.locator('[data-paper-form] [aria-invalid=true]')
  const fee = editor.locator('input[name=fee]')
  const confirm = editor.locator('[data-action=confirm-paper]')
  await editor.locator('[data-action=save-paper]').focus()
  await editor.keyboard.press('Tab')
  await editor.locator('[role=tooltip]', { hasText: 'Ai modificări netrimise' }).waitFor()
  await confirm.click({ force: true })
  t.equal(await editor.locator('[data-paper-form]').count(), 1, 'nothing was sent')
  await editor.locator('[data-action=undo-paper]').click()
  t.not(await fee.inputValue(), '')
  t.equal(await wrong.count(), 0)
  t.equal(await confirm.getAttribute('aria-disabled'), 'false')
  await fee.fill('')
  await editor.reload()
  await editor.locator('[data-brought-back]').waitFor()
  await editor.locator('[data-action=save-paper]').click()
  await wrong.waitFor()
  await editor.locator('[data-brought-back] [data-action=discard-kept]').click()
  t.equal(await wrong.count(), 0, 'also of a text that was brought back')
}

/** As if what the desk has searched for had been searched for on other days, too: rare texts are not listed. */
async function searchedOften(url: string): Promise<void> {
  const db = openTestDatabase(url)
  await db.updateTable('paper_misses').set({ times: 3 }).execute()
  await db.destroy()
}

/** Positions of the fields and buttons. */
function placesOf(page: Page): Promise<readonly number[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('[data-notes], [data-subject], [data-action=save]')].map(
      (element) => element.getBoundingClientRect().top,
    ),
  )
}

/** The lowest contrast (WCAG 2) of these texts with their background. */
function contrastOf(page: Page, selector: string): Promise<number> {
  return page.evaluate((texts) => {
    const light = (color: string): number => {
      const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
        const share = Number(part) / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const ground = (element: Element | null): string => {
      if (element === null) return 'rgb(255, 255, 255)'
      const { backgroundColor } = getComputedStyle(element)
      return /, 0\)$|^transparent$/.test(backgroundColor) ? ground(element.parentElement) : backgroundColor
    }
    const contrasts = [...document.querySelectorAll(texts)].map((element) => {
      const both = [light(getComputedStyle(element).color), light(ground(element))]
      return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05)
    })
    return Math.min(...contrasts)
  }, selector)
}
