/**
 * Calls out of the contact centre, by keyboard: an administrator publishes rules for them, which the desk and the trunk follow at
 * once; a caller is sent to a department, an interpreter is brought in by one key, and citizens are called.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { BrowserContext, Page } from 'playwright-core'
import { freePort } from '../../../src/stack/services/ports.ts'
import { Api } from '../../../tools/demo/api.ts'
import type { RtpEnd } from '../../../tools/demo/calls/rtp.ts'
import {
  amplitudeOf,
  hasTone,
  heardLately,
  heardSince,
  hears,
  loudness,
  tone,
} from '../../support/sip/audio.ts'
import {
  bursts,
  inboundSound,
  levelsHeard,
  openBrowser,
  openDesk,
  openSignedIn,
  pickUp,
  waitForState,
} from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import type { TestPhone } from '../../support/sip/desk-phone.ts'
import { authentication, caller, pause, runSipp } from '../../support/sip/sipp.ts'
import { until } from '../../support/until.ts'
import { openTab, press, tabTo, type } from '../city/configuration-steps.ts'
import { focused } from '../city/keyboard-steps.ts'
import { citizenTone, talk } from '../desk-steps.ts'
import { recordingOf, type Scene } from '../scene.ts'
import { openSceneWithOutside } from './outside-end.ts'

const agentTone = 600
const outsideTone = 1_300
/** A tone that is heard has an amplitude of 0.1 or more, also beside a louder one; one that is not, of 0.02 at most. */
const hearsBeside = (rtp: RtpEnd, hertz: number) =>
  amplitudeOf(hertz, heardSince(rtp, performance.now() - 700)) > 0.05
/** Of these tones, those of about the same level as the loudest sound that the page hears. */
async function heardAt(page: Page, tones: readonly number[]): Promise<number[]> {
  const levels = await levelsHeard(page, tones)
  return tones.filter((_, at) => (levels[at] ?? -100) > -20)
}

interface Pages {
  readonly scene: Scene
  readonly outside: TestPhone
  readonly newContext: () => Promise<BrowserContext>
  /** Of agent01. */
  readonly desk: Page
  /** Of supervisor01. */
  readonly board: Page
}

t.test('calls out of the contact centre', { timeout: 1_500_000 }, async (t) => {
  const { scene, outside } = await openSceneWithOutside(t, {
    OUTBOUND_ALLOW: '+402,+407,+373',
    WRAP_UP_MS: '60000',
  })
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const { linia } = scene
  const desk = await openDesk(await newContext(), linia.url, linia.account('agent01'))
  const board = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
  const errors: string[] = []
  for (const one of [desk, board]) one.on('pageerror', (error) => errors.push(error.message))
  const pages = { scene, outside, newContext, desk, board }
  await t.test('rules for calls to citizens, from their page to the trunk', (t) => rules(t, pages, errors))
  await t.test('somebody outside the contact centre', (t) => contacts(t, pages))
  await t.test('citizens are called from the desk', (t) => citizens(t, pages))
  t.same(errors, [])
})

/** Without loading the page anew, which would leave the phone. */
const goTo = (page: Page, path: string) => page.evaluate((to) => window.history.pushState(null, '', to), path)

/** Types the number in the palette, and answers what is said of it there. */
async function typed(desk: Page, number: string): Promise<string> {
  await desk.keyboard.press('Control+k')
  await desk.locator('[role=dialog] input').fill(number)
  const command = desk.locator('[role=dialog] li button', { hasText: number }).first()
  await command.waitFor()
  return (await command.textContent()) ?? ''
}

async function calls(desk: Page, number: string): Promise<void> {
  await typed(desk, number)
  await desk.keyboard.press('Enter')
}

async function readyAgain(desk: Page): Promise<void> {
  await waitForState(desk, 'wrap-up')
  await desk.keyboard.press('Control+Enter')
  await waitForState(desk, 'ready')
}

// ---- rules --------------------------------------------------------------------------------------

async function rules(
  t: Test,
  { scene, outside, newContext, desk, board }: Pages,
  errors: string[],
): Promise<void> {
  const { linia } = scene
  const page = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
  page.on('pageerror', (error) => errors.push(error.message))
  const citizen = await scene.town.call({ callerId: '0722000985' })
  await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'waiting'))
  const [waiting] = scene.view.calls.values()
  const supervisor = new Api(linia.url)
  await supervisor.signIn(linia.account('supervisor01'))
  await supervisor.ask('POST', `/api/calls/${encodeURIComponent(waiting?.id ?? '')}/callback`)
  t.equal((await citizen.ended).ending, 'line hung up', 'promised while the rules let it be called')
  const offers = async (number: string): Promise<string> => {
    const text = await typed(desk, number)
    await desk.keyboard.press('Escape')
    await desk.locator('[role=dialog]').waitFor({ state: 'detached' })
    return text
  }
  const review = async (why: string): Promise<void> => {
    await tabTo(page, '[data-action=review]', true)
    await page.keyboard.press('Enter')
    await page.locator('[data-changes="own 1"]').waitFor()
    await type(page, '[data-field=reason]', why)
  }
  const publish = async (): Promise<void> => {
    await page.keyboard.press('Enter')
    await page.locator('[data-draft="0"]').waitFor()
  }

  await t.test('the settings of the server are shown, and are where a city begins', async (t) => {
    await page.locator('header nav a[href="/configuration"]').click()
    await page.locator('[data-item]').first().waitFor()
    await page.locator('[data-tab=pauses]').focus()
    await page.keyboard.press('Enter')
    await openTab(page, 'pauses', 'ArrowRight', 'outbound')
    await page.locator('[data-outbound=server]').waitFor()
    t.match(await page.locator('[data-rule=allowed]').textContent(), /\+402, \+407, \+373/)
    await checkScreen(t, page, 'configuration, calls to citizens as the server')
    await press(page, '[data-action=own-rules]')
    await page.locator('[data-outbound=own]').waitFor()
    t.equal(await focused(page), 'data-action=as-server', 'the focus stays')
  })

  await t.test(
    'each number is told as it is read; a fault is told at its field and in the review',
    async (t) => {
      await type(page, '[data-field=allowed]', '+40 356, +40356408, 0219, +44, 0900')
      const said = page.locator('[data-outbound] .mantine-InputWrapper-error, [data-outbound] [class*=error]')
      await said.first().waitFor()
      t.match(
        await page.locator('[data-outbound]').textContent(),
        /\+44: În străinătate.*0900: Numerele cu suprataxă/,
      )
      await checkScreen(t, page, 'configuration, calls to citizens with faults')
      await tabTo(page, '[data-action=review]', true)
      await page.keyboard.press('Enter')
      await page.locator('[data-fault="outbound.allowed[3]"]').waitFor()
      await press(page, '[data-fault="outbound.allowed[3]"]')
      await until(async () => (await focused(page)) === 'data-field=allowed')
      await page.keyboard.press('Control+A')
      await page.keyboard.type('+40 356, +40356408, 0219')
      await page.locator('[data-read=allowed] li').nth(2).waitFor()
      t.same(await page.locator('[data-read=allowed] li').allTextContents(), [
        '+40356: toate numerele care încep așa',
        '+40356408: toate numerele care încep așa(cuprins deja în alt rând)',
        '0219: numărul scurt, întreg',
      ])
      await type(page, '[data-field=perHour]', '12')
      await checkScreen(t, page, 'configuration, calls to citizens')
      await review('Doar județul')
      await checkScreen(t, page, 'configuration, review of calls to citizens')
      await publish()
    },
  )

  await t.test(
    'the open desk follows: what is allowed now is dialled, what is not any more is not offered',
    async (t) => {
      await board.locator('[data-call]', { hasText: 'număr nepermis' }).waitFor()
      await checkScreen(t, board, 'the board, a callback that the rules no longer allow')
      await desk.keyboard.press('F4')
      await waitForState(desk, 'ready')
      await until(async () => /La acest număr nu se sună/.test(await offers('0722 000 981')))
      await calls(desk, '0356 408 300')
      const ring = await outside.nextRing()
      await waitForState(desk, 'calling')
      ring.refuse(486)
      await readyAgain(desk)
      const file = join(linia.stack.settings.paths.asterisk, 'etc', 'callable.conf')
      t.match(await readFile(file, 'utf8'), /^\[linia-callable\]\nexten => _0356XXXXXX,[^]*\nexten => 0219,/)
      t.notMatch(await readFile(file, 'utf8'), /_07|_00373/)
    },
  )

  await t.test('supervisors read the rules', async (t) => {
    await goTo(board, '/configuration?tab=outbound')
    await board.locator('[data-rule=perHour] td', { hasText: '12' }).waitFor()
    t.equal(await board.locator('[data-outbound] button').count(), 0)
    await checkScreen(t, board, 'configuration, calls to citizens, read')
  })

  await t.test('taken back: the settings of the server hold again', async () => {
    await press(page, '[data-action=as-server]')
    await review('Înapoi')
    await publish()
    await desk.locator('[data-callback]').waitFor()
    await desk.locator('[data-session="incoming ringing"]').waitFor()
    await desk.keyboard.press('F8')
    ;(await outside.nextRing()).refuse(486)
    await readyAgain(desk)
    await until(async () => !/nu se sună/.test(await offers('0722 000 981')))
    await calls(desk, '0722 000 981')
    ;(await outside.nextRing()).refuse(486)
    await readyAgain(desk)
  })
}

// ---- departments and interpreters ---------------------------------------------------------------

async function contacts(t: Test, { scene, outside, desk, board }: Pages): Promise<void> {
  await goTo(board, '/board')
  /** The panel, with one contact found by typing. */
  async function find(text: string): Promise<void> {
    await desk.keyboard.press('Shift+F1')
    await desk.locator('[data-transfer-panel] input:focus').waitFor()
    await desk.locator('[data-target^="contact-"]').first().waitFor()
    await desk.keyboard.insertText(text)
    await until(async () => (await desk.locator('[data-target]').count()) === 1)
  }

  await t.test('a caller is sent to a department: the two talk, the agent is free', async (t) => {
    const number = '0722000991'
    const citizen = await talk(scene, desk, number)
    await desk.keyboard.press('Shift+F1')
    await desk.locator('[data-target="contact-stare-civila"]').waitFor()
    await checkScreen(t, desk, 'departments and interpreters in the panel')
    await desk.keyboard.press('Escape')
    await find('stare')
    await desk.keyboard.press('Enter')
    const ring = await outside.nextRing()
    t.equal(ring.caller, '969', 'the department sees the city’s number')
    await waitForState(desk, 'wrap-up')
    await desk.locator('[data-sent=ringing]').waitFor()
    await board.locator('[data-external=transferring]').waitFor()
    const department = await ring.answer(tone(outsideTone))
    await desk.locator('[data-sent=taken]').waitFor()
    t.match(await desk.locator('[data-sent=taken]').textContent(), /vorbește cu Stare civilă/)
    await until(() => hearsBeside(citizen.rtp, outsideTone) && hearsBeside(department.rtp, citizenTone))
    t.notOk(hearsBeside(citizen.rtp, agentTone), 'the agent is not heard')
    await board.locator('[data-external=transferred]').waitFor()
    t.match(await board.locator('[data-external]').textContent(), /vorbește cu Stare civilă/)
    await checkScreen(t, board, 'the board with a caller who talks with a department')
    await checkScreen(t, desk, 'the desk of who has sent a caller to a department')
    await readyAgain(desk)
    department.hangUp()
    t.equal((await citizen.ended).ending, 'line hung up')
    const call = await scene.record(number)
    t.match(call, {
      outcome: 'answered',
      externals: [{ contact: { id: 'stare-civila', name: 'Stare civilă' } }],
    })
    await until(async () => (await board.locator('[data-external]').count()) === 0)
  })

  await t.test('an engaged department gives the caller back, with the reason', async (t) => {
    const citizen = await talk(scene, desk, '0722000992')
    await find('urban')
    await desk.keyboard.press('Enter')
    ;(await outside.nextRing()).refuse(486)
    const told = desk.locator('[data-sent=returning], [data-transferred]').first()
    await told.waitFor()
    await pickUp(desk)
    await until(() => hearsBeside(citizen.rtp, agentTone))
    await find('420')
    await desk.keyboard.press('Shift+Enter')
    const ring = await outside.nextRing()
    await desk.locator('[data-party=colleague][data-hears=rings]').waitFor()
    ring.refuse(486)
    await desk.locator('[data-consult-ended=busy]').waitFor()
    t.match(await desk.locator('[data-consult-ended]').textContent(), /Urbanism.*: ocupat/)
    await checkScreen(t, desk, 'an engaged department')
    await desk.keyboard.press('Shift+F9')
    await waitForState(desk, 'talking')
    citizen.hangUp()
    await readyAgain(desk)
  })

  await t.test('an interpreter comes by one key, hears all, and the tax tab warns', async (t) => {
    const number = '0722000993'
    const citizen = await talk(scene, desk, number)
    await desk.keyboard.press('Control+F9')
    await desk.locator('[data-pane=taxes]:not([hidden])').waitFor()
    const warning = desk.locator('[data-external-hears]')
    t.equal(await warning.count(), 0)
    await desk.keyboard.press('Control+I')
    const ring = await outside.nextRing()
    await desk.locator('[data-party=colleague][data-hears=rings]').waitFor()
    t.match(await desk.locator('[data-party=colleague]').textContent(), /Interpret.*apoi în trei/)
    t.equal(await warning.count(), 0, 'nobody hears yet')
    const interpreter = await ring.answer(tone(outsideTone))
    await desk.locator('[data-party=colleague][data-hears=room]').waitFor()
    await until(() => hearsBeside(citizen.rtp, agentTone))
    await until(() => hearsBeside(citizen.rtp, outsideTone))
    await until(() => hearsBeside(interpreter.rtp, citizenTone) && hearsBeside(interpreter.rtp, agentTone))
    await until(async () => (await heardAt(desk, [citizenTone, outsideTone])).length === 2)
    t.pass('all three hear each other')
    await warning.waitFor()
    t.match(await warning.textContent(), /Interpret de maghiară/)
    await checkScreen(t, desk, 'the tax tab while an interpreter hears')
    await board.locator('[data-external-party]').waitFor()
    await checkScreen(t, board, 'the board with an interpreter in a conversation')
    await desk.keyboard.press('Shift+F9')
    await desk.locator('[data-party=colleague][data-hears=talk]').waitFor()
    t.equal(await warning.count(), 1, 'aside, the interpreter hears the agent')
    await desk.keyboard.press('Shift+F9')
    await desk.locator('[data-party=colleague][data-hears=music]').waitFor()
    await warning.waitFor({ state: 'detached' })
    await until(() => !hearsBeside(interpreter.rtp, citizenTone) && !hearsBeside(interpreter.rtp, agentTone))
    await desk.keyboard.press('Control+F6')
    await warning.waitFor()
    await desk.keyboard.press('Control+F11')
    t.equal((await interpreter.ended).by, 'them')
    await warning.waitFor({ state: 'detached' })
    await waitForState(desk, 'talking')
    await until(() => hearsBeside(citizen.rtp, agentTone))
    t.not(await desk.evaluate(() => document.activeElement?.tagName), 'BODY')
    citizen.hangUp()
    await waitForState(desk, 'wrap-up')
    const call = await scene.record(number)
    t.match(call.externals, [{ contact: { name: 'Interpret de maghiară' } }])
    await goTo(desk, `/calls/${call.id}`)
    await desk.locator('[data-others=external]').waitFor()
    t.match(await desk.locator('[data-others=external]').textContent(), /Interpret de maghiară/)
    await checkScreen(t, desk, 'the page of a call with an interpreter')
  })
}

// ---- citizens -----------------------------------------------------------------------------------

async function citizens(t: Test, { scene, outside, newContext, desk, board }: Pages): Promise<void> {
  const number = '0722000993'

  await t.test('back from the page of a past call: both hear each other, on record', async (t) => {
    // The page of the call with the interpreter is open.
    const back = desk.locator('[data-action=call-back]:not([aria-disabled=true])')
    await back.waitFor()
    await back.focus()
    await desk.keyboard.press('Enter')
    const ring = await outside.nextRing()
    t.equal(ring.caller, '969', 'the citizen sees the city’s number')
    await waitForState(desk, 'calling')
    t.not(await desk.evaluate(() => document.activeElement?.tagName), 'BODY')
    t.match(await desk.locator('[data-caller]').textContent(), '0722 000 993')
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
  })

  await t.test('a number typed: who is engaged is said so, and the agent has a wrap-up', async (t) => {
    await calls(desk, '0722 000 982')
    const ring = await outside.nextRing()
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
    const again = await outside.nextRing()
    await waitForState(desk, 'calling')
    await desk.keyboard.press('Shift+F8')
    t.equal(await again.over, 'cancelled', 'the agent gives up, and the phone stops')
    await readyAgain(desk)
    await until(async () => (await scene.record('0722000982')).outcome === 'cancelled')
  })

  await t.test('a citizen who hangs up during the announcement is said so', async (t) => {
    const rung = outside.rings.length
    await calls(desk, '0722 000 984')
    const answered = await (await outside.nextRing()).answer(tone(citizenTone))
    await until(() => loudness(heardLately(answered.rtp)) > 0.01)
    answered.hangUp()
    await desk.locator('[data-unreached="hung up"]').waitFor()
    t.match(await scene.record('0722000984'), { outcome: 'no answer', endedBy: 'caller' })
    await waitForState(desk, 'wrap-up')
    t.equal(outside.rings.length, rung + 1, 'not rung again')
    await readyAgain(desk)
  })

  await t.test('a number that costs more is refused in a sentence', async (t) => {
    const rung = outside.rings.length
    await calls(desk, '0900 123 456')
    await desk.getByText('La numere cu suprataxă nu se sună de la post.').first().waitFor()
    await waitForState(desk, 'ready')
    t.equal(outside.rings.length, rung)
  })

  await t.test('the colleague to whom the citizen is sent on reads who has called them', async (t) => {
    const [own, other] = [scene.linia.account('agent01'), scene.linia.account('agent02')]
    const colleague = await openDesk(await newContext(), scene.linia.url, other)
    await colleague.keyboard.press('F4')
    await waitForState(colleague, 'ready')
    await calls(desk, '0722 000 983')
    const answered = await (await outside.nextRing()).answer(tone(citizenTone))
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
    answered.hangUp()
    await waitForState(colleague, 'wrap-up')
  })

  await t.test('112 from a desk phone: an alarm on the supervisors’ boards', async (t) => {
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
    ;(await (await outside.nextRing()).answer(tone(citizenTone))).hangUp()
    await checkScreen(t, board, 'the board after an agent has called 112')
    await board.reload()
    await alarm.waitFor()
    await alarm.locator('a').click()
    await board.getByText('Ultimul apel la 112').waitFor()
  })
}
