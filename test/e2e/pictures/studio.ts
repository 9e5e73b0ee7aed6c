/** The running demo, the browser's pages and the picture files. */
import { execFile } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import type { Question } from '../../../src/http/identity/wire.ts'
import { decodeAlaw } from '../../../tools/demo/calls/alaw.ts'
import { agentSays } from '../../../tools/demo/calls/caller-profiles.ts'
import { speak } from '../../../tools/demo/calls/speech.ts'
import { readDemoFile, type DemoAccount, type DemoFile } from '../../../tools/demo/demo-file.ts'
import type { Played } from '../../../tools/demo/fiscal/seed.ts'

const folder = fileURLToPath(new URL('../../../docs/screens/', import.meta.url))
const varFolder = process.env['VAR_DIR'] ?? 'var'
export const speechFolder = join(varFolder, 'demo', 'speech')
const run = promisify(execFile)

export const demo = (await readDemoFile(join(varFolder, 'demo.json'))) as DemoFile & {
  readonly taxpayers: readonly Played[]
}

export function accountOf(username: string): DemoAccount {
  const found = demo.accounts.find((one) => one.username === username)
  if (found === undefined) throw new Error(`there is no demo account ${username}`)
  return found
}

/** The owner's answer to an identity question. */
export function ownersAnswer({ topic, kind, which, year }: Question): string {
  const owner = demo.taxpayers.find(({ role }) => role === 'owner')
  const fact = owner?.answers.find(({ topic: of, subject: asked }) => {
    if (of !== topic) return false
    return asked.of === 'payment'
      ? kind === null && asked.year === year
      : asked.kind === kind && asked.which === which
  })
  const [expected] = fact?.expected ?? []
  if (expected === undefined) throw new Error(`the owner has no answer about ${topic}`)
  if (typeof expected !== 'object') return String(expected)
  if ('numerator' in expected) return `${expected.numerator}/${expected.denominator}`
  const middle = (expected.from + expected.to) / 2
  return topic === 'payment-band' ? `cam ${Math.round(middle / 100)} de lei` : String(Math.round(middle))
}

/** The agent's speech for the fake microphone, so that meters and recording show speech. */
export async function agentsVoice(): Promise<Int16Array> {
  const spoken = await speak(agentSays.join(' '), { variant: 'f3', pitch: 45, pace: 150 }, speechFolder)
  const samples = decodeAlaw(spoken)
  // Upsampled from 8 kHz to the microphone's 48 kHz.
  return Int16Array.from({ length: samples.length * 6 }, (_, index) => samples[Math.floor(index / 6)] ?? 0)
}

/** Reduced to 256 colours, which suffice for this palette. */
export async function take(page: Page, name: string): Promise<void> {
  const file = join(folder, `${name}.png`)
  const raw = join(folder, `${name}.raw.png`)
  await mkdir(folder, { recursive: true })
  // The tables of the board freeze under the pointer.
  await page.mouse.move(0, 0)
  // The band's transition takes 300 ms; one that is cancelled rejects.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)))
  await page.screenshot({ path: raw })
  await run('pngquant', ['--force', '--strip', '--speed', '1', '--output', file, '256', raw])
  await rm(raw)
  const kilobytes = Math.round((await readFile(file)).byteLength / 1024)
  process.stdout.write(`${name}: ${kilobytes} KB\n`)
}

export async function takeBoth(page: Page, name: string): Promise<void> {
  await take(page, name)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.locator('html[data-mantine-color-scheme=dark]').waitFor()
  await take(page, `${name}-dark`)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.locator('html[data-mantine-color-scheme=light]').waitFor()
}
