/** An administrator gives numbers and queues their own words by keyboard, and callers hear them. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { soundOf, type Language } from '../../../src/core/configuration/menu.ts'
import type { NumberSetting } from '../../../src/core/configuration/schema.ts'
import type { PublishedConfiguration } from '../../../src/http/configuration/wire.ts'
import { dateAt } from '../../../src/core/local-time.ts'
import { Api } from '../../../tools/demo/api.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { hears as hearsTone, listenTo, readWave, tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { bar, openTab, press, tabTo, type } from '../city/configuration-steps.ts'
import { focused } from '../city/keyboard-steps.ts'
import { openScene, transitions } from '../scene.ts'
import { publish } from '../publish.ts'

const dayMs = 86_400_000
const untold = 'Bună ziua! Ați sunat la taxe și impozite.'
const greeting = `${untold} Convorbirea se înregistrează.`
const greetingEn = 'Good day! You have called the tax office. This call is recorded.'
const other = 'Bine ați venit la urbanism. Apelul este înregistrat.'
const closed = 'Biroul de urbanism este închis acum. Planurile se pot vedea pe site.'
const onSite = 'Cererile se pot depune și pe site.'
const atDesk = 'Actele se cer la ghișeul unu.'
const agents = 600

t.test('own words', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1, overrides: { GREETING: 'full' } })
  const { linia } = scene
  const { newContext } = await openBrowser(t, null)
  const account = linia.account('admin01')
  const page = await openSignedIn(await newContext(), linia.url, account)
  const admin = new Api(linia.url)
  await admin.signIn(account)

  /** The sound of a text, once it is made. */
  async function soundFor(language: Language, text: string, of: Parameters<typeof soundOf>[2]) {
    const file = join(textsDirIn(join(linia.dir, 'asterisk/etc')), `${soundOf(language, text, of)}.wav`)
    await until(() => existsSync(file))
    const [sound] = (await readWave(file)).channels
    if (sound === undefined) throw new Error(`${file} has no sound`)
    return sound
  }
  const hears = (citizen: Citizen, sound: Int16Array) => listenTo(citizen.rtp)(sound)

  await t.test('is given a greeting by keyboard, which says that the call is recorded', async (t) => {
    await page.goto(`${linia.url}/configuration`)
    await page.locator('[data-item="969"]').waitFor()
    await press(page, '[data-item="969"] button')
    await type(page, 'aside [data-field=says-greeting] [data-field=ro]', untold)
    await page.locator('aside [data-not-recorded]').waitFor()
    await checkScreen(t, page, 'a number, a greeting that tells of no recording')
    await type(page, 'aside [data-field=says-greeting] [data-field=ro]', greeting)
    await page.locator('aside [data-not-recorded]').waitFor({ state: 'detached' })
    await type(page, 'aside [data-field=says-greeting] [data-field=en]', greetingEn)
    const listen = 'aside [data-field=says-greeting] [data-listen=ro]'
    await tabTo(page, listen, true)
    await page.keyboard.press('Enter')
    await page.locator(`${listen}[data-state=playing]`).waitFor()
    await page.keyboard.press('Enter')
    await type(page, 'aside [data-field=says-closed] [data-field=ro]', '…')
    await page.locator('aside [data-field=says-closed] [data-field=ro][aria-invalid=true]').waitFor()
    await checkScreen(t, page, 'a number, words that nobody would hear')
    await tabTo(page, 'aside [data-field=says-closed] [data-field=ro]')
    await page.keyboard.press('Control+A')
    await page.keyboard.press('Delete')
    t.equal(await bar(page), '1')
    await tabTo(page, '[data-action=review]', true)
    await page.keyboard.press('Enter')
    await page.locator('[data-changes="own 1"]').waitFor()
    t.match(await page.locator('[data-changes="own 1"]').textContent(), /Salutul numărului: „Bună ziua!/)
    await tabTo(page, '[data-field=reason]')
    await page.keyboard.type('salutul taxelor')
    await checkScreen(t, page, 'a number’s own words, reviewed')
    await page.keyboard.press('Enter')
    await page.locator('[data-draft="0"]').waitFor()
    const { document } = await admin.get<PublishedConfiguration>('/api/configuration')
    const number = document.numbers.find((one) => one.number === '969')
    t.strictSame(number?.says, { greeting: { ro: greeting, en: greetingEn } })
  })

  await t.test('callers of two numbers hear two greetings', async () => {
    await publish(admin, ({ numbers, ...document }) => ({
      ...document,
      numbers: [
        ...numbers,
        {
          number: '0256408300',
          also: [],
          name: 'Urbanism',
          queue: 'general',
          says: { greeting: { ro: other } },
        },
      ],
    }))
    const [romanian, english, ofOther] = [
      await soundFor('ro', greeting, 'number'),
      await soundFor('en', greetingEn, 'number'),
      await soundFor('ro', other, 'number'),
    ]
    const first = await scene.town.call({ callerId: '0722000971' })
    await hears(first, romanian)
    await hears(first, english)
    first.hangUp()
    const second = await scene.town.call({ callerId: '0722000972', number: '0256408300' })
    await hears(second, ofOther)
    second.hangUp()
    for (const callerId of ['0722000971', '0722000972']) await scene.record(callerId)
  })

  await t.test('a closed one says its own words', async (t) => {
    const hours = {
      id: 'inchis',
      name: 'Închis',
      weekly: 'always',
      holidays: 'open' as const,
      dates: [0, 1].map((days) => ({ date: dateAt(Date.now() + days * dayMs), hours: 'closed' })),
    }
    const says: NumberSetting['says'] = { closed: { ro: closed } }
    await publish(admin, ({ numbers, ...document }) => ({
      ...document,
      numbers: numbers.map((one) => (one.number === '969' ? one : { ...one, hours: hours.id, says })),
      hours: [...document.hours, hours],
    }))
    const sound = await soundFor('ro', closed, 'number')
    const citizen = await scene.town.call({ callerId: '0722000973', number: '0256408300' })
    await hears(citizen, sound)
    t.match(await citizen.ended, { ending: 'line hung up' })
    t.match(await scene.record('0722000973'), { outcome: 'closed' })
  })
  await t.test('a queue is given its own announcements by keyboard', async (t) => {
    await page.reload()
    await page.locator('[data-item="969"]').waitFor()
    await openTab(page, 'numbers', 'ArrowRight', 'queues')
    await press(page, '[data-item="Informații generale"] button')
    const field = (nth: number) => `aside [data-text="${nth}"] [data-field=ro]`
    await press(page, 'aside [data-action=add-text]')
    await page.locator(`${field(0)}:focus`).waitFor()
    await page.keyboard.type(atDesk)
    await press(page, 'aside [data-action=add-text]')
    await page.locator(`${field(1)}:focus`).waitFor()
    await page.keyboard.type(onSite)
    await press(page, 'aside [data-action=add-text]')
    await page.locator(`${field(2)}:focus`).waitFor()
    await press(page, 'aside [data-text="2"] [data-action=remove-text]')
    await page.locator('aside [data-text="2"]').waitFor({ state: 'detached' })
    await until(async () => (await focused(page)) === 'data-action=add-text')
    await tabTo(page, 'aside [data-text="1"] [data-action=raise-text]', true)
    await page.keyboard.press('Enter')
    await until(async () => (await page.locator(field(0)).inputValue()) === onSite)
    await page.locator('aside [data-text="0"] [data-action=raise-text]:focus').waitFor()
    await checkScreen(t, page, 'a queue, its own announcements')
    await type(page, 'aside [data-field=firstAfterSeconds]', '5')
    await type(page, 'aside [data-field=everySeconds]', '30')
    t.equal(await bar(page), '1')
    await tabTo(page, '[data-action=review]', true)
    await page.keyboard.press('Enter')
    await page.locator('[data-changes="own 1"]', { hasText: 'Texte proprii: 1: „Cererile' }).waitFor()
    await tabTo(page, '[data-field=reason]')
    await page.keyboard.type('despre site')
    await page.keyboard.press('Enter')
    await page.locator('[data-draft="0"]').waitFor()
    const { document } = await admin.get<PublishedConfiguration>('/api/configuration')
    t.strictSame(document.queues.find(({ id }) => id === 'general')?.announce, {
      position: false,
      estimate: false,
      firstAfterSeconds: 5,
      everySeconds: 30,
      texts: [{ ro: onSite }, { ro: atDesk }],
    })
  })

  await t.test('a caller who waits hears them in turn, and an answer cuts one', async (t) => {
    const [first, second] = [await soundFor('ro', onSite, 'waiting'), await soundFor('ro', atDesk, 'waiting')]
    const citizen = await scene.town.call({ callerId: '0722000974' })
    await hears(citizen, first)
    await hears(citizen, second)
    const { phone } = await scene.deskAgent('agent01')
    await phone.answerNext(tone(agents))
    await until(() => hearsTone(citizen.rtp, agents))
    citizen.hangUp()
    const call = await scene.record('0722000974')
    t.match(call, { outcome: 'answered' })
    t.ok(transitions(call).filter((type) => type === 'AnnouncementMade').length >= 2)
  })
})
