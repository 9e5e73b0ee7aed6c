/** An agent with a browser only: the card, the web phone, a refresh, a second page. */
import t from 'tap'
import { bounceMs } from '../../../src/ui/agent/keys/chords.ts'
import { heardSince, loudness, shareOf, tone, topShareOf } from '../../support/sip/audio.ts'
import {
  bursts,
  inboundSound,
  openBrowser,
  openDesk,
  pickUp,
  waitForState,
} from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { until } from '../../support/until.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { openScene, recordingOf, transitions } from '../scene.ts'
import type { Page } from 'playwright-core'

const citizenTone = 800
const agentTone = 600

/** Hearing bursts: half a second of the agent's tone within the last 1.5 s. */
function hearsAgent(citizen: Citizen): boolean {
  const sound = heardSince(citizen.rtp, performance.now() - 1500)
  for (let at = 0; at + 1000 <= sound.length; at += 500) {
    const slice = sound.subarray(at, at + 1000)
    if (loudness(slice) > 0.005 && shareOf(agentTone, slice) > 0.4) return true
  }
  return false
}

async function hears(page: Page, tone: number): Promise<boolean> {
  const { hertz, above } = await inboundSound(page)
  return Math.abs(hertz - tone) < 15 && above > 20
}

const hearsCitizen = (page: Page): Promise<boolean> => hears(page, citizenTone)

t.test('an agent in a browser', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { overrides: { WRAP_UP_MS: '1000' } })
  const account = scene.linia.account('agent01')
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const context = await newContext()
  const page = await openDesk(context, scene.linia.url, account)

  await t.test('the audio test plays the agent’s voice back, or shows the reason', async (t) => {
    const soundTest = page.getByRole('button', { name: 'Probă de sunet' })
    await soundTest.click()
    await page.getByText('te auzi cu o mică întârziere').waitFor()
    await until(() => hears(page, agentTone))
    t.pass('the agent’s voice is played back')
    await page.getByRole('button', { name: 'Oprește proba' }).click()
    await soundTest.waitFor()

    const nowhere = await newContext()
    await nowhere.addInitScript(withoutMediaAddress)
    const first = await openDesk(nowhere, scene.linia.url, account)
    await first.getByRole('button', { name: 'Probă de sunet' }).click()
    await first.getByText(/^Sunetul nu ajunge\. Centrala nu a răspuns la probă/).waitFor()
    await first.close()

    const withoutMedia = await newContext()
    await withoutMedia.addInitScript(blockMedia)
    const other = await openDesk(withoutMedia, scene.linia.url, account)
    await other.getByRole('button', { name: 'Probă de sunet' }).click()
    const why = other.getByText(/^Sunetul nu ajunge\. Rețeaua nu lasă sunetul să treacă/)
    await why.waitFor()
    await other.getByRole('button', { name: 'Oprește proba' }).click()
    await why.waitFor({ state: 'detached' })
    await other.keyboard.press('F4')
    await why.waitFor()
    t.equal(await other.locator('[data-state=paused]').count(), 1, 'without audio the agent is not ready')
    await other.close()
    await page.reload()
    await page.locator('[data-registration=registered]').waitFor()
    await page.locator('[data-action=pause-ready]:not([aria-disabled=true])').waitFor()
  })

  await page.keyboard.press('F4')
  await waitForState(page, 'ready')
  await page.getByText(/^Sunet verificat la \d\d:\d\d/).waitFor()
  t.pass('the result of the audio test before the first call is shown')

  await t.test('the card appears with the ring; F8 answers; both sides hear each other', async (t) => {
    const citizen = await scene.town.call({ callerId: '0722000941', speech: tone(citizenTone) })
    await waitForState(page, 'ringing')
    t.match(await page.locator('[data-caller]').textContent(), /0722 000 941/, 'the caller’s number is shown')
    await until(() => scene.view.calls.size === 1)
    t.equal([...scene.view.calls.values()][0]?.answeredAt, null, 'before the answer')
    await pickUp(page)
    await until(() => hearsCitizen(page))
    t.pass('the browser hears the citizen')
    await until(() => hearsAgent(citizen))
    t.pass('the citizen hears the browser')
    // An earlier keystroke would count as a bounce of the first.
    await page.waitForTimeout(bounceMs)
    await page.keyboard.press('Shift+F8')
    t.equal((await citizen.ended).ending, 'line hung up')
    const call = await scene.record('0722000941', ({ recording }) => recording === 'ready')
    t.match(call, { outcome: 'answered', agent: { name: account.name } })
    const { rate, channels } = await recordingOf(t, scene.board, call.id)
    t.ok(topShareOf(citizenTone, channels[0] ?? new Int16Array(), rate) > 0.5, 'the citizen’s track')
    t.ok(loudness(channels[1] ?? new Int16Array()) > 0.005, 'the agent’s track')
    await waitForState(page, 'ready')
  })

  await t.test('the keypad: the citizen’s side receives what is typed, and nothing else does', async (t) => {
    const citizen = await scene.town.call({ callerId: '0722000948', speech: tone(citizenTone) })
    await pickUp(page)
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
    await waitForState(page, 'ready')
  })

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
    await page.waitForTimeout(bounceMs)
    await page.keyboard.press('Shift+F8')
    t.equal((await citizen.ended).ending, 'line hung up')
    const { events } = await scene.record('0722000947')
    const at = (wanted: string) => Date.parse(events.find(({ type }) => type === wanted)?.at ?? '')
    t.ok(at('AgentAnswered') - at('OfferMade') >= 800, 'it rings first')
    await waitForState(page, 'ready')
    await choice.click()
    t.equal(await choice.isChecked(), false)
    if (process.env['PICTURES'] !== undefined)
      await page.screenshot({ path: `${process.env['PICTURES']}/idle.png` })
  })

  await t.test('a refresh during a conversation does not lose the caller', async (t) => {
    const citizen = await scene.town.call({ callerId: '0722000942', speech: tone(citizenTone) })
    await pickUp(page)
    await until(() => hearsCitizen(page))
    const refreshedAt = performance.now()
    await page.reload()
    await waitForState(page, 'talking')
    await until(() => hearsCitizen(page))
    await until(() => hearsAgent(citizen))
    t.comment(
      `both hear each other again ${Math.round(performance.now() - refreshedAt)} ms after the refresh`,
    )
    await page.keyboard.press('Shift+F8')
    t.equal((await citizen.ended).ending, 'line hung up')
    const call = await scene.record('0722000942')
    t.equal(call.outcome, 'answered')
    t.ok(transitions(call).includes('AgentLegLost'), 'the gap is recorded')
    await waitForState(page, 'ready')
  })

  await t.test(
    'the server is killed during a conversation: audio continues, the phone stays registered',
    async (t) => {
      const citizen = await scene.town.call({ callerId: '0722000943', speech: tone(citizenTone) })
      await pickUp(page)
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
      await waitForState(page, 'ready')
    },
  )

  await t.test('a second page of the same agent: the older page shows it', async (t) => {
    const newer = await openDesk(await newContext(), scene.linia.url, account)
    await waitForState(page, 'elsewhere')
    const citizen = await scene.town.call({ callerId: '0722000944', speech: tone(citizenTone) })
    await pickUp(newer)
    await until(() => hearsCitizen(newer))
    t.pass('the newer page has the conversation')
    citizen.hangUp()
    t.equal((await scene.record('0722000944')).outcome, 'answered')
  })
})

/** Runs in the page before its code: simulates a network that blocks media. */
function blockMedia(): void {
  const withoutMedia = (sdp: string): string =>
    sdp.replaceAll(/^(a=candidate:\S+ \d+ \S+ \d+ )\S+ \d+ /gm, '$1127.0.0.99 9 ')
  window.RTCPeerConnection = class extends RTCPeerConnection {
    override get localDescription(): RTCSessionDescription | null {
      const local = super.localDescription
      return local && new RTCSessionDescription({ type: local.type, sdp: withoutMedia(local.sdp) })
    }
    override setRemoteDescription(remote: RTCSessionDescriptionInit): Promise<void> {
      return super.setRemoteDescription({ type: remote.type, sdp: withoutMedia(remote.sdp ?? '') })
    }
  }
}

/** Runs in the page before its code: simulates a computer without a usable address for media. */
function withoutMediaAddress(): void {
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super({ ...configuration, iceTransportPolicy: 'relay' })
    }
  }
}
