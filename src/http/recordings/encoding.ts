/** The encodings of recordings in which a time is a range of bytes: such a file can be silenced and joined while it is sent. */
import { extname } from 'node:path'
import { Transform } from 'node:stream'
import type { Silence } from '../../city/identity/silence.ts'
import {
  alawEnd,
  alawHeadBytes,
  alawHeader,
  alawLayout,
  alawSilence,
  bytesPerSecond,
} from '../../ledger/recordings/alaw-wav.ts'
import { sealedEnd } from '../../ledger/recordings/sealed-file.ts'
import { clear, frameLayout, framesOf } from './silenced-mp3.ts'

export interface Encoding {
  /** Files of the same name can follow one another. */
  readonly name: string
  /** At a file's beginning, without sound: left out of a joined file. */
  readonly leadBytes: number
  /** The beginning of a joined file. */
  lead(soundBytes: number): Buffer
  /** How many bytes so much sound has; of a whole number of frames, exactly. */
  bytesOf(ms: number): number
  /** The version of the file in which these stretches are silent. */
  silenced(silences: readonly Silence[]): Silenced
}

export interface Silenced {
  /** Tells versions apart. */
  readonly name: string
  /** For a range that begins at byte `at`. */
  from(at: number): Transform
}

/** The encoder's frame: 288 bytes for 72 ms. */
const mp3Frame = { bytes: 288, ms: 72 }
/** Enough of a file's beginning for `encodingOf`. */
export const headBytes = alawHeadBytes

/** Null: not an encoding of ours. */
export function encodingOf(head: Buffer): Encoding | null {
  return alaw(head) ?? mp3(head)
}

/** How long a segment plays among others, by its file's name. Of an MP3 the encoder fills the last frame, and one more. */
export function joinedMs(file: string, bytes: number, durationMs: number): number {
  if (extname(file.endsWith(sealedEnd) ? file.slice(0, -sealedEnd.length) : file) === alawEnd)
    return durationMs
  return Math.max(0, Math.floor(bytes / mp3Frame.bytes) - 1) * mp3Frame.ms
}

function alaw(head: Buffer): Encoding | null {
  const layout = alawLayout(head)
  if (layout === null) return null
  const { headerBytes: leadBytes, sampleRate } = layout
  const bytesPerMs = bytesPerSecond(layout) / 1_000
  return {
    name: `alaw ${sampleRate}`,
    leadBytes,
    lead: (soundBytes) => alawHeader(soundBytes, sampleRate),
    bytesOf: (ms) => ms * bytesPerMs,
    silenced(silences) {
      const stretches = silences.map(({ offsetMs, durationMs }) => ({
        first: leadBytes + Math.floor(offsetMs * bytesPerMs),
        end: leadBytes + Math.ceil((offsetMs + durationMs) * bytesPerMs),
      }))
      return {
        name: stretches.map(({ first, end }) => `${first}-${end}`).join('.'),
        from: (at) =>
          changing(at, (piece, start) => {
            for (const { first, end } of stretches)
              piece.fill(alawSilence, clamped(first - start, piece), clamped(end - start, piece))
            return piece
          }),
      }
    },
  }
}

const clamped = (at: number, { length }: Buffer): number => Math.max(0, Math.min(length, at))

function mp3(head: Buffer): Encoding | null {
  const layout = frameLayout(head)
  if (layout === null) return null
  return {
    name: `mp3 ${layout.frameBytes} ${layout.frameMs}`,
    // The first frame holds no sound but the length of the file, which a player would believe.
    leadBytes: layout.frameBytes,
    lead: () => Buffer.alloc(0),
    bytesOf: (ms) => Math.floor(ms / layout.frameMs) * layout.frameBytes,
    silenced(silences) {
      const silent = framesOf(layout, silences)
      return {
        name: silent.map(({ first, end }) => `${first}-${end}`).join('.'),
        from: (at) => changing(at, (piece, start) => clear(piece, start, layout, silent)),
      }
    },
  }
}

/** Transforms a range of a file that begins at byte `at`. */
function changing(at: number, change: (piece: Buffer, at: number) => Buffer): Transform {
  let position = at
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      const changed = change(piece, position)
      position += piece.length
      done(null, changed)
    },
  })
}
