/** Callers of a queue are asked how it was, once the administrator has ticked it on the page Linie by keyboard. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { surveyParts, surveySound, type SurveyPart } from '../../../src/core/announcements/survey.ts'
import type { CallDetail } from '../../../src/http/calls/wire.ts'
import { pickUp, waitForState } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { hasHeard, heardSince, listenTo, readWave, tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { openTab, press, tabTo, type } from '../city/configuration-steps.ts'
import { citizenTone } from '../desk-steps.ts'
import { transitions, type DeskAgent, type Scene } from '../scene.ts'

const caller = '0722000981'
const silent = '0722000982'
const surveyed = '0722000983'

interface Office {
  readonly scene: Scene
  /** A supervisor's page, and the administrator's. */
  readonly page: Page
  readonly admin: Page
  readonly agent: DeskAgent
  /** Another agent's page with its phone. */
  openDesk(): Promise<Page>
}

export async function survey(t: Test, { scene, page, admin, agent, openDesk }: Office): Promise<void> {
  const { linia } = scene
  const { id, api, phone } = agent
  const dir = textsDirIn(join(linia.dir, 'asterisk/etc'))
  const fileOf = (part: SurveyPart) => join(dir, `${surveySound('ro', part)}.wav`)
  const soundOf = async (part: SurveyPart) => (await readWave(fileOf(part))).channels[0] ?? new Int16Array()
  const agentState = () => scene.view.agents.get(id)?.state

  await t.test('it is ticked and published by keyboard', async (t) => {
    await admin.goto(`${linia.url}/configuration`)
    await admin.locator('[data-item]').first().waitFor()
    await openTab(admin, 'numbers', 'ArrowRight', 'queues')
    await press(admin, '[data-item] button')
    await tabTo(admin, 'aside [data-field=isSurveyed]')
    await admin.keyboard.press('Space')
    await type(admin, 'aside [data-field=talkedSeconds]', '0')
    await checkScreen(t, admin, 'a queue whose callers are asked how it was')
    await press(admin, '[data-action=review]')
    await admin.locator('[data-changes="own 1"]').waitFor()
    await tabTo(admin, '[data-field=reason]')
    await admin.keyboard.type('vrem să știm')
    await admin.keyboard.press('Enter')
    await admin.locator('[data-draft="0"]').waitFor()
    await until(() => surveyParts.every((part) => existsSync(fileOf(part))))
  })

  /** The agent talks with the caller, and puts the phone down. */
  async function talkWith(callerId: string) {
    await api.setState({ state: 'ready' })
    await until(() => agentState() === 'ready')
    const answered = phone.answerNext(tone(600))
    const citizen = await scene.town.call({ callerId, speech: tone(citizenTone) })
    const conversation = await answered
    // An agent who hangs up before the two hear each other has not served the caller.
    await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'talking'))
    conversation.hangUp()
    const listen = listenTo(citizen.rtp)
    const hears = async (part: SurveyPart) => listen(await soundOf(part))
    /** Nothing is looked for meanwhile: a process that computes reads no sound, and the end closes the line. */
    const isThanked = async () => {
      const sound = await soundOf('thanks')
      await citizen.ended
      return hasHeard(sound, heardSince(citizen.rtp, 0))
    }
    return { citizen, hears, isThanked }
  }

  await t.test('two keys, and the agent wraps up meanwhile', async (t) => {
    const { citizen, hears, isThanked } = await talkWith(caller)
    await hears('helped')
    await until(() => agentState() === 'wrap-up')
    citizen.rtp.press('1')
    await hears('rating')
    citizen.rtp.press('4')
    t.ok(await isThanked())
    const call = await scene.record(caller)
    t.match(call, { outcome: 'answered', endedBy: 'agent', survey: { helped: true, rating: 4 } })
    t.equal(transitions(call).filter((one) => one === 'KeyPressed').length, 2)
    t.ok((call.talkMs ?? 0) < Date.parse(call.endedAt ?? '') - Date.parse(call.answeredAt ?? ''))
    const own = await api.get<CallDetail>(`/api/calls/${call.id}`)
    t.equal(own.survey, null, 'the agent is not shown the answers')
    t.notOk(transitions(own).includes('KeyPressed'))
  })

  await t.test('one who presses nothing is thanked and let go', async (t) => {
    const { hears, isThanked } = await talkWith(silent)
    await hears('helped')
    t.ok(await isThanked())
    t.match(await scene.record(silent), { survey: { helped: null, rating: null } })
  })

  await t.test('at the desk the call is over, and its form is filled in meanwhile', async (t) => {
    await api.setState({ state: 'paused', reason: 'break' })
    const desk = await openDesk()
    await desk.keyboard.press('F4')
    const citizen = await scene.town.call({ callerId: surveyed, speech: tone(citizenTone) })
    await pickUp(desk)
    await waitForState(desk, 'talking')
    await page.goto(`${linia.url}/board`)
    await page
      .locator('[data-agent]', { has: page.locator('[data-state=talking]') })
      .locator('a')
      .focus()
    await page.keyboard.press('Control+Shift+F1')
    await page.locator('[data-supervision=monitor]').waitFor()
    await desk.keyboard.press('Shift+F8')
    await page.locator('[data-supervision=over]', { hasText: 'Convorbirea s-a încheiat.' }).waitFor()
    t.equal(scene.view.calls.size, 1, 'the caller is still there')
    await waitForState(desk, 'wrap-up')
    await desk.locator('[data-wrap-up] fieldset').nth(0).locator('label').nth(0).click()
    await checkScreen(t, desk, 'the desk while the caller answers a survey')
    citizen.hangUp()
    const filled = ({ wrapUp, outcome }: CallDetail) => wrapUp !== null && outcome !== null
    t.match(await scene.record(surveyed, filled), { outcome: 'answered', wrapUp: { motivated: 'yes' } })
  })

  await t.test('supervisors see the answers', async (t) => {
    await page.goto(`${linia.url}/board`)
    await page.locator('[data-surveys] tr[data-queue]', { hasText: '1 din 3' }).waitFor()
    t.match(await page.locator('[data-surveys] tr[data-queue]').textContent(), /1 din 3100\s%4/)
    await checkScreen(t, page, 'the board with a survey')
    const { id: call } = await scene.record(caller)
    await page.goto(`${linia.url}/calls/${call}`)
    await page.locator('[data-survey]', { hasText: 'nota 4 din 5' }).waitFor()
    await checkScreen(t, page, 'a call with answers to the survey')
  })
}
