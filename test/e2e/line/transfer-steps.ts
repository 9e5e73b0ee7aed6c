/** A blind transfer at the desk: to a queue, to a colleague who declines, and what the sender's screen says of it. */
import type { Test } from 'tap'
import type { Page } from 'playwright-core'
import { hasTone, hears, tone } from '../../support/sip/audio.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { inboundSound, pickUp, waitForState } from '../../support/browser/browser.ts'
import { until } from '../../support/until.ts'
import { citizenTone, talk } from '../desk-steps.ts'
import { recordingOf } from '../scene.ts'
import { duration } from '../../../src/ui/shared/time/time.ts'
import { agentTone, colleagueTone, endWrapUp, type DeskWork } from './desk-work.ts'

const panel = (page: Page) => page.locator('[data-transfer-panel]')
const sent = (page: Page, state: string) => page.locator(`[data-sent=${state}]`)

/** Before and after it, the agent is ready and the colleague is paused. */
export async function sentOn(t: Test, { scene, desk, colleague }: DeskWork): Promise<void> {
  const taxClerk = await scene.deskAgent('agent02', { ready: false })

  await t.test('to a queue, by keys alone: its agent and the caller hear each other', async (t) => {
    const citizen = await talk(scene, desk, '0722000971')
    await until(() => hears(citizen.rtp, agentTone))
    await desk.keyboard.press('Shift+F1')
    await panel(desk).waitFor()
    const queue = desk.locator('[data-target=queue-taxe]')
    await queue.waitFor()
    t.equal(await queue.getAttribute('data-combobox-disabled'), 'true', 'nobody takes calls there')
    await taxClerk.api.setState({ state: 'ready' })
    await desk.locator('[data-target=queue-taxe]:not([data-combobox-disabled])').waitFor()
    await desk.keyboard.type('taxe')
    await desk.keyboard.press('Enter')
    const ring = await taxClerk.phone.nextRing()
    await waitForState(desk, 'wrap-up')
    await sent(desk, 'ringing').waitFor()
    t.equal(await panel(desk).count(), 0)
    t.not(await desk.evaluate(() => document.activeElement?.tagName), 'BODY')
    const talkThere = await ring.answer(tone(colleagueTone))
    await sent(desk, 'taken').waitFor()
    t.match(await sent(desk, 'taken').textContent(), new RegExp(taxClerk.name))
    await until(() => hears(citizen.rtp, colleagueTone) && hears(talkThere.rtp, citizenTone))
    t.notOk(hears(citizen.rtp, agentTone), 'the sender is heard no more')
    await desk.reload()
    await sent(desk, 'taken').waitFor()
    talkThere.hangUp()
    t.equal((await citizen.ended).ending, 'line hung up')
    const call = await scene.record('0722000971', ({ recording }) => recording === 'ready')
    t.match(call, { outcome: 'answered', agent: { name: taxClerk.name } })
    t.match(
      call.legs.map(({ agent }) => agent.name),
      [scene.linia.account('agent01').name, taxClerk.name],
    )
    const [first, second] = call.manifest?.segments ?? []
    t.match([first?.agent?.name, second?.agent?.name], [scene.linia.account('agent01').name, taxClerk.name])
    const { rate, channels } = await recordingOf(t, scene.board, call.id)
    const border = Math.round(((second?.offsetMs ?? 0) * rate) / 1000)
    const [caller, agent] = channels.map((track) => [track.subarray(0, border), track.subarray(border)])
    for (const part of caller ?? []) t.ok(hasTone(citizenTone, part, rate), 'the caller is in both parts')
    for (const [index, hertz] of [agentTone, colleagueTone].entries()) {
      const part = agent?.[index] ?? new Int16Array()
      t.ok(hasTone(hertz, part, rate), `the agent of part ${index + 1}`)
      t.notOk(hasTone(hertz === agentTone ? colleagueTone : agentTone, part, rate), 'and not the other one')
    }
    const own = await recordingOf(t, taxClerk.api, call.id)
    t.ok(hasTone(colleagueTone, own.channels[1] ?? new Int16Array(), own.rate), 'an agent hears their part')
    t.ok((own.channels[1]?.length ?? 0) < (channels[1]?.length ?? 0), 'and no more')
    await taxClerk.api.setState({ state: 'paused', reason: 'break' })
    await endWrapUp(desk)
    const [part] = call.legs
    const partMs = Date.parse(part?.until ?? '') - Date.parse(part?.from ?? '')
    t.ok((call.talkMs ?? 0) - partMs > 1_000, 'the colleague’s part lasted, too')
    await t.resolves(
      until(async () => (await desk.locator('[data-own-talk]').textContent()) === duration(partMs)),
      'the sender’s shift has their own part alone',
    )
  })

  await t.test('to a colleague who declines: the caller comes back to the sender', async (t) => {
    const citizen = await talk(scene, desk, '0722000972')
    await colleague.api.setState({ state: 'ready' })
    await desk.locator('[data-action=transfer]').click()
    const target = desk.locator(`[data-target="agent-${colleague.id}"]`)
    await desk.locator(`[data-target="agent-${colleague.id}"]:not([data-combobox-disabled])`).waitFor()
    await target.click()
    const ring = await colleague.phone.nextRing()
    await waitForState(desk, 'wrap-up')
    t.match(await sent(desk, 'ringing').textContent(), new RegExp(colleague.name))
    ring.refuse(603)
    await waitForState(desk, 'ringing')
    t.match(await desk.locator('[data-transferred]').textContent(), /nepreluat/)
    await checkScreen(t, desk, 'a caller who comes back')
    const shown = await statesShown(desk)
    await pickUp(desk)
    t.notOk((await shown()).includes('reconnecting'), 'picked up like any other call')
    await until(async () => (await inboundSound(desk)).hertz > 700)
    await until(() => hears(citizen.rtp, agentTone))
    t.equal((await scene.record('0722000972', () => true)).outcome, null)
    await desk.keyboard.press('Shift+F8')
    t.equal((await citizen.ended).ending, 'line hung up')
    await scene.record('0722000972')
    await endWrapUp(desk)
    await colleague.api.setState({ state: 'paused', reason: 'break' })
  })
  await taxClerk.api.signOut()
}

/** The states that the desk shows from now on. */
async function statesShown(desk: Page): Promise<() => Promise<readonly string[]>> {
  const seen = await desk.evaluateHandle(() => {
    const states: string[] = []
    const look = (): void => {
      const state = document.querySelector('[data-state]')?.getAttribute('data-state') ?? ''
      if (states.at(-1) !== state) states.push(state)
    }
    look()
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      attributes: true,
      attributeFilter: ['data-state'],
    })
    return states
  })
  return () => seen.jsonValue()
}
