/**
 * An administrator chooses the line's music and a queue's own by keyboard: who waits in that queue hears its piece, who waits in
 * another one the line's; taken back, the line's is heard in both.
 */
import type { Test } from 'tap'
import { QueueId } from '../../../src/core/ids.ts'
import { musicOf } from '../../../src/core/prompts/recordable.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { toneWave } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { press, tabTo } from '../city/configuration-steps.ts'
import { heardAt, numbers, type RecordingLine } from './recording-line.ts'

const melody = 523
const piece = 880
const prompt = musicOf(QueueId('taxe'))
const row = `[data-prompt=${prompt}]`
const form = `[data-prompt-form=${prompt}]`
const reasons = { published: 'muzică pentru taxe', takenBack: 'piesa nu se mai aude bine' }

const wave = (hertz: number, seconds: number) => ({
  name: 'muzica.wav',
  mimeType: 'audio/wav',
  buffer: toneWave(hertz, seconds),
})

export async function waitingMusic(t: Test, { scene, page, ...line }: RecordingLine): Promise<void> {
  const { town, view } = scene
  const ofLine = () => line.heardFile('music/waiting')
  const installed = await ofLine()

  /** Nobody is ready, so they wait. */
  async function waits(callerId: string, number: string): Promise<Citizen> {
    const citizen = await town.call({ callerId, number })
    await until(() =>
      [...view.calls.values()].some(({ caller, phase }) => caller === `+4${callerId}` && phase === 'waiting'),
    )
    return citizen
  }
  const hears = (citizen: Citizen, hertz: number) => until(() => heardAt(citizen, hertz) !== null)
  /** Asterisk opens it for each caller; a node puts it there a moment after the publication. */
  const isPlaced = (isOwn: boolean) =>
    until(async () => (await line.heardFile(prompt)).equals(await ofLine()) !== isOwn)

  await t.test('the waiting music is chosen', async (t) => {
    await page.locator('[data-prompt=music] button').click()
    const music = page.locator('[data-prompt-form=music]')
    const input = music.locator('input[type=file]')
    await input.setInputFiles(wave(melody, 300))
    await page.locator('[role=alert]', { hasText: 'mai mult de 4 minute' }).waitFor()
    await input.setInputFiles(wave(melody, 5))
    await music.getByText('Fișierul ales: 5,0 s').waitFor()
    await press(page, '[data-action=prepare]')
    await page.locator('[role=alert]', { hasText: 'mai puțin de 10 secunde' }).waitFor()
    await input.setInputFiles(wave(melody, 12))
    await music.getByText('Fișierul ales: 12,0 s').waitFor()
    await press(page, '[data-action=prepare]')
    await page.locator('[data-prepared]').waitFor()
    t.match(await page.locator('[data-prepared]').textContent(), /\d,\d\ss, tărie −30,\d\sLUFS/)
    await tabTo(page, '[data-field=reason]')
    await page.keyboard.insertText('muzică de sărbători')
    await checkScreen(t, page, 'the waiting music, prepared')
    await page.keyboard.press('Enter')
    await page.locator('[data-prompt=music][data-source=recorded]').waitFor()
  })

  await t.test('the music of one queue is chosen, prepared and published by keyboard', async (t) => {
    await press(page, `${row} button`)
    await page.locator(form).waitFor()
    await checkScreen(t, page, 'the music of a queue, the line’s')
    const chooser = page.waitForEvent('filechooser')
    await press(page, `${form} [data-action=choose]`)
    await (await chooser).setFiles(wave(piece, 12))
    await page.locator(`${form}[data-step=recorded]`).waitFor()
    await press(page, '[data-action=prepare]')
    await page.locator('[data-prepared]').waitFor()
    await line.publishPrepared(reasons.published)
    await page.locator(`${row}[data-source=recorded]`).waitFor()
    await page.locator('li[data-version]', { hasText: reasons.published }).waitFor()
    t.match(await line.registered(prompt), { source: 'recorded', by: line.name })
  })

  await t.test('is heard by who waits there; in another queue the line’s is heard', async (t) => {
    await until(async () => !(await ofLine()).equals(installed))
    await isPlaced(true)
    const [there, elsewhere] = [await waits('0722000931', numbers.taxes), await waits('0722000932', '969')]
    await hears(there, piece)
    await hears(elsewhere, melody)
    t.equal(heardAt(elsewhere, piece), null, 'the other queue has no piece')
    t.equal(heardAt(there, melody), null, 'and this one nothing of the line’s')
    await Promise.all([line.hangUp(there, '0722000931'), line.hangUp(elsewhere, '0722000932')])
  })

  await t.test('is taken back by keyboard, and the next caller hears the line’s', async (t) => {
    await line.askForMachine(reasons.takenBack)
    await checkScreen(t, page, 'the music of a queue, the question before it is taken back')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator(`${row}[data-source=machine]`).waitFor()
    await page.locator('li[data-version]', { hasText: reasons.takenBack }).waitFor()
    t.match(await line.registered(prompt), { source: 'machine' })
    await isPlaced(false)
    const citizen = await waits('0722000933', numbers.taxes)
    await hears(citizen, melody)
    t.equal(heardAt(citizen, piece), null)
    await line.hangUp(citizen, '0722000933')
  })

  await t.test('the line has the machine’s melody again', async (t) => {
    await press(page, '[data-prompt=music] button')
    await page.locator('[data-prompt-form=music]').waitFor()
    await line.askForMachine('sărbătorile au trecut')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('[data-prompt=music][data-source=machine]').waitFor()
    await until(async () => (await ofLine()).equals(installed))
    t.pass('its file is the made one')
  })
}
