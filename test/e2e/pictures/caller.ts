/** The callers on the pictures, who do not hang up, and the steps of a call that all of them share. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { spokenNumber } from '../../../src/ui/shared/phone-number.ts'
import { callThrough, type Citizen } from '../../../tools/demo/calls/citizen.ts'
import { openExchange } from '../../../tools/demo/calls/exchange.ts'
import { speak, type Voice } from '../../../tools/demo/calls/speech.ts'
import { citizensFrom } from '../../../tools/demo/demo-file.ts'
import { pickUp, waitForState } from '../../support/browser/browser.ts'
import { demo, speechFolder } from './studio.ts'

const crowded = 8

export interface Person {
  readonly number: string
  readonly name: string
  readonly says: string
  readonly voice: Voice
}

export type Callers = Awaited<ReturnType<typeof openCallers>>

/** The demo's random callers end with 00 to 59. The minute in the number gives each run a caller without history. */
export const numberEnding = (n: number): string =>
  `07440009${60 + ((Math.floor(Date.now() / 60_000) + n) % 40)}`

export async function openCallers() {
  const exchange = await openExchange(citizensFrom(demo), demo.sip)
  const { line: number } = demo
  const crowd: Citizen[] = []
  return {
    /** Calls, and waits until the desk rings. */
    async ring(desk: Page, { number: callerId, name: callerName, says, voice }: Person): Promise<void> {
      await becomeReady(desk)
      const speech = await speak(says, voice, speechFolder)
      await callThrough(exchange, { number, callerId, callerName, speech })
      await waitForState(desk, 'ringing')
      const shown = await desk.locator('[data-call] [data-caller]').textContent()
      if (shown !== spokenNumber(callerId)) throw new Error(`${shown} rings: is "make demo" running?`)
    },
    /** More calls at once than there are free agents. */
    async crowd(): Promise<void> {
      for (let n = 0; n < crowded; n += 1)
        crowd.push(await callThrough(exchange, { number, callerId: numberEnding(20 + n), speech: null }))
    },
    async close(): Promise<void> {
      for (const citizen of crowd) citizen.hangUp()
      await Promise.all(crowd.map(({ ended }) => ended))
      await exchange.close()
    },
  }
}

async function becomeReady(desk: Page): Promise<void> {
  await desk.locator('[data-action=pause-ready]:not([aria-disabled=true])').waitFor()
  if ((await desk.locator('[data-state=paused]').count()) > 0) await desk.keyboard.press('F4')
  await waitForState(desk, 'ready')
}

/** One call from ring to wrap-up; `work` is done while they talk. */
export async function serve(
  desk: Page,
  { notes, talkMs, work }: { notes: string; talkMs: number; work?: () => Promise<void> },
  wrapUp: WrapUp,
): Promise<void> {
  await pickUp(desk)
  await desk.locator('[data-notes]').fill(notes)
  await work?.()
  await delay(talkMs)
  await desk.locator('output[data-status=saved]').waitFor()
  await desk.keyboard.press('Shift+F8')
  await waitForState(desk, 'wrap-up')
  await fillInWrapUp(desk, wrapUp)
  await endWrapUp(desk)
}

export interface WrapUp {
  /** Null: as proposed. */
  readonly subject: string | null
  readonly resolution: 'Rezolvat pe loc' | 'Înregistrat' | 'Îndrumat'
}

export async function fillInWrapUp(desk: Page, { subject, resolution }: WrapUp): Promise<void> {
  const form = desk.locator('[data-wrap-up]')
  if (subject !== null) await form.locator('[data-subject]').fill(subject)
  await form.locator('label', { hasText: /Da$/ }).click()
  await form.locator('label', { hasText: resolution }).click()
}

export async function endWrapUp(desk: Page): Promise<void> {
  await desk.keyboard.press('Control+Enter')
  await desk.locator('[data-state="wrap-up"]').waitFor({ state: 'detached' })
}
