/** Uses a sample that Asterisk wrote (`cel-sample.csv`). */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { celColumns } from '../../../src/asterisk/config/cel-columns.ts'
import { CallId, PbxName } from '../../../src/core/ids.ts'
import { compareWithRecord } from '../../../src/ledger/cel/compare.ts'
import { startWitness } from '../../../src/ledger/cel/witness.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { testDatabase } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import { callEvents } from '../fixtures.ts'

const sample = path.join(import.meta.dirname, 'cel-sample.csv')
const lastAt = 1_795_565_896_257
const pbx = PbxName('pbx1')

async function scene(t: Test) {
  const { db } = await testDatabase(t)
  const file = path.join(t.testdir({}), 'cel.csv')
  copyFileSync(sample, file)
  const compare = (endedBefore = lastAt + 60_000, loneMax = 100) =>
    compareWithRecord({ db, pbx, file, columns: celColumns, endedBefore, loneMax })
  /** Imports missing calls, as the server does. */
  const witness = async () => {
    const log = pino({ level: 'silent' })
    const options = { db, file, pbx, columns: celColumns, log, lag: async () => 0, everyMs: 20 }
    const started = startWitness({ ...options, now: () => lastAt + 60_000 })
    await until(async () => (await compare()).onlyInRecord.length === 0)
    await started.stop()
  }
  return { db, file, compare, witness }
}

t.test('calls missing in the ledger are listed until the witness has imported them', async (t) => {
  const { compare, witness } = await scene(t)
  const before = await compare()
  t.ok(before.inRecord > 3)
  t.equal(before.onlyInRecord.length, before.inRecord)
  t.match(before, { inLedger: 0, onlyInLedger: [], unreadable: 0 })
  t.equal((await compare(undefined, 2)).onlyInRecord.length, 2, 'no more than are asked for')
  await witness()
  t.match(await compare(), {
    inRecord: before.inRecord,
    inLedger: before.inRecord,
    onlyInRecord: [],
    onlyInLedger: [],
  })
})

t.test('a call that is missing in the CEL is listed', async (t) => {
  const { db, compare, witness } = await scene(t)
  await witness()
  const { period } = await compare()
  const arrivedAt = (period?.from ?? 0) + 1_000
  await writeEvents(db, callEvents({ id: 'pbx1-invented.1', arrivedAt, talks: 1_000, waits: 1_000 }))
  t.match(await compare(), { onlyInRecord: [], onlyInLedger: [{ id: CallId('pbx1-invented.1'), arrivedAt }] })
  await writeEvents(db, callEvents({ id: 'pbx1-later.1', arrivedAt: lastAt + 3_600_000 }))
  t.equal((await compare()).onlyInLedger.length, 1, 'what the record does not reach is no matter of it')
})

t.test('invalid lines are counted, and a missing file has no calls', async (t) => {
  const { file, compare } = await scene(t)
  writeFileSync(file, `garbage\n${readFileSync(file, 'utf8')}"half a row`)
  t.match(await compare(), { unreadable: 1 })
  writeFileSync(file, '')
  t.match(await compare(), { period: null, inRecord: 0, onlyInRecord: [], onlyInLedger: [] })
})

t.test('calls that have just ended are left out', async (t) => {
  const { compare } = await scene(t)
  t.match(await compare(0), { period: null, inRecord: 0 })
})
