/** The WAV files that MixMonitor writes: one channel, 16 bits, sizes in the header only once it is closed. */
import { open } from 'node:fs/promises'

export interface Wav {
  readonly path: string
  readonly sampleRate: number
  /** Where the samples begin. */
  readonly dataOffset: number
  readonly dataBytes: number
  /** Whether Asterisk has finished the file: only then does its header tell the true size. */
  readonly closed: boolean
}

const headerBytesMax = 4_096

/** Null when there is no such file. Throws when it is none that MixMonitor writes. */
export async function readWav(path: string): Promise<Wav | null> {
  let handle
  try {
    handle = await open(path, 'r')
  } catch (err) {
    if (err instanceof Error && 'code' in err && err.code === 'ENOENT') return null
    throw err
  }
  try {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerBytesMax), 0, headerBytesMax, 0)
    // A file that has just been created: nothing in it yet.
    if (bytesRead < 44) return { path, sampleRate: 8_000, dataOffset: 44, dataBytes: 0, closed: false }
    return { path, ...layoutOf(buffer.subarray(0, bytesRead), size) }
  } finally {
    await handle.close()
  }
}

function layoutOf(header: Buffer, size: number): Omit<Wav, 'path'> {
  if (header.toString('latin1', 0, 4) !== 'RIFF' || header.toString('latin1', 8, 12) !== 'WAVE') {
    if (lostItsHead(header, size)) return headless(size)
    throw new TypeError('not a WAV file')
  }
  let sampleRate = 0
  for (let at = 12; at + 8 <= header.length;) {
    const name = header.toString('latin1', at, at + 4)
    const length = header.readUInt32LE(at + 4)
    if (name === 'fmt ') {
      const [format, channels, bits] = [at + 8, at + 10, at + 22].map((from) => header.readUInt16LE(from))
      if (format !== 1 || channels !== 1 || bits !== 16) throw new TypeError('not one channel of 16 bits')
      sampleRate = header.readUInt32LE(at + 12)
    }
    if (name === 'data') {
      const dataOffset = at + 8
      // Whole samples only: the last one of an unfinished file may be cut.
      const dataBytes = Math.max(0, size - dataOffset) & ~1
      return { sampleRate, dataOffset, dataBytes, closed: length > 0 && length === dataBytes }
    }
    at += 8 + length + (length % 2)
  }
  throw new TypeError('a WAV file without samples')
}

/** As Asterisk writes them: 8 kHz, the samples after 44 bytes; never whole. */
const headless = (size: number): Omit<Wav, 'path'> => ({
  sampleRate: 8_000,
  dataOffset: 44,
  dataBytes: Math.max(0, size - 44) & ~1,
  closed: false,
})

/**
 * Begun on a full disk: Asterisk's first bytes were not taken, later ones were, and at the end it wrote the
 * lengths to where they belong.
 */
function lostItsHead(header: Buffer, size: number): boolean {
  return header.readUInt32LE(4) === size - 8 && header.readUInt32LE(40) === size - 44
}
