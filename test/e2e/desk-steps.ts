/** Steps at the desk shared by several tests. */
import type { Page } from 'playwright-core'
import type { Citizen } from '../../tools/demo/calls/citizen.ts'
import { tone } from '../support/sip/audio.ts'
import { pickUp } from '../support/browser/browser.ts'
import type { Scene } from './scene.ts'

/** A call from a citizen whose audio is this tone; answered by key. */
export const citizenTone = 800

/** Places a call, answers it by key and waits for the conversation. */
export async function talk(scene: Scene, desk: Page, callerId: string): Promise<Citizen> {
  const citizen = await scene.town.call({ callerId, speech: tone(citizenTone) })
  await pickUp(desk)
  return citizen
}

/** Fills in a notice of a broken street lamp, ready to be registered. */
export async function fillLamp(desk: Page): Promise<void> {
  const form = desk.locator('[data-request-form]')
  await form.locator('[data-category]').fill('ilum')
  await desk.getByRole('option', { name: 'Iluminat public' }).click()
  await form.locator('[data-address=place] [data-street]').fill('lucian b')
  // By key: a click would scroll, and a list closes when its field leaves the screen.
  const marked = desk.locator('[role=option][data-combobox-selected]', { hasText: 'Strada Lucian Blaga' })
  await marked.waitFor({ state: 'attached' })
  await desk.keyboard.press('Enter')
  await form.locator('[data-text]').fill('Iluminatul de pe stradă nu funcționează de trei zile.')
  await form.locator('[data-name]').fill('Ștefan Țăranu')
}
