import { sql } from 'kysely'
import t from 'tap'
import { lateAfterMs, triesAtMs } from '../../../src/city/documents/backoff.ts'
import type { RequestRegistered, RequestStatus } from '../../../src/city/documents/message.ts'
import {
  askAgain,
  dueMessages,
  enqueue,
  messageAfter,
  recordTry,
  restoreUnsent,
  sealedMessage,
  undeliveredCounts,
  undeliveredMessages,
  unsentMessage,
} from '../../../src/ledger/documents/outbox.ts'
import { testDatabase } from '../../support/postgres.ts'
import { registered, status } from './messages.ts'

const { db } = await testDatabase(t)
const now = Date.now()
const down = { outcome: 'unreachable', why: 'no connection' } as const
let requests = 0

/** A separate request for each test. */
function aRequest(): { readonly first: RequestRegistered; readonly later: RequestStatus } {
  requests += 1
  const request = `CC2026-${String(requests).padStart(6, '0')}`
  return { first: registered(request), later: status(request) }
}

const put = (message: RequestRegistered | RequestStatus) =>
  db.transaction().execute((trx) => enqueue(trx, message))
const due = (at = now) => dueMessages(db, at, 100)
async function fail(id: Awaited<ReturnType<typeof put>>, at: number) {
  const message = await unsentMessage(db, id)
  if (message === null) throw new Error('it is not unsent')
  return recordTry(db, message, down, at)
}

t.test('a message exists exactly when its change is committed', async (t) => {
  const { first } = aRequest()
  await t.rejects(
    db.transaction().execute(async (trx) => {
      await enqueue(trx, first)
      throw new Error('the registration failed')
    }),
    /registration failed/,
  )
  t.strictSame(await due(), [])
  const id = await put(first)
  t.match(id, /^msg_[0-9a-f]{32}$/)
  t.strictSame(await due(), [id])
  const sealed = await sealedMessage(db, id)
  t.match(JSON.parse(sealed?.body ?? ''), { data: { request: first.request, version: 1 } })
  await recordTry(db, { id, tries: 0 }, { outcome: 'delivered' }, now)
})

t.test('the register keeps a salted digest of the body', async (t) => {
  const id = await put(aRequest().first)
  const { rows } = await sql<{ same: boolean }>`
    select o.digest = sha256(b.salt || convert_to(b.body, 'UTF8')) as same
    from outbox o join outbox_bodies b on b.message = o.id where o.id = ${id}`.execute(db)
  t.strictSame(rows, [{ same: true }])
  await recordTry(db, { id, tries: 0 }, { outcome: 'delivered' }, now)
})

t.test('messages of a request get distinct versions, also when written concurrently', async (t) => {
  const { first, later } = aRequest()
  await put(first)
  await Promise.all([put(later), put(later), put(later), put(later)])
  const rows = await db.selectFrom('outbox').select('version').where('request', '=', first.request).execute()
  t.strictSame(
    rows.map(({ version }) => version).sort((a, b) => a - b),
    [1, 2, 3, 4, 5],
  )
})

t.test('later messages of a request wait behind the first that is not delivered', async (t) => {
  const { first, later } = aRequest()
  const one = await put(first)
  const two = await put(later)
  const waiting = async () => (await due()).filter((id) => id === one || id === two)
  t.strictSame(await waiting(), [one])
  t.equal((await unsentMessage(db, two))?.behind, true)
  await fail(one, now)
  t.strictSame(await waiting(), [], 'not even while the first one pauses')
  await recordTry(db, { id: one, tries: 1 }, { outcome: 'delivered' }, now)
  t.equal(await messageAfter(db, one), two)
  t.strictSame(await waiting(), [two])
  t.equal(await unsentMessage(db, one), null)
})

t.test('a failed try is recorded with the time of the next one', async (t) => {
  const id = await put(aRequest().first)
  t.equal(await fail(id, now), now + 30_000)
  t.notOk((await due(now + 29_999)).includes(id))
  t.ok((await due(now + 30_000)).includes(id))
  const [row] = (await undeliveredMessages(db, 100)).filter((message) => message.id === id)
  t.match(row, {
    outcome: 'unreachable',
    why: 'no connection',
    tries: 1,
    nextAt: now + 30_000,
    givenUp: false,
  })
  t.equal(await recordTry(db, { id, tries: 1 }, { outcome: 'refused', status: 500 }, now), now + 5 * 60_000)
})

t.test('after a week a message is given up and listed first; asking again begins a new week', async (t) => {
  const { first, later } = aRequest()
  const id = await put(first)
  const behind = await put(later)
  let next: number | null = now
  for (let tries = 0; next !== null; tries += 1) {
    t.equal(next, now + (triesAtMs[tries] ?? -1), `try ${tries + 1}`)
    next = await fail(id, next)
  }
  const farAway = now + 100 * 24 * 3_600_000
  t.notOk(
    (await due(farAway)).some((one) => one === id || one === behind),
    'nothing is tried any more',
  )
  t.equal((await undeliveredMessages(db, 100))[0]?.id, id)
  t.equal((await undeliveredCounts(db, now)).givenUp, 1)
  const { id: by } = await db
    .insertInto('accounts')
    .values({ username: 'supervisor' })
    .returning('id')
    .executeTakeFirstOrThrow()
  t.equal(await askAgain(db, id, by, farAway), 'asked')
  t.ok((await due(farAway)).includes(id))
  t.match(await unsentMessage(db, id), { tries: 0, givenUp: false, outcome: 'asked again' })
  t.equal(await fail(id, farAway), farAway + 30_000)
  await recordTry(db, { id, tries: 1 }, { outcome: 'delivered' }, farAway)
  t.equal(await askAgain(db, id, by, farAway), 'not unsent')
  const { rows } = await sql<{ by: string }>`
    select by from outbox_tries where message = ${id} and outcome = 'asked again'`.execute(db)
  t.strictSame(rows, [{ by }], 'who asked is on record')
})

t.test('a message that is undelivered after two hours is late', async (t) => {
  const before = await undeliveredCounts(db, now)
  await put(aRequest().first)
  const after = await undeliveredCounts(db, now + lateAfterMs - 60_000)
  t.equal(after.unsent, before.unsent + 1)
  t.equal((await undeliveredCounts(db, Date.now() + lateAfterMs)).late, after.unsent)
})

t.test('an incomplete list of unsent messages is restored from the registers', async (t) => {
  const { first } = aRequest()
  const id = await put(first)
  const sent = await put(aRequest().first)
  await recordTry(db, { id: sent, tries: 0 }, { outcome: 'delivered' }, now)
  await db.deleteFrom('outbox_unsent').where('message', '=', id).execute()
  t.equal(await unsentMessage(db, id), null)
  t.equal(await restoreUnsent(db), 1)
  t.ok((await due()).includes(id))
  t.equal(await restoreUnsent(db), 0)
})
