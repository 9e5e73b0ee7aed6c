/**
 * An administrator publishes a queue's own music by keyboard: who waits in that queue hears it, who waits in another one the
 * line's; taken back, the line's is heard in both.
 */
import { join } from 'node:path'
import t from 'tap'
import { QueueId } from '../../../src/core/ids.ts'
import { musicOf } from '../../../src/core/prompts/recordable.ts'
import type { Prompts } from '../../../src/http/prompts/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import {
  hasHeard,
  hasTone,
  heardSince,
  hears,
  listenTo,
  readWave,
  toneWave,
} from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { press, tabTo } from '../city/configuration-steps.ts'
import { publish } from '../publish.ts'
import { openScene } from '../scene.ts'

const piece = 523
const taxes = '0256408300'
const reasons = { published: 'muzică pentru taxe', takenBack: 'piesa nu se mai aude bine' }

t.test('the music of one queue', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1 })
  const { linia, view, town } = scene
  const account = linia.account('admin01')
  const admin = new Api(linia.url)
  await admin.signIn(account)
  await publish(admin, ({ numbers, ...document }) => ({
    ...document,
    numbers: [...numbers, { number: taxes, also: [], name: 'Taxe', queue: 'taxe' }],
  }))
  const prompt = musicOf(QueueId('taxe'))
  const registered = async () =>
    (await admin.get<Prompts>('/api/prompts')).items.find((item) => item.prompt === prompt)
  const file = join(linia.dir, 'asterisk/sounds/music/waiting.wav')
  const ofLine = (await readWave(file)).channels[0] ?? new Int16Array()
  const { newContext } = await openBrowser(t, null)
  const page = await openSignedIn(await newContext(), linia.url, account)
  const row = `[data-prompt=${prompt}]`
  const form = `[data-prompt-form=${prompt}]`

  /** Nobody is ready, so they wait. */
  async function waits(callerId: string, number = taxes): Promise<Citizen> {
    const citizen = await town.call({ callerId, number })
    await until(() =>
      [...view.calls.values()].some(({ caller, phase }) => caller === `+4${callerId}` && phase === 'waiting'),
    )
    return citizen
  }
  async function hangUp(citizen: Citizen): Promise<void> {
    citizen.hangUp()
    await citizen.ended
  }
  /** Asterisk opens it for each caller; a node puts it there a moment after the publication. */
  async function isPlaced(isOwn: boolean): Promise<void> {
    const placed = join(linia.dir, 'asterisk/sounds', `${prompt}.wav`)
    await until(async () => {
      const { channels } = await readWave(placed)
      return (channels[0]?.length !== ofLine.length) === isOwn
    })
  }
  const hearsLine = (citizen: Citizen) => listenTo(citizen.rtp)(ofLine)

  await t.test('is chosen, prepared and published by keyboard', async (t) => {
    await tabTo(page, 'header nav a[href="/configuration"]')
    await page.keyboard.press('Enter')
    await page.locator('[data-item]').first().waitFor()
    await tabTo(page, '[data-tab=numbers]')
    for (let presses = 0; presses < 12; presses += 1) {
      if (await page.locator('[data-tab=prompts][aria-selected=true]').isVisible()) break
      await page.keyboard.press('ArrowRight')
    }
    await page.locator('[data-prompt=greeting]').waitFor()
    await press(page, `${row} button`)
    await page.locator(form).waitFor()
    await checkScreen(t, page, 'the music of a queue, the line’s')
    const chooser = page.waitForEvent('filechooser')
    await press(page, `${form} [data-action=choose]`)
    await (await chooser).setFiles({ name: 'muzica.wav', mimeType: 'audio/wav', buffer: toneWave(piece, 12) })
    await page.locator(`${form}[data-step=recorded]`).waitFor()
    await press(page, '[data-action=prepare]')
    await page.locator('[data-prepared]').waitFor()
    await tabTo(page, '[data-field=reason]')
    await page.keyboard.insertText(reasons.published)
    await checkScreen(t, page, 'the music of a queue, prepared')
    await page.keyboard.press('Enter')
    await page.locator(`${row}[data-source=recorded]`).waitFor()
    await page.locator('li[data-version]', { hasText: reasons.published }).waitFor()
    await checkScreen(t, page, 'the music of a queue, published')
    t.match(await registered(), { source: 'recorded', by: account.name })
  })

  await t.test('is heard by who waits there; in another queue the line’s is heard', async (t) => {
    await isPlaced(true)
    const [there, elsewhere] = [await waits('0722000971'), await waits('0722000972', '969')]
    await until(() => hears(there.rtp, piece))
    await hearsLine(elsewhere)
    t.notOk(hasTone(piece, heardSince(elsewhere.rtp, 0)), 'the other queue has no piece')
    t.notOk(hasHeard(ofLine, heardSince(there.rtp, 0)), 'and this one nothing of the line’s')
    await Promise.all([hangUp(there), hangUp(elsewhere)])
  })

  await t.test('is taken back by keyboard, and the next caller hears the line’s', async (t) => {
    await tabTo(page, '[data-field=reason]')
    await page.keyboard.insertText(reasons.takenBack)
    await press(page, '[data-action=ask]')
    await page.locator('[data-sure]').waitFor()
    await checkScreen(t, page, 'the music of a queue, the question before it is taken back')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator(`${row}[data-source=machine]`).waitFor()
    await page.locator('li[data-version]', { hasText: reasons.takenBack }).waitFor()
    await checkScreen(t, page, 'the music of a queue, taken back')
    t.match(await registered(), { source: 'machine' })
    await isPlaced(false)
    const citizen = await waits('0722000973')
    await hearsLine(citizen)
    t.notOk(hasTone(piece, heardSince(citizen.rtp, 0)))
    await hangUp(citizen)
  })
})
