/** The session of an agent ends while they talk with a citizen: the conversation goes on until its own end. */
import t, { type Test } from 'tap'
import { heardSince, loudness, shareOf, tone } from '../../support/sip/audio.ts'
import { bursts, openBrowser, openDesk, pickUp, waitForState } from '../../support/browser/browser.ts'
import { until } from '../../support/until.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { openScene, transitions } from '../scene.ts'

const citizenTone = 800
const agentTone = 600
/** Longer than the gate's pause between two questions about a session, and than a page keeps its account. */
const askedAgainMs = 62_000

function hearsAgent(citizen: Citizen): boolean {
  const sound = heardSince(citizen.rtp, performance.now() - 1500)
  for (let at = 0; at + 1000 <= sound.length; at += 500) {
    const slice = sound.subarray(at, at + 1000)
    if (loudness(slice) > 0.005 && shareOf(agentTone, slice) > 0.4) return true
  }
  return false
}

t.test('a session that ends during a call', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, {})
  const { url } = scene.linia
  const { newContext } = await openBrowser(t, bursts(agentTone))

  const talking = async (t: Test, username: string, callerId: string) => {
    const context = await newContext()
    const page = await openDesk(context, url, scene.linia.account(username))
    await page.keyboard.press('F4')
    await waitForState(page, 'ready')
    const citizen = await scene.town.call({ callerId, speech: tone(citizenTone) })
    await pickUp(page)
    await until(() => hearsAgent(citizen))
    t.pass('the citizen hears the agent')
    const cookies = await context.cookies()
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    return { page, citizen, cookie }
  }

  await t.test(
    'it ends elsewhere: the conversation goes on, then the page asks for the sign-in',
    async (t) => {
      const { page, citizen, cookie } = await talking(t, 'agent01', '0722000951')
      const ended = await fetch(`${url}/api/session`, { method: 'DELETE', headers: { cookie } })
      t.equal(ended.status, 204)
      await page.getByText('Convorbirea continuă').waitFor()
      await page.waitForTimeout(askedAgainMs)
      t.ok(hearsAgent(citizen), 'the citizen still hears the agent')
      t.equal(await page.locator('[data-state=talking]').count(), 1)
      const askedMe = page.waitForResponse((response) => new URL(response.url()).pathname === '/api/me')
      await page.getByRole('tab', { name: 'Cereri' }).click()
      t.equal((await askedMe).status(), 401, 'the page asks for its account')
      // A page that leaves does so with the answer.
      await page.waitForTimeout(2_000)
      t.equal(await page.locator('[data-state=talking]').count(), 1, 'and stays for the call')
      t.ok(hearsAgent(citizen), 'the citizen still hears the agent')
      citizen.hangUp()
      await page.waitForURL('**/sign-in?ended')
      t.pass('the page leaves with the call')
      const call = await scene.record('0722000951')
      t.match(call, { outcome: 'answered' })
      t.notOk(transitions(call).includes('AgentLegLost'), 'the call was never cut')
    },
  )

  await t.test('the agent hangs up by the phone itself', async (t) => {
    const { page, citizen, cookie } = await talking(t, 'agent02', '0722000952')
    await fetch(`${url}/api/session`, { method: 'DELETE', headers: { cookie } })
    await page.getByRole('button', { name: 'Închide convorbirea' }).click()
    t.equal((await citizen.ended).ending, 'line hung up')
    await page.waitForURL('**/sign-in?ended')
    t.match(await scene.record('0722000952'), {
      outcome: 'answered',
      agent: { name: scene.linia.account('agent02').name },
    })
  })
})
