/** A waiting caller is promised to be called back: by order, with an agent there first, on record as one story. */
import t from 'tap'
import { hears, tone } from '../../support/sip/audio.ts'
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
import { until } from '../../support/until.ts'
import { press } from '../city/configuration-steps.ts'
import { chooseItem } from '../city/keyboard-steps.ts'
import { citizenTone } from '../desk-steps.ts'
import { hasHeardPrompt } from './heard-prompt.ts'
import { openSceneWithOutside } from './outside-end.ts'

const agentTone = 600
const [first, second, third, fourth] = ['0722000961', '0722000962', '0722000963', '0722000964'] as const

t.test('a citizen is called back by the place that they had', { timeout: 1_500_000 }, async (t) => {
  const { scene, outside } = await openSceneWithOutside(t, { WRAP_UP_MS: '2000' })
  const { url } = scene.linia
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const board = await openSignedIn(await newContext(), url, scene.linia.account('supervisor01'))
  const row = (number: string) =>
    board.locator('tr[data-call]', { hasText: number.replace(/^(\d{4})(\d{3})(\d{3})$/, '$1 $2 $3') })
  const waits = async (number: string) => {
    const citizen = await scene.town.call({ callerId: number, speech: tone(citizenTone) })
    await row(number).waitFor()
    return citizen
  }
  const ofNumber = (number: string) =>
    [...scene.view.calls.values()].filter(({ caller }) => caller === `+4${number}`)

  const earlier = await waits(first)
  const promised = await waits(second)
  const later = await waits(third)
  const cancelled = await waits(fourth)

  const openMenu = (number: string) =>
    press(board, `tr[data-call="${ofNumber(number)[0]?.id ?? ''}"] button[aria-haspopup=menu]`)
  const promise = async (number: string) => {
    await openMenu(number)
    await chooseItem(board, '[data-action=callback]')
    await row(number).filter({ hasText: 'va fi sunat înapoi' }).waitFor()
  }
  const leaveTable = () => board.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await t.test('the caller hears so, and is hung up; the row stays at its place', async (t) => {
    await promise(second)
    await promised.ended
    t.ok(await hasHeardPrompt(scene.linia, promised, 'callback-promised'))
    await promise(fourth)
    await cancelled.ended
    await until(() => ofNumber(second).every(({ phase }) => phase === 'promised'))
    // Rows hold still under the pointer and the focus, which a menu that closes gives back to its button.
    await board.mouse.move(5, 5)
    const order = async () => {
      await leaveTable()
      return board.locator('tr[data-call]').evaluateAll((rows) => rows.map((one) => one.textContent ?? ''))
    }
    const inOrder = async () =>
      (await order()).map((text) => /0722 000 96(\d)/.exec(text)?.[1]).join('') === '1234'
    await until(inOrder)
    await checkScreen(t, board, 'the board with citizens who are to be called back')
    t.equal(outside.rings.length, 0, 'nobody is called without an agent')
  })

  await t.test('a supervisor cancels one by keys, with a reason', async () => {
    await openMenu(fourth)
    await chooseItem(board, '[data-action=end]')
    await board.locator('[data-action=leave-call]:focus').waitFor()
    await chooseItem(board, '[data-cancel-reason="caller asked"]')
    await row(fourth).waitFor({ state: 'detached' })
    // Whether the focus went with the row or has left the table since: the order no longer stands still, and the note is the target again.
    const note = board.locator('section[aria-labelledby=waiting] header span')
    await until(async () => {
      await leaveTable()
      return (await note.textContent())?.includes('ținta') === true
    })
  })

  await t.test('the earlier caller first, then the callback, then the later one', async (t) => {
    const desk = await openDesk(await newContext(), url, scene.linia.account('agent01'))
    await desk.keyboard.press('F4')
    await pickUp(desk)
    t.match(await desk.locator('[data-caller]').textContent(), '0722 000 961')
    t.equal(outside.rings.length, 0, 'the earlier caller first')
    earlier.hangUp()

    await waitForState(desk, 'ringing')
    await desk.getByText('Sună înapoi').first().waitFor()
    await desk.locator('[data-callback]').waitFor()
    t.match(await desk.locator('[data-caller]').textContent(), '0722 000 962')
    await checkScreen(t, desk, 'the desk that is offered a callback')
    t.equal(outside.rings.length, 0, 'not before the agent has answered')
    await desk.locator('[data-session="incoming ringing"]').waitFor()
    await desk.keyboard.press('F8')
    const ring = await outside.nextRing()
    t.equal(ring.caller, '969')
    await waitForState(desk, 'calling')
    const answered = await ring.answer(tone(citizenTone))
    await waitForState(desk, 'talking')
    await until(() => hears(answered.rtp, agentTone))
    await until(async () => Math.abs((await inboundSound(desk)).hertz - citizenTone) < 30)
    t.equal(later.rtp !== undefined && ofNumber(third)[0]?.phase, 'waiting')
    answered.hangUp()

    await pickUp(desk)
    await waitForState(desk, 'talking')
    t.match(await desk.locator('[data-caller]').textContent(), '0722 000 963')
    later.hangUp()
  })

  await t.test('both calls are on record, each with the other', async (t) => {
    const back = await scene.record(
      second,
      ({ direction, outcome }) => direction === 'outbound' && outcome !== null,
    )
    t.match(back, { outcome: 'answered', queue: null, agent: { name: scene.linia.account('agent01').name } })
    const placed = back.events[0]
    t.match(placed, { type: 'CallPlaced', detail: { by: null } })
    const { call: of = '' } = (placed?.detail['returns'] ?? {}) as { call?: string }
    const origin = await scene.board.get<typeof back>(`/api/calls/${encodeURIComponent(of)}`)
    t.match(origin, { direction: 'inbound', outcome: 'callback', endedBy: 'system' })
    t.match(origin?.events.find(({ type }) => type === 'CallbackPromised')?.detail, { call: back.id })
    t.match(await scene.record(fourth, ({ direction }) => direction === 'outbound'), {
      outcome: 'cancelled',
      endedBy: 'supervisor',
    })
    await board.goto(`${url}/calls/${encodeURIComponent(of)}`)
    const link = board.locator(`a[href="/calls/${encodeURIComponent(back.id)}"]`)
    await link.waitFor()
    await press(board, `a[href="/calls/${encodeURIComponent(back.id)}"]`)
    await board.locator(`a[href="/calls/${encodeURIComponent(of)}"]`).waitFor()
  })
})
