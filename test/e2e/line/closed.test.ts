/**
 * A number that is closed: its callers leave a message, or ask by two keys to be called once it is open; and a day is closed and opened
 * again from the command line.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import type { Static } from 'typebox'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { closedQuestionTexts, readBackSounds } from '../../../src/core/announcements/callback-question.ts'
import { dateAt } from '../../../src/core/local-time.ts'
import type { CallPage } from '../../../src/http/calls/wire.ts'
import { runCommand } from '../../../src/stack/command.ts'
import { Api } from '../../../tools/demo/api.ts'
import {
  bursts,
  openBrowser,
  openDesk,
  openSignedIn,
  waitForState,
  type TestBrowser,
} from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { hasHeardBeep, hasTone, hears, listenTo, readWave, tone } from '../../support/sip/audio.ts'
import type { TestPhone } from '../../support/sip/desk-phone.ts'
import { until } from '../../support/until.ts'
import { press, tabTo, type } from '../city/configuration-steps.ts'
import { citizenTone } from '../desk-steps.ts'
import { inForce } from '../in-force.ts'
import { publish } from '../publish.ts'
import { recordingOf, transitions, type Scene } from '../scene.ts'
import { hasHeardPrompt } from './heard-prompt.ts'
import { callsBack, openSceneWithOutside } from './outside-end.ts'

const program = fileURLToPath(new URL('../../../src/stack/linia', import.meta.url))
const agentTone = 600
const beep = 1_000
const leaves = '0722000991'
const [asks, hangsUp, silent] = ['0722000971', '0722000972', '0722000973'] as const

interface Line {
  readonly scene: Scene
  readonly outside: TestPhone
  readonly newContext: TestBrowser['newContext']
  /** Of an administrator. */
  readonly admin: Api
  /** Of a supervisor. */
  readonly board: Page
}

t.test('a number that is closed', { timeout: 1_500_000 }, async (t) => {
  // Open for a minute at night.
  const { scene, outside } = await openSceneWithOutside(t, { LINE_HOURS: 'Mon-Sun 03:59-04:00' })
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const { url } = scene.linia
  const admin = new Api(url)
  await admin.signIn(scene.linia.account('admin01'))
  const board = await openSignedIn(await newContext(), url, scene.linia.account('supervisor01'))
  const line: Line = { scene, outside, newContext, admin, board }

  await t.test('the page Linie lets callers leave messages', (t) => takesMessages(t, line))
  const left = await leavesMessage(t, line)
  const desk = await openDesk(await newContext(), url, scene.linia.account('agent01'))
  await t.test('a message is heard, its caller called back, and it is closed', (t) =>
    isSeenTo(t, line, desk, left),
  )
  await t.test('a caller is called once it is open', (t) => calledOnceOpen(t, line, desk))
  await desk.request.delete(`${url}/api/session`)
  await desk.context().close()
  await until(() => [...scene.view.agents.values()].every(({ state }) => state === 'signed out'))
  await t.test('a day is closed and opened from the command line', (t) => byCommand(t, line))
})

async function takesMessages(t: Test, { scene, newContext }: Line): Promise<void> {
  const { url } = scene.linia
  const page = await openSignedIn(await newContext(), url, scene.linia.account('admin01'))
  await page.goto(`${url}/configuration`)
  await page.locator('[data-item]').first().waitFor()
  await press(page, 'tr[data-item] button')
  await tabTo(page, 'aside [data-field=closed]')
  await page.locator('aside [data-field=closed]').selectOption('voicemail')
  await checkScreen(t, page, 'a number that takes messages')
  await tabTo(page, '[data-action=review]', true)
  await page.keyboard.press('Enter')
  await type(page, '[data-field=reason]', 'probă')
  await page.keyboard.press('Enter')
  await page.locator('[data-draft="0"]').waitFor()
  await page.context().close()
}

/** The id of the call. */
async function leavesMessage(t: Test, { scene }: Line): Promise<string> {
  await inForce(scene.linia)
  const citizen = await scene.town.call({ callerId: leaves, speech: tone(citizenTone) })
  await until(() => hasHeardBeep(citizen.rtp, beep))
  await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'voicemail'))
  // Longer than a slip.
  const from = performance.now()
  await until(() => performance.now() - from > 4_000)
  citizen.rtp.press('#')
  await citizen.ended
  const left = await scene.record(leaves, ({ recording }) => recording === 'ready')
  t.match(left, { outcome: 'voicemail', endedBy: 'caller', queue: null })
  const { rate, channels } = await recordingOf(t, scene.board, left.id)
  t.ok(hasTone(citizenTone, channels[0] ?? new Int16Array(), rate), 'it is what the caller said')
  return left.id
}

/** An agent does all of it by keyboard. */
async function isSeenTo(t: Test, { scene, outside, board }: Line, desk: Page, left: string): Promise<void> {
  const { url } = scene.linia
  await desk.keyboard.press('F4')
  await waitForState(desk, 'ready')
  await desk.locator('[data-open-voicemails="1"]').waitFor()
  await press(desk, '[data-open-voicemails="1"] a')
  await desk.locator('[data-voicemails="1"]').waitFor()

  await t.test(
    'a supervisor is told where they cannot be read, and on the board when one is late',
    async () => {
      await board.route('**/api/voicemails', (route) => route.abort())
      await board.goto(`${url}/calls`)
      await board.locator('[data-voicemails="0"] button').waitFor()
      await board.unroute('**/api/voicemails')
      await press(board, '[data-voicemails="0"] button')
      await board.locator('[data-voicemails="1"]').waitFor()
      const open = '**/api/voicemails/open'
      await board.route(open, (route) => route.fulfill({ json: { count: 1, isLate: true } }))
      await board.goto(`${url}/board`)
      await board.locator('[data-late-voicemails]').waitFor()
      await press(board, '[data-late-voicemails]')
      await board.locator('[data-voicemails="1"]').waitFor()
      await board.unroute(open)
    },
  )

  await press(desk, '[data-action=take-voicemail]')
  await desk.locator('[data-voicemail]', { hasText: scene.linia.account('agent01').name }).waitFor()
  await checkScreen(t, desk, 'the messages of an agent’s queues')
  await press(desk, '[data-voicemail] a')
  await desk.locator('[data-voicemail-state=open]').waitFor()
  await desk.locator('[data-action=play]').waitFor()
  await press(desk, '[data-action=play]')
  await until(async () => {
    const { items } = (await (await desk.request.get(`${url}/api/voicemails`)).json()) as {
      readonly items: readonly { readonly isHeard: boolean }[]
    }
    return items[0]?.isHeard === true
  })
  t.equal(await desk.locator('[data-track=caller]').count(), 1)
  t.equal(await desk.locator('[data-track=agent]').count(), 0, 'nobody else speaks in a message')
  await desk.locator('dd', { hasText: /^Informații generale$/ }).waitFor()
  await checkScreen(t, desk, 'a message as a task')

  await t.test('the caller is called back', async () => {
    await desk.locator('[data-action=call-back]:not([aria-disabled=true])').waitFor()
    await press(desk, '[data-action=call-back]')
    const ring = await outside.nextRing()
    const answered = await ring.answer(tone(citizenTone))
    await waitForState(desk, 'talking')
    await until(() => hears(answered.rtp, agentTone))
    answered.hangUp()
    await scene.record(leaves, ({ direction, outcome }) => direction === 'outbound' && outcome === 'answered')
  })

  await t.test('it is closed with what became of it, and no task any more', async (t) => {
    await desk.goto(`${url}/calls/${left}`)
    await desk.locator('[data-field=voicemail-note]').waitFor()
    await type(desk, '[data-field=voicemail-note]', 'a fost sunat')
    await press(desk, '[data-action=close-voicemail]')
    await desk.getByText('Alege întâi ce s-a rezolvat.').waitFor()
    await tabTo(desk, '[data-field=voicemail-result]', true)
    await desk.keyboard.press('ArrowDown')
    t.equal(await desk.locator('[data-field=voicemail-result]').inputValue(), 'answered')
    await press(desk, '[data-action=close-voicemail]')
    await desk.locator('[data-voicemail-state=closed]').waitFor()
    const open = await (await desk.request.get(`${url}/api/voicemails/open`)).json()
    t.same(open, { count: 0, isLate: false })
  })
}

async function calledOnceOpen(t: Test, line: Line, desk: Page): Promise<void> {
  const { scene, outside, admin, board } = line
  const { url, dir } = scene.linia
  const texts = textsDirIn(join(dir, 'asterisk/etc'))
  const sounds = join(dir, 'asterisk/sounds')
  await publish(admin, ({ numbers, ...document }) => ({
    ...document,
    numbers: numbers.map((one) => ({ ...one, closed: 'callback' as const })),
  }))
  await inForce(scene.linia)
  await until(() => closedQuestionTexts().every(({ sound }) => existsSync(join(texts, `${sound}.wav`))))

  const callIn = async (number: string) => {
    const citizen = await scene.town.call({ callerId: number, speech: tone(citizenTone) })
    const listen = listenTo(citizen.rtp)
    const heard = async (path: string) => listen((await readWave(path)).channels[0] ?? new Int16Array())
    return { citizen, heard }
  }
  const phaseOf = (number: string) =>
    [...scene.view.calls.values()].find(({ caller }) => caller === `+4${number}`)?.phase

  // This one presses nothing, and hears all of it.
  const patient = await callIn(silent)
  await t.test('the caller hears the question, the number, and the promise', async (t) => {
    const { citizen, heard } = await callIn(asks)
    await heard(join(sounds, 'callback-question.wav'))
    citizen.rtp.press('2')
    const [before = '', ...rest] = readBackSounds('ro', `+4${asks}`, 'whileClosed')
    await heard(join(texts, `${before}.wav`))
    await heard(join(texts, `${rest.at(-1) ?? ''}.wav`))
    // At once: the line waits for a key for five seconds.
    citizen.rtp.press('1')
    await heard(join(sounds, 'callback-when-open.wav'))
    await citizen.ended
    await scene.record(asks, ({ direction }) => direction === 'outbound')
    const calls = async () =>
      (await scene.board.get<Static<typeof CallPage>>(`/api/calls?limit=2&caller=${asks}`)).items
    await until(async () => (await calls()).some(({ outcome }) => outcome === 'callback'))
    t.match(await calls(), [
      { direction: 'outbound', outcome: null },
      { direction: 'inbound', outcome: 'callback', queue: null },
    ])
    t.equal(phaseOf(asks), 'promised')
  })

  await t.test('one who hangs up, and one who presses nothing, have called a closed number', async (t) => {
    const { citizen } = await callIn(hangsUp)
    await until(() => phaseOf(hangsUp) === 'closed')
    citizen.rtp.press('2')
    await scene.record(hangsUp, (call) => transitions(call).includes('KeyPressed'))
    citizen.hangUp()
    t.match(await scene.record(hangsUp), { outcome: 'closed', endedBy: 'caller' })
    t.match(await patient.citizen.ended, { ending: 'line hung up' })
    t.match(await scene.record(silent), { outcome: 'closed', endedBy: 'system' })
  })

  await t.test(
    'nobody is called while it is closed; once it is open an agent is offered the call',
    async (t) => {
      const rungBefore = outside.rings.length
      await desk.goto(`${url}/desk`)
      await desk.locator('[data-registration=registered]').waitFor()
      await waitForState(desk, 'ready')
      await board.goto(`${url}/board`)
      await board.locator('tr[data-call]', { hasText: '0722 000 971' }).waitFor()
      t.equal(outside.rings.length, rungBefore)
      await publish(admin, ({ numbers, ...document }) => ({
        ...document,
        hours: [{ id: 'mereu', name: 'Mereu', weekly: 'always', holidays: 'open', dates: [] }],
        numbers: numbers.map((one) => ({ ...one, hours: 'mereu' })),
      }))
      const answered = await callsBack(desk, outside)
      await until(() => hears(answered.rtp, agentTone))
      answered.hangUp()
      await scene.record(asks, ({ direction, outcome }) => direction === 'outbound' && outcome === 'answered')
      t.equal(outside.rings.length, rungBefore + 1, 'the others are not called')
    },
  )
}

/** Nobody is signed in. Both take effect at once, also in the fallback. */
async function byCommand(t: Test, { scene, admin }: Line): Promise<void> {
  const { dir, databaseUrl } = scene.linia
  const weekly = 'Mon-Sun 00:00-24:00'
  const hours = (...args: string[]) => {
    const { PATH = '', HOME = '' } = process.env
    // The hours of this terminal are those of the number.
    const env = { PATH, HOME, VAR_DIR: dir, LINE_HOURS: weekly, DATABASE_URL: databaseUrl }
    return runCommand(program, ['hours', ...args], { env })
  }
  const fallbackHours = () => readFile(join(dir, 'asterisk/etc/numbers.conf'), 'utf8')
  const always = await fallbackHours()
  await publish(admin, ({ numbers, ...document }) => ({
    ...document,
    hours: [{ id: 'zilnic', name: 'Zilnic', weekly, holidays: 'closed', dates: [] }],
    numbers: numbers.map((one) => ({ ...one, hours: 'zilnic', closed: 'message' as const })),
  }))
  await inForce(scene.linia)
  await until(async () => (await fallbackHours()) !== always)
  const today = dateAt(Date.now())
  if (/^Closed now/m.test((await hours()).output)) {
    // A public holiday.
    const closed = await fallbackHours()
    t.match(await hours('open', today), { code: 0 })
    await until(async () => (await fallbackHours()) !== closed)
  }
  const before = await fallbackHours()

  t.match(await hours('close', today, 'avarie'), { code: 0, output: `closed on ${today}` })
  t.match(await hours(), { code: 0, output: /^Closed now/m })
  await until(async () => (await fallbackHours()) !== before)
  const turnedAway = await scene.town.call({ callerId: '0722000981' })
  t.match(await turnedAway.ended, { ending: 'line hung up' })
  // Closed, and the opening time.
  for (const prompt of ['closed', 'opens', 'goodbye'])
    t.ok(await hasHeardPrompt(scene.linia, turnedAway, prompt), prompt)
  t.notOk(await hasHeardPrompt(scene.linia, turnedAway, 'line-full'))
  t.match(await scene.record('0722000981'), { outcome: 'closed', queuedAt: null })

  t.match(await hours('open', today), { code: 0 })
  await until(async () => (await fallbackHours()) === before)
  const { phone } = await scene.deskAgent('agent02')
  const served = await scene.town.call({ callerId: '0722000982' })
  await phone.answerNext(null)
  // The state changes with the pick-up; the call counts as answered once bridged.
  await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'talking'))
  served.hangUp()
  t.match(await scene.record('0722000982'), { outcome: 'answered' })
}
