/** WAV files as MixMonitor writes them: mono, 16 bits, with sizes in the header only after closing. */
import { open } from 'node:fs/promises'
import type { Millis } from '../../core/ids.ts'
import { unlessMissing } from '../../missing-file.ts'

export interface Wav {
  readonly path: string
  readonly sampleRate: number
  /** Byte offset of the samples. */
  readonly dataOffset: number
  readonly dataBytes: number
  /** Whether Asterisk has closed the file: only then is the size in the header true. */
  readonly closed: boolean
  /** When it was last written: a closed file, when the leg ended. */
  readonly writtenAt: Millis
  /** Whether the file is not MixMonitor's format and cannot be decoded. */
  readonly damaged: boolean
}

type Layout = Omit<Wav, 'path' | 'writtenAt' | 'damaged'>

const headerBytesMax = 4_096

const nothing = { sampleRate: 8_000, dataOffset: 44, dataBytes: 0, closed: false } as const

/** A file without a sound. */
export const noWav = (path: string): Wav => ({ path, ...nothing, writtenAt: 0, damaged: false })

/** Null when there is no such file. */
export async function readWav(path: string): Promise<Wav | null> {
  await using handle = await open(path, 'r').catch(unlessMissing)
  if (handle === undefined) return null
  const { size, mtimeMs: writtenAt } = await handle.stat()
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerBytesMax), 0, headerBytesMax, 0)
  // The file has just been created and is still empty.
  if (bytesRead < 44) return { path, ...nothing, writtenAt, damaged: false }
  const layout = layoutOf(buffer.subarray(0, bytesRead), size)
  return { path, ...(layout ?? nothing), writtenAt, damaged: layout === null }
}

/** Null: not a mono 16-bit WAV file. */
function layoutOf(header: Buffer, size: number): Layout | null {
  if (header.toString('latin1', 0, 4) !== 'RIFF' || header.toString('latin1', 8, 12) !== 'WAVE') {
    return lostItsHead(header, size) ? headless(size) : null
  }
  let sampleRate = 0
  for (let at = 12; at + 8 <= header.length;) {
    const name = header.toString('latin1', at, at + 4)
    const length = header.readUInt32LE(at + 4)
    if (name === 'fmt ') {
      if (at + 24 > header.length) return null
      const [format, channels, bits] = [at + 8, at + 10, at + 22].map((from) => header.readUInt16LE(from))
      if (format !== 1 || channels !== 1 || bits !== 16) return null
      sampleRate = header.readUInt32LE(at + 12)
    }
    if (name === 'data') {
      if (sampleRate === 0) return null
      const dataOffset = at + 8
      // Whole samples only: the last one of an unfinished file may be incomplete.
      const dataBytes = Math.max(0, size - dataOffset) & ~1
      return { sampleRate, dataOffset, dataBytes, closed: length > 0 && length === dataBytes }
    }
    at += 8 + length + (length % 2)
  }
  return null
}

/** Layout of a file without a header: Asterisk's 8 kHz, samples from byte 44, never closed. */
const headless = (size: number): Layout => ({
  sampleRate: 8_000,
  dataOffset: 44,
  dataBytes: Math.max(0, size - 44) & ~1,
  closed: false,
})

/**
 * Whether the file was begun on a full disk: Asterisk's first bytes were lost, later ones written, and at the end the
 * two lengths in the header.
 */
function lostItsHead(header: Buffer, size: number): boolean {
  return header.readUInt32LE(4) === size - 8 && header.readUInt32LE(40) === size - 44
}
