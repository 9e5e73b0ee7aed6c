/** A supervisor publishes a notice by keyboard: callers hear it, and the page counts those whom it spared the wait. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { noticeSound } from '../../../src/core/announcements/caller-notice.ts'
import type { CallerNotices } from '../../../src/http/caller-notices/wire.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { lookAgain, openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { hears, listenTo, readWave, tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { press, tabTo } from '../city/configuration-steps.ts'
import { openScene, transitions } from '../scene.ts'

const text = 'Nu este apă pe strada Florilor până la ora opt.'
const agents = 1_000
/** The page is to show a notice before it begins. */
const beginsMs = 30_000

t.test('a notice for callers', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1 })
  const { newContext } = await openBrowser(t, null)
  const page = await openSignedIn(await newContext(), scene.linia.url, scene.linia.account('supervisor01'))
  await page.goto(`${scene.linia.url}/papers?shown=notices`)
  await page.locator('[data-caller-notice-form]').waitFor()
  const notice = (id: number) => page.locator(`[data-caller-notice="${id}"]`)

  async function soundOf(words: string): Promise<Int16Array> {
    const file = join(
      textsDirIn(join(scene.linia.dir, 'asterisk/etc')),
      `${noticeSound({ text: words })}.wav`,
    )
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
    const { items } = await scene.board.get<CallerNotices>('/api/caller-notices')
    return items[0]?.id ?? 0
  }
  /** Nobody is ready, so they wait. */
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
    await checkScreen(t, page, 'a notice for callers, typed')
    await press(page, '[data-action=add-caller-notice]')
    await page.locator('[data-caller-notice][data-over=false]').waitFor()
    await page.locator('[data-caller-notice-form] textarea:focus').waitFor()
    await hearsSound(citizen, await soundOf(text))
    citizen.hangUp()
    const call = await scene.record('0722000971')
    t.match(call, { outcome: 'abandoned' })
    t.ok(transitions(call).includes('AnnouncementMade'))
    await lookAgain(page, page.locator('[data-caller-notice] [data-spared="1"]'))
    await checkScreen(t, page, 'a notice for callers that has spared one')
  })

  await t.test('is heard on entering, and an answer cuts it', async (t) => {
    const citizen = await calls('0722000972')
    await hearsSound(citizen, await soundOf(text))
    const { id, api, phone } = await scene.deskAgent('agent01')
    await phone.answerNext(tone(agents))
    await until(() => hears(citizen.rtp, agents))
    citizen.hangUp()
    t.match(await scene.record('0722000972'), { outcome: 'answered' })
    // Nobody comes back to the page: it asks by itself.
    await page.locator('[data-heard="2"][data-spared="1"]').waitFor()
    await api.setState({ state: 'paused', reason: 'break' })
    await until(() => scene.view.agents.get(id)?.state === 'paused')
  })

  await t.test('is ended by keyboard; another ends by itself', async (t) => {
    await press(page, '[data-action=end-caller-notice]')
    await page.locator('[data-caller-notice][data-over=true]').waitFor()
    await page.waitForFunction(() => document.activeElement?.tagName === 'H2')
    const short = 'Casieria este închisă astăzi.'
    const shortId = await publish(short, 60_000)
    const first = await calls('0722000973')
    await hearsSound(first, await soundOf(short))
    first.hangUp()
    t.match(await scene.record('0722000973'), { outcome: 'abandoned' })
    await lookAgain(page, notice(shortId))
    await lookAgain(page, page.locator(`[data-caller-notice="${shortId}"][data-over=true]`))

    // Of the three this caller hears the one that is in force, and no other before it.
    const later = 'Programul de mâine începe la ora zece.'
    const second = await calls('0722000974')
    const laterId = await publish(later, 600_000)
    await hearsSound(second, await soundOf(later))
    second.hangUp()
    const call = await scene.record('0722000974')
    t.equal(transitions(call).filter((type) => type === 'AnnouncementMade').length, 1)
    await lookAgain(page, notice(laterId))
    await checkScreen(t, page, 'notices for callers, one in force')
  })

  await t.test('is shown on the board, and ended there', async (t) => {
    await page.goto(`${scene.linia.url}/board`)
    await page.locator('[data-notice-now][data-state="in force"]').waitFor()
    t.equal(await page.locator('[data-line-now] [data-open]').getAttribute('data-open'), 'true')
    t.equal(await page.locator('[data-line-now] [data-blocked]').getAttribute('data-blocked'), '0')
    await checkScreen(t, page, 'the board, a notice in force')
    await press(page, '[data-end-notice] [data-action=ask]')
    await page.locator('[data-end-notice] [data-sure]').waitFor()
    await checkScreen(t, page, 'the board, the question before a notice is ended')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('[data-notice-now]').waitFor({ state: 'detached' })
    const { items } = await scene.board.get<CallerNotices>('/api/caller-notices')
    t.type(items[0]?.endedAt, 'string')
    // Published by somebody else: the open board shows it.
    const other = await publish('Un alt anunț, mai lung, despre lucrările de pe strada Florilor.', 600_000)
    await page.locator(`[data-notice-now="${other}"]`).waitFor()
    await scene.board.ask('DELETE', `/api/caller-notices/${other}`)
    await lookAgain(page, page.locator('[data-notice-now]'), 'detached')
    const planned = await publish('Mâine casieria este închisă.', 600_000, 3_600_000)
    await lookAgain(page, page.locator(`[data-notice-now="${planned}"][data-state=planned]`))
    await press(page, '[data-end-notice] [data-action=ask]')
    await page.locator('[data-end-notice] [data-sure]', { hasText: 'Retrage anunțul' }).waitFor()
    await checkScreen(t, page, 'the board, the question before a planned notice is withdrawn')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('[data-notice-now]').waitFor({ state: 'detached' })
    await press(page, '[data-new-notice]')
    await page.locator('[data-caller-notice-form] textarea:focus').waitFor()
  })

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
    await checkScreen(t, page, 'a notice for callers that ends before it begins')
    await tabTo(page, '[data-time=notice-until]')
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText('16:30')
    await page.keyboard.press('Tab')
    await press(page, '[data-field=daily]', 'Space')
    await page.locator('[data-notice-heard=true]').waitFor()
    await checkScreen(t, page, 'a notice for callers, planned, typed')
    await press(page, '[data-action=add-caller-notice]')
    await page.locator('[data-caller-notice][data-state=planned]').waitFor()
    const { items } = await scene.board.get<CallerNotices>('/api/caller-notices')
    t.match(items[0], { daily: { from: '08:00', to: '12:00' }, endedAt: null })
    await checkScreen(t, page, 'notices for callers, one planned')
    await press(page, '[data-action=end-caller-notice]')
    await page.locator('[data-caller-notice][data-state=planned]').waitFor({ state: 'detached' })
  })

  await t.test('begins by itself, with its sound made before', async (t) => {
    const planned = 'De la această oră casieria este închisă.'
    const id = await publish(planned, 600_000, beginsMs)
    await lookAgain(page, notice(id).and(page.locator('[data-state=planned]')))
    const sound = await soundOf(planned)
    const citizen = await calls('0722000975')
    await hearsSound(citizen, sound)
    citizen.hangUp()
    const call = await scene.record('0722000975')
    const { items } = await scene.board.get<CallerNotices>('/api/caller-notices')
    const made = call.events.find(({ type }) => type === 'AnnouncementMade')
    t.ok(made !== undefined && made.at >= (items[0]?.from ?? ''), 'not before')
    await lookAgain(page, notice(id).and(page.locator('[data-state="in force"]')))
  })
})
