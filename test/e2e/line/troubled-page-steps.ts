/** A page whose signalling loses messages, whose network carries no sound, or whose microphone is away; and what interrupts work on it. */
import type { Test } from 'tap'
import type { BrowserContext } from 'playwright-core'
import { totpAt } from '../../../src/people/sign-in/totp.ts'
import { fromBase32 } from '../../http/sign-in/base32.ts'
import { openDesk, pickUp, waitForState } from '../../support/browser/browser.ts'
import { tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { citizenTone, talk } from '../desk-steps.ts'
import type { Scene } from '../scene.ts'
import { endWrapUp, hangUpByKey, hearsAgent, hearsCitizen } from './desk-work.ts'

/** In the name of the window, which outlives a reload. */
type Trouble = 'none' | 'no media address' | 'media blocked' | 'microphone asks'

/** In `context` nothing is open; the agent is agent02. */
export async function troubledPage(t: Test, scene: Scene, context: BrowserContext): Promise<void> {
  const { url } = scene.linia
  const signalling = await losingSignalling(context)
  await context.addInitScript(mediaInTrouble)
  const dial = (callerId: string) => scene.town.call({ callerId, speech: tone(citizenTone) })

  signalling.loses('REGISTER', 1)
  const page = await openDesk(context, url, scene.linia.account('agent02'))
  t.equal(signalling.lost(), 1, 'an unanswered registration is repeated')
  const reloadWith = async (trouble: Trouble): Promise<void> => {
    await page.evaluate((name) => {
      window.name = name
    }, trouble)
    await page.reload()
    await page.locator('[data-registration=registered]').waitFor()
    await page.locator('[data-action=pause-ready]:not([aria-disabled=true])').waitFor()
  }

  await t.test('the audio test shows the reason when no sound comes back', async (t) => {
    await reloadWith('no media address')
    await page.getByRole('button', { name: 'Probă de sunet' }).click()
    await page.getByText(/^Sunetul nu ajunge\. Centrala nu a răspuns la probă/).waitFor()

    await reloadWith('media blocked')
    await page.getByRole('button', { name: 'Probă de sunet' }).click()
    const why = page.getByText(/^Sunetul nu ajunge\. Rețeaua nu lasă sunetul să treacă/)
    await why.waitFor()
    await page.getByRole('button', { name: 'Oprește proba' }).click()
    await why.waitFor({ state: 'detached' })
    await page.keyboard.press('F4')
    await why.waitFor()
    t.equal(await page.locator('[data-state=paused]').count(), 1, 'without audio the agent is not ready')
  })

  await t.test('a pending microphone permission is shown, and the wait is bounded', async (t) => {
    await reloadWith('microphone asks')
    await page.keyboard.press('F4')
    await page.getByText('apasă Permite').waitFor()
    await page.getByText('Treci totuși pe Disponibil').waitFor()
    t.pass('the agent may continue')
  })

  await t.test('the page shows the microphone’s state, also without a device event', async (t) => {
    await reloadWith('none')
    await page.keyboard.press('F4')
    await waitForState(page, 'ready')
    const warned = page.getByText('nu te aude nimeni')
    t.equal(await warned.count(), 0)
    await page.evaluate(() => window.dispatchEvent(new Event('microphone-goes')))
    await warned.waitFor()
    await page.evaluate(() => window.dispatchEvent(new Event('microphone-comes')))
    const citizen = await dial('0722000971')
    await waitForState(page, 'ringing')
    await warned.waitFor({ state: 'detached' })
    await page.keyboard.press('F8')
    await waitForState(page, 'talking')
    await until(() => hearsAgent(citizen))
    await until(() => hearsCitizen(page))
    await hangUpByKey(t, page, citizen)
    await endWrapUp(page)
  })

  await t.test('F8 on the card before the phone rings answers that offer', async (t) => {
    const letGo = signalling.holdInvites()
    const citizen = await dial('0722000972')
    await waitForState(page, 'ringing')
    await page.keyboard.press('F8')
    t.equal(await page.locator('[data-session=none]').count(), 1, 'the phone does not ring yet')
    letGo()
    await waitForState(page, 'talking')
    await until(() => hearsCitizen(page))
    await hangUpByKey(t, page, citizen)
    await endWrapUp(page)
  })

  await t.test('after a connection loss while ringing F8 answers the next offer', async (t) => {
    const citizen = await dial('0722000973')
    await page.locator('[data-session="incoming ringing"]').waitFor()
    signalling.cut()
    await page.locator('[data-state=ringing]').first().waitFor({ state: 'detached' })
    await pickUp(page)
    await until(() => hearsCitizen(page))
    await until(() => hearsAgent(citizen))
    await hangUpByKey(t, page, citizen)
    await endWrapUp(page)
  })

  await t.test('a lost BYE does not keep the phone busy', async (t) => {
    signalling.loses('BYE', 2)
    for (const [round, number] of ['0722000974', '0722000975'].entries()) {
      const citizen = await talk(scene, page, number)
      await until(() => hearsCitizen(page))
      citizen.hangUp()
      await endWrapUp(page)
      await until(() => signalling.lost() === round + 1)
      t.pass('the page has not received the BYE')
    }
    await page.locator('[data-session=none]').waitFor()
    t.pass('without a next call the live feed ends it')
    signalling.loses('BYE', 0)
  })

  await t.test('typing on another screen is not interrupted by ringing', async (t) => {
    await page.locator('header nav a').last().click()
    const field = page.locator('input[name=caller]')
    await field.fill('07220')
    const citizen = await dial('0722000976')
    await waitForState(page, 'ringing')
    await page.keyboard.type('009')
    t.equal(await field.inputValue(), '07220009')
    await page.keyboard.press('F8')
    await waitForState(page, 'talking')
    t.equal(await field.inputValue(), '07220009', 'also during the conversation')
    await until(() => hearsCitizen(page))
    await hangUpByKey(t, page, citizen)
    await page.locator('a[href="/desk"]').last().click()
    await endWrapUp(page)
  })

  await t.test('recovery codes stay shown when a call rings, and when a key goes to the desk', async (t) => {
    await page.evaluate(() => window.history.pushState(null, '', '/factors'))
    await page.locator('[data-action=add-totp]').click()
    const key = fromBase32((await page.locator('[data-secret]').innerText()).replaceAll(' ', ''))
    await page.locator('input[name=code]').fill(totpAt(key, Date.now()))
    await page.keyboard.press('Enter')
    await page.locator('[data-recovery-codes] li').first().waitFor()
    const citizen = await dial('0722000977')
    await waitForState(page, 'ringing')
    t.ok(await page.locator('[data-recovery-codes]').isVisible())
    await page.keyboard.press('F2')
    await page.locator('[data-recovery-codes] [role=alert]:not(:empty)').waitFor()
    await page.locator('[data-action=codes-kept]').click()
    await page.keyboard.press('F2')
    await page.waitForURL(/desk$/)
    citizen.hangUp()
    await waitForState(page, 'ready')
  })

  await t.test('an ended session leads to the sign-in page, which shows the reason', async (t) => {
    await context.request.delete(`${url}/api/session`, { headers: { origin: url } })
    await page.getByText('Ai ieșit din cont între timp').waitFor()
    await page.locator('input[name=username]:focus').waitFor()
    t.pass('the first field has the focus')
  })
}

interface Signalling {
  /** From now on so many of these are dropped: of REGISTER those from the page, of BYE those to it. */
  loses(method: 'REGISTER' | 'BYE', times: number): void
  /** How many have been dropped since `loses`. */
  lost(): number
  /** Delays INVITEs to the page until the returned function is called. */
  holdInvites(): () => void
  /** Closes the connection; the page opens a new one. */
  cut(): void
}

async function losingSignalling(context: BrowserContext): Promise<Signalling> {
  let losing = { method: '', left: 0, lost: 0 }
  let held: (() => void)[] | null = null
  let cut = (): void => undefined
  const isLost = (message: string, method: string): boolean => {
    if (losing.method !== method || losing.left === 0 || !message.startsWith(method)) return false
    losing = { method, left: losing.left - 1, lost: losing.lost + 1 }
    return true
  }
  await context.routeWebSocket(/\/sip/, (socket) => {
    const server = socket.connectToServer()
    cut = () => void Promise.all([socket.close(), server.close()])
    socket.onMessage((message) => {
      if (!isLost(String(message), 'REGISTER')) server.send(message)
    })
    server.onMessage((message) => {
      const text = String(message)
      if (held !== null && text.startsWith('INVITE')) held.push(() => socket.send(message))
      else if (!isLost(text, 'BYE')) socket.send(message)
    })
  })
  return {
    loses(method, times) {
      losing = { method, left: times, lost: 0 }
    },
    lost: () => losing.lost,
    holdInvites() {
      held = []
      return () => {
        const all = held ?? []
        held = null
        for (const send of all) send()
      }
    },
    cut: () => cut(),
  }
}

/**
 * Runs in the page before its code. By the window's name: a computer without a usable address for media, a network that blocks media, a
 * browser that asks for the microphone. By events: a driver restart without a `devicechange` event.
 */
function mediaInTrouble(): void {
  const trouble = window.name
  const withoutMedia = (sdp: string): string =>
    sdp.replaceAll(/^(a=candidate:\S+ \d+ \S+ \d+ )\S+ \d+ /gm, '$1127.0.0.99 9 ')
  if (trouble === 'no media address')
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super({ ...configuration, iceTransportPolicy: 'relay' })
      }
    }
  if (trouble === 'media blocked')
    window.RTCPeerConnection = class extends RTCPeerConnection {
      override get localDescription(): RTCSessionDescription | null {
        const local = super.localDescription
        return local && new RTCSessionDescription({ type: local.type, sdp: withoutMedia(local.sdp) })
      }
      override setRemoteDescription(remote: RTCSessionDescriptionInit): Promise<void> {
        return super.setRemoteDescription({ type: remote.type, sdp: withoutMedia(remote.sdp ?? '') })
      }
    }

  const devices = navigator.mediaDevices
  // The empty page before the first one has none.
  if (devices === undefined) return
  const open = devices.getUserMedia.bind(devices)
  const opened: MediaStreamTrack[] = []
  let there = true
  devices.getUserMedia = async (constraints) => {
    if (trouble === 'microphone asks') return new Promise(() => undefined)
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
