/** An agent at the desk whose phone is in the page: what is heard, and the end of a call. */
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { bounceMs } from '../../../src/ui/agent/keys/chords.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { inboundSound, waitForState } from '../../support/browser/browser.ts'
import { heardSince, loudness, shareOf } from '../../support/sip/audio.ts'
import { citizenTone } from '../desk-steps.ts'
import type { DeskAgent, Scene } from '../scene.ts'

/** Beside a colleague with a desk phone. */
export interface DeskWork {
  readonly scene: Scene
  /** The page of agent01, whose microphone has `agentTone` in bursts. */
  readonly desk: Page
  /** agent03. */
  readonly colleague: DeskAgent
}

export const agentTone = 600
export const colleagueTone = 1_300

/** Hearing bursts: half a second of the agent's tone within the last 1.5 s. */
export function hearsAgent(citizen: Citizen): boolean {
  const sound = heardSince(citizen.rtp, performance.now() - 1500)
  for (let at = 0; at + 1000 <= sound.length; at += 500) {
    const slice = sound.subarray(at, at + 1000)
    if (loudness(slice) > 0.005 && shareOf(agentTone, slice) > 0.4) return true
  }
  return false
}

export async function hearsTone(page: Page, wanted: number): Promise<boolean> {
  const { hertz, above } = await inboundSound(page)
  return Math.abs(hertz - wanted) < 15 && above > 20
}

export const hearsCitizen = (page: Page): Promise<boolean> => hearsTone(page, citizenTone)

/** The agent hangs up by key, which ends the citizen's call, too. */
export async function hangUpByKey(t: Test, page: Page, citizen: Citizen): Promise<void> {
  // An earlier keystroke would count as a bounce of the answering one.
  await page.waitForTimeout(bounceMs)
  await page.keyboard.press('Shift+F8')
  t.equal((await citizen.ended).ending, 'line hung up')
}

/** Finishes the form by key. */
export async function endWrapUp(desk: Page): Promise<void> {
  await waitForState(desk, 'wrap-up')
  await desk.keyboard.press('Control+Enter')
  await waitForState(desk, 'ready')
}
