/**
 * The segments of a call as one file. Each is of one encoding at a constant bit rate, so that one can follow the other; what
 * each begins with holds no sound but the length of its own file, and is left out.
 */
import { Readable } from 'node:stream'
import { Refused } from '../shell/problem.ts'
import { encodingOf } from './encoding.ts'
import type { HeardAudio } from './heard-audio.ts'
import type { ByteRange } from './range.ts'

export interface Joinable {
  readonly audio: HeardAudio
  /** Of its beginning, left out; 0 for the first one. */
  readonly skipMs: number
}

/** The sound of one segment that is played. */
interface Piece {
  readonly audio: HeardAudio
  readonly start: number
  readonly length: number
}

/** @throws {Refused} `recording-withheld`: of several segments one is in another encoding. */
export async function joined(segments: readonly Joinable[]): Promise<HeardAudio> {
  const [one, ...others] = segments
  if (one === undefined) throw new Refused('no-recording')
  const first = one.audio
  if (others.length === 0) return first
  const encodings = await Promise.all(segments.map(async ({ audio }) => encodingOf(await audio.head())))
  const [encoding] = encodings
  if (encoding === undefined || encoding === null) throw new Refused('recording-withheld')
  if (encodings.some((other) => other?.name !== encoding.name)) throw new Refused('recording-withheld')
  const close = async (): Promise<void> => {
    for (const { audio } of segments) await audio.close()
  }
  const pieces = segments.map(({ audio, skipMs }): Piece => {
    const start = encoding.leadBytes + encoding.bytesOf(skipMs)
    return { audio, start, length: Math.max(0, audio.size - start) }
  })
  const soundBytes = pieces.reduce((sum, { length }) => sum + length, 0)
  const lead = encoding.lead(soundBytes)
  return {
    size: lead.length + soundBytes,
    name: first.name,
    etag: `"${pieces.map(({ audio, start }) => `${audio.etag.replaceAll('"', '')}@${start}`).join('+')}"`,
    head: () => first.head(),
    stream(range) {
      const stream = Readable.from(bytesOf(lead, pieces, range), { objectMode: false })
      // Also those that were not read: `close` follows when the listener disconnects before the first byte, too.
      stream.once('close', () => void close())
      return stream
    },
    close,
  }
}

async function* bytesOf(
  lead: Buffer,
  pieces: readonly Piece[],
  { start, end }: ByteRange,
): AsyncGenerator<Buffer> {
  if (start < lead.length) yield lead.subarray(start, end + 1)
  let offset = lead.length
  for (const { audio, start: soundFrom, length } of pieces) {
    const from = Math.max(start - offset, 0)
    const to = Math.min(end - offset, length - 1)
    offset += length
    if (from <= to) yield* audio.stream({ start: from + soundFrom, end: to + soundFrom })
  }
}
