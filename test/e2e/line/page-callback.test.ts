/** A citizen asks on the public page, by keyboard alone, to be called about a request; an earlier caller is served first, then they are called. */
import t from 'tap'
import { Api } from '../../../tools/demo/api.ts'
import { lampForm, randomDraft } from '../../ledger/requests/fixtures.ts'
import {
  bursts,
  openBrowser,
  openDesk,
  openSignedIn,
  pickUp,
  waitForState,
} from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { hears, tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { citizenTone } from '../desk-steps.ts'
import { publish } from '../publish.ts'
import { callsBack, openSceneWithOutside } from './outside-end.ts'

const agentTone = 600
const [earlier, asks] = ['0722000981', '0722000982'] as const
const phone = { width: 390, height: 844 }

t.test('a citizen asks on the public page to be called', { timeout: 1_500_000 }, async (t) => {
  const { scene, outside } = await openSceneWithOutside(t, { WRAP_UP_MS: '2000' })
  const { url } = scene.linia
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const agent = new Api(url)
  await agent.signIn(scene.linia.account('agent02'))
  const registered = await agent.ask('POST', '/api/requests', {
    draft: randomDraft(),
    call: null,
    form: lampForm(),
  })
  const { id, number, code } = (await registered.json()) as { id: string; number: string; code: string }

  const visitor = await (await newContext()).newPage()
  const track = async () => {
    await visitor.goto(`${url}/urmarire`)
    await visitor.locator('input[name=number]').fill(number)
    await visitor.locator('input[name=code]').fill(code)
    await visitor.keyboard.press('Enter')
    await visitor.locator('[data-tracked]').waitFor()
  }
  await t.test('the page offers nothing until a queue takes callbacks', async (t) => {
    await track()
    t.equal(await visitor.locator('[data-action=ask-callback]').count(), 0)
    const administrator = new Api(url)
    await administrator.signIn(scene.linia.account('admin01'))
    await publish(administrator, (line) => ({
      ...line,
      queues: line.queues.map((one) => ({ ...one, callback: { afterSeconds: 60, standingMax: 20 } })),
    }))
    await until(async () => {
      await track()
      return (await visitor.locator('[data-action=ask-callback]').count()) === 1
    })
  })

  const citizen = await scene.town.call({ callerId: earlier, speech: tone(citizenTone) })
  await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'waiting'))

  const { keyboard } = visitor
  const field = visitor.locator('input[name=phone]:focus')
  await t.test('the number is typed, shown in groups, and confirmed, by keyboard alone', async (t) => {
    await checkScreen(t, visitor, 'tracking with a callback')
    await visitor.locator('[data-action=ask-callback]').focus()
    await keyboard.press('Enter')
    await field.waitFor()
    await keyboard.type('112')
    await keyboard.press('Enter')
    await visitor.locator('[data-confirmed]').waitFor()
    await keyboard.press('Tab')
    await keyboard.press('Enter')
    await field.waitFor()
    await visitor.locator('[role=alert]', { hasText: 'nu putem suna' }).waitFor()
    await checkScreen(t, visitor, 'a number that is not called')
    await keyboard.press('Control+A')
    await keyboard.type('+40 722 000 982')
    await keyboard.press('Enter')
    await visitor.locator('[data-confirmed]', { hasText: '0722 000 982' }).waitFor()
    await checkScreen(t, visitor, 'a number to be confirmed')
    await keyboard.press('Tab')
    await keyboard.press('Enter')
    await visitor.locator('[data-promised]:focus', { hasText: 'Vă sunăm la 0722 000 982' }).waitFor()
    await checkScreen(t, visitor, 'a callback that is promised')
    await visitor.setViewportSize(phone)
    t.equal(
      await visitor.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
      true,
      'it fits a phone',
    )
    t.equal(outside.rings.length, 0, 'nobody is called without an agent')
  })

  await t.test('the board has it with its origin', async (t) => {
    const board = await openSignedIn(await newContext(), url, scene.linia.account('supervisor01'))
    await board.goto(`${url}/board`)
    await board.locator('[data-call]', { hasText: 'pagina publică' }).waitFor()
    await checkScreen(t, board, 'a callback from the public page on the board')
    await board.close()
  })

  await t.test('the earlier caller first, then the citizen, and the record tells one story', async (t) => {
    const desk = await openDesk(await newContext(), url, scene.linia.account('agent01'))
    await desk.keyboard.press('F4')
    await pickUp(desk)
    await waitForState(desk, 'talking')
    t.match(await desk.locator('[data-caller]').textContent(), '0722 000 981')
    citizen.hangUp()
    await waitForState(desk, 'ringing')
    await desk.locator(`[data-about-request="${id}"]`).waitFor()
    t.match(await desk.locator('[data-caller]').textContent(), '0722 000 982')
    const answered = await callsBack(desk, outside)
    await until(() => hears(answered.rtp, agentTone))
    await desk.locator(`[data-about-request="${id}"] button`).click()
    await desk.locator(`[data-request-record="${id}"]`).waitFor()
    await checkScreen(t, desk, 'the request about which the citizen is called')
    answered.hangUp()
    const record = await scene.record(asks, ({ outcome }) => outcome === 'answered')
    t.match(record.events[0], {
      type: 'CallPlaced',
      detail: { by: null, returns: { request: id } },
    })
    t.match(record, { direction: 'outbound', outcome: 'answered' })
  })
})
