/** Range access to a recording's bytes, decrypted if the file is sealed. Recordings made before sealing are plain. */
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
  /** Size of the audio itself in bytes. */
  readonly size: number
  /** The audio's file name; its extension gives the format (`.mp3`). */
  readonly name: string
  /** From `start` to `end`, both included. Closes the file when the stream ends. */
  stream(range: ByteRange): Readable
  /** The same in one buffer, for a few bytes. */
  read(range: ByteRange): Promise<Buffer>
  /** For audio that was not streamed. */
  close(): Promise<void>
}

/** `file`: the path in the ledger. @throws {Refused} `no-recording`; `recording-destroyed` when its key is gone. */
export async function openAudio(
  { recordings, recordingKeys }: Pick<HttpDeps, 'recordings' | 'recordingKeys'>,
  file: string,
): Promise<RecordedAudio> {
  const path = normalize(join(recordings, file))
  // The path comes from our own ledger, but a wrong row must not open a file outside of the folder.
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
      // `close` also follows when the listener disconnects before the first byte.
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
