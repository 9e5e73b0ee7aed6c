/** Small files that must never be half. */
import { mkdir, open, rename } from 'node:fs/promises'
import path from 'node:path'

/** Replaces a file at once and durably; makes its folder where it is missing. */
export async function writeWhole(file: string, text: string, mode = 0o600): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const half = `${file}.${process.pid}.half`
  {
    await using written = await open(half, 'w', mode)
    await written.writeFile(text)
    await written.sync()
  }
  await rename(half, file)
}
