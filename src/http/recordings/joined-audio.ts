/**
 * The segments of a call as one file. Each is MPEG Layer III at one constant bit rate, so that one can follow the other; their
 * first frames, which hold no sound but the length of each file, are left out, or a player would believe the first one.
 */
import { Readable } from 'node:stream'
import { Refused } from '../shell/problem.ts'
import type { HeardAudio } from './heard-audio.ts'
import type { ByteRange } from './range.ts'
import { frameLayout, type FrameLayout } from './silenced-mp3.ts'

/** The encoding of all recordings that have more than one segment (`jobs/recordings/encode.ts`). */
const frames: FrameLayout = { frameBytes: 288, frameMs: 72, sideInfoBytes: 17 }

/** How long a segment plays among others: the encoder fills its last frame, and one more. */
export const joinedMs = (bytes: number): number =>
  Math.max(0, Math.floor(bytes / frames.frameBytes) - 1) * frames.frameMs

/** @throws {Refused} `recording-withheld`: of several segments one is in another encoding. */
export async function joined(segments: readonly HeardAudio[]): Promise<HeardAudio> {
  const [first, ...others] = segments
  if (first === undefined) throw new Refused('no-recording')
  if (others.length === 0) return first
  for (const each of segments) {
    const layout = frameLayout(await each.head())
    if (layout?.frameBytes !== frames.frameBytes || layout.frameMs !== frames.frameMs)
      throw new Refused('recording-withheld')
  }
  const close = async (): Promise<void> => {
    for (const each of segments) await each.close()
  }
  const lengths = segments.map(({ size }) => size - frames.frameBytes)
  return {
    size: lengths.reduce((sum, length) => sum + length, 0),
    name: first.name,
    etag: `"${segments.map(({ etag }) => etag.replaceAll('"', '')).join('+')}"`,
    head: () => first.head(),
    stream(range) {
      const stream = Readable.from(bytesOf(segments, range), { objectMode: false })
      // Also those that were not read: `close` follows when the listener disconnects before the first byte, too.
      stream.once('close', () => void close())
      return stream
    },
    close,
  }
}

async function* bytesOf(segments: readonly HeardAudio[], { start, end }: ByteRange): AsyncGenerator<Buffer> {
  let offset = 0
  for (const each of segments) {
    const length = each.size - frames.frameBytes
    const from = Math.max(start - offset, 0)
    const to = Math.min(end - offset, length - 1)
    offset += length
    if (from <= to) yield* each.stream({ start: from + frames.frameBytes, end: to + frames.frameBytes })
  }
}
