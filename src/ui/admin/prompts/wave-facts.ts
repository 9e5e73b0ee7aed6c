/** Length and loudness of a sound in the page, measured as the server measures them. */
import { loudnessLufs } from '../../../core/prompts/loudness.ts'
import { parseWave, quietestDb, secondsOf } from '../../../core/prompts/wave.ts'

export async function secondsIn(sound: Blob): Promise<number> {
  const wave = parseWave(new Uint8Array(await sound.arrayBuffer()))
  return wave === null ? 0 : secondsOf(wave)
}

export async function loudnessIn(sound: Blob): Promise<number> {
  const wave = parseWave(new Uint8Array(await sound.arrayBuffer()))
  return wave === null ? quietestDb : loudnessLufs(wave)
}
