/** Somebody outside the contact centre, by keyboard alone: a caller is sent to a department, an interpreter is brought in by one key, and the tax tab warns. */
import t from 'tap'
import type { Page } from 'playwright-core'
import type { RtpEnd } from '../../../tools/demo/calls/rtp.ts'
import { amplitudeOf, heardSince, tone } from '../../support/sip/audio.ts'
import {
  bursts,
  levelsHeard,
  openBrowser,
  openDesk,
  openSignedIn,
  pickUp,
  waitForState,
} from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { until } from '../../support/until.ts'
import { citizenTone, talk } from '../desk-steps.ts'
import { openSceneWithOutside } from './outside-end.ts'

const agentTone = 600
const outsideTone = 1_300
/** A tone that is heard has an amplitude of 0.1 or more, also beside a louder one; one that is not, of 0.02 at most. */
const hears = (rtp: RtpEnd, hertz: number) =>
  amplitudeOf(hertz, heardSince(rtp, performance.now() - 700)) > 0.05
/** Of these tones, those of about the same level as the loudest sound that the page hears. */
async function heardAt(page: Page, tones: readonly number[]): Promise<number[]> {
  const levels = await levelsHeard(page, tones)
  return tones.filter((_, at) => (levels[at] ?? -100) > -20)
}

t.test('somebody outside the contact centre', { timeout: 1_500_000 }, async (t) => {
  const { scene, outside } = await openSceneWithOutside(t, { WRAP_UP_MS: '60000' })
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const desk = await openDesk(await newContext(), scene.linia.url, scene.linia.account('agent01'))
  const board = await openSignedIn(await newContext(), scene.linia.url, scene.linia.account('supervisor01'))
  await desk.keyboard.press('F4')
  await waitForState(desk, 'ready')

  /** The panel, with one contact found by typing. */
  async function find(text: string): Promise<void> {
    await desk.keyboard.press('Shift+F1')
    await desk.locator('[data-transfer-panel] input:focus').waitFor()
    await desk.locator('[data-target^="contact-"]').first().waitFor()
    await desk.keyboard.insertText(text)
    await until(async () => (await desk.locator('[data-target]').count()) === 1)
  }

  await t.test('a caller is sent to a department: the two talk, the agent is free', async (t) => {
    const number = '0722000991'
    const citizen = await talk(scene, desk, number)
    await desk.keyboard.press('Shift+F1')
    await desk.locator('[data-target="contact-stare-civila"]').waitFor()
    await checkScreen(t, desk, 'departments and interpreters in the panel')
    await desk.keyboard.press('Escape')
    await find('stare')
    await desk.keyboard.press('Enter')
    const ring = await outside.nextRing()
    t.equal(ring.caller, '969', 'the department sees the city’s number')
    await waitForState(desk, 'wrap-up')
    await desk.locator('[data-sent=ringing]').waitFor()
    await board.locator('[data-external=transferring]').waitFor()
    const department = await ring.answer(tone(outsideTone))
    await desk.locator('[data-sent=taken]').waitFor()
    t.match(await desk.locator('[data-sent=taken]').textContent(), /vorbește cu Stare civilă/)
    await until(() => hears(citizen.rtp, outsideTone) && hears(department.rtp, citizenTone))
    t.notOk(hears(citizen.rtp, agentTone), 'the agent is not heard')
    await board.locator('[data-external=transferred]').waitFor()
    t.match(await board.locator('[data-external]').textContent(), /vorbește cu Stare civilă/)
    await checkScreen(t, board, 'the board with a caller who talks with a department')
    await checkScreen(t, desk, 'the desk of who has sent a caller to a department')
    await desk.keyboard.press('Control+Enter')
    await waitForState(desk, 'ready')
    department.hangUp()
    t.equal((await citizen.ended).ending, 'line hung up')
    const call = await scene.record(number)
    t.match(call, {
      outcome: 'answered',
      externals: [{ contact: { id: 'stare-civila', name: 'Stare civilă' } }],
    })
    await until(async () => (await board.locator('[data-external]').count()) === 0)
  })

  await t.test('an engaged department gives the caller back, with the reason', async (t) => {
    const citizen = await talk(scene, desk, '0722000992')
    await find('urban')
    await desk.keyboard.press('Enter')
    ;(await outside.nextRing()).refuse(486)
    const told = desk.locator('[data-sent=returning], [data-transferred]').first()
    await told.waitFor()
    await pickUp(desk)
    await until(() => hears(citizen.rtp, agentTone))
    await find('420')
    await desk.keyboard.press('Shift+Enter')
    const ring = await outside.nextRing()
    await desk.locator('[data-party=colleague][data-hears=rings]').waitFor()
    ring.refuse(486)
    await desk.locator('[data-consult-ended=busy]').waitFor()
    t.match(await desk.locator('[data-consult-ended]').textContent(), /Urbanism.*: ocupat/)
    await checkScreen(t, desk, 'an engaged department')
    await desk.keyboard.press('Shift+F9')
    await waitForState(desk, 'talking')
    citizen.hangUp()
    await waitForState(desk, 'wrap-up')
    await desk.keyboard.press('Control+Enter')
    await waitForState(desk, 'ready')
  })

  await t.test('an interpreter comes by one key, hears all, and the tax tab warns', async (t) => {
    const number = '0722000993'
    const citizen = await talk(scene, desk, number)
    await desk.keyboard.press('Control+F9')
    await desk.locator('[data-pane=taxes]:not([hidden])').waitFor()
    const warning = desk.locator('[data-external-hears]')
    t.equal(await warning.count(), 0)
    await desk.keyboard.press('Control+I')
    const ring = await outside.nextRing()
    await desk.locator('[data-party=colleague][data-hears=rings]').waitFor()
    t.match(await desk.locator('[data-party=colleague]').textContent(), /Interpret.*apoi în trei/)
    t.equal(await warning.count(), 0, 'nobody hears yet')
    const interpreter = await ring.answer(tone(outsideTone))
    await desk.locator('[data-party=colleague][data-hears=room]').waitFor()
    await until(() => hears(citizen.rtp, agentTone))
    await until(() => hears(citizen.rtp, outsideTone))
    await until(() => hears(interpreter.rtp, citizenTone) && hears(interpreter.rtp, agentTone))
    await until(async () => (await heardAt(desk, [citizenTone, outsideTone])).length === 2)
    t.pass('all three hear each other')
    await warning.waitFor()
    t.match(await warning.textContent(), /Interpret de maghiară/)
    await checkScreen(t, desk, 'the tax tab while an interpreter hears')
    await board.locator('[data-external-party]').waitFor()
    await checkScreen(t, board, 'the board with an interpreter in a conversation')
    await desk.keyboard.press('Shift+F9')
    await desk.locator('[data-party=colleague][data-hears=talk]').waitFor()
    t.equal(await warning.count(), 1, 'aside, the interpreter hears the agent')
    await desk.keyboard.press('Shift+F9')
    await desk.locator('[data-party=colleague][data-hears=music]').waitFor()
    await warning.waitFor({ state: 'detached' })
    await until(() => !hears(interpreter.rtp, citizenTone) && !hears(interpreter.rtp, agentTone))
    await desk.keyboard.press('Control+F6')
    await warning.waitFor()
    await desk.keyboard.press('Control+F11')
    t.equal((await interpreter.ended).by, 'them')
    await warning.waitFor({ state: 'detached' })
    await waitForState(desk, 'talking')
    await until(() => hears(citizen.rtp, agentTone))
    t.not(await desk.evaluate(() => document.activeElement?.tagName), 'BODY')
    citizen.hangUp()
    await waitForState(desk, 'wrap-up')
    const call = await scene.record(number)
    t.match(call.externals, [{ contact: { name: 'Interpret de maghiară' } }])
    await desk.evaluate((id) => window.history.pushState(null, '', `/calls/${id}`), call.id)
    await desk.locator('[data-others=external]').waitFor()
    t.match(await desk.locator('[data-others=external]').textContent(), /Interpret de maghiară/)
    await checkScreen(t, desk, 'the page of a call with an interpreter')
  })
})
