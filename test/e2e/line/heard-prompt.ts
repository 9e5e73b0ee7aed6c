/** The fixed prompts as a caller hears them, recognised by their sounds. */
import { join } from 'node:path'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { sampleRate } from '../../../tools/demo/calls/alaw.ts'
import { hasHeardWhole, heardSince, readWave } from '../../support/sip/audio.ts'
import type { Linia } from '../../support/stack.ts'

/** More than any sentence with which the line ends a call. */
const lastSeconds = 25

/** Of a call that has ended: whether the caller has heard the prompt of this name (`asterisk-conf/prompts.ro.json`). */
export async function hasHeardPrompt(linia: Linia, citizen: Citizen, name: string): Promise<boolean> {
  const { channels } = await readWave(join(linia.dir, 'asterisk/sounds', `${name}.wav`))
  return hasHeardWhole(
    channels[0] ?? new Int16Array(),
    heardSince(citizen.rtp, 0).slice(-lastSeconds * sampleRate),
  )
}
