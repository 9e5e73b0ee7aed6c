/** A level that a supervisor sets at one node routes the next call, whichever node owns; on the page by keys alone. */
import t from 'tap'
import type { Test } from 'tap'
import type { SkillMatrix } from '../../../src/http/skills/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import { bursts, openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { inForce } from '../in-force.ts'
import type { DeskAgent } from '../scene.ts'
import { openTwoNodes, type TwoNodes } from './two-nodes.ts'

/** A call that has to ring this agent, who talks and is ready again afterwards. */
async function rings(
  t: Test,
  scene: TwoNodes,
  agent: DeskAgent,
  callerId: string,
  why: string,
): Promise<void> {
  const citizen = await scene.town.call({ callerId, speech: tone(800) })
  const talk = await agent.phone.answerNext(tone(600))
  await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'talking'))
  talk.hangUp()
  await citizen.ended
  t.equal((await scene.record(callerId)).agent?.name, agent.name, why)
  await until(() => scene.view.agents.get(agent.id)?.state === 'ready')
}

t.test('skills that are set while calls come', { timeout: 1_500_000 }, async (t) => {
  const scene = await openTwoNodes(t, { agents: 2, ownDatabase: true })
  const { linia } = scene
  const { standby } = await scene.bothReady()
  const first = await scene.deskAgent('agent01')
  const second = await scene.deskAgent('agent02')
  const set = async (node: number, agent: DeskAgent, level: number): Promise<void> => {
    const api = new Api(`http://127.0.0.1:${linia.stack.ports.get(`api${node}`)}`)
    await api.signIn(linia.account('supervisor01'))
    const { agents } = await api.get<SkillMatrix>('/api/skills')
    const seen = agents.find(({ id }) => id === agent.id)
    const change = { id: agent.id, basedOn: seen?.version, levels: { general: level } }
    await api.ask('PUT', '/api/skills', { agents: [change], reason: 'probă' })
    await inForce(linia)
  }
  await rings(t, scene, second, '0722000971', 'the demo gives the second agent the higher level')

  await t.test('at the node that does not own', async (t) => {
    await set(standby, first, 5)
    await rings(t, scene, first, '0722000972', 'the next call goes by the new level')
  })

  await t.test('on the page, by keys alone', async (t) => {
    const { newContext } = await openBrowser(t, bursts(600))
    const page = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
    await page.goto(`${linia.url}/skills`)
    const row = page.locator(`[data-skills-of="${first.name}"]`)
    await row.waitFor()
    await page.locator('[data-cell][tabindex="0"]').focus()
    for (let presses = 0; presses < 5 && (await row.getAttribute('data-chosen')) !== 'true'; presses += 1)
      await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Home')
    await page.keyboard.press('2')
    await row.locator('[data-changed][data-level="2"]').waitFor()
    await checkScreen(t, page, 'the matrix of skills with an unsaved change')
    await page.locator('[data-field=reason]').focus()
    await page.keyboard.insertText('program redus')
    await page.keyboard.press('Enter')
    await page.locator('[data-changes="0"]', { hasText: 'Salvat' }).waitFor()
    await row.locator('[data-level="2"]:not([data-changed])').waitFor()
    const latest = page.locator('[data-version]').first()
    await latest.filter({ hasText: 'program redus' }).waitFor()
    t.match(await latest.textContent(), /general 5 → 2/)
    await checkScreen(t, page, 'the matrix of skills')
    await inForce(linia)
    await rings(t, scene, second, '0722000973', 'the next call goes by the page')
  })

  await t.test('while PostgreSQL is away the last levels hold', async (t) => {
    await set(standby, first, 4)
    await set(standby, second, 0)
    await linia.stack.parts.get('postgres')?.stop()
    const rungBefore = second.phone.rings.length
    const citizen = await scene.town.call({ callerId: '0722000974', speech: tone(800) })
    const talk = await first.phone.answerNext(tone(600))
    await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'talking'))
    talk.hangUp()
    await citizen.ended
    t.equal(second.phone.rings.length, rungBefore, 'an agent without the skill is offered nothing')
    await linia.stack.parts.get('postgres')?.start()
  })
})
