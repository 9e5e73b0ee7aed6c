/** What an agent does at the desk in more than one scene. */
import type { Page } from 'playwright-core'
import type { Citizen } from '../../tools/demo/calls/citizen.ts'
import { tone } from '../support/sip/audio.ts'
import { pickUp } from '../support/browser/browser.ts'
import type { Scene } from './scene.ts'

/** A citizen, who hums at this pitch, and who is answered by key. */
export const citizenTone = 800

/** A citizen calls and is answered by key; they talk. */
export async function talk(scene: Scene, desk: Page, callerId: string): Promise<Citizen> {
  const citizen = await scene.town.call({ callerId, speech: tone(citizenTone) })
  await pickUp(desk)
  return citizen
}

/** A notice that a lamp is dark, ready to be registered. */
export async function fillLamp(desk: Page): Promise<void> {
  const form = desk.locator('[data-request-form]')
  await form.locator('[data-category]').fill('ilum')
  await desk.getByRole('option', { name: 'Iluminat public' }).click()
  await form.locator('[data-address=place] [data-street]').fill('lucian b')
  // By key, as an agent does: a click scrolls to what it clicks, and a list whose field has left the screen closes.
  const marked = desk.locator('[role=option][data-combobox-selected]', { hasText: 'Strada Lucian Blaga' })
  await marked.waitFor({ state: 'attached' })
  await desk.keyboard.press('Enter')
  await form.locator('[data-text]').fill('Iluminatul de pe stradă nu funcționează de trei zile.')
  await form.locator('[data-name]').fill('Ștefan Țăranu')
}
