/**
 * The segments of a call as one file. Each is of one encoding at a constant bit rate, so that one can follow the other; what
 * each begins with holds no sound but the length of its own file, and is left out.
 */
import { Readable } from 'node:stream'
import { Refused } from '../shell/problem.ts'
import { encodingOf } from './encoding.ts'
import type { HeardAudio } from './heard-audio.ts'
import type { ByteRange } from './range.ts'

/** @throws {Refused} `recording-withheld`: of several segments one is in another encoding. */
export async function joined(segments: readonly HeardAudio[]): Promise<HeardAudio> {
  const [first, ...others] = segments
  if (first === undefined) throw new Refused('no-recording')
  if (others.length === 0) return first
  const encodings = await Promise.all(segments.map(async (each) => encodingOf(await each.head())))
  const [encoding] = encodings
  if (encoding === undefined || encoding === null) throw new Refused('recording-withheld')
  if (encodings.some((other) => other?.name !== encoding.name)) throw new Refused('recording-withheld')
  const close = async (): Promise<void> => {
    for (const each of segments) await each.close()
  }
  const { leadBytes } = encoding
  const soundBytes = segments.reduce((sum, { size }) => sum + size - leadBytes, 0)
  const lead = encoding.lead(soundBytes)
  return {
    size: lead.length + soundBytes,
    name: first.name,
    etag: `"${segments.map(({ etag }) => etag.replaceAll('"', '')).join('+')}"`,
    head: () => first.head(),
    stream(range) {
      const stream = Readable.from(bytesOf(lead, segments, leadBytes, range), { objectMode: false })
      // Also those that were not read: `close` follows when the listener disconnects before the first byte, too.
      stream.once('close', () => void close())
      return stream
    },
    close,
  }
}

async function* bytesOf(
  lead: Buffer,
  segments: readonly HeardAudio[],
  leadBytes: number,
  { start, end }: ByteRange,
): AsyncGenerator<Buffer> {
  if (start < lead.length) yield lead.subarray(start, end + 1)
  let offset = lead.length
  for (const each of segments) {
    const length = each.size - leadBytes
    const from = Math.max(start - offset, 0)
    const to = Math.min(end - offset, length - 1)
    offset += length
    if (from <= to) yield* each.stream({ start: from + leadBytes, end: to + leadBytes })
  }
}
