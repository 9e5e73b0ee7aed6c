/** Compresses a sealed recording of A-law into an MP3. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { alawHeadBytes, alawLayout } from '../../ledger/recordings/alaw-wav.ts'
import { SealedFile } from '../../ledger/recordings/sealed-file.ts'
import { pcmOf } from './alaw.ts'

/** `key`: in hexadecimal. Throws when `lame` is missing, fails, or takes longer than `timeoutMs`. */
export async function compress(path: string, key: string, file: string, timeoutMs: number): Promise<void> {
  const sealed = await SealedFile.open(path, Buffer.from(key, 'hex'))
  try {
    const end = Math.min(sealed.size, alawHeadBytes) - 1
    const head: Buffer[] = []
    for await (const part of sealed.read({ start: 0, end })) head.push(part)
    const layout = alawLayout(Buffer.concat(head))
    if (layout === null) throw new Error('not a recording of A-law')
    const sound = { start: layout.headerBytes, end: sealed.size - 1 }
    await pipeThroughLame(layout.sampleRate, file, timeoutMs, async function* () {
      for await (const part of sealed.read(sound)) yield pcmOf(part)
    })
  } finally {
    await sealed.close()
  }
}

/** `-m s`: plain stereo without joint coding, so that no voice leaks into the other channel. */
async function pipeThroughLame(
  sampleRate: number,
  file: string,
  timeoutMs: number,
  pcm: () => AsyncGenerator<Buffer>,
): Promise<void> {
  const input = ['-r', '-s', String(sampleRate / 1000), '--bitwidth', '16', '--signed', '--little-endian']
  // The telephone's own sample rate: twice the rate takes more than twice the CPU time (decision 0027). `-q 7` saves
  // more, without an audible difference in telephone speech.
  const output = ['-m', 's', '--resample', '8', '--cbr', '-b', '32', '-q', '7', '--quiet', '-', file]
  const lame = spawn('lame', [...input, ...output], {
    stdio: ['pipe', 'ignore', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
  let complaint = ''
  lame.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (complaint = `${complaint}${text}`.slice(0, 500)))
  // Attached at once: the process may end, or fail to start, before the samples are written.
  const over = once(lame, 'close').then(([code]) => (typeof code === 'number' ? code : null))
  // `spawn` below reports a failed start, and the exit code explains a broken pipe.
  over.catch(() => undefined)
  lame.stdin.on('error', () => undefined)
  await once(lame, 'spawn')
  for await (const chunk of pcm()) {
    if (!lame.stdin.writable) break
    if (!lame.stdin.write(chunk)) await Promise.race([once(lame.stdin, 'drain').catch(() => over), over])
  }
  lame.stdin.end()
  const code = await over
  if (code !== 0) throw new Error(`lame ended with ${code ?? 'a signal'}: ${complaint.trim()}`)
}
