/** The encoder's process: failures on either side. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants, getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { alawOf, pcmOf } from '../../../src/jobs/recordings/alaw.ts'
import { encode } from '../../../src/jobs/recordings/encode.ts'
import { Encoder } from '../../../src/jobs/recordings/encoder.ts'
import type { Wav } from '../../../src/jobs/recordings/wav.ts'
import { sealFile, sealKeyBytes } from '../../../src/ledger/recordings/sealed-file.ts'
import { sessionOf } from '../../../src/stack/privileges/process-state.ts'
import { killAtExit } from '../../support/at-exit.ts'
import { familyOf } from '../../support/processes.ts'
import { until } from '../../support/until.ts'

const rate = 8_000
const boundMs = 20_000
const dir = mkdtempSync(join(tmpdir(), 'linia-encoder-'))
t.teardown(() => rmSync(dir, { recursive: true }))

function track(name: string, seconds: number): Wav {
  const path = join(dir, `${name}.raw`)
  const dataBytes = rate * seconds * 2
  writeFileSync(path, Buffer.alloc(dataBytes, 1))
  return { path, sampleRate: rate, dataOffset: 0, dataBytes, closed: true, writtenAt: 0, damaged: false }
}
const short = track('short', 1)
/** Long enough to be interrupted. */
const long = track('long', 3_600)
const file = join(dir, 'both.mp3')

/** Sealed, with its key. */
async function recording(of: Wav, name: string): Promise<readonly [string, string]> {
  const [plain, sealed] = [join(dir, `${name}.wav`), join(dir, `${name}.wav.sealed`)]
  await encode(of, of, plain)
  const key = randomBytes(sealKeyBytes)
  await sealFile(plain, sealed, key)
  return [sealed, key.toString('hex')]
}
const [brief, lengthy] = [await recording(short, 'brief'), await recording(long, 'lengthy')]

/** Encoder processes started by this process, or by another one. */
const encodersOf = (pid: number): number[] =>
  familyOf(pid)
    .filter(({ command }) => command.includes('encoder-process.ts'))
    .map((one) => one.pid)

const lameOf = (pid: number): number[] =>
  familyOf(pid)
    .filter(({ command }) => command.startsWith('lame '))
    .map((one) => one.pid)

/** The encoder and its `lame`, while compressing. */
async function atWork(server: number): Promise<{ readonly encoder: number; readonly lame: number }> {
  await until(() => lameOf(server).length === 1)
  const [[encoder = 0], [lame = 0]] = [encodersOf(server), lameOf(server)]
  return { encoder, lame }
}
const isOver = (pid: number): boolean => !existsSync(`/proc/${pid}`)

void t.test('A-law keeps what A-law can hold', (t) => {
  const codes = Buffer.from(Array.from({ length: 512 }, (_, at) => at >> 1))
  const pcm = pcmOf(codes)
  const tracks = new Int16Array(pcm.buffer, pcm.byteOffset, 512).filter((_, at) => at % 2 === 0)
  t.ok(alawOf(tracks, tracks).equals(codes), 'a call of A-law comes through unchanged')
  const extremes = Int16Array.of(0, 32_767, -32_768, 8, -8)
  // As ITU-T G.711 and sox have them.
  t.strictSame(
    [...alawOf(extremes, extremes)].filter((_, at) => at % 2 === 0),
    [0xd5, 0xaa, 0x2a, 0xd5, 0x55],
  )
  t.strictSame([...new Int16Array(pcmOf(Buffer.of(0xaa, 0x2a, 0xd5, 0x55)).buffer)], [32_256, -32_256, 8, -8])
  t.end()
})

void t.test('a killed process fails its order; the next order starts a new process', async (t) => {
  const encoder = new Encoder()
  t.teardown(() => encoder.close())
  const broken = encoder.compress(...lengthy, file, boundMs)
  const { encoder: first, lame } = await atWork(process.pid)
  process.kill(first, 'SIGKILL')
  await t.rejects(broken, /encoder’s process has ended/)
  await until(() => isOver(lame))
  await encoder.compress(...brief, file, boundMs)
  t.ok(existsSync(file))
})

void t.test('an error of lame is reported, and the process goes on', async (t) => {
  const encoder = new Encoder()
  t.teardown(() => encoder.close())
  await t.rejects(encoder.compress(...brief, join(dir, 'nowhere', 'it.mp3'), boundMs), /lame ended with/)
  await t.rejects(encoder.encode(short, short, join(dir, 'nowhere', 'it.wav')), /ENOENT/)
  const before = encodersOf(process.pid)
  t.match(await encoder.encode(short, short, join(dir, 'again-1.wav')), { durationMs: 1_000 })
  t.same(encodersOf(process.pid), before)
})

void t.test('a missing lame is reported, and the process goes on', async (t) => {
  const { PATH } = process.env
  t.teardown(() => (process.env['PATH'] = PATH))
  process.env['PATH'] = dir
  const encoder = new Encoder()
  t.teardown(() => encoder.close())
  await t.rejects(encoder.compress(...brief, file, boundMs), /ENOENT/)
  const before = encodersOf(process.pid)
  await t.rejects(encoder.compress(...brief, file, boundMs), /ENOENT/)
  t.same(encodersOf(process.pid), before)
})

void t.test('a hung process is killed after its bound', { timeout: 60_000 }, async (t) => {
  const encoder = new Encoder(500)
  t.teardown(() => encoder.close())
  const hung = encoder.compress(...lengthy, file, 5_000)
  const failed = t.rejects(hung, /does not answer/)
  const { encoder: pid } = await atWork(process.pid)
  // A stopped process would keep the test's output open for ever.
  t.teardown(() => void (isOver(pid) || process.kill(pid, 'SIGKILL')))
  process.kill(pid, 'SIGSTOP')
  await failed
  await until(() => isOver(pid))
})

void t.test('the process has low priority and none of the server’s secrets', async (t) => {
  process.env['LINIA_SECRET_OF_A_TEST'] = 'nobody’s business'
  t.teardown(() => delete process.env['LINIA_SECRET_OF_A_TEST'])
  const encoder = new Encoder()
  t.teardown(() => encoder.close())
  t.match(await encoder.encode(short, short, join(dir, 'again-2.wav')), { durationMs: 1_000 })
  const [pid = 0] = encodersOf(process.pid)
  t.equal(getPriority(pid), constants.priority.PRIORITY_LOW)
  t.not(sessionOf(pid), sessionOf(process.pid), 'what goes before others in the server’s session does not')
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
  t.match(environment, /PATH=/)
  t.notMatch(environment, /SECRET/)
})

void t.test('closing while encoding, or twice, leaves no process', async (t) => {
  const encoder = new Encoder()
  const broken = encoder.compress(...lengthy, file, boundMs)
  const failed = t.rejects(broken)
  const { lame } = await atWork(process.pid)
  await encoder.close()
  await encoder.close()
  await failed
  t.same(encodersOf(process.pid), [])
  await until(() => isOver(lame))
})

void t.test('the process ends when the server is killed', async (t) => {
  const server = `
    const { Encoder } = await import(${JSON.stringify(new URL('../../../src/jobs/recordings/encoder.ts', import.meta.url).href)})
    const [sealed, key, file] = JSON.parse(process.argv[1])
    new Encoder().compress(sealed, key, file, ${boundMs})`
  const child = spawn(process.execPath, ['-e', server, JSON.stringify([...lengthy, file])], {
    cwd: fileURLToPath(new URL('../../../', import.meta.url)),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  killAtExit(child)
  const { encoder, lame } = await atWork(child.pid ?? 0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await until(() => isOver(encoder) && isOver(lame))
  t.pass()
})
