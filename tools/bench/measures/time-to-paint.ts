/**
 * Time to paint in Chromium: the caller's card on an agent's desk, and the call's row on a supervisor's board. No
 * call is answered; the caller hangs up once both are painted.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { Api } from '../../demo/api.ts'
import { callThrough } from '../../demo/calls/citizen.ts'
import { citizensFrom, type DemoAccount, type DemoFile } from '../../demo/demo-file.ts'
import { openExchange } from '../../demo/calls/exchange.ts'
import { openBrowser, openDesk, waitForState } from '../../../test/support/browser/browser.ts'
import { until } from '../../../test/support/until.ts'
import type { Timing } from '../report/figures.ts'

export interface Painted {
  /** From the caller's INVITE to the card on the desk. */
  readonly cards: readonly Timing[]
  /** From the call entering the queue to its row on the board. */
  readonly rows: readonly Timing[]
}

interface Seen {
  readonly call: string
  /** Wall clock. */
  readonly at: number
}

/** A function on `window` by which the page reports; polling would keep the page busy. */
const tellName = 'tellPainted'
type Tell = (call: string, at: number) => void

const seenWithinMs = 10_000
/** Random gaps, so that calls do not coincide with periodic work. */
const apartMs = { least: 150, more: 170 }

export async function measureTimeToPaint(
  demo: DemoFile,
  agent: DemoAccount,
  supervisor: DemoAccount,
  count: number,
): Promise<Painted> {
  const closings: (() => unknown)[] = []
  try {
    const { newContext } = await openBrowser({ teardown: (close) => closings.push(close) }, null)
    const exchange = await openExchange(citizensFrom(demo), demo.sip)
    closings.push(() => exchange.close())
    const board = await (await newContext()).newPage()
    const nextRow = await hearsPainted(board)
    await board.addInitScript(monitor, { selector: 'tr[data-call]', tellName })
    await signInAt(board, demo.url, supervisor)
    const desk = await openDesk(await newContext(), demo.url, agent)
    const nextCard = await hearsPainted(desk)
    await desk.evaluate(monitor, { selector: '[data-state=ringing] [data-call]', tellName })
    await desk.keyboard.press('F4')
    await waitForState(desk, 'ready')
    const api = new Api(demo.url)
    await api.signIn(supervisor)
    const cards: Timing[] = []
    const rows: Timing[] = []
    for (let index = 0; index < count; index += 1) {
      const callerId = `0733${String(index).padStart(6, '0')}`
      const citizen = await callThrough(exchange, { number: demo.line, callerId, speech: null })
      const calledAt = await citizen.called
      const card = await nextCard(index)
      const row = await nextRow(index)
      cards.push({ ms: card.at - calledAt, at: card.at })
      rows.push({ ms: row.at - (await queuedAt(api, row.call)), at: row.at })
      citizen.hangUp()
      await citizen.ended
      await waitForState(desk, 'ready')
      await delay(apartMs.least + Math.random() * apartMs.more)
    }
    return { cards, rows }
  } finally {
    for (const close of closings.reverse()) await close()
  }
}

async function signInAt(page: Page, url: string, account: DemoAccount): Promise<void> {
  await page.goto(url)
  await page.locator('input[name=username]').fill(account.username)
  await page.locator('input[name=password]').fill(account.password)
  await page.locator('button[type=submit]').click()
  await page.locator('#waiting').waitFor()
}

/** A function that waits until the page has reported the call with this index as painted. */
async function hearsPainted(page: Page): Promise<(index: number) => Promise<Seen>> {
  const seen: Seen[] = []
  const tell: Tell = (call, at) => void seen.push({ call, at })
  await page.exposeFunction(tellName, tell)
  return async (index) => {
    await until(() => seen[index] !== undefined, seenWithinMs)
    const next = seen[index]
    if (next === undefined) throw new Error('unreachable')
    return next
  }
}

async function queuedAt(api: Api, call: string): Promise<number> {
  const { queuedAt: text } = await api.get<{ queuedAt: string | null }>(`/api/calls/${call}`)
  if (text === null) throw new Error('a call on the board has no queue time')
  return Date.parse(text)
}

/**
 * Runs in the page. Reports the first matching element of each call as painted when its frame has been handed over
 * and the next task runs. The task has the highest priority: other pending work, such as the phone's INVITE (25 ms on
 * a slow machine), is not part of the measure.
 */
function monitor({ selector, tellName }: { readonly selector: string; readonly tellName: string }): void {
  const known = new Set<string>()
  const look = (): void => {
    for (const element of document.querySelectorAll(selector)) {
      const call = element.getAttribute('data-call')
      if (call === null || known.has(call)) continue
      known.add(call)
      const told = (): void => {
        const tell: Tell = Reflect.get(window, tellName)
        tell(call, Date.now())
      }
      requestAnimationFrame(() => void scheduler.postTask(told, { priority: 'user-blocking' }))
    }
  }
  const changes = { subtree: true, childList: true, attributes: true }
  new MutationObserver(look).observe(document, changes)
}
