/** Compression of recordings that fail, are late, or that another node compresses first. */
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import t from 'tap'
import { CallId } from '../../../src/core/ids.ts'
import { IdleCompression, type CompressOptions } from '../../../src/jobs/recordings/compress-idle.ts'
import { compress } from '../../../src/jobs/recordings/compress.ts'
import { keepSealed } from '../../../src/jobs/recordings/keep-sealed.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { alawHeader } from '../../../src/ledger/recordings/alaw-wav.ts'
import { addCompressions } from '../../../src/ledger/recordings/compressions.ts'
import { recordHearing } from '../../../src/ledger/recordings/hearings.ts'
import { addRecordings, recordingsOf } from '../../../src/ledger/recordings/recordings.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { callEvents } from '../../ledger/fixtures.ts'
import { quickHash } from '../../support/passwords.ts'
import { testDatabase } from '../../support/postgres.ts'
import { recordingPlace } from './place.ts'

const { db } = await testDatabase(t)
const day = '2026-11-25'
const hourMs = 3_600_000
const signal = new AbortController().signal
const options: CompressOptions = {
  db,
  ...(await recordingPlace(t)),
  compress,
  log: pino({ level: 'silent' }),
  // What was recorded in this very millisecond is older all the same.
  now: () => Date.now() + 1,
  restMs: 0,
  quietCallsMax: 0,
}

/** A second of noise. Returns the file as the ledger names it. */
async function recorded(id: string): Promise<string> {
  const plain = path.join(path.dirname(options.recordings), `${id}.wav`)
  const audio = Buffer.concat([alawHeader(16_000, 8_000), randomBytes(16_000)])
  writeFileSync(plain, audio)
  const kept = await keepSealed(options, { call: CallId(id), day, end: '.wav' }, plain)
  const { file, bytes, sha256 } = kept
  const manifest = { durationMs: 1_000, bytes, sha256, tracks: [], spans: [], gaps: [] }
  const waveform = { caller: [1], agent: [1] }
  await addRecordings(db, CallId(id), [{ leg: null, agent: null, file, manifest, waveform }])
  return file
}
const fileOf = async (id: string): Promise<string | undefined> =>
  (await recordingsOf(db, CallId(id)))[0]?.file
const sealedOf = (id: string): readonly string[] =>
  readdirSync(path.join(options.recordings, 'done', day)).filter((name) => name.startsWith(`${id}.`))
const keysOf = (id: string): readonly string[] =>
  readdirSync(path.join(options.recordingKeys, day)).filter((name) => name.startsWith(`${id}.`))

/** As another node would have written it. */
const others = { leg: null, file: `done/${day}/other.mp3.sealed`, bytes: 1, sha256: '0'.repeat(64) }

void t.test('a damaged original is tried again some hours later, and the others meanwhile', async (t) => {
  const file = await recorded('pbx1-1.1')
  const whole = path.join(options.recordings, file)
  writeFileSync(whole, 'not what was sealed')
  const other = await recorded('pbx1-1.2')
  let ahead = 0
  const tried: string[] = []
  const idle = new IdleCompression({
    ...options,
    now: () => options.now() + ahead,
    compress: (...parameters) => {
      tried.push(parameters[0])
      return compress(...parameters)
    },
  })
  t.equal(await idle.run(signal), 1)
  t.not(await fileOf('pbx1-1.2'), other)
  t.equal(await fileOf('pbx1-1.1'), file)
  t.equal(await idle.run(signal), 0)
  t.equal(tried.filter((one) => one === whole).length, 1)
  t.strictSame([...idle.postponed], ['pbx1-1.1'])
  ahead = 7 * hourMs
  t.equal(await idle.run(signal), 0)
  t.equal(tried.filter((one) => one === whole).length, 2)
  t.equal(sealedOf('pbx1-1.1').length, 1, 'nothing is left of the tries')
  t.equal(keysOf('pbx1-1.1').length, 1)
  t.notOk(existsSync(path.join(options.recordings, '.compressing')))
  ahead = 8 * 24 * hourMs
  t.equal(await idle.run(signal), 0)
  t.equal(tried.length, 3, 'given up after a week')
  t.equal(idle.postponed.size, 0, 'and forgotten')
  // No work for the tests below.
  await addCompressions(db, [{ ...others, call: CallId('pbx1-1.1') }])
})

void t.test('as many as one question has may fail: the ones after them are compressed', async (t) => {
  const damaged = ['pbx1-1.31', 'pbx1-1.32']
  for (const id of damaged) writeFileSync(path.join(options.recordings, await recorded(id)), 'damaged')
  const last = await recorded('pbx1-1.33')
  const idle = new IdleCompression({ ...options, callsMax: 2 })
  t.equal(await idle.run(signal), 1)
  t.not(await fileOf('pbx1-1.33'), last)
  t.strictSame([...idle.postponed], damaged)
  await addCompressions(
    db,
    damaged.map((id) => ({ ...others, call: CallId(id) })),
  )
})

void t.test('where another node was first, its file counts and one’s own is removed', async (t) => {
  const id = 'pbx1-2.1'
  await recorded(id)
  const idle = new IdleCompression({
    ...options,
    compress: async (...parameters) => {
      await compress(...parameters)
      await addCompressions(db, [{ ...others, call: CallId(id) }])
    },
  })
  await idle.run(signal)
  t.equal(await fileOf(id), others.file)
  t.equal(sealedOf(id).length, 1, 'the original alone')
  t.equal(keysOf(id).length, 1)
})

void t.test('while somebody talks only late recordings are compressed', async (t) => {
  const file = await recorded('pbx1-3.1')
  const open = callEvents({ id: 'pbx1-3.2', talks: 1_000, arrivedAt: Date.now() })
  await writeEvents(db, open.slice(0, 4))
  t.equal(await new IdleCompression(options).run(signal), 0)
  t.equal(await fileOf('pbx1-3.1'), file)
  const late = new IdleCompression({ ...options, now: () => Date.now() + 25 * hourMs })
  t.equal(await late.run(signal), 1)
  t.match(await fileOf('pbx1-3.1'), /\.mp3\.sealed$/)
})

void t.test('a recording rests after its call, and after each hearing', async (t) => {
  const file = await recorded('pbx1-4.1')
  let at = Date.now()
  const resting = new IdleCompression({ ...options, restMs: hourMs, quietCallsMax: 9, now: () => at })
  t.equal(await resting.run(signal), 0)
  // The account is made between two moments.
  await delay(20)
  const between = Date.now()
  // As above.
  await delay(20)
  const account = {
    username: 'ana',
    name: 'Ana Ștefănescu',
    roles: ['supervisor' as const],
    employer: 'Firma',
  }
  const added = await addAccount(db, account, quickHash)
  if (!added.ok) throw new Error(added.why)
  await recordHearing(db, { call: CallId('pbx1-4.1'), account: added.account.id })
  // The recording has rested, and the hearing has not.
  at = between + hourMs
  t.equal(await resting.run(signal), 0, 'somebody may hear it still')
  t.equal(await fileOf('pbx1-4.1'), file)
  at = Date.now() + hourMs + 1
  t.equal(await resting.run(signal), 1)
})
