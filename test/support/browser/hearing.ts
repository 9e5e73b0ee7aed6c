/** Whether the two ends of a call hear each other's tones. */
import type { Page } from 'playwright-core'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { heardSince, loudness, shareOf } from '../sip/audio.ts'
import { inboundSound } from './browser.ts'

/** A browser sends bursts (`bursts`), so one tone of an eighth of a second within `withinMs` is enough. */
export function hearsBursts(citizen: Citizen, hertz: number, withinMs = 1500): boolean {
  const sound = heardSince(citizen.rtp, performance.now() - withinMs)
  for (let at = 0; at + 1000 <= sound.length; at += 500) {
    const slice = sound.subarray(at, at + 1000)
    if (loudness(slice) > 0.005 && shareOf(hertz, slice) > 0.4) return true
  }
  return false
}

/** Whether the page's inbound audio has this tone. */
export async function pageHears(page: Page, hertz: number): Promise<boolean> {
  const sound = await inboundSound(page)
  return Math.abs(sound.hertz - hertz) < 15 && sound.above > 20
}
