/** Identity checks in recordings are silent for all listeners except an auditor who has stated a reason. */
import { execFile } from 'node:child_process'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { clear, frameLayout, framesOf } from '../../../src/http/recordings/silenced-mp3.ts'
import { CallId } from '../../../src/core/ids.ts'
import { compress } from '../../../src/jobs/recordings/compress.ts'
import { encode } from '../../../src/jobs/recordings/encode.ts'
import { sealFile, sealKeyBytes } from '../../../src/ledger/recordings/sealed-file.ts'
import { readWav } from '../../../src/jobs/recordings/wav.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { addSearch } from '../../../src/ledger/identity/checks.ts'
import { addRecordings } from '../../../src/ledger/recordings/recordings.ts'
import { loudness, readWave } from '../../support/sip/audio.ts'
import { serve, type Served } from '../serve.ts'
import { Story } from '../states.ts'

const run = promisify(execFile)
const dir = mkdtempSync(path.join(tmpdir(), 'linia-silenced-'))
t.teardown(() => rmSync(dir, { recursive: true }))
const talkedMs = 20_000
const { alaw, mp3: spoken } = await recordedSpeech()

/** Twenty seconds in which both parties talk all the time, as they are sealed and as they are compressed later. */
async function recordedSpeech(): Promise<{ readonly alaw: Buffer; readonly mp3: Buffer }> {
  const wavOf = async (name: string, hertz: number) => {
    const samples = Int16Array.from({ length: (talkedMs / 1000) * 8_000 }, (_, at) =>
      Math.round(9_000 * Math.sin((at * hertz * 2 * Math.PI) / 8_000) * (0.6 + 0.4 * Math.sin(at / 900))),
    )
    const file = path.join(dir, name)
    writeFileSync(file, wave(samples))
    return (await readWav(file))!
  }
  const [plain, sealed] = [path.join(dir, 'spoken.wav'), path.join(dir, 'spoken.wav.sealed')]
  await encode(await wavOf('caller.wav', 440), await wavOf('agent.wav', 620), plain)
  const key = randomBytes(sealKeyBytes)
  await sealFile(plain, sealed, key)
  const compressed = path.join(dir, 'spoken.mp3')
  await compress(sealed, key.toString('hex'), compressed, 30_000)
  return { alaw: readFileSync(plain), mp3: readFileSync(compressed) }
}

function wave(samples: Int16Array): Buffer {
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + samples.byteLength, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(8_000, 24)
  head.writeUInt32LE(16_000, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(samples.byteLength, 40)
  return Buffer.concat([head, Buffer.from(samples.buffer)])
}

/** The loudness of each second of each track, 0–1, decoded by `lame` or `sox`. */
async function seconds(audio: Buffer): Promise<number[][]> {
  const isAlaw = audio.toString('latin1', 0, 4) === 'RIFF'
  const file = path.join(dir, `${randomUUID()}.${isAlaw ? 'wav' : 'mp3'}`)
  writeFileSync(file, audio)
  if (isAlaw) await run('sox', [file, '-e', 'signed', '-b', '16', `${file}.wav`])
  else await run('lame', ['--quiet', '--decode', file, `${file}.wav`])
  const { rate, channels } = await readWave(`${file}.wav`)
  return channels.map((samples) =>
    Array.from({ length: Math.floor(samples.length / rate) }, (_, at) =>
      loudness(samples.subarray(at * rate, (at + 1) * rate)),
    ),
  )
}

t.test('silenced frames have no sound, and the sound before and after them is unchanged', async (t) => {
  const layout = frameLayout(spoken)
  if (layout === null) throw new Error('lame makes other files now')
  t.match(layout, { frameBytes: 288, frameMs: 72, sideInfoBytes: 17 })
  const silent = framesOf(layout, [{ offsetMs: 6_000, durationMs: 5_000 }])
  const silenced = clear(Buffer.from(spoken), 0, layout, silent)
  t.equal(silenced.length, spoken.length)
  const [before, after] = [await seconds(spoken), await seconds(silenced)]
  for (const [track, levels] of after.entries()) {
    const whole = before[track] ?? []
    t.equal(levels.length, whole.length, 'of the same length')
    for (const [at, level] of levels.entries()) {
      if (at >= 7 && at < 11) t.ok(level < 0.001, `second ${at} is silent: ${level}`)
      if (at < 5 || at >= 13) t.ok(Math.abs(level - (whole[at] ?? 0)) < 0.01, `second ${at} is as it was`)
    }
  }
  t.ok((before[0]?.[8] ?? 0) > 0.1, 'where there was speech')
})

t.test('silencing chunk by chunk gives the same bytes, whatever the chunks', async (t) => {
  const layout = frameLayout(spoken)!
  const silent = framesOf(layout, [
    { offsetMs: 3_000, durationMs: 1_000 },
    { offsetMs: 6_000, durationMs: 5_000 },
  ])
  const whole = clear(Buffer.from(spoken), 0, layout, silent)
  for (const size of [1, 7, 287, 288, 289, 1_000, 65_536]) {
    const pieces: Buffer[] = []
    for (let at = 0; at < spoken.length; at += size)
      pieces.push(clear(Buffer.from(spoken.subarray(at, at + size)), at, layout, silent))
    t.ok(Buffer.concat(pieces).equals(whole), `pieces of ${size}`)
  }
})

t.test('the frames of older recordings at 16 kHz are recognised, too', async (t) => {
  const before = Buffer.from([0xff, 0xf3, 0x48, 0x04])
  t.match(frameLayout(before), { frameBytes: 144, frameMs: 36, sideInfoBytes: 17 })
})

t.test('a file of another encoding has no recognised frames', async (t) => {
  for (const head of ['RIFF', 'OggS', '', '\xff\xfb\x90\x00'])
    t.equal(frameLayout(Buffer.from(head, 'latin1')), null)
})

const at = Date.now() - talkedMs

/** A recorded call with an identity check between its 8th and 11th second. */
async function checkedCall(served: Served, id: string, bytes = spoken, end = 'mp3'): Promise<void> {
  const { db, people } = served
  const agent = people.agent01.id
  const story = new Story(id, at)
  await writeEvents(db, [
    story.arrives(),
    story.waits(at),
    story.rings(agent, at),
    story.talks(agent, at),
    story.ends(at + talkedMs, 'answered', agent),
  ])
  const folder = path.join(served.recordings, '2026')
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, `${id}.${end}`), bytes)
  await addRecordings(db, CallId(id), [
    {
      leg: null,
      agent: null,
      file: `2026/${id}.${end}`,
      manifest: {
        durationMs: talkedMs,
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        tracks: ['caller', 'agent'],
        // The search is recorded at the present time; the recording is placed so that this is its 11th second.
        spans: [{ offsetMs: 0, startedAt: Date.now() - 11_000, durationMs: talkedMs }],
        gaps: [],
      },
      waveform: { caller: [1], agent: [1] },
    },
  ])
  await addSearch(db, {
    call: CallId(id),
    agent,
    person: 'a'.repeat(64),
    taxpayer: null,
    beganAt: Date.now() - 3_000,
    bucket: 'b'.repeat(64),
    claim: 'c'.repeat(64),
  })
}

async function heard(
  served: Served,
  as: string,
  id: string,
  query = '',
  headers: Record<string, string> = {},
) {
  const url = `${served.url}/api/calls/${id}/recording${query}`
  const answer = await fetch(url, { headers: { cookie: as, ...headers } })
  return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) }
}

t.test('listeners of the call do not hear the identity check', async (t) => {
  const served = await serve(t)
  await checkedCall(served, 'pbx1-s.1')
  for (const user of ['agent01', 'super', 'audit'] as const) {
    const as = await served.signIn(user)
    const answer = await heard(served, as, 'pbx1-s.1')
    t.equal(answer.status, 200)
    t.equal(answer.body.length, spoken.length)
    const [caller = []] = await seconds(answer.body)
    t.ok((caller[9] ?? 1) < 0.001, `${user}: the check is silent`)
    t.ok((caller[3] ?? 0) > 0.1 && (caller[16] ?? 0) > 0.1, `${user}: the rest is not`)
    const part = await heard(served, as, 'pbx1-s.1', '', { range: 'bytes=20000-50000' })
    t.equal(part.status, 206)
    t.ok(part.body.equals(answer.body.subarray(20_000, 50_001)), 'a range has the same bytes')
    t.equal(part.headers.get('etag'), answer.headers.get('etag'))
    t.not(
      part.headers.get('etag'),
      `"${createHash('sha256').update(spoken).digest('hex')}"`,
      'another version',
    )
  }
  const as = await served.signIn('super')
  const { json } = await served.ask('GET', '/api/calls/pbx1-s.1', { as })
  const manifest = json['manifest'] as { silenced: { offsetMs: number; durationMs: number }[] }
  const [silenced] = manifest.silenced
  t.ok(
    silenced !== undefined && silenced.offsetMs > 5_000 && silenced.offsetMs < 8_000,
    'the manifest marks it',
  )
})

t.test('in A-law the check is silent to the byte, and the rest is as it was', async (t) => {
  const served = await serve(t)
  await checkedCall(served, 'pbx1-s.4', alaw, 'wav')
  const as = await served.signIn('super')
  const answer = await heard(served, as, 'pbx1-s.4')
  t.equal(answer.status, 200)
  t.equal(answer.headers.get('content-type'), 'audio/wav')
  t.equal(answer.body.length, alaw.length)
  const changed = [...alaw.keys()].filter((byte) => answer.body[byte] !== alaw[byte])
  const [first = 0, last = 0] = [changed[0], changed.at(-1)]
  const ms = (byte: number): number => (byte - 58) / 16
  t.ok(
    ms(first) > 5_000 && ms(first) < 8_100 && ms(last) > 10_900 && ms(last) < 13_000,
    `${ms(first)}–${ms(last)} ms`,
  )
  t.ok(answer.body.subarray(first, last + 1).every((byte) => byte === 0xd5))
  const [caller = []] = await seconds(answer.body)
  t.ok((caller[9] ?? 1) < 0.001, 'the check is silent')
  t.ok((caller[3] ?? 0) > 0.1 && (caller[16] ?? 0) > 0.1, 'the rest is not')
  const part = await heard(served, as, 'pbx1-s.4', '', { range: 'bytes=100000-200000' })
  t.ok(part.body.equals(answer.body.subarray(100_000, 200_001)), 'a range has the same bytes')
  t.not(part.headers.get('etag'), `"${createHash('sha256').update(alaw).digest('hex')}"`)
})

t.test('an auditor with a reason hears everything, in the playback session named with it', async (t) => {
  const served = await serve(t)
  await checkedCall(served, 'pbx1-s.2')
  const opening = `whole-${randomUUID()}`
  const tell = (as: string, reason: string, name = opening) =>
    served.ask('POST', '/api/calls/pbx1-s.2/recording/hearings', { as, body: { opening: name, reason } })
  const audit = await served.signIn('audit')
  const silent = await heard(served, audit, 'pbx1-s.2', `?opening=${opening}`)
  t.notOk(silent.body.equals(spoken), 'not before')
  for (const user of ['agent01', 'super', 'admin'] as const)
    t.equal((await tell(await served.signIn(user), 'verific reclamația')).status, 403, user)
  t.equal((await tell(audit, '')).status, 400)
  t.equal((await tell(audit, '     ')).json['code'], 'no-reason')
  t.equal((await tell(audit, 'verific', 'short')).status, 400)
  t.equal((await tell(audit, 'Verific reclamația CC2026-000123')).status, 204)
  const whole = await heard(served, audit, 'pbx1-s.2', `?opening=${opening}`)
  t.ok(whole.body.equals(spoken), 'every byte')
  t.notOk(
    (await heard(served, audit, 'pbx1-s.2', '?opening=another')).body.equals(spoken),
    'no other opening',
  )
  t.notOk((await heard(served, audit, 'pbx1-s.2')).body.equals(spoken))
  const supervisor = await served.signIn('super')
  t.notOk(
    (await heard(served, supervisor, 'pbx1-s.2', `?opening=${opening}`)).body.equals(spoken),
    'nobody else',
  )
  served.state.now = Date.now() + 3_700_000
  t.notOk(
    (await heard(served, audit, 'pbx1-s.2', `?opening=${opening}`)).body.equals(spoken),
    'an hour later',
  )
  const rows = await served.db
    .selectFrom('full_hearings')
    .innerJoin('free_texts', 'free_texts.digest', 'full_hearings.reason_digest')
    .select(['account', 'text as reason'])
    .execute()
  t.same(rows, [{ account: served.people.audit.id, reason: 'Verific reclamația CC2026-000123' }])
  const looks = await served.db
    .selectFrom('journal_looks')
    .select('about')
    .where('kind', '=', 'hearing')
    .execute()
  t.ok(looks.some(({ about }) => about.startsWith('pbx1-s.2 whole ')))
})

t.test('a file in which the check cannot be located is withheld from all but the auditor', async (t) => {
  const served = await serve(t)
  await checkedCall(served, 'pbx1-s.3', Buffer.from('RIFF, of another make'))
  const answer = await served.ask('GET', '/api/calls/pbx1-s.3/recording', {
    as: await served.signIn('super'),
  })
  t.match(answer.json, { status: 403, code: 'recording-withheld' })
  const audit = await served.signIn('audit')
  const opening = `whole-${randomUUID()}`
  const body = { opening, reason: 'verific fișierul' }
  t.equal(
    (await served.ask('POST', '/api/calls/pbx1-s.3/recording/hearings', { as: audit, body })).status,
    204,
  )
  t.equal((await heard(served, audit, 'pbx1-s.3', `?opening=${opening}`)).status, 200)
})
