/**
 * Takes the README's screenshots: `make run`, some minutes of `make demo` beside it, then `node test/e2e/pictures.ts`.
 * Requires pngquant.
 */
import { execFile } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { BrowserContext, Page } from 'playwright-core'
import { openBrowser, openDesk, pickUp, waitForState } from '../support/browser/browser.ts'
import { until } from '../support/until.ts'
import { decodeAlaw } from '../../tools/demo/calls/alaw.ts'
import { speak } from '../../tools/demo/calls/speech.ts'
import { agentSays } from '../../tools/demo/calls/caller-profiles.ts'
import { readDemoFile, type DemoFile } from '../../tools/demo/demo-file.ts'

const folder = fileURLToPath(new URL('../../docs/screens/', import.meta.url))
/** Viewport of a browser window at 1366×768 (`docs/guides/agents.md`). */
const size = { width: 1366, height: 640 }
const triesMax = 15
const talkMs = 9_000
const heldMs = 4_000
const settleMs = 1_500
const notes = 'A mai sunat pentru același lucru. Confirmat adresa; așteaptă răspuns până joi.'
const run = promisify(execFile)

const varFolder = process.env['VAR_DIR'] ?? 'var'
const demo = await readDemoFile(join(varFolder, 'demo.json'))
/** Second lines of earlier calls that show no subject: empty, "fără subiect", or the agent's name. */
const unknown = new Set(['', 'fără subiect', ...demo.accounts.map(({ name }) => name)])
await mkdir(folder, { recursive: true })
const closings: (() => unknown)[] = []
try {
  const browser = await openBrowser({ teardown: (close) => closings.push(close) }, await voice())
  const visitor = await pageOf(await browser.newContext())
  await visitor.goto(demo.url)
  await visitor.locator('[aria-labelledby=demo] button').first().waitFor()
  await take(visitor, 'sign-in')
  const call = await desk(await browser.newContext())
  await boards(await browser.newContext(), call)
} finally {
  for (const close of closings) await close()
}
process.exit()

/** The agent's speech for the fake microphone, so that meters and recording show speech. */
async function voice(): Promise<Int16Array> {
  const spoken = await speak(
    agentSays.join(' '),
    { variant: 'f3', pitch: 45, pace: 150 },
    join(varFolder, 'demo', 'speech'),
  )
  const samples = decodeAlaw(spoken)
  // Upsampled from 8 kHz to the microphone's 48 kHz.
  return Int16Array.from({ length: samples.length * 6 }, (_, index) => samples[Math.floor(index / 6)] ?? 0)
}

/** The demo's callers hang up at random: a call that ends too early is retried with the next one. */
async function desk(context: BrowserContext): Promise<string> {
  const first = await openDesk(context, demo.url, accountOf('agent01'))
  await first.setViewportSize(size)
  let page = first
  for (let tries = 1; ; tries += 1) {
    try {
      const call = await oneCall(page)
      page = await reconnecting(page)
      await page.keyboard.press('Shift+F8')
      await waitForState(page, 'wrap-up')
      await page.locator('[data-wrap-up] fieldset').first().locator('label').first().click()
      await page.locator('[data-wrap-up] fieldset').last().locator('label').nth(1).click()
      await take(page, 'desk-wrap-up')
      await page.keyboard.press('Control+Enter')
      await idle(page)
      return call
    } catch (error) {
      if (tries === triesMax) throw error
      process.stderr.write(`once more: ${error instanceof Error ? error.message : String(error)}\n`)
      page = await freshPage(context)
    }
  }
}

/** A fresh page without a call. Old pages are closed last: a browser without pages cannot open one. */
async function freshPage(context: BrowserContext): Promise<Page> {
  const old = context.pages()
  const page = await pageOf(context)
  await page.goto(demo.url)
  for (const one of old) await one.close()
  await page.locator('[data-registration=registered]').waitFor()
  if ((await page.locator('[data-busy=true]').count()) > 0) await hangUpAndSkip(page)
  return page
}

async function oneCall(page: Page): Promise<string> {
  await ready(page)
  await waitForState(page, 'ringing', 60_000)
  const call = (await page.locator('[data-call]').getAttribute('data-call')) ?? ''
  const earlier = page.locator('[aria-pressed=true] span').last()
  // A first-time caller would leave half the screen empty.
  const known = await until(
    async () => !unknown.has((await earlier.textContent({ timeout: 500 })) ?? ''),
    2000,
  ).then(
    () => true,
    () => false,
  )
  if (known) {
    await page.locator('article').waitFor()
    await take(page, 'desk-ringing')
  }
  await pickUp(page)
  if (!known) {
    await hangUpAndSkip(page)
    return oneCall(page)
  }
  await page.locator('[data-subject]').fill((await earlier.textContent()) ?? '')
  await page.locator('[data-notes]').fill(notes)
  await page.locator('output[data-status=saved]').waitFor()
  await delay(talkMs)
  await until(async () => Number(await page.locator('[data-level]').getAttribute('data-level')) > 0.02)
  await take(page, 'desk-talking')
  await page.emulateMedia({ colorScheme: 'dark' })
  await take(page, 'desk-talking-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.keyboard.press('Shift+F9')
  await waitForState(page, 'held')
  await delay(heldMs)
  await take(page, 'desk-held')
  await page.keyboard.press('Shift+F9')
  await waitForState(page, 'talking')
  return call
}

/** Answers if still ringing, hangs up and skips wrap-up. */
async function hangUpAndSkip(page: Page): Promise<void> {
  await page.keyboard.press('F8')
  // A second F8 soon after the first counts as a bounce.
  await delay(settleMs)
  await page.keyboard.press('Shift+F8')
  await page.locator('[data-busy=false]').waitFor()
  await page.keyboard.press('Control+Enter')
  await page.locator('[data-state="wrap-up"]').waitFor({ state: 'detached' })
}

/** Ready, without a call for a moment. */
async function idle(page: Page): Promise<void> {
  await page.locator('[data-state="wrap-up"]').waitFor({ state: 'detached' })
  for (let tries = 0; tries < triesMax; tries += 1) {
    // Until the ended call is in the list.
    await delay(settleMs)
    await take(page, 'desk-idle')
    const state = await page.locator('[data-state]').first().getAttribute('data-state')
    if (state === 'ready') break
    await hangUpAndSkip(page)
  }
  await page.keyboard.press('F4')
}

/** A page whose phone does not reconnect, then one whose phone does. */
async function reconnecting(page: Page): Promise<Page> {
  const context = page.context()
  const mute = await pageOf(context)
  await page.close()
  await mute.routeWebSocket(/\/sip/, () => undefined)
  await mute.goto(demo.url)
  await waitForState(mute, 'reconnecting')
  await mute.locator('article').waitFor()
  await take(mute, 'desk-reconnecting')
  const back = await pageOf(context)
  await mute.close()
  await back.goto(demo.url)
  await waitForState(back, 'talking')
  return back
}

async function boards(context: BrowserContext, call: string): Promise<void> {
  const page = await pageOf(context)
  await page.goto(demo.url)
  await page.locator('[aria-labelledby=demo] button').nth(1).click()
  await until(async () => (await page.locator('[data-call]').count()) > 2, 240_000)
  // Away from the tables, which freeze under the pointer.
  await page.mouse.move(0, 0)
  await take(page, 'board')
  await page.emulateMedia({ colorScheme: 'dark' })
  await take(page, 'board-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto(`${demo.url}/board/wall`)
  await until(async () => (await page.locator('ol li').count()) > 3, 240_000)
  await take(page, 'wallboard')
  await page.goto(`${demo.url}/calls/${encodeURIComponent(call)}`)
  await page.locator('[data-track]').first().waitFor()
  await take(page, 'call-page')
}

async function ready(page: Page): Promise<void> {
  const button = page.locator('[data-action=pause-ready]:not([aria-disabled=true])')
  await button.waitFor()
  if ((await page.locator('[data-state=paused]').count()) > 0) await page.keyboard.press('F4')
  await until(async () => (await page.locator('[data-state=paused]').count()) === 0, 20_000)
}

async function pageOf(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.setViewportSize(size)
  return page
}

function accountOf(username: string): DemoFile['accounts'][number] {
  const found = demo.accounts.find((one) => one.username === username)
  if (found === undefined) throw new Error(`there is no demo account ${username}`)
  return found
}

/** Reduced to 256 colours, which suffice for this palette. */
async function take(page: Page, name: string): Promise<void> {
  const raw = join(folder, `${name}.raw.png`)
  // The band's transition takes 300 ms; one that is cancelled rejects.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)))
  await page.screenshot({ path: raw })
  await run('pngquant', [
    '--force',
    '--strip',
    '--speed',
    '1',
    '--output',
    join(folder, `${name}.png`),
    '256',
    raw,
  ])
  await rm(raw)
  const kilobytes = Math.round((await readFile(join(folder, `${name}.png`))).byteLength / 1024)
  process.stdout.write(`${name}: ${kilobytes} KB\n`)
}
