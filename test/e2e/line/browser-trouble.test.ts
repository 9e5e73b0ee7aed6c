/** An agent's page under disturbances: headset, permission prompt, slow INVITE, ended session. */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { BrowserContext, Page } from 'playwright-core'
import { heardSince, loudness, shareOf, tone } from '../../support/sip/audio.ts'
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
import { fromBase32 } from '../../http/sign-in/base32.ts'
import { totpAt } from '../../../src/people/sign-in/totp.ts'
import { bounceMs } from '../../../src/ui/agent/keys/chords.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { openScene } from '../scene.ts'

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

async function hearsCitizen(page: Page): Promise<boolean> {
  const { hertz, above } = await inboundSound(page)
  return Math.abs(hertz - citizenTone) < 15 && above > 20
}

t.test('an agent’s page under disturbances', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { overrides: { WRAP_UP_MS: '300000' } })
  const account = scene.linia.account('agent01')
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const context = await newContext()
  const page = await openDesk(context, scene.linia.url, account)
  await page.keyboard.press('F4')
  await waitForState(page, 'ready')

  /** Places a call and answers it. */
  async function talk(callerId: string): Promise<Citizen> {
    const citizen = await scene.town.call({ callerId, speech: tone(citizenTone) })
    await pickUp(page)
    return citizen
  }
  async function finish(citizen: Citizen, at = page): Promise<void> {
    // An earlier keystroke would count as a bounce of the answering one.
    await at.waitForTimeout(bounceMs)
    await at.keyboard.press('Shift+F8')
    t.equal((await citizen.ended).ending, 'line hung up')
    await waitForState(at, 'wrap-up')
    await at.keyboard.press('Control+Enter')
    await waitForState(at, 'ready')
  }

  await t.test('the call can be controlled on every screen, and a second tab does not take it', async (t) => {
    const citizen = await talk('0722000961')
    await until(() => hearsCitizen(page))
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
    await finish(citizen)
  })

  await t.test('a headset reconnected during a call is heard again', async (t) => {
    const citizen = await talk('0722000962')
    await until(() => hearsAgent(citizen))
    await page.evaluate(endVoice)
    await page.getByText('Microfonul nu trimite nimic').waitFor()
    t.pass('the disconnected microphone is shown')
    await page.evaluate(() => navigator.mediaDevices.dispatchEvent(new Event('devicechange')))
    await page.getByText('Microfonul nu trimite nimic').waitFor({ state: 'detached' })
    const from = performance.now()
    await until(() => performance.now() - from > 2_000 && hearsAgent(citizen))
    t.pass('the citizen hears the agent again')
    await finish(citizen)
  })

  await t.test('a reload while typing loses neither text nor the call’s trail', async (t) => {
    const citizen = await talk('0722000964')
    await until(() => hearsCitizen(page))
    await page.locator('[data-notes]').fill('Groapă pe strada Lungă, la numărul')
    await page.reload()
    await waitForState(page, 'talking')
    await until(
      async () => (await page.locator('[data-notes]').inputValue()) === 'Groapă pe strada Lungă, la numărul',
    )
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
    const { id, legs, manifest } = await scene.record('0722000964', ({ recording }) => recording === 'ready')
    t.equal(manifest?.segments.length, 2, 'a part for each leg')
    const player = await context.newPage()
    await player.goto(`${scene.linia.url}/calls/${encodeURIComponent(id)}`)
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
    await page.keyboard.press('Control+Enter')
    await waitForState(page, 'ready')
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
    await finish(citizen)
  })

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

  await t.test('F8 on the card before the phone rings answers that offer', async (t) => {
    const late = await newContext()
    const letGo = await holdInvites(late)
    const other = await openDesk(late, scene.linia.url, account)
    await waitForState(page, 'elsewhere')
    const citizen = await scene.town.call({ callerId: '0722000963', speech: tone(citizenTone) })
    await waitForState(other, 'ringing')
    await other.keyboard.press('F8')
    t.equal(await other.locator('[data-session=none]').count(), 1, 'the phone does not ring yet')
    letGo()
    await waitForState(other, 'talking')
    await until(() => hearsCitizen(other))
    await finish(citizen, other)
    await other.close()
  })

  await t.test('after a connection loss while ringing F8 answers the next offer', async () => {
    const broken = await newContext()
    let cut = (): void => undefined
    await broken.routeWebSocket(/\/sip/, (socket) => {
      const server = socket.connectToServer()
      cut = () => void Promise.all([socket.close(), server.close()])
    })
    const other = await openDesk(broken, scene.linia.url, account)
    await waitForState(page, 'elsewhere')
    const citizen = await scene.town.call({ callerId: '0722000967', speech: tone(citizenTone) })
    await other.locator('[data-session="incoming ringing"]').waitFor()
    cut()
    await other.locator('[data-state=ringing]').first().waitFor({ state: 'detached' })
    await pickUp(other)
    await until(() => hearsCitizen(other))
    await until(() => hearsAgent(citizen))
    await finish(citizen, other)
    await other.close()
  })

  await t.test('a pending microphone permission is shown, and the wait is bounded', async (t) => {
    const asking = await newContext()
    await asking.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => new Promise(() => undefined)
    })
    const other = await openDesk(asking, scene.linia.url, account)
    await other.keyboard.press('F4')
    await waitForState(other, 'paused')
    await other.keyboard.press('F4')
    await other.getByText('apasă Permite').waitFor()
    await other.getByText('Treci totuși pe Disponibil').waitFor()
    t.pass('the agent may continue')
    await other.close()
  })

  await t.test('the page shows the microphone’s state, also without a device event', async (t) => {
    const context = await newContext()
    await context.addInitScript(disconnectableMicrophone)
    const other = await openDesk(context, scene.linia.url, account)
    await beReady(other)
    const warned = other.getByText('nu te aude nimeni')
    t.equal(await warned.count(), 0)
    await other.evaluate(() => window.dispatchEvent(new Event('microphone-goes')))
    await warned.waitFor()
    await other.evaluate(() => window.dispatchEvent(new Event('microphone-comes')))
    const citizen = await scene.town.call({ callerId: '0722000964', speech: tone(citizenTone) })
    await waitForState(other, 'ringing')
    await warned.waitFor({ state: 'detached' })
    await other.keyboard.press('F8')
    await waitForState(other, 'talking')
    await until(() => hearsAgent(citizen))
    await until(() => hearsCitizen(other))
    await finish(citizen, other)
    await other.close()
  })

  await t.test('an unanswered registration is repeated', async (t) => {
    const context = await newContext()
    const registers = await dropFirstRegister(context)
    const other = await openDesk(context, scene.linia.url, account)
    t.ok(registers() > 1, 'the first REGISTER was lost')
    await other.close()
  })

  await t.test('a lost BYE does not keep the phone busy', async (t) => {
    const context = await newContext()
    const lost = await dropByes(context)
    const other = await openDesk(context, scene.linia.url, account)
    await beReady(other)
    for (const [round, number] of ['0722000965', '0722000966'].entries()) {
      const citizen = await scene.town.call({ callerId: number, speech: tone(citizenTone) })
      await pickUp(other)
      await until(() => hearsCitizen(other))
      citizen.hangUp()
      await waitForState(other, 'wrap-up')
      await other.keyboard.press('Control+Enter')
      await waitForState(other, 'ready')
      await until(() => lost() === round + 1)
      t.pass('the page has not received the BYE')
    }
    await other.locator('[data-session=none]').waitFor()
    t.pass('without a next call the live feed ends it')
    await other.close()
  })

  await t.test('typing on another screen is not interrupted by ringing', async (t) => {
    const other = await openDesk(await newContext(), scene.linia.url, account)
    await beReady(other)
    await other.locator('header nav a').last().click()
    const field = other.locator('input[name=caller]')
    await field.fill('07220')
    const citizen = await scene.town.call({ callerId: '0722000967', speech: tone(citizenTone) })
    await waitForState(other, 'ringing')
    await other.keyboard.type('009')
    t.equal(await field.inputValue(), '07220009')
    await other.keyboard.press('F8')
    await waitForState(other, 'talking')
    t.equal(await field.inputValue(), '07220009', 'also during the conversation')
    await until(() => hearsCitizen(other))
    await other.waitForTimeout(bounceMs)
    await other.keyboard.press('Shift+F8')
    t.equal((await citizen.ended).ending, 'line hung up')
    await other.close()
  })

  await t.test('recovery codes stay shown when a call rings, and when a key goes to the desk', async (t) => {
    // Not the account of the other tests: its next sign-in asks for a code.
    const other = await openDesk(await newContext(), scene.linia.url, scene.linia.account('agent02'))
    await beReady(other)
    await other.evaluate(() => window.history.pushState(null, '', '/factors'))
    await other.locator('[data-action=add-totp]').click()
    const key = fromBase32((await other.locator('[data-secret]').innerText()).replaceAll(' ', ''))
    await other.locator('input[name=code]').fill(totpAt(key, Date.now()))
    await other.keyboard.press('Enter')
    await other.locator('[data-recovery-codes] li').first().waitFor()
    const citizen = await scene.town.call({ callerId: '0722000968', speech: tone(citizenTone) })
    await waitForState(other, 'ringing')
    t.ok(await other.locator('[data-recovery-codes]').isVisible())
    await other.keyboard.press('F2')
    await other.locator('[data-recovery-codes] [role=alert]:not(:empty)').waitFor()
    await other.locator('[data-action=codes-kept]').click()
    await other.keyboard.press('F2')
    await other.waitForURL(/desk$/)
    citizen.hangUp()
    await other.close()
  })

  await t.test('an ended session leads to the sign-in page, which shows the reason', async (t) => {
    const own = await newContext()
    const other = await openDesk(own, scene.linia.url, account)
    await own.request.delete(`${scene.linia.url}/api/session`, { headers: { origin: scene.linia.url } })
    await other.getByText('Ai ieșit din cont între timp').waitFor()
    await other.locator('input[name=username]:focus').waitFor()
    t.pass('the first field has the focus')
  })
})

/** The state that the previous page has left comes a moment after the page, and F4 would end a readiness that it shows then. */
async function beReady(page: Page): Promise<void> {
  const ready = page.locator('[data-state=ready]')
  await until(async () => {
    if ((await ready.count()) > 0) return true
    if ((await page.locator('[data-state=paused]').count()) === 0) return false
    await page.keyboard.press('F4')
    await ready.waitFor()
    return true
  })
}

/** Runs in the page before its code: simulates a driver restart without a `devicechange` event. */
function disconnectableMicrophone(): void {
  const devices = navigator.mediaDevices
  const open = devices.getUserMedia.bind(devices)
  const opened: MediaStreamTrack[] = []
  let there = true
  devices.getUserMedia = async (constraints) => {
    if (!there) throw new DOMException('none', 'NotFoundError')
    const stream = await open(constraints)
    opened.push(...stream.getTracks())
    return stream
  }
  window.addEventListener('microphone-goes', () => {
    there = false
    for (const track of opened) {
      track.stop()
      track.dispatchEvent(new Event('ended'))
    }
  })
  window.addEventListener('microphone-comes', () => {
    there = true
  })
}

/** Runs in the page: simulates unplugging the headset during a call. */
function endVoice(): void {
  const { keptConnections } = window as Window & { keptConnections?: RTCPeerConnection[] }
  keptConnections
    ?.findLast(({ connectionState }) => connectionState === 'connected')
    ?.getSenders()
    .forEach(({ track }) => track?.stop())
}

/** Drops the first REGISTER of the pages; returns a counter of those sent. */
async function dropFirstRegister(context: BrowserContext): Promise<() => number> {
  let sent = 0
  await context.routeWebSocket(/\/sip/, (socket) => {
    const server = socket.connectToServer()
    socket.onMessage((message) => {
      if (String(message).startsWith('REGISTER')) sent += 1
      if (sent !== 1) server.send(message)
    })
  })
  return () => sent
}

/** Drops every BYE to the pages; returns a counter. */
async function dropByes(context: BrowserContext): Promise<() => number> {
  let lost = 0
  await context.routeWebSocket(/\/sip/, (socket) => {
    const server = socket.connectToServer()
    server.onMessage((message) => {
      if (String(message).startsWith('BYE')) lost += 1
      else socket.send(message)
    })
  })
  return () => lost
}

/** Delays INVITEs to the pages until the returned function is called. */
async function holdInvites(context: BrowserContext): Promise<() => void> {
  const held: (() => void)[] = []
  let open = false
  await context.routeWebSocket(/\/sip/, (socket) => {
    const server = socket.connectToServer()
    server.onMessage((message) => {
      if (!open && String(message).startsWith('INVITE')) held.push(() => socket.send(message))
      else socket.send(message)
    })
  })
  return () => {
    open = true
    for (const send of held) send()
  }
}
