/** Length and level of a sound in the page, measured as the server measures them. */
import { parseWave, rmsDb, secondsOf } from '../../../core/prompts/wave.ts'

export async function secondsIn(sound: Blob): Promise<number> {
  const wave = parseWave(new Uint8Array(await sound.arrayBuffer()))
  return wave === null ? 0 : secondsOf(wave)
}

export async function levelIn(sound: Blob): Promise<number> {
  const wave = parseWave(new Uint8Array(await sound.arrayBuffer()))
  return rmsDb(wave?.samples ?? new Int16Array(0))
}
