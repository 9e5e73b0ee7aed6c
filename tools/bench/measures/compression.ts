/** Processor time of compressing recordings, which the product does when the line is quiet (decision 0042). */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const program = fileURLToPath(new URL('compression-process.ts', import.meta.url))
const boundMs = 10 * 60_000

/**
 * Processor seconds of a recording, the mean of some of those that are there; NaN: none is there. Measured in a process of
 * its own: starting `lame` costs a large one several times as much (decision 0026).
 */
export async function compressionSeconds(place: {
  readonly recordings: string
  readonly recordingKeys: string
}): Promise<number> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, place.recordings, place.recordingKeys],
    { timeout: boundMs },
  )
  return Number(stdout)
}
