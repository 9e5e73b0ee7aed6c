/** The pictures of the supervisor and the auditor. */
import { setTimeout as delay } from 'node:timers/promises'
import type { BrowserContext } from 'playwright-core'
import { openSignedIn } from '../../support/browser/browser.ts'
import { until } from '../../support/until.ts'
import type { Callers } from './caller.ts'
import { accountOf, demo, take, takeBoth } from './studio.ts'

const servedMs = 120_000
const figuresMs = 7_000

export async function takeSignIn(context: BrowserContext): Promise<void> {
  const page = await context.newPage()
  await page.goto(demo.url)
  await page.locator('[aria-labelledby=demo] button').first().waitFor()
  await take(page, 'sign-in')
}

export async function takeBoards(context: BrowserContext, callers: Callers, call: string): Promise<void> {
  const page = await openSignedIn(context, demo.url, accountOf('supervisor01'))
  await page.goto(`${demo.url}/calls/${encodeURIComponent(call)}`)
  await page.locator('[data-track]').first().waitFor({ timeout: servedMs })
  await take(page, 'call-page')
  await page.goto(`${demo.url}/board`)
  await callers.crowd()
  const talking = page.locator('tr', { hasText: 'În convorbire' })
  const waiting = page.locator('tr[data-call]')
  await until(async () => (await waiting.count()) > 2 && (await talking.count()) > 2, servedMs)
  await takeBoth(page, 'board')
  await page.goto(`${demo.url}/board/wall`)
  await callers.crowd()
  const queued = page.locator('ol li')
  await until(async () => (await queued.count()) > 3, servedMs)
  // The figures of each queue follow some seconds later.
  await delay(figuresMs)
  await take(page, 'wallboard')
}

/** What was looked at in the call. */
export async function takeJournal(context: BrowserContext, call: string): Promise<void> {
  const page = await openSignedIn(context, demo.url, accountOf('auditor01'))
  await page.locator('[data-look]').first().waitFor()
  await page.locator('select[name=subject]').selectOption('about')
  await page.locator('input[name=about]').fill(call)
  await page.locator('form button[type=submit]').click()
  await until(async () => (await page.locator('[data-look]').count()) > 3)
  await take(page, 'journal')
}
