import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Queue } from 'bullmq'
import { pino } from 'pino'
import { Redis } from 'ioredis'
import t from 'tap'
import type { Ended } from '../../../src/core/call.ts'
import { CallId } from '../../../src/core/ids.ts'
import { startJobs, type JobsOptions } from '../../../src/jobs/worker.ts'
import { RecordingQueue } from '../../../src/jobs/recordings/recordings.ts'
import { writeCalls } from '../../../src/ledger/calls/call-writing.ts'
import { callById } from '../../../src/ledger/calls/calls.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { dueRecordings } from '../../../src/ledger/volumes/due.ts'
import { keyOf } from '../../../src/ledger/recordings/keys.ts'
import { recordingsOf } from '../../../src/ledger/recordings/recordings.ts'
import { SealedFile } from '../../../src/ledger/recordings/sealed-file.ts'
import { summary } from '../../../src/ledger/calls/summary.ts'
import { writeMark } from '../../../src/ledger/volumes/volume.ts'
import { callEvents, monday } from '../../ledger/fixtures.ts'
import { testDatabase } from '../../support/postgres.ts'
import { testRedis } from '../../support/redis.ts'
import { until } from '../../support/until.ts'

const { db } = await testDatabase(t)
const redis = await testRedis(t)
const recordings = mkdtempSync(path.join(tmpdir(), 'linia-recordings-'))
t.teardown(() => rmSync(recordings, { recursive: true }))

const options: JobsOptions = {
  redisUrl: redis.url,
  prefix: 'test-jobs',
  db,
  recordings,
  recordingKeys: path.join(recordings, 'done', 'keys'),
  firstRetryMs: 100,
  attempts: 7,
  log: pino({ level: 'silent' }),
  now: Date.now,
  sweepEveryMs: 3_600_000,
}
await writeMark(options.recordings, 'recordings')
await writeMark(options.recordingKeys, 'keys')
const jobs = startJobs(options)
t.teardown(() => jobs.stop())

/** A tone of 8 kHz, one channel, 16 bits, as MixMonitor writes it; `open`: the call is still in progress. */
function tone(hz: number, seconds: number, open = false): Buffer {
  const samples = Math.round(seconds * 8_000)
  const wav = Buffer.alloc(44 + samples * 2)
  wav.write('RIFF', 0)
  wav.writeUInt32LE(open ? 0 : 36 + samples * 2, 4)
  wav.write('WAVEfmt ', 8)
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(8_000, 24)
  wav.writeUInt32LE(16_000, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36)
  wav.writeUInt32LE(open ? 0 : samples * 2, 40)
  for (let i = 0; i < samples; i += 1) {
    wav.writeInt16LE(Math.round(16_384 * Math.sin((2 * Math.PI * hz * i) / 8_000)), 44 + i * 2)
  }
  return wav
}

function write(call: string, files: Record<string, Buffer>): void {
  mkdirSync(path.join(recordings, call), { recursive: true })
  for (const [name, content] of Object.entries(files))
    writeFileSync(path.join(recordings, call, name), content)
}

const tracks = (seconds: number, open = false) => ({
  'mix.wav': tone(1_000, seconds, open),
  'caller.wav': tone(440, seconds, open),
  'agent.wav': tone(1_200, seconds, open),
})
const happened = (id: string, talks: number | null) => writeEvents(db, callEvents({ id, talks }))
const recordingOf = async (id: CallId) => (await recordingsOf(db, id))[0]
const kept = async (id: string) => (await recordingOf(CallId(id))) !== undefined

/** The decrypted content. */
async function audioOf(file: string): Promise<Buffer> {
  const key = await keyOf(options.recordingKeys, file)
  if (key === null) throw new Error(`no key for ${file}`)
  const sealed = await SealedFile.open(path.join(recordings, file), key)
  const parts: Buffer[] = []
  for await (const part of sealed.read({ start: 0, end: sealed.size - 1 })) parts.push(part)
  await sealed.close()
  return Buffer.concat(parts)
}

/** Loudest frequency of one channel of the finished file, by sox. */
function frequencyOf(file: string, channel: 1 | 2): number {
  const stat = spawnSync('sox', [file, '-n', 'remix', `${channel}`, 'stat'], { encoding: 'utf8' }).stderr
  return Number(/Rough\s+frequency:\s+(\d+)/.exec(stat)?.[1])
}

void t.test('a conversation becomes one file, caller left and agent right, with its manifest', async (t) => {
  await happened('pbx1-1.1', 3_000)
  write('pbx1-1.1', tracks(3))
  await jobs.recordings.finish(CallId('pbx1-1.1'))
  await until(() => kept('pbx1-1.1'))
  const record = await callById(db, CallId('pbx1-1.1'))
  const recording = await recordingOf(CallId('pbx1-1.1'))
  const bytes = await audioOf(recording?.file ?? '')
  t.match(recording?.manifest, {
    durationMs: 3_000,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    tracks: ['caller', 'agent'],
    spans: [{ offsetMs: 0, startedAt: monday + 4_000, durationMs: 3_000 }],
    gaps: [],
  })
  t.equal(record?.recording, 'ready')
  t.equal(recording?.waveform?.caller.length, 30)
  t.ok(
    recording?.waveform?.agent.every((peak) => Math.abs(peak - 50) <= 1),
    'half of full loudness',
  )
  t.equal(bytes.length, 58 + 3 * 16_000, 'A-law, both tracks')
  await until(() => !existsSync(path.join(recordings, 'pbx1-1.1')))
})

void t.test('the voices do not mix', async (t) => {
  await happened('pbx1-1.2', 2_000)
  write('pbx1-1.2', { 'caller.wav': tone(440, 2), 'agent.wav': tone(1_200, 1), 'mix.wav': tone(1_000, 2) })
  await jobs.recordings.finish(CallId('pbx1-1.2'))
  await until(() => kept('pbx1-1.2'))
  const recording = await recordingOf(CallId('pbx1-1.2'))
  const wav = path.join(recordings, 'audio.wav')
  writeFileSync(wav, await audioOf(recording?.file ?? ''))
  t.ok(Math.abs(frequencyOf(wav, 1) - 440) < 15, `left ${frequencyOf(wav, 1)} Hz`)
  t.ok(Math.abs(frequencyOf(wav, 2) - 1_200) < 200, `right ${frequencyOf(wav, 2)} Hz, half of it silence`)
  t.match(
    recording?.waveform.agent.slice(-8),
    Array.from({ length: 8 }, () => 0),
    'the shorter track ends in silence',
  )
})

void t.test('the job waits until the files are closed and the ledger has the end of the call', async (t) => {
  write('pbx1-1.3', tracks(1, true))
  await jobs.recordings.finish(CallId('pbx1-1.3'))
  await happened('pbx1-1.3', 1_000)
  t.notOk(await kept('pbx1-1.3'))
  write('pbx1-1.3', tracks(1))
  await until(() => kept('pbx1-1.3'))
  t.strictSame((await recordingOf(CallId('pbx1-1.3')))?.manifest.gaps, [])
})

void t.test('a file that is never closed is kept, and its manifest says so', async (t) => {
  await happened('pbx1-1.4', 2_000)
  write('pbx1-1.4', tracks(2, true))
  await jobs.recordings.finish(CallId('pbx1-1.4'))
  await until(() => kept('pbx1-1.4'))
  t.match((await recordingOf(CallId('pbx1-1.4')))?.manifest, {
    durationMs: 2_000,
    gaps: [{ why: 'the file was not closed' }],
  })
})

void t.test('a file whose header was lost on a full disk is kept, and its manifest says so', async (t) => {
  await happened('pbx1-1.41', 2_000)
  // The lengths were written last, into the place of the header; the rest is audio.
  const robbed = (file: Buffer) => {
    const sound = Buffer.alloc(44, 0x7f)
    file.copy(sound, 4, 4, 8)
    file.copy(sound, 40, 40, 44)
    return Buffer.concat([sound, file.subarray(44)])
  }
  const files = Object.entries(tracks(2)).map(([name, file]) => [name, robbed(file)])
  write('pbx1-1.41', Object.fromEntries(files) as Record<string, Buffer>)
  await jobs.recordings.finish(CallId('pbx1-1.41'))
  await until(() => kept('pbx1-1.41'))
  t.match((await recordingOf(CallId('pbx1-1.41')))?.manifest, {
    durationMs: 2_000,
    gaps: [{ why: 'the file was not closed' }],
  })
})

void t.test('a conversation without files is recorded and counted as lost', async () => {
  await happened('pbx1-1.5', 2_000)
  await jobs.recordings.finish(CallId('pbx1-1.5'))
  await until(async () => (await callById(db, CallId('pbx1-1.5')))?.recording === 'none')
  await until(() => jobs.counts.recordings.lost === 1)
})

void t.test('the mix replaces a damaged track; with damaged files alone the recording is lost', async (t) => {
  const damaged = Buffer.alloc(4_000, 7)
  await happened('pbx1-1.8', 2_000)
  write('pbx1-1.8', { ...tracks(2), 'agent.wav': damaged })
  await happened('pbx1-1.9', 2_000)
  write('pbx1-1.9', { 'caller.wav': damaged, 'agent.wav': damaged, 'mix.wav': damaged })
  const { lost } = jobs.counts.recordings
  for (const call of ['pbx1-1.8', 'pbx1-1.9']) await jobs.recordings.finish(CallId(call))
  await until(() => kept('pbx1-1.8'))
  t.match((await recordingOf(CallId('pbx1-1.8')))?.manifest, { durationMs: 2_000, tracks: [] })
  await until(() => jobs.counts.recordings.lost === lost + 1)
  t.equal((await callById(db, CallId('pbx1-1.9')))?.recording, 'none')
  await until(() => !existsSync(path.join(recordings, 'pbx1-1.9')))
})

void t.test('an unanswered call leaves no files', async (t) => {
  await happened('pbx1-1.6', null)
  write('pbx1-1.6', { 'caller.wav': tone(440, 0) })
  await jobs.recordings.finish(CallId('pbx1-1.6'))
  await until(() => !existsSync(path.join(recordings, 'pbx1-1.6')))
  t.notOk(await kept('pbx1-1.6'))
  t.equal((await callById(db, CallId('pbx1-1.6')))?.recording, 'none')
})

void t.test('audio is kept also when the ledger counts the call as unanswered', async (t) => {
  await happened('pbx1-1.11', null)
  write('pbx1-1.11', tracks(2, true))
  await jobs.recordings.finish(CallId('pbx1-1.11'))
  await until(() => kept('pbx1-1.11'))
  // The bridge existed for a moment while the caller hung up: there is no speech.
  await happened('pbx1-1.12', null)
  write('pbx1-1.12', tracks(0.4))
  await jobs.recordings.finish(CallId('pbx1-1.12'))
  await until(() => !existsSync(path.join(recordings, 'pbx1-1.12')))
  t.notOk(await kept('pbx1-1.12'))
})

void t.test('an end that was noticed late causes no gap', async (t) => {
  const id = CallId('pbx1-1.10')
  const events = callEvents({ id, talks: 3_000 })
  const last = events.at(-1)
  if (last === undefined) throw new Error('unreachable')
  const event = { type: 'CallerLost', unwitnessed: true } as const
  await writeEvents(db, [...events.slice(0, -1), { ...last, at: last.at + 60_000, event }])
  await writeCalls(db, [{ ...summary(last.after as Ended) }], 'cel')
  write(id, tracks(3))
  await jobs.recordings.finish(id)
  await until(() => kept(id))
  t.strictSame((await recordingOf(id))?.manifest.gaps, [])
})

void t.test('finishing twice, or again after a crash before the clean-up, changes nothing', async (t) => {
  await happened('pbx1-1.7', 1_000)
  write('pbx1-1.7', tracks(1))
  await Promise.all([1, 2, 3].map(() => jobs.recordings.finish(CallId('pbx1-1.7'))))
  await until(() => kept('pbx1-1.7'))
  await until(() => !existsSync(path.join(recordings, 'pbx1-1.7')))
  const before = await recordingOf(CallId('pbx1-1.7'))
  write('pbx1-1.7', tracks(2))
  await until(async () => {
    // The job that has just cleaned up may not have ended yet; until then it takes the place of a new one.
    await jobs.recordings.finish(CallId('pbx1-1.7'))
    return !existsSync(path.join(recordings, 'pbx1-1.7'))
  })
  t.strictSame(await recordingOf(CallId('pbx1-1.7')), before)
})

void t.test('the sweep finds calls whose job was lost', async (t) => {
  const recent = Date.now() - 10 * 60_000
  await writeEvents(db, callEvents({ id: 'pbx1-2.1', talks: 1_000, arrivedAt: recent }))
  await writeEvents(db, callEvents({ id: 'pbx1-2.2', talks: null, arrivedAt: recent }))
  write('pbx1-2.1', tracks(1))
  write('pbx1-2.2', tracks(0))
  write('pbx1-2.3 still talking', tracks(1))
  write('pbx1-2.4', tracks(1))
  const other = new RecordingQueue(options)
  t.teardown(() => other.close())
  t.equal(await other.sweep(), 2)
  await until(() => kept('pbx1-2.1'))
  await until(() => !existsSync(path.join(recordings, 'pbx1-2.2')))
  t.ok(existsSync(path.join(recordings, 'pbx1-2.4')), 'a call that is not over keeps its files')
})

void t.test(
  'a job whose next try is hours ahead, because a clock was wrong, is brought forward',
  async (t) => {
    const prefix = 'test-ahead'
    const ahead = new RecordingQueue({ ...options, prefix, firstTryMs: 0, firstRetryMs: 3_600_000 })
    t.teardown(() => ahead.close())
    const client = new Redis(redis.url)
    t.teardown(() => client.disconnect())
    ahead.start()
    await ahead.finish(CallId('pbx1-3.1'))
    await until(async () => (await client.zcard(`${prefix}:recordings:delayed`)) === 1)
    write('pbx1-3.1', tracks(1))
    await writeEvents(db, callEvents({ id: 'pbx1-3.1', talks: 1_000, arrivedAt: Date.now() - 10 * 60_000 }))
    await ahead.sweep()
    await until(() => kept('pbx1-3.1'))
  },
)

void t.test('a job that was tried under a fast clock is brought forward', async (t) => {
  const prefix = 'test-tried-ahead'
  const ahead = new RecordingQueue({ ...options, prefix, firstTryMs: 0, firstRetryMs: 3_600_000 })
  t.teardown(() => ahead.close())
  const client = new Redis(redis.url)
  t.teardown(() => client.disconnect())
  ahead.start()
  await ahead.finish(CallId('pbx1-3.2'))
  await until(async () => (await client.zcard(`${prefix}:recordings:delayed`)) === 1)
  const later = Date.now() + 10 * 60_000
  await client.hset(`${prefix}:recordings:pbx1-3.2`, 'processedOn', later)
  write('pbx1-3.2', tracks(1))
  await writeEvents(db, callEvents({ id: 'pbx1-3.2', talks: 1_000, arrivedAt: later }))
  await ahead.sweep()
  await until(() => kept('pbx1-3.2'))
})

void t.test('an untried job that was made under a fast clock is brought forward', async (t) => {
  const prefix = 'test-made-ahead'
  // The clock has been corrected since, by ten minutes.
  const now = () => Date.now() - 10 * 60_000
  const ahead = new RecordingQueue({ ...options, prefix, now, firstTryMs: 3_600_000 })
  t.teardown(() => ahead.close())
  ahead.start()
  await ahead.finish(CallId('pbx1-3.3'))
  write('pbx1-3.3', tracks(1))
  await writeEvents(db, callEvents({ id: 'pbx1-3.3', talks: 1_000, arrivedAt: Date.now() }))
  await ahead.sweep()
  await until(() => kept('pbx1-3.3'))
})

void t.test(
  'a job that was made while the clock was ahead is found among hundreds that wait as they should',
  async (t) => {
    const prefix = 'test-among-many'
    const now = () => Date.now() - 10 * 60_000
    const ahead = new RecordingQueue({ ...options, prefix, now, firstTryMs: 3_600_000 })
    t.teardown(() => ahead.close())
    const others = new Queue('recordings', { connection: { url: redis.url }, prefix })
    t.teardown(() => others.close())
    const timestamp = now() - 1_000
    await others.addBulk(
      Array.from({ length: 600 }, (_, at) => ({
        name: 'finish',
        data: { call: `pbx1-4.${at}` },
        opts: { timestamp, delay: 3_600_000 },
      })),
    )
    ahead.start()
    await ahead.finish(CallId('pbx1-3.4'))
    write('pbx1-3.4', tracks(1))
    await writeEvents(db, callEvents({ id: 'pbx1-3.4', talks: 1_000, arrivedAt: Date.now() }))
    await ahead.sweep()
    await until(() => kept('pbx1-3.4'))
    await others.obliterate({ force: true })
  },
)

void t.test('a sweep tolerates that a worker takes a job at the same moment', async (t) => {
  const prefix = 'test-taken'
  const now = () => Date.now() - 10 * 60_000
  const ahead = new RecordingQueue({ ...options, prefix, now, firstTryMs: 3_600_000 })
  t.teardown(() => ahead.close())
  const waiting = Array.from({ length: 20 }, (_, at) => CallId(`pbx1-5.${at}`))
  for (const call of waiting) await ahead.finish(call)
  // Three nodes bring the same jobs forward and one works: each job runs once, and no sweep fails.
  const others = [1, 2].map(() => new RecordingQueue({ ...options, prefix, now }))
  for (const other of others) t.teardown(() => other.close())
  ahead.start()
  await Promise.all([ahead, ...others].map((one) => one.sweep()))
  const client = new Redis(redis.url)
  t.teardown(() => client.disconnect())
  await until(async () => (await client.zcard(`${prefix}:recordings:delayed`)) === 0)
  await ahead.close()
  for (const key of await client.keys(`${prefix}:*`)) await client.del(key)
})

void t.test('a recording is compressed while the line is quiet, and its original ends later', async (t) => {
  const id = CallId('pbx1-7.1')
  let ahead = 0
  // The recordings of the tests before belong to others.
  const idle = new RecordingQueue({
    ...options,
    prefix: 'test-idle',
    now: () => Date.now() + ahead,
    compression: { restMs: 0, keepMs: 3_600_000, quietCallsMax: 0 },
  })
  t.teardown(() => idle.close())
  const client = new Redis(redis.url)
  t.teardown(() => client.disconnect())
  idle.start()
  await happened(id, 2_000)
  write(id, { 'caller.wav': tone(440, 2), 'agent.wav': tone(1_200, 2) })
  await jobs.recordings.finish(id)
  await until(() => kept(id))
  const original = await recordingOf(id)
  t.match(original?.file, /\.wav\.sealed$/)
  const busy = callEvents({ id: 'pbx1-7.2', talks: 1_000, arrivedAt: Date.now() })
  await writeEvents(db, busy.slice(0, 4))
  await idle.compress()
  await until(async () => (await client.exists('test-idle:recordings:compress')) === 0)
  t.equal((await recordingOf(id))?.file, original?.file, 'not while somebody talks')

  await writeEvents(db, busy.slice(4))
  const compressed = async () => {
    await idle.compress()
    return (await recordingOf(id))?.file.endsWith('.mp3.sealed') === true
  }
  await until(compressed)
  const now = await recordingOf(id)
  const bytes = await audioOf(now?.file ?? '')
  t.equal(now?.manifest.sha256, createHash('sha256').update(bytes).digest('hex'))
  t.equal(now?.manifest.bytes, bytes.length)
  t.ok(bytes.length < 10_000, `${bytes.length} bytes for two seconds`)
  t.match(now?.manifest, { durationMs: 2_000, spans: original?.manifest.spans })
  const [mp3, wav] = [path.join(recordings, 'idle.mp3'), path.join(recordings, 'idle.wav')]
  writeFileSync(mp3, bytes)
  execFileSync('lame', ['--quiet', '--decode', mp3, wav])
  t.ok(Math.abs(frequencyOf(wav, 1) - 440) < 30, `left ${frequencyOf(wav, 1)} Hz`)
  t.ok(Math.abs(frequencyOf(wav, 2) - 1_200) < 100, `right ${frequencyOf(wav, 2)} Hz`)
  t.ok((await audioOf(original?.file ?? '')).length > 30_000, 'who has begun with the original gets it whole')
  t.strictSame(
    (await dueRecordings(db)).filter(({ file }) => file.includes(id)),
    [{ file: now?.file, bytes: bytes.length }],
  )

  ahead = 2 * 3_600_000
  await idle.compress()
  await until(() => !existsSync(path.join(recordings, original?.file ?? '')))
  await until(async () => (await keyOf(options.recordingKeys, original?.file ?? '')) === null)
  t.equal((await audioOf((await recordingOf(id))?.file ?? '')).length, bytes.length)
  t.notOk(existsSync(path.join(recordings, id)))
})

void t.test('a hung Redis blocks no caller', { timeout: 30_000 }, async (t) => {
  const hanging = await testRedis(t)
  const queue = new RecordingQueue({ ...options, redisUrl: hanging.url, prefix: 'test-hanging' })
  t.teardown(() => queue.close())
  await queue.finish(CallId('pbx1-6.1'))
  const client = new Redis(hanging.url)
  t.teardown(() => client.disconnect())
  await client.client('PAUSE', 8_000)
  await t.rejects(queue.finish(CallId('pbx1-6.2')), { message: 'Command timed out' })
})

void t.test('no job stays in Redis, and no unfinished file on the disk', async (t) => {
  const client = new Redis(redis.url)
  t.teardown(() => client.disconnect())
  await until(async () => {
    const keys = await client.keys('test-jobs:recordings:pbx*')
    return keys.length === 0
  })
  const days = readdirSync(path.join(recordings, 'done')).filter((name) => name !== 'keys')
  const files = days.flatMap((day) => readdirSync(path.join(recordings, 'done', day)))
  t.ok(files.length >= 5)
  t.ok(
    files.every((file) => file.endsWith('.sealed')),
    files.join(),
  )
  const keys = readdirSync(options.recordingKeys, { recursive: true, encoding: 'utf8' })
  t.equal(keys.filter((name) => name.endsWith('.key')).length, files.length, 'a key each, and none left over')
})
