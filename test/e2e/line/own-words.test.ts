/**
 * The words that callers hear, on one system: the fixed greeting, then those that an administrator gives numbers, queues and a menu by
 * keyboard, also in Hungarian.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { positionSound } from '../../../src/core/announcements/sentences.ts'
import { soundOf } from '../../../src/core/configuration/menu.ts'
import type { NumberSetting } from '../../../src/core/configuration/schema.ts'
import { dateAt } from '../../../src/core/local-time.ts'
import type { PublishedConfiguration } from '../../../src/http/configuration/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import { openBrowser, openDesk, openSignedIn, waitForState } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import {
  hears as hearsTone,
  heardSince,
  listenTo,
  loudness,
  readWave,
  tone,
} from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { bar, openTab, press, tabTo, type } from '../city/configuration-steps.ts'
import { focused } from '../city/keyboard-steps.ts'
import { publish } from '../publish.ts'
import { openScene, transitions, type DeskAgent, type Scene } from '../scene.ts'
import { hasHeardPrompt } from './heard-prompt.ts'

const dayMs = 86_400_000
const agentTone = 600
const untold = 'Bună ziua! Ați sunat la taxe și impozite.'
const greeting = `${untold} Convorbirea se înregistrează.`
const greetingEn = 'Good day! You have called the tax office. This call is recorded.'
const other = 'Bine ați venit la urbanism. Apelul este înregistrat.'
const closed = 'Biroul de urbanism este închis acum. Planurile se pot vedea pe site.'
const onSite = 'Cererile se pot depune și pe site.'
const atDesk = 'Actele se cer la ghișeul unu.'
const choice = { ro: 'Pentru un operator, apăsați tasta unu.', hu: 'Ügyintézőért nyomja meg az egyest.' }
const announced = {
  ro: 'Veniți cu actul de identitate.',
  hu: 'Kérjük, hozza magával a személyi igazolványát.',
}
/** Beside 969. */
const [planning, withMenu] = ['0256408300', '0256408301']

interface Office {
  readonly scene: Scene
  readonly admin: Api
  /** The administrator's, with the configuration. */
  readonly page: Page
  /** Paused between two tests. */
  readonly agent: DeskAgent
  /** An agent's page with its phone. */
  openDesk(): Promise<Page>
  /** A sound of this name, once it is made. */
  soundIn(name: string): Promise<Int16Array>
}

t.test('words that callers hear', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 2, overrides: { GREETING: 'full' } })
  const { linia } = scene
  const { newContext } = await openBrowser(t, null)
  const account = linia.account('admin01')
  const admin = new Api(linia.url)
  await admin.signIn(account)
  const office: Office = {
    scene,
    admin,
    page: await openSignedIn(await newContext(), linia.url, account),
    agent: await scene.deskAgent('agent01'),
    openDesk: async () => openDesk(await newContext(), linia.url, linia.account('agent02')),
    async soundIn(name) {
      const file = join(textsDirIn(join(linia.dir, 'asterisk/etc')), `${name}.wav`)
      await until(() => existsSync(file))
      const [sound] = (await readWave(file)).channels
      if (sound === undefined) throw new Error(`${file} has no sound`)
      return sound
    },
  }
  await t.test('the greeting is played before the queue', (t) => fixedGreeting(t, office))
  await t.test('own words of numbers', (t) => ofNumbers(t, office))
  await t.test('own announcements of a queue', (t) => ofQueue(t, office))
  await t.test('a menu and an announcement in Hungarian', (t) => inHungarian(t, office))
})

async function pause({ scene, agent }: Office): Promise<void> {
  await agent.api.setState({ state: 'paused', reason: 'break' })
  await until(() => scene.view.agents.get(agent.id)?.state === 'paused')
}

/** It says that the call is recorded. The agent is ready. */
async function fixedGreeting(t: Test, office: Office): Promise<void> {
  const { scene } = office
  const { phone } = office.agent
  const hurried = await scene.town.call({ callerId: '0722000961' })
  await until(() => loudness(heardSince(hurried.rtp, 0)) > 0.005)
  hurried.hangUp()
  const gone = await scene.record('0722000961')
  t.match(gone, { outcome: 'abandoned', queuedAt: null, waitMs: null })
  t.same(transitions(gone), ['CallArrived', 'CallerHungUp'])
  t.equal(phone.rings.length, 0, 'no phone has rung for the caller')

  const patient = await scene.town.call({ callerId: '0722000962' })
  await patient.answered
  const talk = await phone.answerNext(tone(agentTone))
  await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'talking'))
  talk.hangUp()
  await patient.ended
  t.ok(await hasHeardPrompt(scene.linia, patient, 'greeting'))
  const served = await scene.record('0722000962')
  const expected = ['CallArrived', 'PlaybackEnded', 'OfferMade', 'AgentAnswered', 'Bridged', 'AgentHungUp']
  t.same(transitions(served), expected)
  t.match(served, { outcome: 'answered' })
  const greeted = Date.parse(served.queuedAt ?? '') - Date.parse(served.arrivedAt)
  t.ok(greeted > 2_000, `in the queue after ${greeted} ms`)
  await pause(office)
}

async function ofNumbers(t: Test, { scene, admin, page, soundIn }: Office): Promise<void> {
  await t.test('is given a greeting by keyboard, which says that the call is recorded', async (t) => {
    await page.goto(`${scene.linia.url}/configuration`)
    await page.locator('[data-item="969"]').waitFor()
    await press(page, '[data-item="969"] button')
    const field = (says: string, language: string) =>
      `aside [data-field=says-${says}] [data-field=${language}]`
    await type(page, field('greeting', 'ro'), untold)
    await page.locator('aside [data-not-recorded]').waitFor()
    await type(page, field('closed', 'ro'), '…')
    await page.locator(`${field('closed', 'ro')}[aria-invalid=true]`).waitFor()
    await checkScreen(
      t,
      page,
      'a number: a greeting that tells of no recording, and words that nobody would hear',
    )
    await tabTo(page, field('closed', 'ro'))
    await page.keyboard.press('Control+A')
    await page.keyboard.press('Delete')
    await tabTo(page, field('greeting', 'ro'), true)
    await type(page, field('greeting', 'ro'), greeting)
    await page.locator('aside [data-not-recorded]').waitFor({ state: 'detached' })
    await type(page, field('greeting', 'en'), greetingEn)
    const listen = 'aside [data-field=says-greeting] [data-listen=ro]'
    await tabTo(page, listen, true)
    await page.keyboard.press('Enter')
    await page.locator(`${listen}[data-state=playing]`).waitFor()
    await page.keyboard.press('Enter')
    t.equal(await bar(page), '1')
    await tabTo(page, '[data-action=review]', true)
    await page.keyboard.press('Enter')
    await page.locator('[data-changes="own 1"]').waitFor()
    t.match(await page.locator('[data-changes="own 1"]').textContent(), /Salutul numărului: „Bună ziua!/)
    await tabTo(page, '[data-field=reason]')
    await page.keyboard.type('salutul taxelor')
    await page.keyboard.press('Enter')
    await page.locator('[data-draft="0"]').waitFor()
    const { document } = await admin.get<PublishedConfiguration>('/api/configuration')
    const number = document.numbers.find((one) => one.number === '969')
    t.strictSame(number?.says, { greeting: { ro: greeting, en: greetingEn } })
  })

  await t.test('callers of two numbers hear two greetings', async () => {
    const says: NumberSetting['says'] = { greeting: { ro: other } }
    await publish(admin, ({ numbers, ...document }) => ({
      ...document,
      numbers: [...numbers, { number: planning, also: [], name: 'Urbanism', queue: 'general', says }],
    }))
    const [romanian, english, ofOther] = [
      await soundIn(soundOf('ro', greeting, 'number')),
      await soundIn(soundOf('en', greetingEn, 'number')),
      await soundIn(soundOf('ro', other, 'number')),
    ]
    const first = await scene.town.call({ callerId: '0722000971' })
    const listen = listenTo(first.rtp)
    await listen(romanian)
    await listen(english)
    first.hangUp()
    const second = await scene.town.call({ callerId: '0722000972', number: planning })
    await listenTo(second.rtp)(ofOther)
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
    const sound = await soundIn(soundOf('ro', closed, 'number'))
    const citizen = await scene.town.call({ callerId: '0722000973', number: planning })
    await listenTo(citizen.rtp)(sound)
    t.match(await citizen.ended, { ending: 'line hung up' })
    t.match(await scene.record('0722000973'), { outcome: 'closed' })
  })
}

async function ofQueue(t: Test, office: Office): Promise<void> {
  const { scene, admin, page, soundIn } = office
  await t.test('are written by keyboard', async (t) => {
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

  await t.test('a caller who waits hears the first, and an answer', async (t) => {
    const sound = await soundIn(soundOf('ro', onSite, 'waiting'))
    await soundIn(soundOf('ro', atDesk, 'waiting'))
    const citizen = await scene.town.call({ callerId: '0722000974' })
    await listenTo(citizen.rtp)(sound)
    await office.agent.api.setState({ state: 'ready' })
    await office.agent.phone.answerNext(tone(agentTone))
    await until(() => hearsTone(citizen.rtp, agentTone))
    citizen.hangUp()
    const call = await scene.record('0722000974')
    t.match(call, { outcome: 'answered' })
    t.ok(transitions(call).includes('AnnouncementMade'))
    await pause(office)
  })
}

/** A caller who chooses it is spoken to in Hungarian until an agent answers, who sees it as the phone rings. */
async function inHungarian(t: Test, { scene, admin, page, soundIn, ...office }: Office): Promise<void> {
  await publish(admin, ({ numbers, queues, ...document }) => ({
    ...document,
    numbers: [
      ...numbers,
      {
        number: withMenu,
        also: [],
        name: 'Evidența populației',
        queue: 'general',
        menu: 'alegere',
        says: { greeting: { ro: other } },
      },
    ],
    queues: queues.map((queue) => ({
      ...queue,
      announce: {
        position: true,
        estimate: false,
        firstAfterSeconds: 5,
        everySeconds: 30,
        texts: [{ ro: announced.ro }],
      },
    })),
    menus: [
      {
        id: 'alegere',
        name: 'Alegere',
        says: { ro: choice.ro },
        keys: { '1': { queue: 'general' } },
        repeats: 3,
      },
    ],
  }))

  await t.test('is written by keyboard', async (t) => {
    await page.goto(`${scene.linia.url}/configuration`)
    await page.locator('[data-item]').first().waitFor()
    await openTab(page, 'numbers', 'ArrowRight', 'queues')
    await openTab(page, 'queues', 'ArrowRight', 'hours')
    await openTab(page, 'hours', 'ArrowRight', 'menus')
    await press(page, '[data-item="Alegere"] button')
    await tabTo(page, 'aside [data-field=further-language]')
    await page.keyboard.type('magh')
    await press(page, 'aside [data-action=add-language]')
    await until(async () => (await focused(page)) === 'data-field=hu')
    await page.keyboard.type(choice.hu)
    await tabTo(page, 'aside [data-key="8"]')
    // The last ones: the menu in the new language, back, once more.
    for (const key of ['End', 'ArrowUp', 'ArrowUp']) await page.keyboard.press(key)
    await page.locator('[data-diagram] [data-twig="8"]', { hasText: 'în maghiară' }).waitFor()
    await checkScreen(t, page, 'a menu in Hungarian')
    await openTab(page, 'menus', 'ArrowLeft', 'hours')
    await openTab(page, 'hours', 'ArrowLeft', 'queues')
    await press(page, '[data-item="Informații generale"] button')
    await type(page, 'aside [data-text="0"] [data-field=hu]', announced.hu)
    await checkScreen(t, page, 'a queue whose announcement is in Hungarian')
    t.equal(await bar(page), '3', 'a text, a key, an announcement')
    await tabTo(page, '[data-action=review]', true)
    await page.keyboard.press('Enter')
    await page.locator('[data-changes]', { hasText: 'textul în maghiară' }).waitFor()
    await tabTo(page, '[data-field=reason]')
    await page.keyboard.type('mulți ne sună în maghiară')
    await checkScreen(t, page, 'a language, reviewed')
    await page.keyboard.press('Enter')
    await page.locator('[data-draft="0"]').waitFor()
    const { document } = await admin.get<PublishedConfiguration>('/api/configuration')
    t.match(document.menus, [{ says: choice, keys: { '8': { language: 'hu' } } }])
    t.match(document.queues.find(({ id }) => id === 'general')?.announce?.texts, [announced])
    await page.goto(`${scene.linia.url}/configuration?tab=prompts`)
    await page.locator(`[data-prompt="${soundOf('hu', choice.hu)}"]`, { hasText: 'în maghiară' }).waitFor()
  })

  /** A caller of the menu who has chosen Hungarian, and then the queue. */
  async function choosesHungarian(callerId: string) {
    const [romanian, hungarian] = [
      await soundIn(soundOf('ro', choice.ro)),
      await soundIn(soundOf('hu', choice.hu)),
    ]
    const citizen = await scene.town.call({ callerId, number: withMenu, patienceMs: 900_000 })
    const listen = listenTo(citizen.rtp)
    await listen(romanian)
    citizen.rtp.press('8')
    await listen(hungarian)
    citizen.rtp.press('1')
    return { citizen, listen }
  }

  await t.test('is heard by who chooses it; the line itself says their place in Romanian', async (t) => {
    const [place, own] = [
      await soundIn(positionSound('hu', 1)),
      await soundIn(soundOf('hu', announced.hu, 'waiting')),
    ]
    const { citizen, listen } = await choosesHungarian('0722000981')
    await listen(place)
    await listen(own)
    citizen.hangUp()
    const call = await scene.record('0722000981')
    t.match(call, { outcome: 'abandoned', queue: 'general' })
    t.ok(transitions(call).filter((type) => type === 'AnnouncementMade').length >= 2)
  })

  await t.test('is named to the agent as the phone rings', async (t) => {
    const desk = await office.openDesk()
    await desk.keyboard.press('F4')
    await waitForState(desk, 'ready')
    const { citizen } = await choosesHungarian('0722000982')
    await waitForState(desk, 'ringing')
    t.equal(await desk.locator('[data-caller-language=hu]').textContent(), 'A ales: maghiară')
    await checkScreen(t, desk, 'a caller who chose Hungarian rings')
    citizen.hangUp()
  })
}
