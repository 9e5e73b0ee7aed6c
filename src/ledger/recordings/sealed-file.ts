/**
 * An encrypted file that can be read at any range: AES-256-GCM in chunks of 64 KiB. The chunk's number is its nonce,
 * and whether it is the last one is authenticated with it. A changed byte, a truncated file or reordered chunks
 * therefore fail authentication.
 *
 * A key must seal one file only, and only once, because nonces would repeat.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { isMissing } from '../../missing-file.ts'

export const sealedEnd = '.sealed'
export const sealKeyBytes = 32

const magic = Buffer.from('L969SEA1')
const chunkBytes = 64 * 1024
const tagBytes = 16
const sealedChunkBytes = chunkBytes + tagBytes

/** Size of a sealed file: a file that is shorter was cut off. */
export function sealedBytesOf(plainBytes: number): number {
  return magic.length + plainBytes + Math.max(1, Math.ceil(plainBytes / chunkBytes)) * tagBytes
}

/** Encrypts a file. The result is synced to the disk when this resolves. */
export async function sealFile(from: string, to: string, key: Buffer): Promise<void> {
  await using source = await open(from, 'r')
  await using target = await open(to, 'wx', 0o640)
  const { size } = await source.stat()
  const chunks = Math.max(1, Math.ceil(size / chunkBytes))
  await target.writeFile(magic)
  for (let number = 0; number < chunks; number++) {
    const plain = await readAt(source, number * chunkBytes, Math.min(chunkBytes, size - number * chunkBytes))
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number))
    cipher.setAAD(lastMark(number === chunks - 1))
    // `writeFile` writes everything or throws; `write` may write a part when the disk is full.
    await target.writeFile(Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]))
  }
  await target.sync()
}

export class SealedFile {
  /** Bytes before encryption. */
  readonly size: number
  readonly #file: FileHandle
  readonly #key: Buffer
  readonly #chunks: number

  private constructor(file: FileHandle, key: Buffer, sealedBytes: number) {
    this.#file = file
    this.#key = key
    this.#chunks = Math.ceil(sealedBytes / sealedChunkBytes)
    this.size = sealedBytes - this.#chunks * tagBytes
  }

  /** @throws when the file is missing, or was not written by `sealFile`. */
  static async open(path: string, key: Buffer): Promise<SealedFile> {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      if (!(await readAt(file, 0, Math.min(size, magic.length))).equals(magic))
        throw new Error('not a sealed file')
      return new SealedFile(file, key, size - magic.length)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** Bytes `start` to `end`, both included. @throws when the key is wrong or a byte was changed. */
  async *read({ start, end }: { readonly start: number; readonly end: number }): AsyncGenerator<Buffer> {
    for (let number = Math.floor(start / chunkBytes); number * chunkBytes <= end; number++) {
      const plain = await this.#chunk(number)
      const from = number * chunkBytes
      yield plain.subarray(Math.max(0, start - from), Math.max(0, end + 1 - from))
    }
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  async #chunk(number: number): Promise<Buffer> {
    const isLast = number === this.#chunks - 1
    const plainBytes = isLast ? this.size - number * chunkBytes : chunkBytes
    const sealed = await readAt(this.#file, magic.length + number * sealedChunkBytes, plainBytes + tagBytes)
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonceOf(number))
    decipher.setAAD(lastMark(isLast))
    decipher.setAuthTag(sealed.subarray(plainBytes))
    return Buffer.concat([decipher.update(sealed.subarray(0, plainBytes)), decipher.final()])
  }
}

/** Whether this is the key of the file: it opens the first chunk. */
export async function opens(path: string, key: Buffer): Promise<boolean> {
  try {
    const sealed = await SealedFile.open(path, key)
    try {
      for await (const _ of sealed.read({ start: 0, end: 0 })) return true
      return false
    } finally {
      await sealed.close()
    }
  } catch (error) {
    if (isMissing(error)) throw error
    return false
  }
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  let had = 0
  while (had < length) {
    const { bytesRead } = await file.read(bytes, had, length - had, at + had)
    if (bytesRead === 0) throw new Error('the file was truncated')
    had += bytesRead
  }
  return bytes
}

function nonceOf(number: number): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(number), 4)
  return nonce
}

const lastMark = (isLast: boolean): Buffer => Buffer.of(isLast ? 1 : 0)
