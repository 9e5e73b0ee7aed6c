/** An administrator records a menu's text by keyboard: the next caller hears the recording, and the machine's voice of another text. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { soundOf } from '../../../src/core/configuration/menu.ts'
import type { Prompts } from '../../../src/http/prompts/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import { bursts, openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { contains, hasHeard, heardSince, readWave } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { press, tabTo } from '../city/configuration-steps.ts'
import { publish } from '../publish.ts'
import { openScene } from '../scene.ts'

const microphone = 700
const heardMs = 30_000
const text = 'Ați sunat la primărie. Pentru un operator apăsați tasta unu.'
const later = 'Ați sunat la primăria orașului. Pentru un operator apăsați tasta unu.'
const onSite = { ro: 'Cererile se pot depune și pe site.', en: 'Requests can be made on the site, too.' }
const prompt = soundOf('ro', text)

t.test('a recorded text', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1, ownDatabase: true })
  const { linia } = scene
  const account = linia.account('admin01')
  const admin = new Api(linia.url)
  await admin.signIn(account)
  const announce = {
    position: false,
    estimate: false,
    firstAfterSeconds: 60,
    everySeconds: 60,
    texts: [onSite],
  }
  const says = (ro: string) =>
    publish(admin, (document) => ({
      ...document,
      numbers: document.numbers.map((one) => (one.number === '969' ? { ...one, menu: 'primarie' } : one)),
      queues: document.queues.map((one) => ({ ...one, announce })),
      menus: [
        { id: 'primarie', name: 'Primăria', says: { ro }, keys: { '1': { queue: 'general' } }, repeats: 3 },
      ],
    }))
  /** The machine's sound of a text, once it is made. */
  async function made(ro: string): Promise<Int16Array> {
    const file = join(textsDirIn(join(linia.dir, 'asterisk/etc')), 'made', `${soundOf('ro', ro)}.wav`)
    await until(() => existsSync(file))
    return (await readWave(file)).channels[0] ?? new Int16Array()
  }
  /**
   * A caller until they have heard the recording, or the machine's sound of a text. Null: neither; while the sounds of a menu that has
   * just been published are made, its callers wait in the queue at once.
   */
  async function hears(callerId: string, machine: Int16Array): Promise<'recording' | 'machine' | null> {
    const citizen = await scene.town.call({ callerId })
    const lately = (ms: number) => heardSince(citizen.rtp, performance.now() - ms)
    const heard = () => {
      if (contains(microphone, lately(2_000))) return 'recording'
      return hasHeard(machine, lately(4_000)) ? 'machine' : null
    }
    let what: ReturnType<typeof heard> = null
    await until(() => (what = heard()) !== null, heardMs).catch(() => undefined)
    citizen.hangUp()
    await citizen.ended
    return what
  }

  await says(text)
  await made(text)
  const { newContext } = await openBrowser(t, bursts(microphone))
  const page = await openSignedIn(await newContext(), linia.url, account)
  await page.goto(`${linia.url}/configuration?tab=prompts`)
  const row = `[data-prompt="${prompt}"]`

  await t.test('is listed with where it is heard, and recorded by keyboard', async (t) => {
    await page.locator(row).waitFor()
    t.match(await page.locator(row).textContent(), /Meniul „Primăria”.*Ați sunat la primărie/)
    await press(page, `${row} button`)
    const step = (name: string) => page.locator(`[data-prompt-form="${prompt}"][data-step=${name}]`).waitFor()
    await step('none')
    await checkScreen(t, page, 'texts, one is chosen')
    await press(page, '[data-action=record]')
    await step('recording')
    await page.locator('[data-recording]', { hasText: /: ([4-9]|\d\d) s/ }).waitFor()
    await page.keyboard.press('Enter')
    await step('recorded')
    await press(page, '[data-action=prepare]')
    await page.locator('[data-prepared]').waitFor()
    await tabTo(page, '[data-field=reason]')
    await page.keyboard.insertText('vocea Mariei Pop')
    await page.keyboard.press('Enter')
    await page.locator(`${row}[data-source=recorded]`).waitFor()
    await page.locator('li[data-version]').waitFor()
    await checkScreen(t, page, 'a text, recorded')
  })

  await t.test('is heard by the next caller', async (t) => {
    // A node has it once it was notified.
    await until(async () => (await hears('0722000981', await made(text))) === 'recording')
    t.pass('the tone of the microphone')
  })

  await t.test('another text has the machine’s voice, and the recording is of the first alone', async (t) => {
    await says(later)
    const sound = await made(later)
    // A publication is in force within a second.
    await until(async () => (await hears('0722000982', sound)) === 'machine')
    const { items } = await admin.get<Prompts>('/api/prompts')
    t.match(
      items.find((one) => one.prompt === prompt),
      { text: '', heardIn: [], source: 'recorded' },
      'in no use, and listed for whoever wants it taken back',
    )
    t.match(
      items.find((one) => one.text === later),
      { source: 'machine', version: null, heardIn: [{ place: 'menu', name: 'Primăria' }] },
    )
  })

  await t.test('is heard again with its text', async (t) => {
    await says(text)
    await until(async () => (await hears('0722000983', await made(later))) === 'recording')
    t.pass('the tone of the microphone')
  })

  await t.test('is still heard after the server was killed, with the database away', async (t) => {
    const postgres = linia.stack.parts.get('postgres')
    await postgres?.stop()
    const pid = () => linia.stack.parts.get('server1')?.pid ?? null
    const before = pid()
    linia.kill('server1')
    await until(() => pid() !== null && pid() !== before)
    await linia.stack.ready(120_000)
    await until(async () => (await hears('0722000984', await made(text))) === 'recording')
    t.pass('the tone of the microphone')
    await postgres?.start()
  })

  await t.test('has the machine’s voice again', async (t) => {
    const newest = async () =>
      (await admin.get<Prompts>('/api/prompts')).items.find((item) => item.prompt === prompt)
    // The database takes a moment to be there again.
    await until(async () => (await newest().catch(() => null))?.source === 'recorded')
    const body = { sound: null, basedOn: (await newest())?.version ?? null, reason: 'vocea nu se aude bine' }
    await admin.ask('POST', `/api/prompts/${prompt}/versions`, body)
    // A node takes a moment to put the sound back.
    await until(async () => (await hears('0722000985', await made(text))) === 'machine')
    t.equal((await newest())?.source, 'machine')
  })
})
