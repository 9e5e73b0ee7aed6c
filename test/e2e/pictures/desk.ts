/** The pictures of the agent's desk: idle after some calls, then one call through every tab. */
import { setTimeout as delay } from 'node:timers/promises'
import type { BrowserContext, Page } from 'playwright-core'
import { openDesk, pickUp, waitForState } from '../../support/browser/browser.ts'
import { until } from '../../support/until.ts'
import { search } from '../city/identity-steps.ts'
import { endWrapUp, fillInWrapUp, type Callers } from './caller.ts'
import { colleaguesCall, earlierCalls, owner, register, tell, type Registered } from './day.ts'
import { accountOf, demo, ownersAnswer, take, takeBoth } from './studio.ts'

const settleMs = 2_500
const talkMs = 7_000
/** The recording is silent from a minute before the search for a person to the end of the check. */
const beforeCheckMs = 90_000
const afterCheckMs = 20_000

const waste: Registered = {
  category: ['gunoi', 'Gunoi neridicat'],
  street: ['gheorghe laz', '12'],
  text: 'Containerele de la blocul B3 nu au fost golite de luni.',
}

/** Returns the id of the call that is on the pictures; `answered` runs at its beginning. */
export async function takeDesk(
  context: BrowserContext,
  colleague: BrowserContext,
  callers: Callers,
  answered: () => Promise<void>,
): Promise<string> {
  const first = await openDesk(context, demo.url, accountOf('agent01'))
  await earlierCalls(first, callers)
  await colleaguesCall(await openDesk(colleague, demo.url, accountOf('agent03')), callers)
  await first.locator('#tab-caller').click()
  await delay(settleMs)
  await take(first, 'desk-idle')
  await callers.ring(first, owner)
  const call = (await first.locator('[data-call]').getAttribute('data-call')) ?? ''
  await first.locator('#pane-caller article').waitFor()
  await delay(settleMs)
  await take(first, 'desk-ringing')
  await pickUp(first)
  const talksSince = performance.now()
  await answered()
  await talking(first)
  const desk = await reconnecting(first)
  await article(desk)
  await request(desk)
  await delay(beforeCheckMs - (performance.now() - talksSince))
  await taxes(desk)
  await delay(afterCheckMs)
  await desk.keyboard.press('Shift+F8')
  await waitForState(desk, 'wrap-up')
  await desk.locator('#tab-caller').click()
  await fillInWrapUp(desk, { subject: null, resolution: 'Înregistrat' })
  await take(desk, 'desk-wrap-up')
  // Else the next caller would ring.
  await desk.keyboard.press('F4')
  await endWrapUp(desk)
  return call
}

async function talking(desk: Page): Promise<void> {
  await desk.locator('[data-subject]').fill('Groapă în carosabil: stadiu')
  await desk
    .locator('[data-notes]')
    .fill('Întreabă când se repară groapa. I-am spus termenul. Vrea să știe și cât are de plată.')
  await desk.locator('output[data-status=saved]').waitFor()
  await desk.locator('[data-begins]').focus()
  await delay(talkMs)
  await until(async () => Number(await desk.locator('[data-level]').getAttribute('data-level')) > 0.02)
  await takeBoth(desk, 'desk-talking')
  await desk.keyboard.press('Shift+F9')
  await waitForState(desk, 'held')
  await delay(settleMs)
  await take(desk, 'desk-held')
  await desk.keyboard.press('Shift+F9')
  await waitForState(desk, 'talking')
}

/** A page whose phone does not reconnect, then one whose phone does. */
async function reconnecting(desk: Page): Promise<Page> {
  const context = desk.context()
  const mute = await context.newPage()
  await desk.close()
  await mute.routeWebSocket(/\/sip/, () => undefined)
  await mute.goto(demo.url)
  await waitForState(mute, 'reconnecting')
  await mute.locator('#pane-caller article').waitFor()
  await take(mute, 'desk-reconnecting')
  const back = await context.newPage()
  await mute.close()
  await back.goto(demo.url)
  await waitForState(back, 'talking')
  return back
}

async function article(desk: Page): Promise<void> {
  await desk.locator('#tab-papers').click()
  await desk.keyboard.press('F2')
  await desk.locator('[data-pane=papers] [data-search]').fill('mi-am pierdut buletinul')
  await desk.locator('li:first-child [data-paper=ci-pierdere]').waitFor()
  await desk.keyboard.press('Enter')
  await desk.locator('[data-aloud=ci-pierdere]').waitFor()
  await take(desk, 'desk-papers')
}

async function request(desk: Page): Promise<void> {
  await register(desk, waste)
  const id = await desk.locator('[data-read-out]').getAttribute('data-read-out')
  await desk.locator(`button[data-request="${id}"]`).first().waitFor()
  await take(desk, 'desk-requests')
  await tell(desk)
}

async function taxes(desk: Page): Promise<void> {
  const asked = await search(desk, 'owner')
  if (asked?.state !== 'asking') throw new Error(`not asked: ${JSON.stringify(asked)}`)
  for (const question of asked.questions) {
    await desk.locator('[data-question]').waitFor()
    await desk.keyboard.insertText(ownersAnswer(question))
    await desk.keyboard.press('Enter')
  }
  await desk.locator('#tax-tab-due').click()
  await desk.locator('#tax-section', { hasText: 'De plată azi' }).waitFor()
  await take(desk, 'desk-taxes')
}
