/** Callers left without an answer: who hung up, and whom the line sent away. One is called back from the list by one key, and then is on it no longer. */
import t from 'tap'
import { hears, tone } from '../../support/sip/audio.ts'
import { bursts, openBrowser, openDesk, openSignedIn, waitForState } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { until } from '../../support/until.ts'
import { citizenTone } from '../desk-steps.ts'
import { openSceneWithOutside } from './outside-end.ts'

const agentTone = 600
const number = '0722000981'
const patient = '0722000982'

t.test('who gave up is called back by one key of their row', { timeout: 1_500_000 }, async (t) => {
  const { scene, outside } = await openSceneWithOutside(t, {
    SHORT_ABANDON_MS: '500',
    WAIT_MAX_MS: '20000',
  })
  const { url } = scene.linia
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const agent = scene.linia.account('agent01')
  const citizen = await scene.town.call({ callerId: number })
  await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'waiting'))
  // Longer than a short abandon.
  const from = performance.now()
  await until(() => performance.now() - from > 1_500)
  citizen.hangUp()
  const gaveUp = await scene.record(number)
  t.match(gaveUp, { outcome: 'abandoned', returnedBy: [] })
  await (
    await scene.town.call({ callerId: patient })
  ).ended
  const sentAway = await scene.record(patient)
  t.match(sentAway, { outcome: 'rejected', endedBy: 'system' })

  const desk = await openDesk(await newContext(), url, agent)
  await desk.keyboard.press('F4')
  await waitForState(desk, 'ready')
  await desk.locator('header nav a[href="/calls"]').click()
  const row = desk.locator(`[data-abandoned="${gaveUp.id}"]`)
  await row.getByText('nu a fost sunat').waitFor()
  await desk.locator(`[data-abandoned="${sentAway.id}"]`).getByText('linia a încheiat apelul').waitFor()
  t.equal(await row.getByText('linia a încheiat apelul').count(), 0)
  await row.locator('[data-action=call-back]:not([aria-disabled=true])').waitFor()
  await checkScreen(t, desk, 'callers left without an answer')
  t.equal(await row.locator('a').count(), 0, 'the list does not open the call to its agents')
  await row.locator('[data-action=call-back]').focus()
  await desk.keyboard.press('Enter')
  const ring = await outside.nextRing()

  const board = await openSignedIn(await newContext(), url, scene.linia.account('supervisor01'))
  await board.goto(`${url}/calls`)
  const seen = board.locator(`[data-abandoned="${gaveUp.id}"]`)
  await seen.getByText(new RegExp(`^sunat de ${agent.name}, .+: în curs$`)).waitFor()
  t.equal(await seen.locator('button').count(), 0, 'a supervisor has no phone')

  const answered = await ring.answer(tone(citizenTone))
  await waitForState(desk, 'talking')
  await until(() => hears(answered.rtp, agentTone))
  answered.hangUp()
  await scene.record(number, ({ direction, outcome }) => direction === 'outbound' && outcome === 'answered')
  await seen.waitFor({ state: 'detached' })
  await board.goto(`${url}/calls/${gaveUp.id}`)
  await board.getByText(new RegExp(`^sunat de ${agent.name}, .+: Preluat$`)).waitFor()
  await checkScreen(t, board, 'a call that was returned')
})
