/** Steps of agents and editors with articles and notices, and what is measured on their screens. */
import type { Test } from 'tap'
import type { Page } from 'playwright-core'
import { PaperId } from '../../../src/city/knowledge/paper.ts'
import { articleById } from '../../../src/ledger/knowledge/articles.ts'
import { importArticles } from '../../../src/ledger/knowledge/import.ts'
import { Api } from '../../../tools/demo/api.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { openTestDatabase } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import type { Scene } from '../scene.ts'

export const lost = 'ci-pierdere'

/** Runs `work` and returns the response that it causes. */
export async function answered(page: Page, path: RegExp, work: () => Promise<unknown>): Promise<void> {
  const answer = page.waitForResponse((response) => path.test(response.url()) && response.ok())
  await work()
  await answer
}

/** Changes the language in the account menu. */
async function speak(page: Page, language: 'ro' | 'en'): Promise<void> {
  await page.locator('header [aria-haspopup=menu]').last().click()
  await page.locator(`button[lang=${language}]`).click()
  await page.locator(`html[lang=${language}]`).waitFor()
  await page.locator('[role=menu]').waitFor({ state: 'detached' })
}

/** A notice about the lost identity card, one about the callers' queue, and one about another queue. */
export async function publish(
  scene: Scene,
  texts: { readonly article: string; readonly mine: string; readonly other: string },
): Promise<void> {
  const editor = new Api(scene.linia.url)
  await editor.signIn(scene.linia.account('editor01'))
  const { items } = await editor.get<{ items: { id: string }[] }>('/api/queues')
  const [mine, other] = items.map(({ id }) => id)
  for (const body of [
    { text: texts.article, articles: [lost] },
    { text: texts.mine, queues: [mine] },
    { text: texts.other, queues: [other] },
  ])
    await editor.ask('POST', '/api/notices', { ...body, from: '2020-01-01', to: '2099-12-31' })
}

/** As an import of the city's articles does while a draft waits. */
export async function importChanged(url: string, id: string, hours: string): Promise<void> {
  const db = openTestDatabase(url)
  const article = await articleById(db, PaperId(id), '2026-11-24', 1)
  if (article === null) throw new Error(`no article ${id}`)
  const {
    recordedAt: _,
    by: _by,
    publishedBy: _publishedBy,
    retired: _retired,
    current: _current,
    ...paper
  } = article
  await importArticles(db, [{ ...paper, hours }])
  await db.destroy()
}

/** Without a reason nothing is sent: the button says what it waits for, and a press leads to the field. */
export async function saysWhyNot(t: Test, editor: Page, button: string, field: string): Promise<void> {
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
export const fieldOrder = (editor: Page): Promise<readonly string[]> =>
  editor.evaluate(() =>
    [...document.querySelectorAll('[data-paper-form] :is([name], [data-action=add-need])')].map(
      (field) => field.getAttribute('name') ?? 'needs',
    ),
  )

/** The fee is missing. The confirmation that nothing has changed says why it cannot be given, until it can. */
export async function givesUp(t: Test, editor: Page): Promise<void> {
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

/** Counted with the third time; taken up as a new article, or as a synonym, which is kept while it is typed. */
export async function missedSearch(t: Test, desk: Page, reader: Page, url: string): Promise<void> {
  await desk.locator('#tab-papers').click()
  await answered(desk, /\/api\/papers\/misses$/, () =>
    desk.locator('[data-pane=papers] [data-search]').fill('zeppelinuri'),
  )
  await desk.locator('[data-pane=papers] output:not(:empty)', { hasText: 'Nicio fișă' }).waitFor()
  // A page counts a text once; it is listed from the third time.
  await desk.evaluate(async () => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ text: 'zeppelinuri' })
    for (const _ of ['second', 'third']) await fetch('/api/papers/misses', { method: 'POST', headers, body })
  })
  await reader.locator('[data-shown=misses]').click()
  const row = reader.locator('[data-miss=zeppelinuri]')
  await row.waitFor()
  t.match(await row.textContent(), /zeppelinuri3/)
  await checkScreen(t, reader, 'papers-misses')
  await row.locator('[data-action=article-of-miss]').click()
  await reader.locator('[data-paper-form]').waitFor()
  t.equal(await reader.locator('textarea[name=asked]').inputValue(), 'zeppelinuri')
  await desk.locator('[data-pane=papers] [data-search]').fill('')
  await reader.goto(`${url}/papers`)
  const takeUp = async (): Promise<void> => {
    await reader.locator('[data-shown=misses]').click()
    await row.locator('[data-action=synonym-of-miss]').click()
  }
  await takeUp()
  t.equal(await reader.locator('input[name=word]').inputValue(), 'zeppelinuri')
  await checkScreen(t, reader, 'papers-synonyms')
  const means = reader.locator('input[name=means]')
  await means.fill('certificat de urbanism')
  await reader.reload()
  await takeUp()
  t.equal(await means.inputValue(), 'certificat de urbanism', 'what was typed is kept')
  await answered(reader, /\/synonyms$/, () => means.press('Enter'))
  await until(async () => (await means.inputValue()) === '')
  t.pass('and gone once it is sent')
  await reader.locator('[data-papers-search]').fill('zeppelinuri')
  await reader.locator('[data-paper=certificat-urbanism]').waitFor()
}

/** Text, days, articles and queues survive a reload; a sent notice leaves an empty form. */
export async function keptNotice(t: Test, reader: Page): Promise<void> {
  const form = reader.locator('[data-notice-form]')
  const text = form.locator('input[name=text]')
  await reader.locator('[data-shown=notices]').click()
  await text.fill('Ghișeul 7 se mută la etaj.')
  await form.locator('[data-notice-articles]').fill('certificat de urbanism')
  await reader.getByRole('option', { name: 'Certificat de urbanism', exact: true }).click()
  await form.locator('[data-notice-queues]').click()
  await reader.getByRole('option', { name: 'Informații generale' }).click()
  await form.locator('input[name=to]').fill('31.12.2099')
  await reader.reload()
  await reader.locator('[data-shown=notices]').click()
  t.equal(await text.inputValue(), 'Ghișeul 7 se mută la etaj.', 'the text')
  t.equal(await form.locator('input[name=to]').inputValue(), '31.12.2099', 'the day')
  // The names follow once the page has fetched articles and queues.
  await form.filter({ hasText: /Certificat de urbanism.*Informații generale/ }).waitFor()
  t.pass('what was chosen, too')
  await speak(reader, 'en')
  t.match(await form.textContent(), /General information/, 'queues in the page’s language')
  await speak(reader, 'ro')
  await answered(reader, /\/notices$/, () => text.press('Enter'))
  const added = reader.locator('[data-notice]', { hasText: 'Ghișeul 7 se mută la etaj.' })
  await added.waitFor()
  t.equal(
    await added.locator('[data-concerns]').textContent(),
    'Despre: Certificat de urbanism · Informații generale',
    'what it concerns',
  )
  t.equal(await text.inputValue(), '', 'nothing of it is left in the form')
  t.notMatch(await form.textContent(), /Certificat de urbanism/)
  await checkScreen(t, reader, 'papers-notices')
}

/** Positions of the fields and buttons. */
export function placesOf(page: Page): Promise<readonly number[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('[data-notes], [data-subject], [data-action=save]')].map(
      (element) => element.getBoundingClientRect().top,
    ),
  )
}

/** The lowest contrast (WCAG 2) of these texts with their background. */
export function contrastOf(page: Page, selector: string): Promise<number> {
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
