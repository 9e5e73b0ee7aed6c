/**
 * An administrator records prompts and a menu's text by keyboard, with the computer's microphone or a desk phone, and chooses the waiting
 * music: the next caller hears them, also after the server was killed with the database away.
 */
import t, { type Test } from 'tap'
import { soundOf } from '../../../src/core/configuration/menu.ts'
import type { PromptVersions } from '../../../src/http/prompts/wire.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { listenTo, toneWave } from '../../support/sip/audio.ts'
import { eventuallyMs, until } from '../../support/until.ts'
import { openTab, press, tabTo } from '../city/configuration-steps.ts'
import { dictation, phoneHertz } from './dictation-steps.ts'
import {
  heardAt,
  menuText,
  microphone,
  numbers,
  openRecordingLine,
  type RecordingLine,
} from './recording-line.ts'
import { waitingMusic } from './waiting-music-steps.ts'

const hears = (citizen: Citizen, hertz: number) => until(() => heardAt(citizen, hertz) !== null)

t.test('recordings', { timeout: 1_500_000 }, async (t) => {
  const line = await openRecordingLine(t)
  await t.test('recorded prompts', (t) => prompts(t, line))
  await t.test('a prompt is recorded from a phone', (t) => dictation(t, line))
  await t.test('a recorded text', (t) => recordedText(t, line))
  await t.test('the next caller hears both', async (t) => {
    const citizen = await hearsBoth(t, line, '0722000921')
    await line.hangUp(citizen, '0722000921')
  })
  await t.test('the music of the line and of one queue', (t) => waitingMusic(t, line))
  await t.test('recordings are still heard after the server was killed, with the database away', (t) =>
    stillHeard(t, line),
  )
})

async function prompts(t: Test, { scene, admin, page, ...line }: RecordingLine): Promise<void> {
  const step = (name: string) => line.step('greeting', name)
  const installed = await line.heardFile('greeting')
  const isInstalled = async () => (await line.heardFile('greeting')).equals(installed)
  const installedSound = await line.heardSound('greeting')

  await t.test('one is recorded, prepared and published by keyboard', async (t) => {
    await checkScreen(t, page, 'prompts, as installed')
    await press(page, '[data-play=heard]')
    await page.locator('[data-play=heard][data-state=playing]').waitFor()
    await page.keyboard.press('Enter')
    await press(page, '[data-action=record]')
    await step('recording')
    await page.waitForFunction(
      () => [...document.querySelectorAll('meter')].some(({ value }) => value > 0.05),
      null,
      { timeout: eventuallyMs },
    )
    await checkScreen(t, page, 'a prompt is being recorded')
    await page.locator('[data-recording]', { hasText: /: ([4-9]|\d\d) s/ }).waitFor()
    await page.keyboard.press('Enter')
    await step('recorded')
    await press(page, '[data-play=raw]')
    await page.locator('[data-play=raw][data-state=playing]').waitFor()
    await page.keyboard.press('Enter')
    await press(page, '[data-action=prepare]')
    await page.locator('[data-prepared]').waitFor()
    t.match(await page.locator('[data-prepared]').textContent(), /\d,\d\ss, tărie −2[34],\d\sLUFS/)
    await page.waitForFunction(() => document.activeElement?.id === 'prepared')
    await press(page, '[data-play=prepared]')
    await page.locator('[data-play=prepared][data-state=playing]').waitFor()
    await page.keyboard.press('Enter')
    await page.locator('[data-prompt=closed] button').click()
    t.match(
      await page.locator('[role=alert]').allTextContents(),
      [/Publică înregistrarea sau renunță/],
      'it is not lost',
    )
    await openTab(page, 'prompts', 'ArrowRight', 'days')
    await openTab(page, 'days', 'ArrowLeft', 'prompts')
    await step('prepared')
    t.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-tab')), 'prompts')
    await page.locator('header a[href="/accounts"]').click()
    await page.waitForURL(/accounts/)
    await page.locator('header button').last().click()
    await page.locator('[role=menuitem]', { hasText: 'Ieși din cont' }).click()
    await page.locator('[data-action=back-to-form]').click()
    await page.locator('[data-action=back-to-form]').waitFor({ state: 'detached' })
    await page.goBack()
    await step('prepared')
    await tabTo(page, '[data-field=reason]')
    await page.keyboard.insertText('vocea Mariei Pop')
    await checkScreen(t, page, 'a prompt, prepared')
    await page.keyboard.press('Enter')
    await page.locator('[data-prompt=greeting][data-source=recorded]').waitFor()
    await page.waitForFunction(() => document.activeElement?.id === 'prompt')
    await page.locator('li[data-version]').waitFor()
    await checkScreen(t, page, 'a prompt, published')
  })

  await t.test('a file is chosen in place of a recording, and can be dropped', async (t) => {
    const input = page.locator('[data-prompt-form=greeting] input[type=file]')
    await input.setInputFiles({ name: 'salut.wav', mimeType: 'audio/wav', buffer: Buffer.from('nu e sunet') })
    await page.locator('[role=alert]', { hasText: 'Fișierul nu este un sunet' }).waitFor()
    await step('none')
    await input.setInputFiles({ name: 'salut.wav', mimeType: 'audio/wav', buffer: toneWave(500, 2) })
    await step('recorded')
    await press(page, '[data-action=discard]')
    await step('none')
    t.equal(await page.locator('li[data-version]').count(), 1, 'nothing was published')
    await page.waitForFunction(() => document.activeElement?.id === 'prompt')
  })

  await t.test('what is made too late does not bring back a recording that was dropped', async (t) => {
    const { promise: released, resolve: release } = Promise.withResolvers<undefined>()
    const preparation = '**/api/prompts/preparation'
    await page.route(preparation, async (route) => {
      await released
      await route.continue()
    })
    const input = page.locator('[data-prompt-form=greeting] input[type=file]')
    await input.setInputFiles({ name: 'salut.wav', mimeType: 'audio/wav', buffer: toneWave(500, 2) })
    await step('recorded')
    const asked = page.waitForRequest(preparation)
    await press(page, '[data-action=prepare]')
    await asked
    await openTab(page, 'prompts', 'ArrowRight', 'days')
    await openTab(page, 'days', 'ArrowLeft', 'prompts')
    await step('recorded')
    await press(page, '[data-action=discard]')
    await step('none')
    const answered = page.waitForResponse(preparation)
    release(undefined)
    await (await answered).finished()
    await page.locator('[data-prompt=closed] button').click()
    await page.locator('[data-prompt-form=closed][data-step=none]').waitFor()
    t.equal(await page.locator('[role=alert]', { hasText: 'Publică înregistrarea' }).count(), 0)
    await page.unroute(preparation)
    await page.locator('[data-prompt=greeting] button').click()
    await step('none')
  })

  await t.test('the next caller hears it, without a restart', async (t) => {
    await until(async () => !(await isInstalled()))
    const citizen = await scene.town.call({ callerId: '0722000911' })
    await hears(citizen, microphone)
    t.pass('the tone of the microphone')
    await line.hangUp(citizen, '0722000911')
  })

  await t.test('the machine’s voice again, by keyboard', async (t) => {
    await line.askForMachine('vocea nu se aude bine')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('[data-prompt=greeting][data-source=machine]').waitFor()
    await page.locator('li[data-version] >> nth=1').waitFor()
    t.match(await line.registered('greeting'), { source: 'machine', by: line.name })
    // A node takes a moment to put the sound back.
    await until(isInstalled)
    const citizen = await scene.town.call({ callerId: '0722000912' })
    await listenTo(citizen.rtp)(installedSound)
    t.equal(heardAt(citizen, microphone), null)
    await line.hangUp(citizen, '0722000912')
  })

  await t.test('a recording of before is taken out of the history and published again', async (t) => {
    const [first] = (await admin.get<PromptVersions>('/api/prompts/greeting/versions')).items.toReversed()
    await press(page, `[data-version="${first?.id}"] [data-action=take-version]`)
    await step('prepared')
    await page.waitForFunction(() => document.activeElement?.id === 'prepared')
    await checkScreen(t, page, 'a recording of before, prepared')
    await line.publishPrepared('vocea de la început')
    await page.locator('[data-prompt=greeting][data-source=recorded]').waitFor()
    await page.locator('li[data-version] >> nth=2').waitFor()
    t.equal(await page.locator('li[data-version] >> nth=0').locator('[data-action=take-version]').count(), 0)
    await until(async () => !(await isInstalled()))
    const citizen = await scene.town.call({ callerId: '0722000913' })
    await hears(citizen, microphone)
    await line.hangUp(citizen, '0722000913')
  })
}

async function recordedText(t: Test, { page, ...line }: RecordingLine): Promise<void> {
  const prompt = soundOf('ro', menuText)
  const row = `[data-prompt="${prompt}"]`
  await t.test('is listed with where it is heard, and recorded by keyboard', async (t) => {
    const made = await line.textFile(prompt)
    t.match(await page.locator(row).textContent(), /Meniul „Primăria”.*Ați sunat la primărie/)
    await press(page, `${row} button`)
    await line.step(prompt, 'none')
    await checkScreen(t, page, 'texts, one is chosen')
    await press(page, '[data-action=record]')
    await line.step(prompt, 'recording')
    await page.locator('[data-recording]', { hasText: /: ([4-9]|\d\d) s/ }).waitFor()
    await page.keyboard.press('Enter')
    await line.step(prompt, 'recorded')
    await press(page, '[data-action=prepare]')
    await page.locator('[data-prepared]').waitFor()
    await line.publishPrepared('vocea Mariei Pop')
    await page.locator(`${row}[data-source=recorded]`).waitFor()
    await page.locator('li[data-version]').waitFor()
    // A node has it once it was notified.
    await until(async () => !(await line.textFile(prompt)).equals(made))
  })
}

/** The greeting from the phone, then the menu's text from the microphone. */
async function hearsBoth(t: Test, { scene }: RecordingLine, callerId: string): Promise<Citizen> {
  const citizen = await scene.town.call({ callerId, number: numbers.menu })
  await hears(citizen, microphone)
  const [greetedAt, toldAt] = [heardAt(citizen, phoneHertz), heardAt(citizen, microphone)]
  t.ok(greetedAt !== null && toldAt !== null && greetedAt < toldAt, `${greetedAt} ${toldAt}`)
  return citizen
}

async function stillHeard(t: Test, line: RecordingLine): Promise<void> {
  const { stack } = line.scene.linia
  const postgres = stack.parts.get('postgres')
  await postgres?.stop()
  const pid = () => stack.parts.get('server1')?.pid ?? null
  const before = pid()
  line.scene.linia.kill('server1')
  await until(() => pid() !== null && pid() !== before)
  await stack.ready(120_000)
  const citizen = await hearsBoth(t, line, '0722000922')
  await postgres?.start()
  await line.hangUp(citizen, '0722000922')
}
