/** An administrator records a prompt from a desk phone, by keyboard, and the next caller hears it. */
import { readdirSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { contains, heardSince } from '../../support/sip/audio.ts'
import { openBaresip } from '../../support/sip/baresip.ts'
import { until } from '../../support/until.ts'
import { press, tabTo } from '../city/configuration-steps.ts'
import { openScene } from '../scene.ts'

const hertz = 1_100
/** Two seconds: Asterisk writes a recording in pieces of as much. */
const enoughBytes = 32_000

t.test('a prompt is recorded from a phone', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1, overrides: { GREETING: 'full' } })
  const { linia } = scene
  const ofPhone = linia.account('agent01').phone
  if (ofPhone === undefined) throw new Error('agent01 has no desk phone')
  const phone = await openBaresip(t, { server: linia.sip, ...ofPhone, hertz })
  await until(() => [...scene.view.agents.values()].some(({ phones }) => phones.desk))
  const { newContext } = await openBrowser(t, null)
  const page = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
  await page.goto(`${linia.url}/configuration?tab=prompts`)
  await page.locator('[data-prompt=greeting]').waitFor()
  const step = (name: string) => page.locator(`[data-prompt-form=greeting][data-step=${name}]`).waitFor()
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
    await tabTo(page, '[data-field=reason]')
    await page.keyboard.insertText('vocea Mariei Pop, de la telefon')
    await page.keyboard.press('Enter')
    await page.locator('[data-prompt=greeting][data-source=recorded]').waitFor()
  })

  await t.test('the next caller hears it', async () => {
    const sounds = join(scene.linia.dir, 'asterisk/sounds')
    await until(async () => {
      const own = await readFile(join(sounds, 'recorded/greeting.wav')).catch(() => null)
      return own?.equals(await readFile(join(sounds, 'greeting.wav'))) === true
    })
    const citizen = await scene.town.call({ callerId: '0722000975' })
    await until(() => contains(hertz, heardSince(citizen.rtp, performance.now() - 2_000)))
    citizen.hangUp()
    await scene.record('0722000975')
  })
})
