/**
 * Silences parts of a compressed recording while it is sent. The file on disk stays complete, for the auditor and
 * for its checksum. Recordings are MPEG-2.5 Layer III at a constant bit rate
 * (docs/decisions/0006-recordings-are-mp3.md), so all frames have the same length and a range of bytes is a range
 * of time. A frame whose side information is zero is silent.
 */
import type { Silence } from '../../city/identity/silence.ts'

export interface FrameLayout {
  readonly frameBytes: number
  readonly frameMs: number
  readonly sideInfoBytes: number
}

const headerBytes = 4
/** Bit rates of MPEG-2 and MPEG-2.5 Layer III in kbit/s, by index. No recording uses another layer. */
const bitrates = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
/** By the second byte of a frame without checksum: MPEG-2.5, used now, and MPEG-2, used by older recordings. */
const sampleRates = new Map([
  [0xe3, [11_025, 12_000, 8_000]],
  [0xf3, [22_050, 24_000, 16_000]],
])
const samplesPerFrame = 576
/** The encoder's header frame and its delay precede the first sample; a small margin is silenced as well. */
const leadFrames = 4
/**
 * The data of a frame can begin up to 255 bytes before it (the bit reservoir). Of the last silent frames only the
 * side information is cleared, because their bytes can hold sound that follows the silence; without side
 * information they cannot be decoded.
 */
const reservoirBytes = 255

/** The layout of a file that begins with `head`; null when it is not in our encoding. */
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

/** Frames from `first` to `end`, `end` excluded. */
export interface SilentFrames {
  readonly first: number
  readonly end: number
}

export function framesOf({ frameMs }: FrameLayout, silences: readonly Silence[]): readonly SilentFrames[] {
  return silences.map(({ offsetMs, durationMs }) => ({
    // The first frame is the header with the file's length; it has no sound.
    first: Math.max(1, Math.floor(offsetMs / frameMs)),
    end: Math.ceil((offsetMs + durationMs) / frameMs) + leadFrames,
  }))
}

/** Clears the silent frames within a piece of the file that begins at byte `at`. Changes the piece in place. */
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
  // The first byte of the side information is `main_data_begin`; decoders need it to find the data of later frames.
  const from = start + headerBytes + (isLast ? 1 : 0)
  const to = start + (isLast ? headerBytes + sideInfoBytes : frameBytes)
  piece.fill(0, Math.max(0, from), Math.max(0, Math.min(piece.length, to)))
}
