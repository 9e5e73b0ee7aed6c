/** Debian's Chromium with a fake microphone, and measurements of the audio that a page receives. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core'
import type { Test } from 'tap'
import { ofProcess } from '../run/left-processes.ts'
import { atProcessEnd } from '../run/scope.ts'
import { eventuallyMs, until } from '../until.ts'

/**
 * The headless shell has the desktop browser's engine and uses a quarter less CPU time. It is started without Debian's
 * launcher script, so that ending the child ends the browser.
 */
export const chromiumProgram = '/usr/lib/chromium/chromium-headless-shell'
/** Viewport of an office browser (docs/guides/agents.md). */
const size = { width: 1366, height: 640 }

/** Samples per second of the microphone's file. */
const rate = 48_000

export interface TestBrowser {
  /** A fresh profile, with microphone and notifications allowed; closed with the test. */
  newContext(): Promise<BrowserContext>
}

/** Running browsers of this process, by their program and microphone. */
const running = new Map<string, Promise<Browser>>()
/** More are closed, those that no test uses. */
const runningMax = 2

/**
 * `microphone`: samples at 48 kHz, played in a loop; null: Chromium's own beeps. `executablePath`: a program that runs
 * Chromium elsewhere, such as on `AgentsComputer`. The browser serves further tests of this process.
 */
export async function openBrowser(
  t: Pick<Test, 'teardown'>,
  microphone: Int16Array | null,
  executablePath = chromiumProgram,
): Promise<TestBrowser> {
  const heard = microphone === null ? '' : createHash('sha256').update(bytesOf(microphone)).digest('hex')
  const key = `${executablePath} ${heard}`
  if (!running.has(key)) await closeUnused()
  const launched = (): Promise<Browser> => {
    const browser = running.get(key) ?? launch(key, microphone, executablePath)
    running.set(key, browser)
    return browser
  }
  const browser = await launched()
  const opened: BrowserContext[] = []
  t.teardown(async () => {
    for (const context of opened) await context.close()
    // It runs on a computer that ends with the test.
    if (executablePath !== chromiumProgram) await browser.close()
  })
  // Without a graphics card each frame of a moving bar is drawn by the processor.
  const profile = { viewport: size, locale: 'ro-RO', reducedMotion: 'reduce' } as const
  return {
    async newContext() {
      const open = await launched()
      const context = await open.newContext(profile).catch(async (error: unknown) => {
        // Debian's Chromium has crashed (a segmentation fault) while it opened a profile.
        if (open.isConnected()) throw error
        return (await launched()).newContext(profile)
      })
      opened.push(context)
      context.setDefaultTimeout(eventuallyMs)
      await context.grantPermissions(['microphone', 'notifications'])
      await context.addInitScript(keepConnections)
      return context
    },
  }
}

async function closeUnused(): Promise<void> {
  for (const launched of [...running.values()].slice(0, 1 - runningMax)) {
    const browser = await launched
    if (browser.contexts().length === 0) await browser.close()
  }
}

async function launch(key: string, microphone: Int16Array | null, executablePath: string): Promise<Browser> {
  const dir = await mkdtemp(join(tmpdir(), 'linia-chromium-'))
  const args = [
    // Chromium refuses its sandbox as root; the tests open only Linia's own pages.
    '--no-sandbox',
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
    '--disable-background-networking',
    // Emulating a GPU takes a tenth of such a test's time.
    '--disable-gpu',
  ]
  if (microphone !== null) {
    const file = join(dir, 'microphone.wav')
    await writeFile(file, waveOf(microphone))
    args.push(`--use-file-for-fake-audio-capture=${file}`)
  }
  const browser = await ofProcess(() => chromium.launch({ executablePath, args }))
  browser.once('disconnected', () => running.delete(key))
  atProcessEnd(async () => {
    await browser.close()
    await rm(dir, { recursive: true, force: true })
  })
  return browser
}

export interface Credentials {
  readonly username: string
  readonly password: string
}

/** Signs in without the form, which has tests of its own, and opens the account's first page. */
export async function openSignedIn(
  context: BrowserContext,
  url: string,
  { username, password }: Credentials,
): Promise<Page> {
  const page = await context.newPage()
  const failed: string[] = []
  page.on('requestfailed', (request) => failed.push(`${request.url()} ${request.failure()?.errorText}`))
  page.on('pageerror', (error) => failed.push(error.message))
  // From an empty page of the same origin.
  await page.route(url, (route) => route.fulfill({ contentType: 'text/html', body: '' }), { times: 1 })
  await page.goto(url)
  const status = await page.evaluate(
    async (body) =>
      (await fetch('/api/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body }))
        .status,
    JSON.stringify({ username, password }),
  )
  if (status !== 200) throw new Error(`The sign-in was answered with ${status}.`)
  await page.goto(url)
  try {
    await page.locator('header nav').waitFor()
  } catch (cause) {
    const shown = await page.locator('body').innerHTML()
    throw new Error(`The page did not appear: ${shown.slice(0, 300)} ${failed.join('; ')}`, { cause })
  }
  return page
}

/** Signs in an agent and waits until the phone in the page is registered. */
export async function openDesk(context: BrowserContext, url: string, account: Credentials): Promise<Page> {
  const page = await openSignedIn(context, url, account)
  await page.locator('[data-registration=registered]').waitFor()
  // The ACD learns of the phone a moment later; until then "ready" is disabled.
  await page.locator('[data-action=pause-ready]:not([aria-disabled=true])').waitFor()
  return page
}

/** Waits until the page shows this state of the desk. */
export async function waitForState(page: Page, state: string): Promise<void> {
  await page.locator(`[data-state="${state}"]`).first().waitFor({ timeout: eventuallyMs })
}

/**
 * Waits until the page shows this, of which it asks the server every few seconds, and at once when its user comes back
 * to it from another window.
 */
export async function lookAgain(
  page: Page,
  shown: Locator,
  state: 'visible' | 'detached' = 'visible',
): Promise<void> {
  await until(async () => {
    await page.evaluate(() => dispatchEvent(new Event('visibilitychange')))
    return shown
      .first()
      .waitFor({ state, timeout: lookEveryMs })
      .then(
        () => true,
        () => false,
      )
  })
}
const lookEveryMs = 500

/** F8 answers only when both ring: the phone in the page may ring before or after the call's card appears. */
export async function pickUp(page: Page): Promise<void> {
  await waitForState(page, 'ringing')
  await page.locator('[data-session="incoming ringing"]').waitFor()
  await page.keyboard.press('F8')
  await waitForState(page, 'talking')
}

export interface Sound {
  /** The loudest frequency, and its level above the median of all frequencies in decibels. */
  readonly hertz: number
  readonly above: number
  readonly packets: number
  /** The level at each frequency asked for, above the median of all, in decibels. */
  readonly levels: readonly number[]
}

/** Half a second of the audio that the page's newest WebRTC connection receives. */
export async function inboundSound(page: Page, asked: readonly number[] = []): Promise<Sound> {
  const { hertz, loudest, middle, packets, levels } = await page.evaluate(listen, [...asked])
  const aboveMiddle = (level: number): number => (level === -Infinity ? 0 : Math.min(200, level - middle))
  return { hertz, above: aboveMiddle(loudest), packets, levels: levels.map(aboveMiddle) }
}

/** How far each of these frequencies is below the loudest one, in decibels (0 or less), in half a second of what the page hears. */
export async function levelsHeard(page: Page, hertz: readonly number[]): Promise<number[]> {
  const { levels, loudest } = await page.evaluate(listen, [...hertz])
  return levels.map((level) => (level === -Infinity ? -Infinity : level - loudest))
}

/** Runs in the page before its own code: keeps every connection for `listen`. */
function keepConnections(): void {
  const kept: RTCPeerConnection[] = []
  Object.assign(window, { keptConnections: kept })
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      kept.push(this)
    }
  }
}

/** Levels in decibels; digital silence is minus infinity. */
interface Heard {
  /** The loudest frequency. */
  readonly hertz: number
  readonly loudest: number
  /** The median of all frequencies. */
  readonly middle: number
  /** Received since the connection began. */
  readonly packets: number
  readonly levels: readonly number[]
}

/** Runs in the page. */
async function listen(asked: readonly number[]): Promise<Heard> {
  const silence = -Infinity
  const { keptConnections } = window as Window & { keptConnections?: RTCPeerConnection[] }
  const connection = keptConnections?.findLast(({ connectionState }) => connectionState === 'connected')
  const track = connection?.getReceivers().find((receiver) => receiver.track.kind === 'audio')?.track
  if (connection === undefined || track === undefined)
    return { hertz: 0, loudest: silence, middle: silence, packets: 0, levels: asked.map(() => silence) }
  const context = new AudioContext()
  try {
    const analyser = context.createAnalyser()
    analyser.fftSize = 8192
    analyser.smoothingTimeConstant = 0
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser)
    // By the clock of the audio, which a busy machine starts late.
    for (let lookedMs = 0; context.currentTime < 0.5 && lookedMs < 5_000; lookedMs += 25)
      await new Promise((resolve) => {
        setTimeout(resolve, 25)
      })
    const bins = new Float32Array(analyser.frequencyBinCount)
    analyser.getFloatFrequencyData(bins)
    let loudestAt = 0
    for (const [index, level] of bins.entries()) if (level > (bins[loudestAt] ?? silence)) loudestAt = index
    let packets = 0
    for (const entry of (await connection.getStats()).values()) {
      const { type, packetsReceived } = entry as { type?: string; packetsReceived?: number }
      if (type === 'inbound-rtp') packets += packetsReceived ?? 0
    }
    return {
      hertz: (loudestAt * context.sampleRate) / analyser.fftSize,
      loudest: bins[loudestAt] ?? silence,
      middle: bins.toSorted()[Math.floor(bins.length / 2)] ?? silence,
      packets,
      levels: asked.map((one) => {
        const at = Math.round((one * analyser.fftSize) / context.sampleRate)
        return Math.max(...bins.subarray(at - 2, at + 3))
      }),
    }
  } finally {
    await context.close()
  }
}

/** Two seconds of a tone in bursts, at the microphone's rate: noise suppression would remove a continuous tone. */
export function bursts(hertz: number): Int16Array {
  return Int16Array.from({ length: 2 * rate }, (_, index) => {
    const on = Math.floor((index / rate) * 4) % 2 === 0
    return on ? Math.round(0.6 * 32767 * Math.sin((2 * Math.PI * hertz * index) / rate)) : 0
  })
}

const bytesOf = (samples: Int16Array): Buffer =>
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)

function waveOf(samples: Int16Array): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(36 + samples.byteLength, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(rate, 24)
  header.writeUInt32LE(rate * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(samples.byteLength, 40)
  return Buffer.concat([header, bytesOf(samples)])
}
