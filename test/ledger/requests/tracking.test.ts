/** The bounds on wrong codes in public tracking: for one number, from one network, and for all together. */
import { sql } from 'kysely'
import t from 'tap'
import { RequestId } from '../../../src/city/requests/number.ts'
import {
  wrongInAllMax,
  wrongPerAddressMax,
  wrongPerNumberMax,
} from '../../../src/city/requests/tracking-code.ts'
import { track } from '../../../src/ledger/requests/tracking.ts'
import { openTestDatabase, testDatabase } from '../../support/postgres.ts'
import { registered } from './fixtures.ts'

const database = await testDatabase(t)
const { db } = database
const { id: agent } = await db
  .insertInto('accounts')
  .values({ username: 'ana' })
  .returning('id')
  .executeTakeFirstOrThrow()
const { id, code: drawn } = await registered(db, { agent })
const code = drawn ?? ''
const wrong = code === '000000' ? '000001' : '000000'

let others = 0
/** Tries on record, of other numbers and networks unless these are named. */
async function tried(count: number, found: boolean, of: { number?: string; address?: string } = {}) {
  const rows = Array.from({ length: count }, () => {
    others += 1
    return { number: `CC2020-${others}`, address: `net ${others}`, ...of, found }
  })
  await db.insertInto('tracking_tries').values(rows).execute()
}

const outcomeOf = async (address: string, six = code, number: RequestId = id) =>
  (await track(db, { id: number, code: six, address })).outcome

/** Every try on record was made an hour ago. */
async function anHourLater(): Promise<void> {
  const admin = openTestDatabase(database.adminUrl)
  await sql`alter table tracking_tries disable trigger user`.execute(admin)
  await sql`update tracking_tries set recorded_at = recorded_at - interval '1 hour'`.execute(admin)
  await sql`alter table tracking_tries enable trigger user`.execute(admin)
  await admin.destroy()
}

t.test('right codes are no tries at guessing: they use up no bound', async (t) => {
  await tried(wrongPerNumberMax, true, { number: id })
  await tried(wrongPerAddressMax, true, { address: 'library' })
  await tried(wrongInAllMax, true)
  t.equal(await outcomeOf('library'), 'found')
})

t.test('wrong codes for one number, whatever their networks', async (t) => {
  await tried(wrongPerNumberMax - 1, false, { number: id })
  t.equal(await outcomeOf('home'), 'found', 'one is left')
  t.equal(await outcomeOf('home', wrong), 'no match')
  t.equal(await outcomeOf('home'), 'too many tries')
  const other = await registered(db, { agent })
  t.equal(await outcomeOf('home', other.code ?? '', other.id), 'found', 'other numbers are tracked')
  await anHourLater()
  t.equal(await outcomeOf('home'), 'found', 'an hour later')
})

t.test('wrong codes from one network, whatever their numbers', async (t) => {
  await tried(wrongPerAddressMax - 1, false, { address: 'café' })
  t.equal(await outcomeOf('café'), 'found', 'one is left')
  t.equal(await outcomeOf('café', wrong, RequestId('CC2020-999999')), 'no match')
  t.equal(await outcomeOf('café'), 'too many tries')
  t.equal(await outcomeOf('home'), 'found', 'from another network')
  await anHourLater()
  t.equal(await outcomeOf('café'), 'found', 'an hour later')
})

t.test('wrong codes in all, whatever their numbers and networks', async (t) => {
  await tried(wrongInAllMax - 1, false)
  t.equal(await outcomeOf('home'), 'found', 'one is left')
  t.equal(await outcomeOf('street', wrong, RequestId('CC2020-999998')), 'no match')
  t.equal(await outcomeOf('home'), 'too many tries')
  await anHourLater()
  t.equal(await outcomeOf('home'), 'found', 'an hour later')
})
