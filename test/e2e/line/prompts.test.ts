/** An administrator records a prompt by keyboard with the computer's microphone, or chooses the waiting music, and the next caller hears it. */
import t from 'tap'
import type { Prompts, PromptVersions } from '../../../src/http/prompts/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { bursts, openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { contains, heardSince, hears, toneWave } from '../../support/sip/audio.ts'
import { eventuallyMs, until } from '../../support/until.ts'
import { openTab, press, tabTo } from '../city/configuration-steps.ts'
import { openScene } from '../scene.ts'

const microphone = 700
const melody = 523

t.test('recorded prompts', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1, ownDatabase: true, overrides: { GREETING: 'full' } })
  const { newContext } = await openBrowser(t, bursts(microphone))
  const account = scene.linia.account('admin01')
  const page = await openSignedIn(await newContext(), scene.linia.url, account)
  await page.goto(`${scene.linia.url}/configuration?tab=prompts`)
  await page.locator('[data-prompt=greeting]').waitFor()
  const admin = new Api(scene.linia.url)
  await admin.signIn(account)

  const step = (name: string) => page.locator(`[data-prompt-form=greeting][data-step=${name}]`).waitFor()
  const lately = (citizen: Citizen, ms: number) => heardSince(citizen.rtp, performance.now() - ms)
  async function hangUp(citizen: Citizen, callerId: string): Promise<void> {
    citizen.hangUp()
    await scene.record(callerId)
  }

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
    const citizen = await scene.town.call({ callerId: '0722000971' })
    await until(() => contains(microphone, lately(citizen, 2_000)))
    t.pass('the tone of the microphone')
    await hangUp(citizen, '0722000971')
  })

  await t.test('it is still heard after the server was killed, with the database away', async (t) => {
    const postgres = scene.linia.stack.parts.get('postgres')
    await postgres?.stop()
    const pid = () => scene.linia.stack.parts.get('server1')?.pid ?? null
    const before = pid()
    scene.linia.kill('server1')
    await until(() => pid() !== null && pid() !== before)
    await scene.linia.stack.ready(120_000)
    const citizen = await scene.town.call({ callerId: '0722000972' })
    await until(() => contains(microphone, lately(citizen, 2_000)))
    t.pass('the tone of the microphone')
    await postgres?.start()
    await hangUp(citizen, '0722000972')
  })

  await t.test('the machine’s voice again, by keyboard', async (t) => {
    await page.reload()
    await page.locator('[data-prompt=greeting][data-source=recorded] button').click()
    await tabTo(page, '[data-field=reason]')
    await page.keyboard.insertText('vocea nu se aude bine')
    await press(page, '[data-action=ask]')
    await page.locator('[data-sure]').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('[data-prompt=greeting][data-source=machine]').waitFor()
    await page.locator('li[data-version] >> nth=1').waitFor()
    const { items } = await admin.get<Prompts>('/api/prompts')
    t.match(
      items.find(({ prompt }) => prompt === 'greeting'),
      { source: 'machine', by: account.name },
    )
    // A node takes a moment to put the sound back.
    await until(async () => {
      const citizen = await scene.town.call({ callerId: '0722000973' })
      await until(() => lately(citizen, 3_000).some((sample) => Math.abs(sample) > 2_000))
      const isRecorded = contains(microphone, lately(citizen, 3_000))
      await hangUp(citizen, '0722000973')
      return !isRecorded
    })
  })

  await t.test('a recording of before is taken out of the history and published again', async (t) => {
    const [first] = (await admin.get<PromptVersions>('/api/prompts/greeting/versions')).items.toReversed()
    await press(page, `[data-version="${first?.id}"] [data-action=take-version]`)
    await step('prepared')
    await page.waitForFunction(() => document.activeElement?.id === 'prepared')
    await checkScreen(t, page, 'a recording of before, prepared')
    await tabTo(page, '[data-field=reason]')
    await page.keyboard.insertText('vocea de la început')
    await page.keyboard.press('Enter')
    await page.locator('[data-prompt=greeting][data-source=recorded]').waitFor()
    await page.locator('li[data-version] >> nth=2').waitFor()
    t.equal(await page.locator('li[data-version] >> nth=0').locator('[data-action=take-version]').count(), 0)
    await until(async () => {
      const citizen = await scene.town.call({ callerId: '0722000975' })
      await until(() => lately(citizen, 3_000).some((sample) => Math.abs(sample) > 2_000))
      const isRecorded = contains(microphone, lately(citizen, 3_000))
      await hangUp(citizen, '0722000975')
      return isRecorded
    })
  })

  await t.test('the waiting music is chosen, heard by those who wait, and taken back', async (t) => {
    await page.locator('[data-prompt=music] button').click()
    await checkScreen(t, page, 'the waiting music, as installed')
    const music = page.locator('[data-prompt-form=music]')
    const input = music.locator('input[type=file]')
    const file = (seconds: number) => ({
      name: 'muzica.wav',
      mimeType: 'audio/wav',
      buffer: toneWave(melody, seconds),
    })
    await input.setInputFiles(file(300))
    await page.locator('[role=alert]', { hasText: 'mai mult de 4 minute' }).waitFor()
    await input.setInputFiles(file(5))
    await music.getByText('Fișierul ales: 5,0 s').waitFor()
    await press(page, '[data-action=prepare]')
    await page.locator('[role=alert]', { hasText: 'mai puțin de 10 secunde' }).waitFor()
    await input.setInputFiles(file(12))
    await music.getByText('Fișierul ales: 12,0 s').waitFor()
    await press(page, '[data-action=prepare]')
    await page.locator('[data-prepared]').waitFor()
    t.match(await page.locator('[data-prepared]').textContent(), /\d,\d\ss, tărie −30,\d\sLUFS/)
    await tabTo(page, '[data-field=reason]')
    await page.keyboard.insertText('muzică de sărbători')
    await checkScreen(t, page, 'the waiting music, prepared')
    await page.keyboard.press('Enter')
    await page.locator('[data-prompt=music][data-source=recorded]').waitFor()
    await checkScreen(t, page, 'the waiting music, published')
    const citizen = await scene.town.call({ callerId: '0722000974' })
    await until(() => hears(citizen.rtp, melody))
    t.pass('a caller who waits hears it')
    await hangUp(citizen, '0722000974')
    await tabTo(page, '[data-field=reason]')
    await page.keyboard.insertText('sărbătorile au trecut')
    await press(page, '[data-action=ask]')
    await page.locator('[data-sure]').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('[data-prompt=music][data-source=machine]').waitFor()
  })
})
