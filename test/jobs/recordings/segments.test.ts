/** A call's recording is its segments, one for each agent's leg. */
import { mkdirSync, rmSync, existsSync } from 'node:fs'
import { utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import type { Ended, Talking } from '../../../src/core/call.ts'
import type { CallEvent } from '../../../src/core/call-event.ts'
import { AgentId, bridgeOf, CallId, ChannelId, offerIn } from '../../../src/core/ids.ts'
import { encode } from '../../../src/jobs/recordings/encode.ts'
import { finishRecording, NotYet } from '../../../src/jobs/recordings/finish-recording.ts'
import { writeCalls } from '../../../src/ledger/calls/call-writing.ts'
import { callById } from '../../../src/ledger/calls/calls.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { summary } from '../../../src/ledger/calls/summary.ts'
import { callEvents, monday, offerTo } from '../../ledger/fixtures.ts'
import { testDatabase } from '../../support/postgres.ts'
import { recordingPlace } from './place.ts'

const { db } = await testDatabase(t)
const options = { db, ...(await recordingPlace(t)), encode }

const [first, second] = [AgentId('agent-1'), AgentId('agent-2')]
const answeredAt = monday + 4_000

/** Seconds of silence, as MixMonitor writes them. */
function wav(seconds: number): Buffer {
  const bytes = seconds * 16_000
  const file = Buffer.alloc(44 + bytes)
  file.write('RIFF', 0)
  file.writeUInt32LE(36 + bytes, 4)
  file.write('WAVEfmt ', 8)
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20)
  file.writeUInt16LE(1, 22)
  file.writeUInt32LE(8_000, 24)
  file.writeUInt32LE(16_000, 28)
  file.writeUInt16LE(2, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36)
  file.writeUInt32LE(bytes, 40)
  return file
}

async function spoken(
  call: string,
  leg: string,
  seconds: number,
  tracks = ['caller', 'agent'],
): Promise<void> {
  const place = path.join(options.recordings, call, leg)
  mkdirSync(place, { recursive: true })
  for (const track of tracks) await writeFile(path.join(place, `${track}.wav`), wav(seconds))
}

/**
 * Talks 2 s with the first agent, is held for 1 s, talks 2 s more until their leg is lost; 1 s later 3 s with the second.
 * `seen`: how many of the events the server saw. `firstMs`: how long the first one talks instead, without a hold.
 */
async function twoLegs(
  id: string,
  { seen = 9, firstMs }: { seen?: number; firstMs?: number } = {},
): Promise<{ legs: readonly string[] }> {
  const events = callEvents({ id, talks: 9_000, agent: first })
  const talking = events[3]?.after as Talking
  const ended = { ...(events[4]?.after as Ended), agent: second, lastAgent: second }
  const offers = [first, second].map((agent, index) =>
    offerTo(agent, answeredAt, offerIn(CallId(id), `${index}`)),
  )
  const [one, other] = offers
  if (one === undefined || other === undefined) throw new Error('unreachable')
  const story: [CallEvent, number, unknown][] = [
    ...events.slice(0, 3).map(({ event, at, after }): [CallEvent, number, unknown] => [event, at, after]),
    [{ type: 'Bridged', bridge: bridgeOf(one.id) }, 0, { ...talking, offer: one }],
    [
      { type: 'HoldRequested', offer: one.id, by: 'desk' },
      firstMs ?? 2_000,
      { ...talking, phase: 'held', offer: one },
    ],
    [
      { type: 'ResumeRequested', offer: one.id, by: 'phone' },
      firstMs === undefined ? 3_000 : 5_000,
      { ...talking, offer: one },
    ],
    [
      { type: 'AgentLegLost', offer: one.id, cause: 'no audio' },
      5_000,
      { ...talking, phase: 'reconnecting', offer: one, invited: false, until: monday + 60_000 },
    ],
    [{ type: 'Bridged', bridge: bridgeOf(other.id) }, 6_000, { ...talking, offer: other }],
    [{ type: 'CallerHungUp' }, 9_000, ended],
  ]
  await writeEvents(
    db,
    story.slice(0, seen).map(([event, at, after], index) => ({
      subject: 'call' as const,
      id: CallId(id),
      seq: index + 1,
      at: index < 3 ? at : answeredAt + at,
      event,
      after: after as Ended,
    })),
  )
  if (seen < story.length) await writeCalls(db, [{ ...summary(ended) }], 'cel')
  return { legs: offers.map((offer) => offer.id) }
}

const finish = (call: string, lastTry = false) => finishRecording(options, CallId(call), lastTry)
const recordOf = async (call: string) => {
  const record = await callById(db, CallId(call))
  if (record === null) throw new Error(`no call ${call}`)
  return record
}

void t.test('each agent has a segment, with the times in which they talked', async (t) => {
  const id = 'pbx1-1.1'
  const { legs } = await twoLegs(id)
  await spoken(id, legs[0] ?? '', 4)
  await spoken(id, legs[1] ?? '', 3)
  t.equal(await finish(id), 'kept')
  const { segments, recording, losses } = await recordOf(id)
  t.equal(recording, 'ready')
  t.strictSame(losses, [])
  t.match(segments, [
    {
      leg: legs[0],
      agent: first,
      manifest: {
        durationMs: 4_000,
        spans: [
          { offsetMs: 0, startedAt: answeredAt, durationMs: 2_000 },
          { offsetMs: 2_000, startedAt: answeredAt + 3_000, durationMs: 2_000 },
        ],
        gaps: [],
      },
    },
    {
      leg: legs[1],
      agent: second,
      manifest: {
        durationMs: 3_000,
        spans: [{ offsetMs: 0, startedAt: answeredAt + 6_000, durationMs: 3_000 }],
        gaps: [],
      },
    },
  ])
  t.equal(segments.length, 2)
  t.not(segments[0]?.file, segments[1]?.file)
  t.notOk(existsSync(path.join(options.recordings, id)), 'nothing of Asterisk’s is left')
  t.equal(await finish(id), 'was kept')
})

/**
 * Talks 2 s, calls a colleague for 1 s and asks them for 2 s, talks 1 s more with both in the room, and 2 s alone. A supervisor
 * listens all the time.
 */
async function consultation(id: string): Promise<readonly [string, string]> {
  const events = callEvents({ id, talks: 8_000, agent: first })
  const [one, other, ear] = [first, second, AgentId('agent-3')].map((agent, index) =>
    offerTo(agent, answeredAt, offerIn(CallId(id), `${index}`)),
  )
  if (one === undefined || other === undefined || ear === undefined) throw new Error('unreachable')
  const supervisions = [{ offer: ear, mode: 'monitor' as const, isUp: true }]
  const talking = { ...(events[3]?.after as Talking), offer: one, supervisions }
  const held = { ...talking, phase: 'held', byPhone: false }
  const story: [CallEvent, number, unknown][] = [
    [{ type: 'Bridged', bridge: bridgeOf(one.id) }, 0, talking],
    [
      { type: 'ConsultRequested', offer: one.id, consult: other, secondLine: null },
      2_000,
      { ...held, consult: { offer: other, seat: 'ringing', secondLine: null } },
    ],
    [
      { type: 'AgentAnswered', offer: other.id },
      3_000,
      { ...held, consult: { offer: other, seat: 'side', secondLine: null } },
    ],
    [
      { type: 'ConsultJoined', offer: one.id },
      5_000,
      { ...talking, consult: { offer: other, seat: 'room', secondLine: null } },
    ],
    [{ type: 'AgentHungUp', offer: other.id }, 6_000, talking],
    [{ type: 'CallerHungUp' }, 8_000, events[4]?.after],
  ]
  await writeEvents(
    db,
    [
      ...events.slice(0, 3).map(({ event, at, after }): [CallEvent, number, unknown] => [event, at, after]),
      ...story.map(([event, at, after]): [CallEvent, number, unknown] => [event, answeredAt + at, after]),
    ].map(([event, at, after], index) => ({
      subject: 'call' as const,
      id: CallId(id),
      seq: index + 1,
      at,
      event,
      after: after as Ended,
    })),
  )
  return [one.id, other.id]
}

void t.test('a colleague who was consulted has a segment; a supervisor who listens has none', async (t) => {
  const id = 'pbx1-1.20'
  const [one, other] = await consultation(id)
  // The agent's recorder goes on beside the colleague, not while the colleague's phone rings.
  await spoken(id, one, 7)
  await spoken(id, other, 3)
  t.equal(await finish(id), 'kept')
  const { segments, losses } = await recordOf(id)
  t.strictSame(losses, [])
  t.match(segments, [
    {
      leg: one,
      agent: first,
      manifest: {
        spans: [
          { offsetMs: 0, startedAt: answeredAt, durationMs: 2_000 },
          { offsetMs: 2_000, startedAt: answeredAt + 3_000, durationMs: 5_000 },
        ],
        gaps: [],
      },
    },
    {
      leg: other,
      agent: second,
      manifest: { spans: [{ offsetMs: 0, startedAt: answeredAt + 3_000, durationMs: 3_000 }], gaps: [] },
    },
  ])
  t.equal(segments.length, 2)
})

void t.test('the audio of a colleague that is lost is on record as theirs', async (t) => {
  const id = 'pbx1-1.21'
  const [one, other] = await consultation(id)
  await spoken(id, one, 7)
  await t.rejects(finish(id), NotYet)
  t.equal(await finish(id, true), 'kept in part')
  const { losses } = await recordOf(id)
  t.match(losses, [{ leg: other, why: 'there are no files' }])
  t.equal(losses.length, 1)
})

void t.test('a leg without files is waited for, then recorded as lost; the other one is kept', async (t) => {
  const id = 'pbx1-1.2'
  const { legs } = await twoLegs(id)
  await spoken(id, legs[1] ?? '', 3)
  await t.rejects(finish(id), NotYet)
  t.equal(await finish(id, true), 'kept in part')
  const { segments, losses } = await recordOf(id)
  t.match(segments, [{ leg: legs[1], agent: second }])
  t.match(losses, [{ leg: legs[0], why: 'there are no files' }])
  t.equal(losses.length, 1)
})

void t.test('a leg that was lost as it was bridged is neither waited for nor counted as lost', async (t) => {
  const id = 'pbx1-1.7'
  const { legs } = await twoLegs(id, { firstMs: 400 })
  await spoken(id, legs[0] ?? '', 0)
  await spoken(id, legs[1] ?? '', 3)
  t.equal(await finish(id), 'kept')
  const { segments, losses } = await recordOf(id)
  t.match(segments, [{ leg: legs[1] }])
  t.equal(segments.length, 1)
  t.strictSame(losses, [])
})

void t.test('a leg of the fallback queue is of the agent whom Asterisk’s record names', async (t) => {
  const id = 'pbx1-1.3'
  const events = callEvents({ id, talks: 3_000, agent: second })
  const ended = events.at(-1)?.after as Ended
  await writeEvents(db, events.slice(0, 2))
  await writeCalls(db, [{ ...summary(ended) }], 'cel')
  await spoken(id, 'pbx1-1764025000.7', 3)
  // A phone that had picked up as the caller went.
  await spoken(id, 'pbx1-1764025000.9', 0)
  t.equal(await finish(id), 'kept')
  t.match((await recordOf(id)).segments, [
    {
      leg: 'pbx1-1764025000.7',
      agent: second,
      manifest: { spans: [{ startedAt: answeredAt, durationMs: 3_000 }], gaps: [] },
    },
  ])
})

void t.test('a call that the fallback queue took over has both parts', async (t) => {
  const id = 'pbx1-1.4'
  // The server died in the first conversation.
  const { legs } = await twoLegs(id, { seen: 4 })
  await spoken(id, legs[0] ?? '', 2)
  await spoken(id, 'pbx1-1764025000.8', 3)
  t.equal(await finish(id), 'kept')
  t.match(
    (await recordOf(id)).segments.map(({ leg, agent }) => ({ leg, agent })),
    [
      { leg: legs[0], agent: first },
      { leg: 'pbx1-1764025000.8', agent: second },
    ],
  )
})

void t.test(
  'a leg of the fallback queue without files is lost on record, beside a leg that is kept',
  async (t) => {
    const id = 'pbx1-1.8'
    const { legs } = await twoLegs(id, { seen: 4 })
    await spoken(id, legs[0] ?? '', 2)
    await t.rejects(finish(id), NotYet)
    t.equal(await finish(id, true), 'kept in part')
    const { segments, losses } = await recordOf(id)
    t.strictSame(
      segments.map(({ agent }) => agent),
      [first],
    )
    t.strictSame(losses, [{ leg: null, agent: null, why: 'there are no files' }])
  },
)

void t.test('what a leg alone recorded after the caller had left is not kept', async (t) => {
  const id = 'pbx1-1.9'
  const { legs } = await twoLegs(id)
  await spoken(id, legs[0] ?? '', 4)
  await spoken(id, legs[1] ?? '', 8)
  // The file was closed 5 s after the caller's end.
  const closedAt = (answeredAt + 14_000) / 1_000
  for (const track of ['caller', 'agent'])
    await utimes(path.join(options.recordings, id, legs[1] ?? '', `${track}.wav`), closedAt, closedAt)
  t.equal(await finish(id), 'kept')
  t.strictSame(
    (await recordOf(id)).segments.map(({ manifest }) => manifest.durationMs),
    [4_000, 3_000],
  )
})

void t.test('a longer file that was closed at the end of the call keeps all', async (t) => {
  const id = 'pbx1-1.10'
  const { legs } = await twoLegs(id)
  await spoken(id, legs[0] ?? '', 4)
  await spoken(id, legs[1] ?? '', 8)
  const closedAt = (answeredAt + 9_200) / 1_000
  for (const track of ['caller', 'agent'])
    await utimes(path.join(options.recordings, id, legs[1] ?? '', `${track}.wav`), closedAt, closedAt)
  t.equal(await finish(id), 'kept')
  t.equal((await recordOf(id)).segments[1]?.manifest.durationMs, 8_000)
})

void t.test('a leg whose files cannot be read does not keep the other one from being kept', async (t) => {
  const id = 'pbx1-1.11'
  const { legs } = await twoLegs(id)
  await spoken(id, legs[0] ?? '', 4)
  // Reading it fails, whoever reads.
  mkdirSync(path.join(options.recordings, id, legs[1] ?? '', 'caller.wav'), { recursive: true })
  await t.rejects(finish(id), { code: 'EISDIR' })
  t.equal(await finish(id, true), 'kept in part')
  const { segments, losses } = await recordOf(id)
  t.match(segments, [{ leg: legs[0] }])
  t.equal(segments.length, 1)
  t.match(losses, [{ leg: legs[1], why: 'the files cannot be read' }])
})

void t.test(
  'a leg that becomes unreadable while it is encoded is lost; one that is readable is tried again',
  async (t) => {
    const id = 'pbx1-1.12'
    const { legs } = await twoLegs(id)
    for (const leg of legs) await spoken(id, leg, 4)
    let breaks = false
    const failing = {
      ...options,
      encode: async (...parameters: Parameters<typeof encode>) => {
        const [{ path: file }] = parameters
        if (!file.includes(legs[1] ?? '')) return encode(...parameters)
        if (breaks) {
          rmSync(file)
          mkdirSync(file)
        }
        throw new Error('no encoder')
      },
    }
    await t.rejects(finishRecording(failing, CallId(id), true), { message: 'no encoder' })
    t.ok(existsSync(path.join(options.recordings, id, legs[1] ?? '')), 'its files stay')
    breaks = true
    t.equal(await finishRecording(failing, CallId(id), true), 'kept in part')
    const { segments, losses } = await recordOf(id)
    t.match(segments, [{ leg: legs[0] }])
    t.match(losses, [{ leg: legs[1], why: 'the files cannot be read' }])
  },
)

for (const [id, secondLine, firstMs] of [
  ['pbx1-1.13', null, 5_000],
  // The line with the caller is in no bridge while the agent speaks by the other one.
  ['pbx1-1.913', { channel: ChannelId('pbx1-1.914'), isActive: true, isHeld: false }, 2_000],
] as const)
  void t.test(
    `a consultation by ${secondLine === null ? 'one line is in both legs' : 'a second line is in the colleague’s leg'}, and moves nothing that was said after it`,
    async (t) => {
      const call = CallId(id)
      const events = callEvents({ id, talks: 9_000, agent: first })
      const [one, other] = [first, second].map((agent, index) =>
        offerTo(agent, answeredAt, offerIn(call, `${index}`)),
      )
      if (one === undefined || other === undefined) throw new Error('unreachable')
      const talking: Talking = { ...(events[3]?.after as Talking), offer: one }
      const aside = { offer: other, secondLine }
      // Talks for 2 s, is aside with the colleague for 2 s, all three for 1 s; then the colleague serves for 3 s.
      const story: [number, unknown][] = [
        [0, talking],
        [2_000, { ...talking, phase: 'held', byPhone: false, consult: { ...aside, seat: 'side' } }],
        [4_000, { ...talking, consult: { ...aside, seat: 'room' } }],
        [5_000, { ...talking, offer: other }],
        [
          8_000,
          { ...(events[4]?.after as Ended), agent: second, lastAgent: second, endedAt: answeredAt + 8_000 },
        ],
      ]
      await writeEvents(db, [
        ...events.slice(0, 3),
        ...story.map(([at, after], index) => ({
          subject: 'call' as const,
          id: call,
          seq: 4 + index,
          at: answeredAt + at,
          event: { type: 'CallerHungUp' as const },
          after: after as Ended,
        })),
      ])
      await spoken(id, one.id, firstMs / 1_000)
      await spoken(id, other.id, 6)
      t.equal(await finish(id), 'kept')
      const { segments, losses } = await recordOf(id)
      t.strictSame(losses, [])
      const spoke = (agent: AgentId, fromMs: number, durationMs: number) => ({
        agent,
        manifest: { spans: [{ offsetMs: 0, startedAt: answeredAt + fromMs, durationMs }], gaps: [] },
      })
      t.match(segments, [spoke(first, 0, firstMs), spoke(second, 2_000, 6_000)])
    },
  )

void t.test('a leg with one track keeps it, and says so', async (t) => {
  const id = 'pbx1-1.5'
  const { legs } = await twoLegs(id)
  await spoken(id, legs[0] ?? '', 4, ['agent'])
  await spoken(id, legs[1] ?? '', 3)
  t.equal(await finish(id), 'kept')
  t.match(
    (await recordOf(id)).segments.map(({ manifest }) => manifest.tracks),
    [['agent'], ['caller', 'agent']],
  )
})

void t.test(
  'a recorder of an earlier release has heard the whole call: legs beside it are not kept twice',
  async (t) => {
    const id = 'pbx1-1.6'
    const { legs } = await twoLegs(id)
    await spoken(id, '', 7)
    await spoken(id, legs[1] ?? '', 3)
    t.equal(await finish(id), 'kept')
    const { segments } = await recordOf(id)
    t.match(segments, [{ leg: null, agent: null, manifest: { durationMs: 7_000 } }])
    t.equal(segments[0]?.manifest.spans.length, 3)
  },
)

void t.test('segments whose commit succeeded without an answer keep their files and keys', async (t) => {
  const id = 'pbx1-8.1'
  const { legs } = await twoLegs(id)
  for (const leg of legs) await spoken(id, leg, 3)
  const unanswered = new Proxy(db, {
    get(target, name) {
      const own: unknown = Reflect.get(target, name, target)
      // Kysely has private fields.
      if (name !== 'transaction') return typeof own === 'function' ? (own.bind(target) as unknown) : own
      return () => ({
        execute: async (work: Parameters<ReturnType<typeof db.transaction>['execute']>[0]) => {
          await target.transaction().execute(work)
          throw new Error('the connection was reset')
        },
      })
    },
  })
  await t.rejects(finishRecording({ ...options, db: unanswered }, CallId(id), false), /connection was reset/)
  t.equal(await finishRecording(options, CallId(id), false), 'was kept')
  const record = await callById(db, CallId(id))
  t.equal(record?.segments.length, 2)
  for (const { file } of record?.segments ?? []) t.ok(existsSync(path.join(options.recordings, file)), file)
})
