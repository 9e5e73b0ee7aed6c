/** An agent calls citizens from the desk: back from a past call, a number typed, and what becomes of each. */
import t from 'tap'
import { freePort } from '../../../src/stack/services/ports.ts'
import { hasTone, heardLately, hears, loudness, tone } from '../../support/sip/audio.ts'
import {
  bursts,
  inboundSound,
  openBrowser,
  openDesk,
  openSignedIn,
  pickUp,
  waitForState,
} from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { authentication, caller, pause, runSipp } from '../../support/sip/sipp.ts'
import { until } from '../../support/until.ts'
import { citizenTone, talk } from '../desk-steps.ts'
import { recordingOf } from '../scene.ts'
import { openSceneWithOutside } from './outside-end.ts'

const agentTone = 600
const number = '0722000981'

t.test('citizens are called from the desk', { timeout: 1_500_000 }, async (t) => {
  const { scene, outside: citizen } = await openSceneWithOutside(t, { WRAP_UP_MS: '60000' })
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const desk = await openDesk(await newContext(), scene.linia.url, scene.linia.account('agent01'))
  const figures = () => scene.view.today?.day

  await t.test('back from the page of a past call: both hear each other, on record', async (t) => {
    await desk.keyboard.press('F4')
    await waitForState(desk, 'ready')
    ;(await talk(scene, desk, number)).hangUp()
    await waitForState(desk, 'wrap-up')
    const past = await scene.record(number)
    // An idle board is told each half-minute.
    await until(() => figures()?.answered === 1)
    const before = figures()
    // Without loading the page anew, which would leave the phone.
    await desk.evaluate((id) => window.history.pushState(null, '', `/calls/${id}`), past.id)
    const back = desk.locator('[data-action=call-back]:not([aria-disabled=true])')
    await back.waitFor()
    await checkScreen(t, desk, 'the page of a call that can be returned')
    await back.focus()
    await desk.keyboard.press('Enter')
    const ring = await citizen.nextRing()
    t.equal(ring.caller, '969', 'the citizen sees the city’s number')
    await waitForState(desk, 'calling')
    t.not(await desk.evaluate(() => document.activeElement?.tagName), 'BODY')
    t.match(await desk.locator('[data-caller]').textContent(), '0722 000 981')
    await until(async () => (await inboundSound(desk)).above > 20)
    await checkScreen(t, desk, 'the desk while a citizen’s phone rings')
    const answered = await ring.answer(tone(citizenTone))
    await until(() => loudness(heardLately(answered.rtp)) > 0.01)
    t.notOk(hears(answered.rtp, agentTone), 'first the announcement')
    await waitForState(desk, 'talking')
    await until(() => hears(answered.rtp, agentTone))
    await until(async () => Math.abs((await inboundSound(desk)).hertz - citizenTone) < 30)
    await checkScreen(t, desk, 'the desk in a conversation with a citizen who was called')
    answered.hangUp()
    await waitForState(desk, 'wrap-up')
    const call = await scene.record(
      number,
      ({ direction, recording }) => direction === 'outbound' && recording === 'ready',
    )
    t.match(call, {
      direction: 'outbound',
      outcome: 'answered',
      endedBy: 'caller',
      agent: { name: scene.linia.account('agent01').name },
      queue: null,
      waitMs: null,
    })
    t.equal(call.events[0]?.type, 'CallPlaced')
    const { rate, channels } = await recordingOf(t, scene.board, call.id)
    t.ok(hasTone(citizenTone, channels[0] ?? new Int16Array(), rate), 'the citizen is recorded')
    t.ok(hasTone(agentTone, channels[1] ?? new Int16Array(), rate), 'and the agent')
    t.same(figures(), before, 'no figure of those who call has changed')
  })

  await t.test('a number typed: who is engaged is said so, and the agent has a wrap-up', async (t) => {
    await desk.keyboard.press('Control+k')
    await desk.locator('[role=dialog] input').fill('0722 000 982')
    await desk.locator('[role=dialog] li button', { hasText: '0722 000 982' }).first().waitFor()
    await desk.keyboard.press('Enter')
    const ring = await citizen.nextRing()
    await waitForState(desk, 'calling')
    ring.refuse(486)
    const told = desk.locator('[data-unreached=busy]')
    await told.waitFor()
    t.match(await told.textContent(), /0722 000 982: este ocupat/)
    await waitForState(desk, 'wrap-up')
    t.equal(
      await desk.locator('[data-wrap-up], [data-previous-call]').count(),
      0,
      'nothing of the number’s holder',
    )
    await checkScreen(t, desk, 'the desk after an engaged number')
    t.match(await scene.record('0722000982'), { direction: 'outbound', outcome: 'busy', recording: 'none' })
    await told.locator('[data-action=call-back]').focus()
    await desk.keyboard.press('Enter')
    const again = await citizen.nextRing()
    await waitForState(desk, 'calling')
    await desk.keyboard.press('Shift+F8')
    t.equal(await again.over, 'cancelled', 'the agent gives up, and the phone stops')
    await waitForState(desk, 'wrap-up')
    await desk.keyboard.press('Control+Enter')
    await waitForState(desk, 'ready')
    await until(async () => (await scene.record('0722000982')).outcome === 'cancelled')
  })

  await t.test('a citizen who hangs up during the announcement is said so', async (t) => {
    const call = async () => {
      await desk.keyboard.press('Control+k')
      await desk.locator('[role=dialog] input').fill('0722 000 984')
      await desk.locator('[role=dialog] li button', { hasText: '0722 000 984' }).first().waitFor()
      await desk.keyboard.press('Enter')
    }
    await call()
    const answered = await (await citizen.nextRing()).answer(tone(citizenTone))
    await until(() => loudness(heardLately(answered.rtp)) > 0.01)
    answered.hangUp()
    await desk.locator('[data-unreached="hung up"]').waitFor()
    t.match(await scene.record('0722000984'), { outcome: 'cancelled', endedBy: 'caller' })
    await waitForState(desk, 'wrap-up')
    t.equal(citizen.rings.length, 4, 'not rung again')
    await desk.keyboard.press('Control+Enter')
    await waitForState(desk, 'ready')
  })

  await t.test('a number that costs more is refused in a sentence', async (t) => {
    await desk.keyboard.press('Control+k')
    await desk.locator('[role=dialog] input').fill('0900 123 456')
    await desk.locator('[role=dialog] li button', { hasText: '0900 123 456' }).first().waitFor()
    await desk.keyboard.press('Enter')
    await desk.getByText('La numere cu suprataxă nu se sună de la post.').first().waitFor()
    await waitForState(desk, 'ready')
    t.equal(citizen.rings.length, 4)
  })

  await t.test('112 from a desk phone: an alarm on the supervisors’ boards', async (t) => {
    const board = await openSignedIn(await newContext(), scene.linia.url, scene.linia.account('supervisor01'))
    const { name, phone = { username: '', password: '' } } = scene.linia.account('agent03')
    const account = authentication(phone.username, phone.password)
    const from = `<sip:${phone.username}@[local_ip]>`
    await runSipp(t, {
      scenario: `${caller.invite({ from })}<recv response="401" auth="true"/>${caller.ackRefused}
        ${caller.invite({ from, headers: [account], cseq: 2 })}<recv response="100" optional="true"/>
        <recv response="180" optional="true"/><recv response="200"/>${caller.ackTo(2)}${pause(300)}${caller.hangUp}`,
      local: { host: '127.0.0.1', port: await freePort('127.0.0.1') },
      remote: scene.linia.sip,
      service: '112',
    })
    const alarm = board.locator('[role=alert] [data-emergency]')
    await alarm.waitFor()
    t.match(await alarm.textContent(), new RegExp(`${name} a sunat la 112 la \\d\\d:\\d\\d`))
    // The line dials the exit for a minute.
    ;(await (await citizen.nextRing()).answer(tone(citizenTone))).hangUp()
    await checkScreen(t, board, 'the board after an agent has called 112')
    await board.reload()
    await alarm.waitFor()
    await alarm.locator('a').click()
    await board.getByText('Ultimul apel la 112').waitFor()
  })

  await t.test('the colleague to whom the citizen is sent on reads who has called them', async (t) => {
    const [own, other] = [scene.linia.account('agent01'), scene.linia.account('agent02')]
    const colleague = await openDesk(await newContext(), scene.linia.url, other)
    await colleague.keyboard.press('F4')
    await waitForState(colleague, 'ready')
    await desk.keyboard.press('Control+k')
    await desk.locator('[role=dialog] input').fill('0722 000 983')
    await desk.locator('[role=dialog] li button', { hasText: '0722 000 983' }).first().waitFor()
    await desk.keyboard.press('Enter')
    const answered = await (await citizen.nextRing()).answer(tone(citizenTone))
    await waitForState(desk, 'talking')
    t.equal(await desk.locator('[data-placed-by]').textContent(), 'sunat de tine')
    await desk.locator('[data-action=transfer]').click()
    const target = '[data-target^="agent-"]:not([data-combobox-disabled])'
    await desk.locator(target, { hasText: other.name }).click()
    await waitForState(colleague, 'ringing')
    t.equal(await colleague.locator('[data-placed-by]').textContent(), own.name)
    await colleague.locator('[data-wait=going]').waitFor()
    await checkScreen(t, colleague, 'a citizen who was called rings at a colleague')
    await pickUp(colleague)
    await colleague.locator('[data-wait=over]').waitFor()
    t.equal(await colleague.locator('[data-placed-by]').textContent(), own.name)
    await checkScreen(t, colleague, 'a colleague with a citizen who was called')
    answered.hangUp()
    await waitForState(colleague, 'wrap-up')
  })
})
