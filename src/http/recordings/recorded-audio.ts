/** The bytes of a recording, sealed or (from before they were) plain: any range, and nothing outside of the folder. */
import { open } from 'node:fs/promises'
import { join, normalize, sep } from 'node:path'
import { Readable } from 'node:stream'
import { keyOf } from '../../ledger/recordings/keys.ts'
import { SealedFile, sealedEnd } from '../../ledger/recordings/sealed-file.ts'
import { isMissing } from '../../missing-file.ts'
import { Refused } from '../shell/problem.ts'
import type { HttpDeps } from '../ports.ts'
import type { ByteRange } from './range.ts'

export interface RecordedAudio {
  /** Bytes of the audio itself. */
  readonly size: number
  /** The name of the audio's file, whose end says what it is (`.mp3`). */
  readonly name: string
  /** From `start` to `end`, both included; closes the file at its end. */
  stream(range: ByteRange): Readable
  /** The same, at once: for a few bytes. */
  read(range: ByteRange): Promise<Buffer>
  /** Where it was not streamed. */
  close(): Promise<void>
}

/** `file` as the ledger names it. @throws {Refused} where it is not there, or where its key was destroyed. */
export async function openAudio(
  { recordings, recordingKeys }: Pick<HttpDeps, 'recordings' | 'recordingKeys'>,
  file: string,
): Promise<RecordedAudio> {
  const path = normalize(join(recordings, file))
  // The name comes from our own ledger; a wrong row must still not open another file.
  if (!path.startsWith(normalize(recordings + sep))) throw new Refused('no-recording')
  if (!file.endsWith(sealedEnd)) return plain(path)
  const key = await keyOf(recordingKeys, file)
  if (key === null) throw new Refused('recording-destroyed')
  return sealed(path, key)
}

async function sealed(path: string, key: Buffer): Promise<RecordedAudio> {
  const file = await SealedFile.open(path, key).catch(refuseMissing)
  return {
    size: file.size,
    name: path.slice(0, -sealedEnd.length),
    stream(range) {
      const stream = Readable.from(file.read(range), { objectMode: false })
      // Also of a listener who went away before the first byte.
      stream.once('close', () => void file.close())
      return stream
    },
    async read(range) {
      const parts: Buffer[] = []
      for await (const part of file.read(range)) parts.push(part)
      return Buffer.concat(parts)
    },
    close: () => file.close(),
  }
}

async function plain(path: string): Promise<RecordedAudio> {
  const file = await open(path).catch(refuseMissing)
  const { size } = await file.stat()
  return {
    size,
    name: path,
    stream: (range) => file.createReadStream(range),
    async read({ start, end }) {
      const bytes = Buffer.alloc(end - start + 1)
      const { bytesRead } = await file.read(bytes, 0, bytes.length, start)
      return bytes.subarray(0, bytesRead)
    },
    close: () => file.close(),
  }
}

function refuseMissing(error: unknown): never {
  if (isMissing(error)) throw new Refused('no-recording')
  throw error
}
