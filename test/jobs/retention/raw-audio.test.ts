/** Raw audio that was never sealed, and events that were set aside, end with a bound; a folder in trouble is no success. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { CallId } from '../../../src/core/ids.ts'
import { runRetention } from '../../../src/jobs/retention/retention.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { writeCallers, writeCalls } from '../../../src/ledger/calls/call-writing.ts'
import { summary } from '../../../src/ledger/calls/summary.ts'
import { VolumeAbsent, writeMark } from '../../../src/ledger/volumes/volume.ts'
import { callEvents } from '../../ledger/fixtures.ts'
import { attack } from '../../support/attack.ts'
import { testDatabase } from '../../support/postgres.ts'
import { ranBefore, retentionIn } from './nightly-run.ts'

const database = await testDatabase(t)
const { db } = database
const dir = t.testdir({ recordings: {}, keys: {}, spool: {} })
const at = (...names: string[]) => path.join(dir, ...names)
await writeMark(at('recordings'), 'recordings')
await writeMark(at('keys'), 'keys')
const dayMs = 24 * 3_600_000
const options = retentionIn(database, dir)

/** A leap of the limits is announced by the first run and done by the second. */
async function announcedAndDone(days: number) {
  const now = () => Date.now() + days * dayMs
  await ranBefore(options, now(), 0)
  await runRetention({ ...options, now }).catch(() => undefined)
  return runRetention({ ...options, now })
}

function rawAudio(call: string, writtenDaysAgo = 0): void {
  mkdirSync(at('recordings', call), { recursive: true })
  const writtenAt = new Date(Date.now() - writtenDaysAgo * dayMs)
  for (const name of ['caller.wav', 'agent.wav', 'mix.wav', 'half.part']) {
    writeFileSync(at('recordings', call, name), 'a voice')
    utimesSync(at('recordings', call, name), writtenAt, writtenAt)
  }
  utimesSync(at('recordings', call), writtenAt, writtenAt)
}

const losses = () => db.selectFrom('recording_losses').select(['call', 'why']).orderBy('call').execute()

await attack(
  t,
  {
    attack: 'waits for raw audio whose job never ends',
    before: 'caller.wav and agent.wav of such a call were still there after four years',
    now: 'ended with the term of recordings, with a record of why',
  },
  async (t) => {
    await writeEvents(db, callEvents({ id: CallId('pbx1-1.1') }))
    rawAudio('pbx1-1.1')
    await announcedAndDone(4)
    t.ok(existsSync(at('recordings/pbx1-1.1/caller.wav')), 'a young call keeps it for its job')
    t.match(await announcedAndDone(1_461), { audio: { raw: 1 } })
    t.notOk(existsSync(at('recordings/pbx1-1.1')))
    t.match(await losses(), [
      { call: 'pbx1-1.1', why: /could not be sealed before the end of its retention/ },
    ])
  },
)

await attack(
  t,
  {
    attack: 'waits for the recording of an agent’s own outgoing call',
    before: 'it belonged to no call of the ledger: never sealed, listed or ended',
    now: 'such a folder ends after 30 days, with a record; new calls are not recorded (test/asterisk)',
  },
  async (t) => {
    rawAudio('pbx1-9.9', 31)
    rawAudio('pbx1-9.10', 29)
    writeFileSync(at('recordings/a-file'), 'not a folder')
    await ranBefore(options, Date.now())
    t.match(await runRetention(options), { audio: { raw: 1 } })
    t.notOk(existsSync(at('recordings/pbx1-9.9')))
    t.ok(existsSync(at('recordings/pbx1-9.10/agent.wav')))
    t.ok(existsSync(at('recordings/a-file')))
    t.match((await losses())[1], { call: 'pbx1-9.9', why: /no call in the ledger/ })
  },
)

await attack(
  t,
  {
    attack: 'looks for a number in the events that PostgreSQL refused',
    before: 'refused-node1.ndjson kept the caller’s number for ever',
    now: 'lines end with the details; younger ones stay',
  },
  async (t) => {
    const line = (daysAgo: number, number: string) =>
      `${JSON.stringify({ v: 1, at: Date.now() - daysAgo * dayMs, caller: number })}\n`
    const file = at('spool/refused-node1.ndjson')
    writeFileSync(file, `${line(1_100, '+40256555123')}{"at":1,"caller":"+4025655${line(10, '+40256555999')}`)
    writeFileSync(at('spool/refused-node2.ndjson'), line(1_100, '+40256555123'))
    writeFileSync(
      at('spool/refused-node3.ndjson.ending'),
      line(1_100, '+40256555123') + line(1, '+40256555888'),
    )
    await announcedAndDone(0)
    t.equal(readFileSync(file, 'utf8').includes('+40256555123'), false)
    t.notOk(existsSync(at('spool/refused-node2.ndjson')))
    t.match(readFileSync(at('spool/refused-node3.ndjson'), 'utf8'), /\+40256555888/, 'of an interrupted run')
    t.notOk(existsSync(at('spool/refused-node3.ndjson.ending')))
  },
)

t.test('an absent, or read-only, folder fails the run, after everything else was ended', async (t) => {
  const id = CallId('cel-1')
  const callers = new Map([[id, { number: '+40256555777', name: null }]])
  await writeCallers(db, callers)
  const events = callEvents({ id: CallId('x-1') })
  const ended = events
    .map((event) => (event.subject === 'call' ? event.after : null))
    .find((call) => call?.phase === 'ended')
  if (ended?.phase !== 'ended') throw new Error('no end')
  await writeCalls(db, [{ ...summary(ended), id }], 'line')
  const later = () => Date.now() + 3_000 * dayMs
  await announcedAndDone(3_000)
  await writeCallers(db, new Map([[CallId('cel-2'), { number: '+40256555777', name: null }]]))
  rmSync(at('keys'), { recursive: true })
  const refused = () =>
    runRetention({ ...options, now: later }).then(
      () => [],
      (error: unknown) => (error instanceof AggregateError ? (error.errors as unknown[]) : [error]),
    )
  t.match(await refused(), [VolumeAbsent])
  t.strictSame(await db.selectFrom('callers').select('call').execute(), [], 'the database was done')
  mkdirSync(at('keys'))
  t.match(await refused(), [VolumeAbsent], 'an empty folder, below an absent mount, is not the volume')
  await writeMark(at('keys'), 'keys')
  rmSync(at('recordings'), { recursive: true })
  t.match(await refused(), [VolumeAbsent])
  mkdirSync(at('recordings'))
  await writeMark(at('recordings'), 'recordings')
  await runRetention({ ...options, now: later })
  if (process.getuid?.() === 0) return
  mkdirSync(at('keys/2020-01-01'))
  writeFileSync(at('keys/2020-01-01/one.mp3.key'), Buffer.alloc(32))
  chmodSync(at('keys/2020-01-01'), 0o500)
  await t.rejects(runRetention({ ...options, now: later }), { errors: [{ code: 'EACCES' }] })
  chmodSync(at('keys/2020-01-01'), 0o700)
  t.match(await runRetention({ ...options, now: later }), { audio: { recordings: 1 } })
})
