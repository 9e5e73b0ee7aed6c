/** An administrator records a prompt from a desk phone, by keyboard. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { checkScreen } from '../../support/browser/screen.ts'
import { openBaresip } from '../../support/sip/baresip.ts'
import { until } from '../../support/until.ts'
import { press } from '../city/configuration-steps.ts'
import type { RecordingLine } from './recording-line.ts'

/** Of the desk phone. */
export const phoneHertz = 1_100
/** Two seconds: Asterisk writes a recording in pieces of as much. */
const enoughBytes = 32_000

/** The page has the greeting chosen; at the end callers hear the phone's tone in its place. */
export async function dictation(t: Test, { scene, page, ...line }: RecordingLine): Promise<void> {
  const { linia } = scene
  const ofPhone = linia.account('agent01').phone
  if (ofPhone === undefined) throw new Error('agent01 has no desk phone')
  const phone = await openBaresip(t, { server: linia.sip, ...ofPhone, hertz: phoneHertz })
  await until(() => [...scene.view.agents.values()].some(({ phones }) => phones.desk))
  const step = (name: string) => line.step('greeting', name)
  const folder = join(linia.dir, 'asterisk/sounds/dictated')
  const askForNumber = async (): Promise<string> => {
    await press(page, '[data-action=dictate]')
    await step('dictating')
    await page.waitForFunction(() => document.activeElement?.id === 'dictation')
    const number = await page.locator('[data-number]').textContent()
    t.match(number, /^\*30\d{4}$/)
    return number ?? ''
  }

  await t.test('a number that is given up is refused, and leaves no file', async (t) => {
    const number = await askForNumber()
    await press(page, '[data-action=discard]')
    await step('none')
    await page.waitForFunction(() => document.activeElement?.id === 'prompt')
    await until(() => readdirSync(folder).length === 0)
    await phone.press('dial', number)
    t.match(await phone.next('CALL_CLOSED'), /403/)
    t.same(readdirSync(folder), [])
  })

  await t.test('it is dialled, spoken, prepared and published by keyboard', async (t) => {
    const before = await line.heardFile('greeting')
    const number = await askForNumber()
    await checkScreen(t, page, 'a prompt, to be recorded by phone')
    await phone.press('dial', number)
    await phone.next('CALL_ESTABLISHED')
    await page.locator('[data-dictation=recording]').waitFor()
    // It begins with the tone, after the page has shown the call.
    const recording = join(folder, `${number.slice(3)}.wav`)
    await until(() => (statSync(recording, { throwIfNoEntry: false })?.size ?? 0) > enoughBytes)
    await phone.press('hangup')
    await step('recorded')
    await page.waitForFunction(() => document.activeElement?.id === 'prompt')
    await until(() => readdirSync(folder).length === 0)
    await checkScreen(t, page, 'a prompt, recorded by phone')
    await press(page, '[data-play=raw]')
    await page.locator('[data-play=raw][data-state=playing]').waitFor()
    await page.keyboard.press('Enter')
    await press(page, '[data-action=prepare]')
    await page.locator('[data-prepared]').waitFor()
    const reason = 'vocea Mariei Pop, de la telefon'
    await line.publishPrepared(reason)
    await page.locator('li[data-version]', { hasText: reason }).waitFor()
    await page.locator('[data-prompt=greeting][data-source=recorded]').waitFor()
    // A node has it once it was notified.
    await until(async () => !(await line.heardFile('greeting')).equals(before))
  })
}
