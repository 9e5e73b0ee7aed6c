import { randomBytes, createHash } from 'node:crypto'
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { Value } from 'typebox/value'
import { CallDetail, CallPage } from '../../../src/http/calls/wire.ts'
import { alawHeader } from '../../../src/ledger/recordings/alaw-wav.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { destroyKey, makeKey } from '../../../src/ledger/recordings/keys.ts'
import { writeMark } from '../../../src/ledger/volumes/volume.ts'
import { sealFile } from '../../../src/ledger/recordings/sealed-file.ts'
import { addRecordings } from '../../../src/ledger/recordings/recordings.ts'
import { CallId, ChannelId } from '../../../src/core/ids.ts'
import { Story } from '../states.ts'
import { serve } from '../serve.ts'
import type { Served } from '../serve.ts'

const at = Date.UTC(2026, 10, 23, 8)
const bytes = randomBytes(50_000)

/** A recorded call that agent01 answered. */
async function talkedCall({ db, people }: Served, id: string): Promise<void> {
  const story = new Story(id, at)
  const agent = people.agent01.id
  await writeEvents(db, [
    story.arrives(),
    story.waits(at),
    story.rings(agent, at + 100),
    story.talks(agent, at + 2_000),
    story.ends(at + 60_000, 'answered', agent),
  ])
}

async function recorded(served: Served, id: string, file = `2026/${id}.mp3`): Promise<void> {
  await talkedCall(served, id)
  await addWhole(served, id, file)
}

/** A file of the whole call, as older releases made it. */
async function addWhole(served: Served, id: string, file = `2026/${id}.mp3`): Promise<void> {
  mkdirSync(path.join(served.recordings, '2026'), { recursive: true })
  writeFileSync(path.join(served.recordings, `2026/${id}.mp3`), bytes)
  await addRecordings(served.db, CallId(id), [
    {
      leg: null,
      agent: null,
      file,
      manifest: {
        durationMs: 58_000,
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        tracks: ['caller', 'agent'],
        spans: [{ offsetMs: 0, startedAt: at + 2_000, durationMs: 58_000 }],
        gaps: [],
      },
      waveform: { caller: [1, 50], agent: [0, 99] },
    },
  ])
}

const hearings = async ({ db }: Served, call: string): Promise<number> =>
  (await db.selectFrom('hearings').select('id').where('call', '=', CallId(call)).execute()).length

async function bytesOf({ url }: Served, as: string, id: string, headers = {}, query = '') {
  const answer = await fetch(`${url}/api/calls/${id}/recording${query}`, {
    headers: { cookie: as, ...headers },
  })
  return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) }
}

t.test('the list of calls and a single call fit their schemas', async (t) => {
  const served = await serve(t)
  await recorded(served, 'pbx1-1.1')
  await talkedCall(served, 'pbx1-1.2')
  const { ask } = served
  const as = await served.signIn('super')
  const list = await ask('GET', '/api/calls?limit=1', { as })
  t.ok(Value.Check(CallPage, list.json), list.text)
  const next = await ask('GET', `/api/calls?limit=1&cursor=${String(list.json['next'])}`, { as })
  t.match(next.json, {
    items: [{ id: 'pbx1-1.1', recording: 'ready', agent: { name: 'Ana Pop' } }],
    next: null,
  })
  for (const form of ['0256123456', '%2B40256123456', '+40256123456', '0256%20123%20456']) {
    const found = await ask('GET', `/api/calls?caller=${form}`, { as })
    t.equal((found.json['items'] as unknown[]).length, 2, form)
  }
  t.same((await ask('GET', '/api/calls?outcome=abandoned', { as })).json['items'], [])
  t.same((await ask('GET', `/api/calls?to=${new Date(at).toISOString()}`, { as })).json['items'], [])
  const detail = await ask('GET', '/api/calls/pbx1-1.1', { as })
  t.ok(Value.Check(CallDetail, detail.json), detail.text)
  t.match(detail.json, {
    answeredAt: '2026-11-23T08:00:02.000Z',
    events: [{ type: 'CallArrived', at: '2026-11-23T08:00:00.000Z' }, {}, {}, {}, {}],
    manifest: { durationMs: 58_000, tracks: ['caller', 'agent'] },
    waveform: { caller: [1, 50] },
  })
  t.equal((await ask('GET', '/api/calls/none', { as })).json['code'], 'no-such-call')
})

t.test('another agent can neither write about the call nor hear it', async (t) => {
  const served = await serve(t)
  await recorded(served, 'pbx1-2.1')
  const { ask, signIn, state } = served
  const own = await signIn('agent01')
  const other = await signIn('agent02')
  // Notes are written on the day of the call.
  state.now = at + 3_600_000
  const notes = (as: string) =>
    ask('PUT', '/api/calls/pbx1-2.1/notes', { as, body: { text: 'Groapă, str. Gării' } })
  t.equal((await notes(own)).status, 204)
  t.match((await notes(other)).json, { status: 403, code: 'not-your-call' })
  t.match((await notes(await signIn('super'))).json, { status: 403, code: 'not-your-call' })
  state.now = null
  for (const user of ['agent01', 'super', 'audit'] as const) {
    t.equal((await bytesOf(served, await signIn(user), 'pbx1-2.1')).status, 200, user)
  }
  for (const user of ['agent02', 'admin'] as const) {
    t.equal((await bytesOf(served, await signIn(user), 'pbx1-2.1')).status, 403, user)
  }
  t.equal(await hearings(served, 'pbx1-2.1'), 3, 'a refusal is not recorded as a hearing')
  const reason = { reason: 'citizen asks', text: 'e la ghișeu și întreabă', object: 'call', id: 'pbx1-2.1' }
  t.equal((await ask('POST', '/api/access', { as: other, body: reason })).status, 201)
  t.match(
    await ask('GET', '/api/calls/pbx1-2.1', { as: other }),
    { status: 200, json: { recording: 'ready', manifest: null, waveform: null } },
    'with a reason they read the call, and see nothing of its sound',
  )
  t.equal((await bytesOf(served, other, 'pbx1-2.1')).status, 403)
})

/** As the encoder writes it: a first frame without sound, then `count` frames that begin with the mark. */
function mp3(mark: number, count: number): Buffer {
  const frame = (fill: number) => Buffer.concat([Buffer.from([0xff, 0xe3, 0x48, 0]), Buffer.alloc(284, fill)])
  return Buffer.concat([frame(0), ...Array.from({ length: count }, () => frame(mark))])
}

t.test('a call of two agents plays as one; each agent hears what they said', async (t) => {
  const served = await serve(t)
  const { db, people, recordings, ask, signIn } = served
  const id = 'pbx1-2.5'
  const [ana, barbu] = [people.agent01, people.agent02]
  const story = new Story(id, at)
  await writeEvents(db, [
    story.arrives(),
    story.waits(at),
    story.talks(ana.id, at + 2_000),
    story.ends(at + 60_000, 'answered', barbu.id),
  ])
  const parts = [mp3(1, 100), mp3(2, 50)]
  const [first, second] = parts.map((part) => part.subarray(288))
  mkdirSync(path.join(recordings, '2026'), { recursive: true })
  const segments = [ana, barbu].map((agent, index) => {
    const audio = parts[index] ?? Buffer.alloc(0)
    const durationMs = (audio.length - 288) / 4 - 150
    writeFileSync(path.join(recordings, `2026/${id}-${index}.mp3`), audio)
    return {
      leg: ChannelId(`leg-${id}-${index}`),
      agent: agent.id,
      file: `2026/${id}-${index}.mp3`,
      manifest: {
        durationMs,
        bytes: audio.length,
        sha256: createHash('sha256').update(audio).digest('hex'),
        tracks: ['caller' as const, 'agent' as const],
        spans: [
          { offsetMs: 0, startedAt: at + 2_000 + index * 20_000, durationMs: 1_000 },
          { offsetMs: 1_000, startedAt: at + 8_000 + index * 20_000, durationMs: durationMs - 1_000 },
        ],
        gaps: [],
      },
      waveform: { caller: [index + 1, 50], agent: [0, 99] },
    }
  })
  await addRecordings(db, CallId(id), segments.toReversed())

  const as = await signIn('super')
  const whole = await bytesOf(served, as, id)
  const joined = Buffer.concat([first ?? Buffer.alloc(0), second ?? Buffer.alloc(0)])
  t.ok(whole.body.equals(joined), 'a supervisor hears both, without the frames of their lengths')
  const bounds = (first?.length ?? 0) - 100
  const range = await bytesOf(served, as, id, { range: `bytes=${bounds}-${bounds + 299}` })
  t.equal(range.status, 206)
  t.ok(range.body.equals(joined.subarray(bounds, bounds + 300)), 'also over the border of two segments')

  const detail = await ask('GET', `/api/calls/${id}`, { as })
  t.ok(Value.Check(CallDetail, detail.json), detail.text)
  t.match(detail.json['manifest'], {
    durationMs: 150 * 72,
    segments: [
      { leg: `leg-${id}-0`, agent: { name: 'Ana Pop' }, offsetMs: 0, durationMs: 7_200, heldMs: 5_000 },
      { leg: `leg-${id}-1`, agent: { name: 'Barbu Ionescu' }, offsetMs: 7_200, durationMs: 3_600 },
    ],
    spans: [{ offsetMs: 0 }, { offsetMs: 1_000 }, { offsetMs: 7_200 }, { offsetMs: 8_200 }],
  })
  const { caller } = detail.json['waveform'] as { caller: number[] }
  t.equal(caller.length, 108)
  t.same([caller[0], caller[71], caller[72], caller[107]], [1, 50, 2, 50])

  for (const [index, user] of (['agent01', 'agent02'] as const).entries()) {
    const own = await signIn(user)
    const heard = await bytesOf(served, own, id)
    t.ok(heard.body.equals(parts[index] ?? Buffer.alloc(0)), `${user} hears their own`)
    const page = await ask('GET', `/api/calls/${id}`, { as: own })
    t.match(page.json['manifest'], { segments: [{ leg: `leg-${id}-${index}`, offsetMs: 0 }] })
    t.equal((page.json['manifest'] as { segments: unknown[] }).segments.length, 1)
  }
  t.equal((await bytesOf(served, await signIn('admin'), id)).status, 403)
  t.equal(await hearings(served, id), 3, 'each hearing is recorded')

  await t.test('a segment that cannot be read does not hide the others', async (t) => {
    const file = path.join(recordings, `2026/${id}-0.mp3`)
    for (const broken of ['cut off', 'gone'] as const) {
      if (broken === 'cut off') truncateSync(file, 1_000)
      else rmSync(file)
      const rest = await bytesOf(served, as, id)
      t.ok(rest.body.equals(parts[1] ?? Buffer.alloc(0)), broken)
      const { json } = await ask('GET', `/api/calls/${id}`, { as })
      t.ok(Value.Check(CallDetail, json))
      const { segments: shown, lost } = json['manifest'] as { segments: unknown[]; lost: unknown[] }
      t.match(shown, [{ leg: `leg-${id}-1`, offsetMs: 0 }])
      t.equal(shown.length, 1)
      t.match(lost, [{ leg: `leg-${id}-0`, agent: { name: 'Ana Pop' }, why: 'the file cannot be read' }])
    }
    const own = await ask('GET', `/api/calls/${id}/recording`, { as: await signIn('agent01') })
    t.match(
      own.json,
      { status: 404, code: 'no-recording' },
      'the reason, where there is nothing else to hear',
    )
    rmSync(path.join(recordings, `2026/${id}-1.mp3`))
    t.match((await ask('GET', `/api/calls/${id}/recording`, { as })).json, { code: 'no-recording' })
  })
})

t.test('segments of A-law play as one file with a header of its own', async (t) => {
  const served = await serve(t)
  const { db, people, recordings, ask, signIn } = served
  const id = 'pbx1-2.7'
  await talkedCall(served, id)
  mkdirSync(path.join(recordings, '2026'), { recursive: true })
  const sounds = [Buffer.alloc(16_000, 1), Buffer.alloc(32_000, 2)]
  const segments = sounds.map((sound, index) => {
    const file = `2026/${id}-${index}.wav`
    const audio = Buffer.concat([alawHeader(sound.length, 8_000), sound])
    writeFileSync(path.join(recordings, file), audio)
    const durationMs = sound.length / 16
    return {
      leg: ChannelId(`leg-${id}-${index}`),
      agent: people.agent01.id,
      file,
      manifest: {
        durationMs,
        bytes: audio.length,
        sha256: createHash('sha256').update(audio).digest('hex'),
        tracks: ['caller' as const, 'agent' as const],
        spans: [{ offsetMs: 0, startedAt: at + 2_000 + index * 5_000, durationMs }],
        gaps: [],
      },
      waveform: { caller: [1], agent: [1] },
    }
  })
  await addRecordings(db, CallId(id), segments)
  const as = await signIn('agent01')
  const whole = await bytesOf(served, as, id)
  t.equal(whole.headers.get('content-type'), 'audio/wav')
  const expected = Buffer.concat([alawHeader(48_000, 8_000), ...sounds])
  t.ok(whole.body.equals(expected))
  for (const [start, end] of [
    [0, 9],
    [50, 70],
    [16_050, 16_070],
    [40_000, 48_057],
  ] as const) {
    const part = await bytesOf(served, as, id, { range: `bytes=${start}-${end}` })
    t.equal(part.status, 206)
    t.ok(part.body.equals(expected.subarray(start, end + 1)), `${start}–${end}`)
  }
  t.match((await ask('GET', `/api/calls/${id}`, { as })).json['manifest'], {
    durationMs: 3_000,
    segments: [
      { offsetMs: 0, durationMs: 1_000 },
      { offsetMs: 1_000, durationMs: 2_000 },
    ],
  })
})

t.test('an old file of several agents is heard by supervisors and auditors alone', async (t) => {
  const served = await serve(t)
  const { db, people, ask, signIn } = served
  const id = 'pbx1-2.6'
  const story = new Story(id, at)
  await writeEvents(db, [
    story.arrives(),
    story.waits(at),
    story.talks(people.agent01.id, at + 2_000),
    story.talks(people.agent02.id, at + 20_000),
    story.ends(at + 60_000, 'answered', people.agent02.id),
  ])
  await addWhole(served, id)
  for (const user of ['agent01', 'agent02'] as const) {
    const as = await signIn(user)
    t.match(
      (await ask('GET', `/api/calls/${id}/recording`, { as })).json,
      { status: 403, code: 'forbidden', detail: /colegii/ },
      user,
    )
    t.match((await ask('GET', `/api/calls/${id}`, { as })).json, { recording: 'ready', manifest: null })
  }
  for (const user of ['super', 'audit'] as const)
    t.equal((await bytesOf(served, await signIn(user), id)).status, 200, user)
})

t.test('a recording plays completely and in ranges', async (t) => {
  const served = await serve(t)
  await recorded(served, 'pbx1-3.1')
  const as = await served.signIn('audit')
  const whole = await bytesOf(served, as, 'pbx1-3.1')
  t.equal(whole.headers.get('content-type'), 'audio/mpeg')
  t.equal(whole.headers.get('accept-ranges'), 'bytes')
  t.ok(whole.body.equals(bytes))
  const part = await bytesOf(served, as, 'pbx1-3.1', { range: 'bytes=100-199' })
  t.equal(part.status, 206)
  t.equal(part.headers.get('content-range'), 'bytes 100-199/50000')
  t.ok(part.body.equals(bytes.subarray(100, 200)))
  const tail = await bytesOf(served, as, 'pbx1-3.1', { range: 'bytes=-500' })
  t.ok(tail.body.equals(bytes.subarray(-500)))
  const open = await bytesOf(served, as, 'pbx1-3.1', {
    range: 'bytes=49990-',
    'if-range': whole.headers.get('etag'),
  })
  t.equal(open.body.length, 10)
  const stale = await bytesOf(served, as, 'pbx1-3.1', { range: 'bytes=49990-', 'if-range': '"other"' })
  t.equal(stale.status, 200)
  const beyond = await bytesOf(served, as, 'pbx1-3.1', { range: 'bytes=50000-' })
  t.equal(beyond.status, 416)
  t.equal(beyond.headers.get('content-range'), 'bytes */50000')
  for (const range of ['bytes=9-3', 'bytes=a-b', 'items=0-1', 'bytes=0-1,5-6', 'bytes=-']) {
    t.equal((await bytesOf(served, as, 'pbx1-3.1', { range })).status, 200, `${range} may be ignored`)
  }
})

t.test('one playback session is one hearing, however many ranges it requests', async (t) => {
  const served = await serve(t)
  await recorded(served, 'pbx1-4.1')
  const as = await served.signIn('super')
  const ranges = ['bytes=0-', 'bytes=0-', 'bytes=1000-', 'bytes=-100']
  for (const range of ranges) await bytesOf(served, as, 'pbx1-4.1', { range })
  t.equal(await hearings(served, 'pbx1-4.1'), 1)
  for (const range of ranges) await bytesOf(served, as, 'pbx1-4.1', { range }, '?opening=a1')
  t.equal(await hearings(served, 'pbx1-4.1'), 2, 'a new named session')
  served.state.now = Date.now() + 30_000
  await bytesOf(served, as, 'pbx1-4.1', { range: 'bytes=500-' })
  t.equal(await hearings(served, 'pbx1-4.1'), 2)
  await bytesOf(served, as, 'pbx1-4.1')
  t.equal(await hearings(served, 'pbx1-4.1'), 3, 'from the beginning, half a minute later: a new session')
  await bytesOf(served, await served.signIn('super'), 'pbx1-4.1', { range: 'bytes=500-' })
  t.equal(await hearings(served, 'pbx1-4.1'), 4, 'another session')
})

t.test(
  'a sealed recording plays completely and in ranges, and not at all once its key is destroyed',
  async (t) => {
    const served = await serve(t)
    const file = 'done/2026-11-23/pbx1-5.1.mp3.sealed'
    await recorded(served, 'pbx1-5.1', file)
    const keys = path.join(served.recordings, 'keys')
    mkdirSync(path.join(served.recordings, 'done/2026-11-23'), { recursive: true })
    const plain = path.join(served.recordings, '2026/pbx1-5.1.mp3')
    await writeMark(keys, 'keys')
    await sealFile(plain, path.join(served.recordings, file), await makeKey(keys, file))
    const as = await served.signIn('audit')
    const whole = await bytesOf(served, as, 'pbx1-5.1')
    t.equal(whole.headers.get('content-type'), 'audio/mpeg')
    t.equal(whole.headers.get('content-length'), '50000')
    t.ok(whole.body.equals(bytes))
    const part = await bytesOf(served, as, 'pbx1-5.1', { range: 'bytes=100-199' })
    t.equal(part.status, 206)
    t.equal(part.headers.get('content-range'), 'bytes 100-199/50000')
    t.ok(part.body.equals(bytes.subarray(100, 200)))
    const tail = await bytesOf(served, as, 'pbx1-5.1', { range: 'bytes=-500' })
    t.ok(tail.body.equals(bytes.subarray(-500)))
    await destroyKey(keys, file)
    const gone = await served.ask('GET', '/api/calls/pbx1-5.1/recording', { as })
    t.match(gone.json, { status: 404, code: 'recording-destroyed' })
  },
)

t.test('a missing recording is answered with the reason', async (t) => {
  const served = await serve(t)
  await talkedCall(served, 'pbx1-6.1')
  await recorded(served, 'pbx1-6.2', '2026/gone.mp3')
  await recorded(served, 'pbx1-6.3', '../../etc/passwd')
  const { ask } = served
  const as = await served.signIn('super')
  const code = async (id: string) => (await ask('GET', `/api/calls/${id}/recording`, { as })).json['code']
  t.equal(await code('pbx1-6.1'), 'recording-pending')
  t.equal(await code('pbx1-6.2'), 'no-recording')
  t.equal(await code('pbx1-6.3'), 'no-recording')
  t.equal(await code('none'), 'no-such-call')
})
