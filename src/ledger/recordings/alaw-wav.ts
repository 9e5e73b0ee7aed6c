/**
 * Stereo A-law at 8 kHz in a WAV file, as finished recordings are kept until they are compressed: 16 bytes a millisecond,
 * caller left, agent right. Chromium and Firefox play it and jump in it by ranges.
 */
import { Buffer } from 'node:buffer'

export const alawEnd = '.wav'
/** The format's number in a WAV file. */
const alawFormat = 6
const channels = 2
const headerBytes = 58
/** The code of silence. */
export const alawSilence = 0xd5

export interface AlawLayout {
  readonly headerBytes: number
  readonly sampleRate: number
}

/** Bytes of both tracks a second. */
export const bytesPerSecond = ({ sampleRate }: AlawLayout): number => channels * sampleRate

export function alawHeader(dataBytes: number, sampleRate: number): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.write('RIFF', 0)
  header.writeUInt32LE(headerBytes - 8 + dataBytes, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(18, 16)
  header.writeUInt16LE(alawFormat, 20)
  header.writeUInt16LE(channels, 22)
  header.writeUInt32LE(sampleRate, 24)
  header.writeUInt32LE(channels * sampleRate, 28)
  header.writeUInt16LE(channels, 32)
  header.writeUInt16LE(8, 34)
  header.write('fact', 38)
  header.writeUInt32LE(4, 42)
  header.writeUInt32LE(dataBytes / channels, 46)
  header.write('data', 50)
  header.writeUInt32LE(dataBytes, 54)
  return header
}

/** Length of the beginning of a file that `alawLayout` needs. */
export const alawHeadBytes = headerBytes

/** The layout of a file that begins with `head`, as `alawHeader` writes it; null for every other file. */
export function alawLayout(head: Buffer): AlawLayout | null {
  if (head.length < headerBytes) return null
  const sampleRate = head.readUInt32LE(24)
  const expected = alawHeader(head.readUInt32LE(54), sampleRate)
  return expected.equals(head.subarray(0, headerBytes)) ? { headerBytes, sampleRate } : null
}
