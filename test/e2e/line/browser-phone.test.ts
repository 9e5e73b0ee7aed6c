/**
 * An agent whose phone is in the page: the card, the keypad, the desk phone beside it; reloads, a killed server, a microphone that goes; and
 * a page whose browser or network is in trouble.
 */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { BrowserContext, Page } from 'playwright-core'
import { bounceMs } from '../../../src/ui/agent/keys/chords.ts'
import { loudness, tone, topShareOf } from '../../support/sip/audio.ts'
import { bursts, openBrowser, openDesk, pickUp, waitForState } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { until } from '../../support/until.ts'
import { citizenTone, talk } from '../desk-steps.ts'
import { openScene, recordingOf, transitions, type Scene } from '../scene.ts'
import { agentTone, endWrapUp, hangUpByKey, hearsAgent, hearsCitizen, hearsTone } from './desk-work.ts'
import { troubledPage } from './troubled-page-steps.ts'
import { twoPhones } from './two-phones-steps.ts'

t.test('an agent with a phone in the browser', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, {
    agents: 2,
    overrides: { WRAP_UP_MS: '300000', HOLD_REMINDER_MS: '2000' },
  })
  const { url } = scene.linia
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const context = await newContext()
  const page = await openDesk(context, url, scene.linia.account('agent01'))
  await soundTest(t, page)
  await firstCall(t, scene, context, page)
  await t.test('an agent with two phones', (t) => twoPhones(t, scene, page))
  await duringCalls(t, scene, context, page)
  await t.test('signing out in a call asks, and says what it means for the citizen', (t) =>
    signsOutInCall(t, scene, page),
  )
  await context.close()

  const inTrouble = await newContext()
  await t.test('a page in trouble', (t) => troubledPage(t, scene, inTrouble))
})

async function soundTest(t: Test, page: Page): Promise<void> {
  await t.test('the audio test plays the agent’s voice back', async (t) => {
    const soundTest = page.getByRole('button', { name: 'Probă de sunet' })
    await soundTest.click()
    await page.getByText('te auzi cu o mică întârziere').waitFor()
    await until(() => hearsTone(page, agentTone))
    t.pass('the agent’s voice is played back')
    await page.getByRole('button', { name: 'Oprește proba' }).click()
    await soundTest.waitFor()
    await page.reload()
    await page.locator('[data-registration=registered]').waitFor()
    await page.locator('[data-action=pause-ready]:not([aria-disabled=true])').waitFor()
    await page.keyboard.press('F4')
    await waitForState(page, 'ready')
    await page.getByText(/^Sunet verificat la \d\d:\d\d/).waitFor()
    t.pass('the result of the audio test before the first call is shown')
  })
}

async function firstCall(t: Test, scene: Scene, context: BrowserContext, page: Page): Promise<void> {
  await t.test(
    'the card appears with the ring, F8 answers; every screen controls the call, and a second tab does not take it',
    async (t) => {
      const citizen = await scene.town.call({ callerId: '0722000941', speech: tone(citizenTone) })
      await waitForState(page, 'ringing')
      t.match(
        await page.locator('[data-caller]').textContent(),
        /0722 000 941/,
        'the caller’s number is shown',
      )
      await until(() => scene.view.calls.size === 1)
      t.equal([...scene.view.calls.values()][0]?.answeredAt, null, 'before the answer')
      await pickUp(page)
      await until(() => hearsCitizen(page))
      t.pass('the browser hears the citizen')
      await until(() => hearsAgent(citizen))
      t.pass('the citizen hears the browser')
      await page.locator('header nav a').last().click()
      await page.locator('tbody tr').first().waitFor()
      await waitForState(page, 'talking')
      t.match(await page.locator('[data-band]').textContent(), /În convorbire/, 'the state is visible')
      await page.keyboard.press('Shift+F9')
      await waitForState(page, 'held')
      await page.locator('[data-action=hold]').click()
      await waitForState(page, 'talking')
      await page.keyboard.press('F9')
      await page.locator('[data-action=mute][aria-pressed=true]').waitFor()
      await page.keyboard.press('F9')
      await page.locator('[data-action=mute][aria-pressed=false]').waitFor()
      const [second] = await Promise.all([
        context.waitForEvent('page'),
        page
          .locator('tbody a')
          .first()
          .click({ modifiers: ['Control'] }),
      ])
      await second.locator('h1').waitFor()
      t.equal(await second.locator('[data-band]').count(), 0, 'the second tab has no phone')
      await until(() => hearsCitizen(page))
      t.equal(await page.locator('[data-state=talking]').count(), 1, 'the first tab is still talking')
      await second.close()
      await page.keyboard.press('F2')
      await page.locator('[data-search]:focus').waitFor()
      t.pass('search leads back to the desk')
      await page.locator('header nav a').last().click()
      await page.locator('tbody tr').first().waitFor()
      await page.reload()
      await waitForState(page, 'talking')
      t.pass('a reload of another screen keeps the call')
      await page.locator('a[href="/desk"]').last().click()
      await until(() => hearsCitizen(page))
      await hangUpByKey(t, page, citizen)
      const call = await scene.record('0722000941', ({ recording }) => recording === 'ready')
      t.match(call, { outcome: 'answered', agent: { name: scene.linia.account('agent01').name } })
      const { rate, channels } = await recordingOf(t, scene.board, call.id)
      t.ok(topShareOf(citizenTone, channels[0] ?? new Int16Array(), rate) > 0.5, 'the citizen’s track')
      t.ok(loudness(channels[1] ?? new Int16Array()) > 0.005, 'the agent’s track')
      await endWrapUp(page)
    },
  )
}

/** Before and after it, the agent is ready. */
async function duringCalls(t: Test, scene: Scene, context: BrowserContext, page: Page): Promise<void> {
  const { url } = scene.linia
  await t.test('the keypad: the citizen’s side receives what is typed, and nothing else does', async (t) => {
    const citizen = await talk(scene, page, '0722000948')
    await until(() => hearsAgent(citizen))
    const notes = page.locator('[data-notes]')
    await notes.fill('Codul')
    await page.locator('output[data-status=saved]').first().waitFor()
    const written: string[] = []
    page.on('request', (request) => {
      // A page whose live feed was away claims its phone again.
      if (request.method() !== 'GET' && !request.url().endsWith('/me/page')) written.push(request.url())
    })
    const field = page.locator('[data-tones-sent]')
    const button = page.locator('[data-action=keypad]')
    await page.keyboard.press('Shift+F12')
    await page.locator('[data-tones-sent]:focus').waitFor()
    await page.keyboard.type('9a6*0#')
    await page.locator('[data-tone="1"]').click()
    await page.keyboard.press('1')
    await until(() => citizen.rtp.keys() === '96*0#11')
    t.equal(await field.inputValue(), '96*0#11', 'shown as sent')
    await checkScreen(t, page, 'the keypad')
    await page.keyboard.press('Escape')
    await field.waitFor({ state: 'detached' })
    await page.locator('[data-notes]:focus').waitFor()
    t.equal(await notes.inputValue(), 'Codul')
    t.strictSame(written, [], 'no server learns of the keys')

    await button.click()
    await page.locator('[data-tones-sent]:focus').waitFor()
    t.equal(await field.inputValue(), '', 'what was sent is shown no more')
    await page.keyboard.press('2')
    await until(() => citizen.rtp.keys().endsWith('2'))
    await page.keyboard.press('Shift+F9')
    await field.waitFor({ state: 'detached' })
    await page.keyboard.type('345')
    await waitForState(page, 'held')
    t.equal(await button.getAttribute('aria-disabled'), 'true')
    await button.hover()
    await page.getByText('Cetățeanul este reținut').first().waitFor()
    await button.click({ force: true })
    await page.keyboard.press('Shift+F12')
    t.equal(await field.count(), 0)
    await page.keyboard.press('Shift+F9')
    await waitForState(page, 'talking')
    await until(() => hearsAgent(citizen))
    t.equal(citizen.rtp.keys(), '96*0#112', 'nothing is sent while the citizen is on hold')
    await page.keyboard.press('Shift+F12')
    await page.locator('[data-tones-sent]:focus').waitFor()
    await page.keyboard.press('7')
    await until(() => citizen.rtp.keys().endsWith('7'))
    citizen.hangUp()
    await field.waitFor({ state: 'detached' })
    await page.keyboard.type('89')
    await until(() => page.evaluate(() => document.activeElement?.tagName !== 'BODY'))
    const call = await scene.record('0722000948')
    t.equal(call.notes.at(-1)?.text, 'Codul', 'no key is in the notes')
    await endWrapUp(page)
  })

  await t.test(
    'a headset reconnected in a call is heard again; a reload loses neither caller nor text nor trail',
    async (t) => {
      const citizen = await talk(scene, page, '0722000964')
      await until(() => hearsCitizen(page))
      await until(() => hearsAgent(citizen))
      await page.evaluate(endVoice)
      await page.getByText('Microfonul nu trimite nimic').waitFor()
      t.pass('the disconnected microphone is shown')
      await page.evaluate(() => navigator.mediaDevices.dispatchEvent(new Event('devicechange')))
      await page.getByText('Microfonul nu trimite nimic').waitFor({ state: 'detached' })
      const from = performance.now()
      await until(() => performance.now() - from > 2_000 && hearsAgent(citizen))
      t.pass('the citizen hears the agent again')
      await page.locator('[data-notes]').fill('Groapă pe strada Lungă, la numărul')
      await page.reload()
      await waitForState(page, 'talking')
      await until(
        async () =>
          (await page.locator('[data-notes]').inputValue()) === 'Groapă pe strada Lungă, la numărul',
      )
      await until(() => hearsCitizen(page))
      await until(() => hearsAgent(citizen))
      await page.locator('[data-peek=trail]').click()
      const course = page.locator('[data-panel=trail]')
      await until(async () => /Sună.*Preluat.*Reluat/.test((await course.textContent()) ?? ''))
      await page.keyboard.press('Escape')
      await course.waitFor({ state: 'detached' })
      await page.keyboard.press('Shift+F8')
      t.equal((await citizen.ended).ending, 'line hung up')
      await waitForState(page, 'wrap-up')
      await page.keyboard.press('Shift+F4')
      // Wrap-up of five minutes has just begun: the remaining time is announced, not the elapsed one.
      // On a busy machine the server's time arrives late.
      await page.getByText(/Încheiere, (05:0\d|04:[345]\d)/).waitFor({ state: 'attached' })
      const call = await scene.record('0722000964', ({ recording }) => recording === 'ready')
      t.equal(call.outcome, 'answered')
      t.ok(transitions(call).includes('AgentLegLost'), 'the gap is recorded')
      const { id, legs, manifest } = call
      t.equal(manifest?.segments.length, 2, 'a part for each leg')
      const player = await context.newPage()
      await player.goto(`${url}/calls/${encodeURIComponent(id)}`)
      // Both parts play as one: from the second, to the end of the call.
      await player.locator('[data-action=segment]').nth(1).click()
      await player.locator('[data-action=play]').click()
      const seconds = player.locator('input[type=range]')
      const wholeS = (manifest?.durationMs ?? 0) / 1000
      await until(async () => Number(await seconds.inputValue()) > wholeS - 0.5)
      t.equal(await player.locator('output', { hasText: 'nu se poate asculta' }).count(), 0)
      t.match(
        await player.evaluate(
          async (url) => (await fetch(url)).headers.get('content-type'),
          `/api/calls/${id}/recording`,
        ),
        'audio/wav',
        'not compressed yet: Chromium has jumped in A-law, and played it to its end',
      )
      const { recordings } = scene.linia.stack.settings.paths
      const files = (await readdir(recordings, { recursive: true }))
        .filter((file) => file.includes(`${id}.`) && file.endsWith('.sealed'))
        .map((file) => join(recordings, file))
      const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
      await rm(files[sizes.indexOf(Math.min(...sizes))] ?? '')
      const [kept] = (manifest?.segments ?? []).toSorted((a, b) => b.durationMs - a.durationMs)
      const keptEndsS = ((kept?.offsetMs ?? 0) + (kept?.durationMs ?? 0)) / 1000
      await player.reload()
      await player.locator('[data-missing-part]').waitFor()
      t.match(
        await player.locator('[data-missing-part]').textContent(),
        /Nu se aude partea: .+ \(fișierul nu se/,
      )
      await player.locator('[data-action=play]').click()
      await until(async () => Number(await seconds.inputValue()) > keptEndsS - 0.5)
      await checkScreen(t, player, 'a call of which a part is missing')
      await player.close()
      t.match(legs, [{ device: 'web' }, { device: 'web' }], 'the lost phone and the one that took its place')
      t.ok(legs.every(({ from, until }) => until !== null && from < until))
      await page.reload()
      await waitForState(page, 'wrap-up')
      await page.locator('[data-caller]').waitFor()
      t.match(
        await page.locator('[data-caller]').textContent(),
        /0722 000 964/,
        'the caller is also shown in wrap-up',
      )
      await endWrapUp(page)
    },
  )

  await t.test('by choice the page answers by itself, after a ring, also after a reload', async (t) => {
    const choice = page.getByRole('switch', { name: 'Răspunde automat' })
    await choice.focus()
    await page.keyboard.press('Space')
    await page.reload()
    await waitForState(page, 'ready')
    t.equal(await choice.isChecked(), true, 'kept')
    const citizen = await scene.town.call({ callerId: '0722000947', speech: tone(citizenTone) })
    await waitForState(page, 'talking')
    await until(() => hearsCitizen(page))
    await hangUpByKey(t, page, citizen)
    const { events } = await scene.record('0722000947')
    const at = (wanted: string) => Date.parse(events.find(({ type }) => type === wanted)?.at ?? '')
    t.ok(at('AgentAnswered') - at('OfferMade') >= 800, 'it rings first')
    await endWrapUp(page)
    await choice.click()
    t.equal(await choice.isChecked(), false)
  })

  await t.test('a page reloaded while ringing rings again at once', async (t) => {
    const citizen = await scene.town.call({ callerId: '0722000965', speech: tone(citizenTone) })
    await waitForState(page, 'ringing')
    await page.locator('[data-session]:not([data-session=none])').waitFor()
    await page.reload()
    await page.locator('[data-session]:not([data-session=none])').waitFor()
    t.pass('the new ring comes long before the old one would have ended')
    // The card may still belong to the old offer, whose end is in flight: F8 would apply to that one.
    await until(async () => {
      await page.keyboard.press('F8')
      await page.waitForTimeout(bounceMs)
      return (await page.locator('[data-state=talking]').count()) > 0
    })
    await until(() => hearsAgent(citizen))
    await until(() => hearsCitizen(page))
    await hangUpByKey(t, page, citizen)
    await endWrapUp(page)
  })

  await t.test(
    'the server is killed during a conversation: audio continues, the phone stays registered',
    async (t) => {
      const citizen = await talk(scene, page, '0722000943')
      scene.linia.kill('server1')
      await until(() => hearsCitizen(page))
      t.equal(await page.locator('[data-registration]').getAttribute('data-registration'), 'registered')
      await scene.linia.stack.ready(120_000)
      await until(() => scene.view.calls.size === 1)
      await until(() => hearsCitizen(page))
      t.pass('audio continues after the server is back')
      await waitForState(page, 'talking')
      await until(async () => (await page.locator('[data-busy="true"]').count()) === 1)
      await until(async () => {
        await page.keyboard.press('Shift+F8')
        return Promise.race([citizen.ended.then(() => true), scene.view.until(() => false, 500)])
      })
      t.equal((await scene.record('0722000943')).outcome, 'answered')
      await endWrapUp(page)
    },
  )

  await t.test('focus returns after the palette unless the command moves it', async (t) => {
    await page.locator('[data-action=reasons]').focus()
    await page.keyboard.press('Control+k')
    await page.locator('[role=dialog] input').fill('cauta')
    await page.keyboard.press('Enter')
    await page.locator('[data-search]:focus').waitFor()
    await page.locator('[role=dialog]').waitFor({ state: 'detached' })
    await page.keyboard.press('Control+k')
    await page.locator('[role=dialog] input').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('[role=dialog]').waitFor({ state: 'detached' })
    await page.locator('[data-search]:focus').waitFor()
    t.pass('the command moved the focus, and Escape returned it')
  })
}

async function signsOutInCall(t: Test, scene: Scene, page: Page): Promise<void> {
  const citizen = await scene.town.call({ callerId: '0722000956', speech: tone(citizenTone) })
  await waitForState(page, 'ringing')
  await signOut(page)
  await page.locator('[data-leaving=ringing]', { hasText: 'trece la alt operator' }).waitFor()
  t.equal(await focusedAction(page), 'stay', 'the safe choice has the focus')
  await page.keyboard.press('Enter')
  await page.locator('[data-leaving]').waitFor({ state: 'detached' })
  t.equal(await page.locator('[data-state=ringing]').count(), 1, 'it still rings')
  await pickUp(page)
  await page.keyboard.press('Shift+F9')
  await waitForState(page, 'held')
  await signOut(page)
  await page.locator('[data-leaving=held]', { hasText: 'nu mai poți relua' }).waitFor()
  await page.keyboard.press('Escape')
  await page.locator('[data-leaving]').waitFor({ state: 'detached' })
  await page.locator('[data-band=held][data-forgotten=true]', { hasText: 'Reținut de mult' }).waitFor()
  await page.getByRole('alert').getByText('Reținut de mult').waitFor()
  await page.keyboard.press('Shift+F9')
  await waitForState(page, 'talking')
  await page.locator('[data-band=talking][data-forgotten=false]').waitFor()
  await signOut(page)
  await page.locator('[data-leaving=talking]').waitFor()
  await page.locator('[data-action=leave-call]').click()
  await page.getByText('Convorbirea continuă; după ea').waitFor()
  t.equal(await page.locator('[data-state=talking]').count(), 1)
  citizen.hangUp()
  await page.waitForURL('**/sign-in')
  t.equal((await scene.record('0722000956')).outcome, 'answered')
}

const focusedAction = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('data-action') ?? document.activeElement?.tagName)

async function signOut(page: Page): Promise<void> {
  await page.locator('header button').last().click()
  await page.getByRole('menuitem', { name: 'Ieși din cont' }).click()
}

/** Runs in the page: simulates unplugging the headset during a call. */
function endVoice(): void {
  const { keptConnections } = window as Window & { keptConnections?: RTCPeerConnection[] }
  keptConnections
    ?.findLast(({ connectionState }) => connectionState === 'connected')
    ?.getSenders()
    .forEach(({ track }) => track?.stop())
}
