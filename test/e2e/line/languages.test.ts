/** An administrator writes a menu in Hungarian, by keyboard; a caller who chooses it is spoken to in Hungarian until an agent answers, who sees it as the phone rings. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { positionSound } from '../../../src/core/announcements/sentences.ts'
import { soundOf } from '../../../src/core/configuration/menu.ts'
import type { PublishedConfiguration } from '../../../src/http/configuration/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import { openBrowser, openDesk, openSignedIn, waitForState } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { listenTo, readWave } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { bar, openTab, press, tabTo, type } from '../city/configuration-steps.ts'
import { focused } from '../city/keyboard-steps.ts'
import { publish } from '../publish.ts'
import { openScene } from '../scene.ts'

const choice = { ro: 'Pentru un operator, apăsați tasta unu.', hu: 'Ügyintézőért nyomja meg az egyest.' }
const announced = {
  ro: 'Veniți cu actul de identitate.',
  hu: 'Kérjük, hozza magával a személyi igazolványát.',
}

t.test('a menu and an announcement in Hungarian', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1 })
  const { linia } = scene
  const administrator = new Api(linia.url)
  await administrator.signIn(linia.account('admin01'))
  await publish(administrator, ({ numbers, queues, ...document }) => ({
    ...document,
    numbers: numbers.map((one) => ({ ...one, menu: 'alegere' })),
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
    const { newContext } = await openBrowser(t, null)
    const page = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
    await page.goto(`${linia.url}/configuration`)
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
    const { document } = await administrator.get<PublishedConfiguration>('/api/configuration')
    t.match(document.menus, [{ says: choice, keys: { '8': { language: 'hu' } } }])
    t.match(document.queues.find(({ id }) => id === 'general')?.announce?.texts, [announced])
    await page.goto(`${linia.url}/configuration?tab=prompts`)
    await page.locator(`[data-prompt="${soundOf('hu', choice.hu)}"]`, { hasText: 'în maghiară' }).waitFor()
    await checkScreen(t, page, 'prompts, one in Hungarian')
  })

  const dir = textsDirIn(join(linia.dir, 'asterisk/etc'))
  async function soundIn(name: string): Promise<Int16Array> {
    const file = join(dir, `${name}.wav`)
    await until(() => existsSync(file))
    return (await readWave(file)).channels[0] ?? new Int16Array()
  }

  await t.test('is heard by who chooses it; the line itself says their place in Romanian', async (t) => {
    const [romanian, hungarian, place, own] = [
      await soundIn(soundOf('ro', choice.ro)),
      await soundIn(soundOf('hu', choice.hu)),
      await soundIn(positionSound('hu', 1)),
      await soundIn(soundOf('hu', announced.hu, 'waiting')),
    ]
    const citizen = await scene.town.call({ callerId: '0722000971', patienceMs: 900_000 })
    const listen = listenTo(citizen.rtp)
    await listen(romanian)
    citizen.rtp.press('8')
    await listen(hungarian)
    citizen.rtp.press('1')
    await listen(place)
    await listen(own)
    citizen.hangUp()
    const { outcome, queue } = await scene.record('0722000971')
    t.match({ outcome, queue }, { outcome: 'abandoned', queue: 'general' })
  })

  await t.test('is named to the agent as the phone rings', async (t) => {
    const { newContext } = await openBrowser(t, null)
    const desk = await openDesk(await newContext(), linia.url, linia.account('agent01'))
    await desk.keyboard.press('F4')
    await waitForState(desk, 'ready')
    const citizen = await scene.town.call({ callerId: '0722000972', patienceMs: 900_000 })
    const listen = listenTo(citizen.rtp)
    await listen(await soundIn(soundOf('ro', choice.ro)))
    citizen.rtp.press('8')
    await listen(await soundIn(soundOf('hu', choice.hu)))
    citizen.rtp.press('1')
    await waitForState(desk, 'ringing')
    t.equal(await desk.locator('[data-caller-language=hu]').textContent(), 'A ales: maghiară')
    await checkScreen(t, desk, 'a caller who chose Hungarian rings')
    citizen.hangUp()
  })
})
