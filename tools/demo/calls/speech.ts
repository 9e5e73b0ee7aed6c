/**
 * Text to speech: espeak-ng speaks Romanian, sox converts it to telephone audio (8 kHz, A-law, no header). Each
 * sentence is generated once and cached in a folder.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleRate } from './alaw.ts'

export interface Voice {
  /** espeak-ng's voice variant, such as `m3` or `f2`. */
  readonly variant: string
  /** Pitch 0–99; pace in words per minute. */
  readonly pitch: number
  readonly pace: number
}

/** Silence after each sentence, for a natural repetition. */
const pauseS = 1.2

async function collect(command: string, args: readonly string[], input: Buffer | string): Promise<Buffer> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stdin.end(input)
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`${command} ended with status ${String(status)}`)
  return Buffer.concat(chunks)
}

export async function speak(text: string, voice: Voice, folder: string): Promise<Buffer> {
  const name = createHash('sha256')
    .update(JSON.stringify([text, voice, pauseS]))
    .digest('hex')
    .slice(0, 24)
  const path = join(folder, `${name}.al`)
  const kept = await readFile(path).catch(() => null)
  if (kept !== null) return kept
  const args = [
    '-v',
    `ro+${voice.variant}`,
    '-p',
    `${voice.pitch}`,
    '-s',
    `${voice.pace}`,
    '--stdin',
    '--stdout',
  ]
  const wave = await collect('espeak-ng', args, text)
  const telephone = ['-t', 'raw', '-r', `${sampleRate}`, '-c', '1', '-e', 'a-law', '-']
  const effects = ['sinc', '300-3400', 'norm', '-6', 'pad', '0.2', `${pauseS}`]
  // Without --temp sox would write to /tmp, which the server's processes may not use.
  const alaw = await collect(
    'sox',
    ['-q', '--temp', tmpdir(), '-t', 'wav', '-', ...telephone, ...effects],
    wave,
  )
  await mkdir(folder, { recursive: true })
  // Renamed into place: another process may generate the same sentence at the same time.
  await writeFile(`${path}.${process.pid}`, alaw)
  await rename(`${path}.${process.pid}`, path)
  return alaw
}
