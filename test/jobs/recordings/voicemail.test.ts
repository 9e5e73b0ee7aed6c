/** What a caller has said who left a message becomes a recording and a task, by the same way as conversations. */
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import type { Ended } from '../../../src/core/call.ts'
import { CallId, ChannelId } from '../../../src/core/ids.ts'
import { encode } from '../../../src/jobs/recordings/encode.ts'
import { finishRecording, NotYet } from '../../../src/jobs/recordings/finish-recording.ts'
import { writeCalls } from '../../../src/ledger/calls/call-writing.ts'
import { callById } from '../../../src/ledger/calls/calls.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { summary } from '../../../src/ledger/calls/summary.ts'
import { callsWithoutRecording } from '../../../src/ledger/recordings/recordings.ts'
import { arrive } from '../../../src/core/call-arrival.ts'
import { step } from '../../../src/core/call-step.ts'
import { PlaybackId } from '../../../src/core/ids.ts'
import { arrival, as, closed, rules } from '../../core/samples.ts'
import { monday } from '../../ledger/fixtures.ts'
import { testDatabase } from '../../support/postgres.ts'
import { recordingPlace } from './place.ts'
import { toneWave } from '../../support/sip/audio.ts'

const { db } = await testDatabase(t)
const options = { db, ...(await recordingPlace(t)), encode }

/** A caller who speaks for as long; `seen`: whether the server saw the end. */
async function left(name: string, spokenMs: number, seen = true): Promise<CallId> {
  const id = CallId(name)
  const announced = { type: 'PlaybackEnded', playback: PlaybackId(`voicemail-${id}`) } as const
  const tone = { type: 'PlaybackEnded', playback: PlaybackId(`tone-${id}`) } as const
  const asked = arrive(arrival({ id, closed: 'voicemail', arrivedAt: monday }), closed, monday, rules).call
  const recorded = step(asked, announced, monday + 9_500, rules).call
  const speaking = step(recorded, tone, monday + 10_000, rules).call
  const ended = step(speaking, { type: 'CallerHungUp' }, monday + 10_000 + spokenMs, rules).call
  const events = [
    { event: { type: 'CallArrived' } as const, at: monday, after: asked },
    { event: announced, at: monday + 9_500, after: recorded },
    { event: tone, at: monday + 10_000, after: speaking },
    { event: { type: 'CallerHungUp' } as const, at: monday + 10_000 + spokenMs, after: ended },
  ]
  await writeEvents(
    db,
    events
      .slice(0, seen ? 4 : 3)
      .map((one, index) => ({ subject: 'call' as const, id, seq: index + 1, ...one })),
  )
  const over: Ended = as(ended, 'ended')
  if (!seen) await writeCalls(db, [summary({ ...over, outcome: 'closed' })], 'cel')
  return id
}

async function said(call: CallId, sound: Buffer): Promise<void> {
  mkdirSync(path.join(options.recordings, call), { recursive: true })
  await writeFile(path.join(options.recordings, call, 'message.wav'), sound)
}

const finish = (call: CallId, lastTry = false) => finishRecording(options, call, lastTry)
const recordOf = (call: CallId) => callById(db, call)

void t.test('a message is sealed as the caller’s track, and is a task of the number’s queue', async (t) => {
  const call = await left('pbx1-1.1', 4_000)
  await said(call, toneWave(440, 4))
  t.equal(await finish(call), 'kept')
  const record = await recordOf(call)
  t.match(record, {
    outcome: 'voicemail',
    recording: 'ready',
    segments: [
      {
        leg: null,
        agent: null,
        manifest: {
          durationMs: 4_000,
          tracks: ['caller'],
          spans: [{ offsetMs: 0, durationMs: 4_000 }],
        },
      },
    ],
    voicemail: {
      queue: 'city',
      sound: 'voice',
      durationMs: 4_000,
      taken: null,
      closed: null,
      isHeard: false,
    },
  })
  t.match(record?.segments[0]?.file, /\.sealed$/)
  t.notOk(existsSync(path.join(options.recordings, call)), 'Asterisk’s file is gone')
  t.equal(await finish(call), 'was kept')
})

void t.test('silence is no task, and neither is a word that was cut off', async (t) => {
  const silent = await left('pbx1-1.2', 4_000)
  await said(silent, Buffer.concat([toneWave(440, 4).subarray(0, 44), Buffer.alloc(64_000)]))
  t.equal(await finish(silent), 'kept')
  t.match((await recordOf(silent))?.voicemail, { sound: 'silence' })
  const short = await left('pbx1-1.3', 1_600)
  await said(short, toneWave(440, 1))
  t.equal(await finish(short), 'none')
  t.match(await recordOf(short), { outcome: 'voicemail', recording: 'none', voicemail: { sound: 'silence' } })
})

void t.test('a soft voice is a voice', async (t) => {
  const call = await left('pbx1-1.8', 4_000)
  const sound = toneWave(440, 4)
  for (let at = 44; at < sound.length; at += 2) sound.writeInt16LE(Math.round(sound.readInt16LE(at) / 40), at)
  await said(call, sound)
  t.equal(await finish(call), 'kept')
  t.match((await recordOf(call))?.voicemail, { sound: 'voice' })
})

void t.test('a file that Asterisk has not closed is waited for, and lost if it never is', async (t) => {
  const open = [Buffer.alloc(0), Buffer.concat([toneWave(440, 4).subarray(0, 40), Buffer.alloc(4)])]
  for (const [index, sound] of open.entries()) {
    const call = await left(`pbx1-2.${index}`, 4_000)
    await said(call, sound)
    await t.rejects(finish(call), NotYet)
    t.equal((await recordOf(call))?.voicemail ?? null, null)
    t.equal(await finish(call, true), 'lost')
    t.match(await recordOf(call), { voicemail: { sound: 'lost' }, losses: [{ leg: null }] })
  }
  const flushed = await left('pbx1-2.3', 4_000)
  await said(flushed, Buffer.alloc(0))
  await t.rejects(finish(flushed), NotYet)
  await said(flushed, toneWave(440, 4))
  t.equal(await finish(flushed), 'kept')
})

void t.test('a message that cannot be read is a task, and its file stays', async (t) => {
  const call = await left('pbx1-3.1', 4_000)
  const file = path.join(options.recordings, call, 'message.wav')
  mkdirSync(file, { recursive: true })
  await t.rejects(finish(call), { code: 'EISDIR' })
  t.equal(await finish(call, true), 'lost')
  t.match(await recordOf(call), { voicemail: { sound: 'lost' }, losses: [{ leg: null }] })
  t.ok(existsSync(file))
  const later = await left('pbx1-3.2', 4_000)
  await said(later, toneWave(440, 4))
  const broken = path.join(options.recordings, later, 'message.wav')
  const failing = {
    ...options,
    encode: () => {
      rmSync(broken)
      mkdirSync(broken)
      return Promise.reject(new Error('EIO'))
    },
  }
  t.equal(await finishRecording(failing, later, true), 'lost')
  t.match(await recordOf(later), { voicemail: { sound: 'lost' }, losses: [{ leg: null }] })
  t.ok(existsSync(broken))
})

void t.test('a message without its sound is a task all the same', async (t) => {
  const call = await left('pbx1-1.4', 4_000)
  await t.rejects(finish(call), NotYet)
  t.equal(await finish(call, true), 'lost')
  t.match(await recordOf(call), { voicemail: { sound: 'lost', durationMs: null }, losses: [{ leg: null }] })
})

void t.test('a message of which the server did not see the end is found by its sound', async (t) => {
  const call = await left('pbx1-1.5', 4_000, false)
  t.match(await recordOf(call), { outcome: 'closed' })
  await said(call, toneWave(440, 4))
  t.equal(await finish(call), 'kept')
  t.match((await recordOf(call))?.voicemail, { queue: 'city', sound: 'voice' })
})

void t.test('a message does not hide the conversation that followed it', async (t) => {
  const call = await left('pbx1-1.6', 4_000)
  await said(call, toneWave(440, 4))
  const leg = path.join(options.recordings, call, ChannelId('leg-x'))
  mkdirSync(leg)
  for (const track of ['caller', 'agent']) await writeFile(path.join(leg, `${track}.wav`), toneWave(440, 3))
  t.equal(await finish(call), 'kept')
  t.same(new Set((await recordOf(call))?.segments.map((one) => one.leg)), new Set([null, 'leg-x']))
})

void t.test('the sweep looks for messages without a recording', async (t) => {
  const call = await left('pbx1-1.7', 4_000)
  const missing = () => callsWithoutRecording(db, { from: monday - 1, endedBefore: monday + 3_600_000 }, 100)
  t.same(await missing(), [call])
  await finish(call, true)
  t.same(await missing(), [])
})
