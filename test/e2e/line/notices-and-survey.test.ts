/**
 * What callers are told and asked beyond the words of the line, on one system. A supervisor publishes notices by keyboard: callers hear
 * them, and the page counts those whom one spared the wait. Then callers of a queue are asked how it was.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { noticeSound } from '../../../src/core/announcements/caller-notice.ts'
import type { CallerNotices } from '../../../src/http/caller-notices/wire.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { bursts, lookAgain, openBrowser, openDesk, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { hears, listenTo, readWave, tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { press, tabTo } from '../city/configuration-steps.ts'
import { openScene, transitions, type DeskAgent, type Scene } from '../scene.ts'
import { survey } from './survey-steps.ts'

const text = 'Nu este apă pe strada Florilor până la ora opt.'
const short = 'Casieria este închisă astăzi.'
const planned = 'De la această oră casieria este închisă.'
const agentTone = 1_000
/** Meanwhile it is made, and a caller hears it, on a busy machine too. */
const shortMs = 60_000
/** The page is to show that the short one is over before this one begins. */
const beginsMs = 70_000

t.test('notices for callers, and a survey', { timeout: 1_500_000 }, async (t) => {
  // Longer than a survey.
  const scene = await openScene(t, { agents: 2, overrides: { WRAP_UP_MS: '60000' } })
  const { linia } = scene
  const { newContext } = await openBrowser(t, bursts(600))
  const page = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
  // Nobody is ready, so callers wait.
  const agent = await scene.deskAgent('agent01', { ready: false })
  await t.test('a notice for callers', (t) => notices(t, scene, page, agent))
  const admin = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
  await t.test('callers are asked how it was when the agent hangs up', async (t) => {
    const openItsDesk = async () => openDesk(await newContext(), linia.url, linia.account('agent02'))
    await survey(t, { scene, page, admin, agent, openDesk: openItsDesk })
  })
})

async function notices(t: Test, scene: Scene, page: Page, agent: DeskAgent): Promise<void> {
  const { url, dir } = scene.linia
  await page.goto(`${url}/papers?shown=notices`)
  await page.locator('[data-caller-notice-form]').waitFor()
  const notice = (id: number) => page.locator(`[data-caller-notice="${id}"]`)
  const newest = async () => (await scene.board.get<CallerNotices>('/api/caller-notices')).items[0]

  async function soundOf(words: string): Promise<Int16Array> {
    const file = join(textsDirIn(join(dir, 'asterisk/etc')), `${noticeSound({ text: words })}.wav`)
    await until(() => existsSync(file))
    const [sound] = (await readWave(file)).channels
    if (sound === undefined) throw new Error(`${file} has no sound`)
    return sound
  }
  const hearsSound = (citizen: Citizen, sound: Int16Array) => listenTo(citizen.rtp)(sound)
  async function publish(words: string, lastsMs: number, afterMs = 0): Promise<number> {
    const begins = Date.now() + afterMs
    const body = {
      text: words,
      queues: [],
      from: afterMs === 0 ? null : new Date(begins).toISOString(),
      until: new Date(begins + lastsMs).toISOString(),
    }
    await scene.board.ask('POST', '/api/caller-notices', body)
    return (await newest())?.id ?? 0
  }
  async function calls(callerId: string): Promise<Citizen> {
    const citizen = await scene.town.call({ callerId })
    await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'waiting'))
    return citizen
  }

  await t.test('is heard by a caller who waits already, and spares them the wait', async (t) => {
    const citizen = await calls('0722000971')
    await tabTo(page, '[data-caller-notice-form] textarea')
    await page.keyboard.insertText(text)
    await press(page, '[data-listen=ro]')
    await page.locator('[data-listen=ro][data-state=playing]').waitFor()
    await page.keyboard.press('Enter')
    await page.locator('[data-listen=ro][data-state=silent]').waitFor()
    await press(page, '[data-action=add-caller-notice]')
    await page.locator('[data-caller-notice][data-over=false]').waitFor()
    await page.locator('[data-caller-notice-form] textarea:focus').waitFor()
    await hearsSound(citizen, await soundOf(text))
    citizen.hangUp()
    const call = await scene.record('0722000971')
    t.match(call, { outcome: 'abandoned' })
    t.ok(transitions(call).includes('AnnouncementMade'))
    await lookAgain(page, page.locator('[data-caller-notice] [data-spared="1"]'))
  })

  await t.test('is heard on entering, and an answer cuts it', async (t) => {
    const citizen = await calls('0722000972')
    await hearsSound(citizen, await soundOf(text))
    const { id, api, phone } = agent
    await api.setState({ state: 'ready' })
    await phone.answerNext(tone(agentTone))
    await until(() => hears(citizen.rtp, agentTone))
    citizen.hangUp()
    t.match(await scene.record('0722000972'), { outcome: 'answered' })
    // Nobody comes back to the page: it asks by itself.
    await page.locator('[data-heard="2"][data-spared="1"]').waitFor()
    await api.setState({ state: 'paused', reason: 'break' })
    await until(() => scene.view.agents.get(id)?.state === 'paused')
  })

  let [shortId, plannedId] = [0, 0]
  await t.test('is ended by keyboard; others will end and begin by themselves', async (t) => {
    await press(page, '[data-action=end-caller-notice]')
    await page.locator('[data-caller-notice][data-over=true]').waitFor()
    await page.waitForFunction(() => document.activeElement?.tagName === 'H2')
    shortId = await publish(short, shortMs)
    plannedId = await publish(planned, 600_000, beginsMs)
    const citizen = await calls('0722000973')
    await hearsSound(citizen, await soundOf(short))
    citizen.hangUp()
    t.match(await scene.record('0722000973'), { outcome: 'abandoned' })
    await lookAgain(page, notice(shortId))
    await lookAgain(page, notice(plannedId).and(page.locator('[data-state=planned]')))
  })

  // Meanwhile the short one ends.
  await t.test('is planned by keyboard for hours of the days to come, and withdrawn', async (t) => {
    await tabTo(page, '[data-caller-notice-form] textarea')
    await page.keyboard.insertText('Mâine nu este apă pe strada Florilor.')
    await tabTo(page, '[data-field=begins]')
    await page.keyboard.press('End')
    await tabTo(page, '[data-time=notice-from]')
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText('9')
    await tabTo(page, '[data-field=ends]')
    await page.keyboard.press('End')
    await tabTo(page, '[data-time=notice-until]')
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText('7:30')
    // On the same day: it would end before it begins.
    await page.locator('[data-notice-heard=false]').waitFor()
    await checkScreen(t, page, 'notices for callers, and one that ends before it begins')
    await tabTo(page, '[data-time=notice-until]')
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText('16:30')
    await page.keyboard.press('Tab')
    await press(page, '[data-field=daily]', 'Space')
    await page.locator('[data-notice-heard=true]').waitFor()
    await press(page, '[data-action=add-caller-notice]')
    await until(async () => (await newest())?.daily != null)
    const added = await newest()
    t.match(added, { daily: { from: '08:00', to: '12:00' }, endedAt: null })
    const row = notice(added?.id ?? 0).and(page.locator('[data-state=planned]'))
    await row.waitFor()
    await press(page, `[data-caller-notice="${added?.id}"] [data-action=end-caller-notice]`)
    await row.waitFor({ state: 'detached' })
  })

  await t.test('begins by itself, with its sound made before; another has ended', async (t) => {
    const sound = await soundOf(planned)
    await lookAgain(page, notice(shortId).and(page.locator('[data-over=true]')))
    // Of the three this caller hears the one that is in force, and no other before it.
    const citizen = await calls('0722000974')
    await hearsSound(citizen, sound)
    citizen.hangUp()
    const call = await scene.record('0722000974')
    const made = call.events.filter(({ type }) => type === 'AnnouncementMade')
    t.equal(made.length, 1)
    const from = (await scene.board.get<CallerNotices>('/api/caller-notices')).items.find(
      ({ id }) => id === plannedId,
    )?.from
    t.ok(
      made.every(({ at }) => at >= (from ?? '')),
      'not before',
    )
    await lookAgain(page, notice(plannedId).and(page.locator('[data-state="in force"]')))
  })

  await t.test('is shown on the board, and ended there', async (t) => {
    await page.goto(`${url}/board`)
    await page.locator('[data-notice-now][data-state="in force"]').waitFor()
    t.equal(await page.locator('[data-line-now] [data-open]').getAttribute('data-open'), 'true')
    t.equal(await page.locator('[data-line-now] [data-blocked]').getAttribute('data-blocked'), '0')
    await press(page, '[data-end-notice] [data-action=ask]')
    await page.locator('[data-end-notice] [data-sure]').waitFor()
    await checkScreen(t, page, 'the board, the question before a notice is ended')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('[data-notice-now]').waitFor({ state: 'detached' })
    const { items } = await scene.board.get<CallerNotices>('/api/caller-notices')
    t.type(items.find(({ id }) => id === plannedId)?.endedAt, 'string')
    // Published by somebody else: the open board shows it.
    const other = await publish('Un alt anunț, mai lung, despre lucrările de pe strada Florilor.', 600_000)
    await page.locator(`[data-notice-now="${other}"]`).waitFor()
    await scene.board.ask('DELETE', `/api/caller-notices/${other}`)
    await lookAgain(page, page.locator('[data-notice-now]'), 'detached')
    const tomorrow = await publish('Mâine casieria este închisă.', 600_000, 3_600_000)
    await lookAgain(page, page.locator(`[data-notice-now="${tomorrow}"][data-state=planned]`))
    await press(page, '[data-end-notice] [data-action=ask]')
    await page.locator('[data-end-notice] [data-sure]', { hasText: 'Retrage anunțul' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('[data-notice-now]').waitFor({ state: 'detached' })
    await press(page, '[data-new-notice]')
    await page.locator('[data-caller-notice-form] textarea:focus').waitFor()
  })
}
