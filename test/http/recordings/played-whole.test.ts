/** A call of several legs that is played whole: what two of them have is heard once, and what nobody has is named. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { Value } from 'typebox/value'
import { CallId, ChannelId, type AgentId } from '../../../src/core/ids.ts'
import { CallDetail } from '../../../src/http/calls/wire.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { alawHeader } from '../../../src/ledger/recordings/alaw-wav.ts'
import { addRecordings } from '../../../src/ledger/recordings/recordings.ts'
import { Story } from '../states.ts'
import { serve, type Served } from '../serve.ts'

const at = Date.UTC(2026, 10, 23, 8)

interface Leg {
  readonly agent: AgentId
  readonly audio: Buffer
  readonly end: 'wav' | 'mp3'
  /** From and until, in seconds after `at`. */
  readonly spans: readonly (readonly [number, number])[]
}

async function keep({ db, recordings }: Served, id: CallId, legs: readonly Leg[]): Promise<void> {
  mkdirSync(path.join(recordings, '2026'), { recursive: true })
  const segments = legs.map(({ agent, audio, end, spans }, index) => {
    const file = `2026/${id}-${index}.${end}`
    writeFileSync(path.join(recordings, file), audio)
    let durationMs = 0
    const laid = spans.map(([from, until]) => {
      const span = {
        offsetMs: durationMs,
        startedAt: at + from * 1_000,
        durationMs: Math.round((until - from) * 1_000),
      }
      durationMs += span.durationMs
      return span
    })
    const sha256 = createHash('sha256').update(audio).digest('hex')
    const tracks = ['caller' as const, 'agent' as const]
    const manifest = { durationMs, bytes: audio.length, sha256, tracks, spans: laid, gaps: [] }
    const waveform = { caller: [1, 2, 3, 4], agent: [0] }
    return { leg: ChannelId(`leg-${id}-${index}`), agent, file, manifest, waveform }
  })
  await addRecordings(db, id, segments)
}

async function heardBy({ url }: Served, as: string, id: string, headers = {}): Promise<Buffer> {
  const answer = await fetch(`${url}/api/calls/${id}/recording`, { headers: { cookie: as, ...headers } })
  return Buffer.from(await answer.arrayBuffer())
}

/** A second of A-law, told apart by the second of the call. */
const seconds = (from: number, until: number): Buffer[] =>
  Array.from({ length: until - from }, (_, index) => Buffer.alloc(16_000, from + index))

const alaw = (sound: Buffer): Buffer => Buffer.concat([alawHeader(sound.length, 8_000), sound])

t.test('a talk aside is played once, and the player is told where it is', async (t) => {
  const served = await serve(t)
  const { db, people, ask, signIn } = served
  const id = CallId('pbx1-3.1')
  const [ana, barbu] = [people.agent01.id, people.agent02.id]
  const story = new Story(id, at)
  await writeEvents(db, [
    story.arrives(),
    story.waits(at),
    story.talks(ana, at + 2_000),
    story.asks(ana, barbu, 'ringing', at + 3_000),
    story.asks(ana, barbu, 'side', at + 5_000),
    story.handsOver(ana, barbu, at + 7_000),
    story.ends(at + 12_000, 'answered', barbu),
  ])
  const [first, second] = [Buffer.concat([...seconds(2, 3), ...seconds(5, 7)]), Buffer.concat(seconds(5, 12))]
  const end = 'wav'
  await keep(served, id, [
    {
      agent: ana,
      audio: alaw(first),
      end,
      spans: [
        [2, 3],
        [5, 7],
      ],
    },
    { agent: barbu, audio: alaw(second), end, spans: [[5, 12]] },
  ])
  const as = await signIn('super')
  // Frames of 72 ms; a second of what is known is kept.
  const known = 13 * 72 * 16
  const whole = alaw(Buffer.concat([first, second.subarray(known)]))
  t.ok((await heardBy(served, as, id)).equals(whole))
  const border = 58 + first.length
  const range = await heardBy(served, as, id, { range: `bytes=${border - 4}-${border + 995}` })
  t.ok(range.equals(whole.subarray(border - 4, border + 996)), 'also over the border')
  const detail = await ask('GET', `/api/calls/${id}`, { as })
  t.ok(Value.Check(CallDetail, detail.json), detail.text)
  t.match(detail.json['manifest'], {
    durationMs: 9_064,
    segments: [
      { agent: { name: 'Ana Pop' }, offsetMs: 0, durationMs: 3_000, skippedMs: 0 },
      { agent: { name: 'Barbu Ionescu' }, offsetMs: 3_000, durationMs: 6_064, skippedMs: 936 },
    ],
    asides: [{ offsetMs: 1_000, durationMs: 2_000, with: { name: 'Barbu Ionescu' } }],
  })
  t.ok((await heardBy(served, await signIn('agent02'), id)).equals(alaw(second)), 'their own part, whole')
})

t.test('of MP3 whole frames are left out', async (t) => {
  const served = await serve(t)
  const { db, people, ask, signIn } = served
  const id = CallId('pbx1-3.2')
  const story = new Story(id, at)
  const { id: ana } = people.agent01
  await writeEvents(db, [
    story.arrives(),
    story.waits(at),
    story.talks(ana, at + 2_000),
    story.ends(at + 60_000, 'answered', ana),
  ])
  const frames = (mark: number, count: number): Buffer =>
    Buffer.concat(
      Array.from({ length: count }, () =>
        Buffer.concat([Buffer.from([0xff, 0xe3, 0x48, 0]), Buffer.alloc(284, mark)]),
      ),
    )
  const [first, second] = [frames(1, 100), frames(2, 85)]
  // As the encoder writes it: a first frame without sound.
  const file = (sound: Buffer): Buffer => Buffer.concat([frames(0, 1), sound])
  await keep(served, id, [
    { agent: ana, audio: file(first), end: 'mp3', spans: [[2, 9.05]] },
    { agent: people.agent02.id, audio: file(second), end: 'mp3', spans: [[6, 12]] },
  ])
  const as = await signIn('super')
  t.ok((await heardBy(served, as, id)).equals(Buffer.concat([first, second.subarray(28 * 288)])))
  t.match((await ask('GET', `/api/calls/${id}`, { as })).json['manifest'], {
    durationMs: (100 + 57) * 72,
    segments: [{ skippedMs: 0 }, { skippedMs: 28 * 72, durationMs: 57 * 72 }],
  })
})

t.test(
  'the manifest says from when on nothing was recorded: the caller talked without an agent',
  async (t) => {
    const served = await serve(t)
    const { db, people, ask, signIn } = served
    const id = CallId('pbx1-3.3')
    const story = new Story(id, at)
    const { id: ana } = people.agent01
    await writeEvents(db, [
      story.arrives(),
      story.waits(at),
      story.talks(ana, at + 2_000),
      story.sentOutside(ana, at + 10_000),
      story.talksOutside(at + 15_000),
      story.ends(at + 60_000, 'answered', ana),
    ])
    await keep(served, id, [
      { agent: ana, audio: alaw(Buffer.concat(seconds(2, 10))), end: 'wav', spans: [[2, 10]] },
    ])
    const detail = await ask('GET', `/api/calls/${id}`, { as: await signIn('super') })
    t.ok(Value.Check(CallDetail, detail.json), detail.text)
    t.match(detail.json['manifest'], {
      unrecorded: [
        {
          startedAt: new Date(at + 15_000).toISOString(),
          endedAt: new Date(at + 60_000).toISOString(),
          contact: { name: 'Urbanism' },
        },
      ],
    })
  },
)
