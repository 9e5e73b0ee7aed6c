/**
 * Silence in a compressed recording, put in while it is sent: the file on disk stays whole, for the auditor and for
 * its checksum. Ours are MPEG-2.5 Layer III of a constant rate (`jobs/encode.ts`), so that every frame is as long as the
 * first and a range of bytes stays a range of time. A frame whose side information is zero holds no sound.
 */
import { Transform } from 'node:stream'
import type { Silence } from '../../city/identity/silence.ts'

export interface FrameLayout {
  readonly frameBytes: number
  readonly frameMs: number
  readonly sideInfoBytes: number
}

const headerBytes = 4
/** Layer III of MPEG-2 and 2.5, in kbit/s by index; the others are not made by us. */
const bitrates = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
/** By the second byte of a frame without a checksum: MPEG-2.5, as we make them, and MPEG-2, as we did before. */
const sampleRates = new Map([
  [0xe3, [11_025, 12_000, 8_000]],
  [0xf3, [22_050, 24_000, 16_000]],
])
const samplesPerFrame = 576
/** What stands before the first sample: the encoder's own frame and its delay. Rather a little more is silent. */
const leadFrames = 4
/**
 * Sound after the silence may be written up to 255 bytes before its own frame: of the last frames only the side
 * information is cleared, without which their bytes mean nothing.
 */
const reservoirBytes = 255

/** Of a file that begins so; null when it is another kind of file than ours. */
export function frameLayout(head: Buffer): FrameLayout | null {
  const [sync = 0, version = 0, rate = 0, mode = 0] = head.subarray(0, headerBytes)
  if (sync !== 0xff) return null
  const kbits = bitrates[rate >> 4] ?? 0
  const hertz = sampleRates.get(version)?.[(rate >> 2) & 3] ?? 0
  const frameBytes = (samplesPerFrame / 8) * ((kbits * 1_000) / hertz)
  if (kbits === 0 || hertz === 0 || !Number.isInteger(frameBytes)) return null
  const mono = mode >> 6 === 3
  return { frameBytes, frameMs: (samplesPerFrame / hertz) * 1_000, sideInfoBytes: mono ? 9 : 17 }
}

/** Frames from `first` up to, but not with, `end`. */
export interface SilentFrames {
  readonly first: number
  readonly end: number
}

export function framesOf({ frameMs }: FrameLayout, silences: readonly Silence[]): readonly SilentFrames[] {
  return silences.map(({ offsetMs, durationMs }) => ({
    // The first frame tells the player how long the file is; it has no sound.
    first: Math.max(1, Math.floor(offsetMs / frameMs)),
    end: Math.ceil((offsetMs + durationMs) / frameMs) + leadFrames,
  }))
}

/** Clears what a piece of the file, which begins at byte `at` of it, holds of the silent frames. Changes the piece. */
export function clear(
  piece: Buffer,
  at: number,
  layout: FrameLayout,
  silent: readonly SilentFrames[],
): Buffer {
  const { frameBytes } = layout
  for (const { first, end } of silent) {
    const from = Math.max(first, Math.floor(at / frameBytes))
    const to = Math.min(end, Math.ceil((at + piece.length) / frameBytes))
    for (let frame = from; frame < to; frame++)
      clearFrame(piece, frame * frameBytes - at, layout, end - frame)
  }
  return piece
}

function clearFrame(piece: Buffer, start: number, layout: FrameLayout, framesLeft: number): void {
  const { frameBytes, sideInfoBytes } = layout
  const kept = Math.ceil(reservoirBytes / (frameBytes - headerBytes - sideInfoBytes))
  const isLast = framesLeft <= kept
  // The first byte of the side information says how far back its sound begins: the next frames count from there.
  const from = start + headerBytes + (isLast ? 1 : 0)
  const to = start + (isLast ? headerBytes + sideInfoBytes : frameBytes)
  piece.fill(0, Math.max(0, from), Math.max(0, Math.min(piece.length, to)))
}

/** Passes a range of the file on, which begins at byte `at`, with the silence in it. */
export function silencing(at: number, layout: FrameLayout, silent: readonly SilentFrames[]): Transform {
  let position = at
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      const cleared = clear(piece, position, layout, silent)
      position += piece.length
      done(null, cleared)
    },
  })
}
