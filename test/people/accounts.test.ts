import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import { AgentId } from '../../src/core/ids.ts'
import {
  accountById,
  addAccount,
  authenticate,
  closeAccount,
  listAccounts,
  insertPassword,
  type Account,
} from '../../src/people/accounts.ts'
import {
  attemptOf,
  failed,
  forgetOldTries,
  mayTry,
  succeeded,
  type Attempt,
} from '../../src/people/throttle.ts'
import { hashPassword, passwordMatches } from '../../src/people/passwords/hash.ts'
import { phonePasswords, phoneUser } from '../../src/people/phones.ts'
import { accountOfSession, endSessionsOf, openSession, revokeSession } from '../../src/people/sessions.ts'
import { testDatabase } from '../support/postgres.ts'

const { db } = await testDatabase(t)

async function added(username: string, password = 'o parolă lungă'): Promise<Account> {
  const person = {
    username,
    password,
    name: 'Ștefan Țăranu',
    employer: 'Glas SRL',
    roles: ['agent' as const],
  }
  const result = await addAccount(db, person)
  if (!result.ok) throw new Error(result.why)
  return result.account
}

async function replacePassword(id: AgentId, password: string): Promise<void> {
  await insertPassword(db, id, await hashPassword(password))
}

async function opened({ id }: Account, password: number | null = null): Promise<{ token: string }> {
  const session = await openSession(db, { account: id, method: 'password', password })
  if (session === null) throw new Error('no session')
  return session
}

void t.test('username and password open the account in any Unicode form', async (t) => {
  const account = await added('ana')
  t.match(await authenticate(db, ' Ana ', 'o parolă lungă'.normalize('NFD')), { account })
  t.equal(await authenticate(db, 'ana', 'o parola lunga'), null)
  t.equal(await authenticate(db, 'nobody', 'o parolă lungă'), null)
  t.equal(await authenticate(db, 'ana\u0000', 'o parolă lungă'), null)
  t.equal(await authenticate(db, '', ''), null)
})

void t.test('an unknown name takes as long as a wrong password', async (t) => {
  await added('timed')
  const took = { timed: [] as number[], 'nobody at all': [] as number[] }
  // Alternating, so that a busy machine slows both.
  for (let n = 0; n < 9; n += 1) {
    for (const username of ['timed', 'nobody at all'] as const) {
      const before = performance.now()
      await authenticate(db, username, 'wrong')
      took[username].push(performance.now() - before)
    }
  }
  const [known, unknown] = [took.timed, took['nobody at all']].map((times) => times.sort((a, b) => a - b)[4]!)
  // Without the hash it would be twenty times faster.
  t.ok(unknown! > known! / 3 && unknown! < known! * 3, `known ${known} ms, unknown ${unknown} ms`)
})

void t.test('a username is taken once and must be usable as a SIP user', async (t) => {
  await added('mihai')
  const again = { username: 'MIHAI', password: 'x', name: 'Alt Mihai', employer: 'X', roles: [] }
  t.strictSame(await addAccount(db, again), { ok: false, why: 'username taken' })
  for (const username of ['', '123', 'a;b', 'ana maria', 'ț', 'trunk', 'ana-web', `a${'b'.repeat(40)}`]) {
    t.strictSame(
      await addAccount(db, { ...again, username }),
      { ok: false, why: 'username not usable' },
      username,
    )
  }
})

void t.test('a closed account cannot sign in, its sessions end, and it stays listed', async (t) => {
  const account = await added('plecat')
  const { token } = await opened(account)
  t.strictSame(await accountOfSession(db, token), account)
  t.equal(await closeAccount(db, account.id, null), 'closed')
  t.equal(await closeAccount(db, account.id, null), 'was closed')
  t.equal(await closeAccount(db, AgentId('nobody'), null), 'unknown account')
  t.equal(await authenticate(db, 'plecat', 'o parolă lungă'), null)
  t.equal(await accountOfSession(db, token), null)
  const listed = (await listAccounts(db)).find((one) => one.username === 'plecat')
  t.ok(Math.abs((listed?.closedAt ?? 0) - Date.now()) < 60_000)
  t.strictSame(await accountById(db, account.id), listed)
})

void t.test('a new password replaces the old one', async (t) => {
  const account = await added('schimbat')
  await replacePassword(account.id, 'alta')
  t.equal(await authenticate(db, 'schimbat', 'o parolă lungă'), null)
  t.match(await authenticate(db, 'schimbat', 'alta'), { account })
})

void t.test('a session is found by its token until it is revoked', async (t) => {
  const account = await added('sesiune')
  const [first, second] = [await opened(account), await opened(account)]
  t.not(first.token, second.token)
  await revokeSession(db, first.token)
  await revokeSession(db, first.token)
  await revokeSession(db, 'never opened')
  t.equal(await accountOfSession(db, first.token), null)
  t.strictSame(await accountOfSession(db, second.token), account)
  t.equal(await accountOfSession(db, 'never opened'), null)
  const stored = JSON.stringify(await db.selectFrom('sessions').selectAll().execute())
  t.notMatch(stored, second.token, 'the token itself is stored nowhere')
})

void t.test('all sessions of an account end at once, except the one that ends them', async (t) => {
  const account = await added('pleaca')
  const other = await added('ramane')
  const [first, second, kept, others] = [
    await opened(account),
    await opened(account),
    await opened(account),
    await opened(other),
  ]
  await db.transaction().execute((trx) => endSessionsOf(trx, account.id, { keep: kept.token }))
  t.equal(await accountOfSession(db, first.token), null)
  t.equal(await accountOfSession(db, second.token), null)
  t.match(await accountOfSession(db, kept.token), { id: account.id })
  await db.transaction().execute((trx) => endSessionsOf(trx, account.id))
  await db.transaction().execute((trx) => endSessionsOf(trx, account.id))
  t.equal(await accountOfSession(db, kept.token), null)
  t.match(await accountOfSession(db, others.token), { id: other.id })
})

void t.test('no session is opened with a password that was replaced while it was checked', async (t) => {
  const account = await added('inlocuit')
  const checked = await authenticate(db, 'inlocuit', 'o parolă lungă')
  await replacePassword(account.id, 'alta')
  const session = { account: account.id, method: 'password' as const, password: checked!.password }
  t.equal(await openSession(db, session), null)
})

const by = (username: string, address: string, browser: string | null = null) =>
  attemptOf('a secret of the tests', username, address, () => browser)
const tryFive = async (attempt: Attempt) => {
  for (let n = 0; n < 5; n += 1) if (!(await mayTry(db, attempt)).ok) throw new Error('refused too early')
}

void t.test('repeated failures delay the next tries, longer each time', async (t) => {
  const attempt = by('ghicit', '192.0.2.1')
  await tryFive(attempt)
  const first = await mayTry(db, by(' GHICIT ', '192.0.2.1'))
  t.ok(!first.ok && first.retryAfterMs > 0 && first.retryAfterMs <= 1_000)
  const later = (ms: number) =>
    sql`update sign_in_tries set last_at = last_at - ${ms} * interval '1 ms' where bucket = ${attempt.bucket}`.execute(
      db,
    )
  await later(1_000)
  t.strictSame(await mayTry(db, attempt), { ok: true })
  const second = await mayTry(db, attempt)
  t.ok(!second.ok && second.retryAfterMs > 1_000 && second.retryAfterMs <= 2_000)
  await later(1_000)
  t.equal((await mayTry(db, attempt)).ok, false)
  await later(1_000)
  t.strictSame(await mayTry(db, attempt), { ok: true })
})

void t.test('tries delay neither another network, nor another name, nor a known browser', async (t) => {
  await tryFive(by('tinta', '192.0.2.4'))
  t.equal((await mayTry(db, by('tinta', '192.0.2.4'))).ok, false)
  t.strictSame(await mayTry(db, by('tinta', '192.0.2.5')), { ok: true })
  t.strictSame(await mayTry(db, by('alta', '192.0.2.4')), { ok: true })
  t.strictSame(await mayTry(db, by('tinta', '192.0.2.4', 'its browser')), { ok: true })
  await tryFive(by('furat', '192.0.2.6', 'stolen'))
  t.equal(
    (await mayTry(db, by('furat', '192.0.2.99', 'stolen'))).ok,
    false,
    'a known browser is counted, too',
  )
})

void t.test('tries at once are counted one by one', async (t) => {
  const attempts = await Promise.all(Array.from({ length: 20 }, () => mayTry(db, by('deodata', '192.0.2.7'))))
  t.equal(attempts.filter(({ ok }) => ok).length, 5)
})

void t.test('a success clears earlier failures', async (t) => {
  const account = await added('iertat')
  const attempt = by('iertat', '192.0.2.2')
  for (let n = 0; n < 4; n += 1) await mayTry(db, attempt)
  await succeeded(db, attempt, account.id, 'password')
  for (let n = 0; n < 4; n += 1) await mayTry(db, attempt)
  t.strictSame(await mayTry(db, attempt), { ok: true })
})

void t.test('refused tries are one row a day for each network and account', async (t) => {
  const account = await added('numarat')
  for (let n = 0; n < 3; n += 1) await failed(db, by('numarat', '192.0.2.8'), account.id)
  await failed(db, by('numarat', '192.0.2.8'), account.id, 'slowed down')
  for (const name of ['nimeni', 'nimic', 'deloc']) await failed(db, by(name, '192.0.2.8'), null)
  const rows = await db
    .selectFrom('refused_sign_ins')
    .selectAll()
    .where('address', '=', '192.0.2.8')
    .execute()
  t.match(
    rows.toSorted((a, b) => a.slowed_down - b.slowed_down),
    [
      { account: null, refused: 3, slowed_down: 0 },
      { account: account.id, refused: 3, slowed_down: 1 },
    ],
  )
})

void t.test('counts without effect are deleted', async (t) => {
  const old = by('demult', '192.0.2.9')
  await mayTry(db, old)
  const rows = () => db.selectFrom('sign_in_tries').select('tries').where('bucket', '=', old.bucket).execute()
  await forgetOldTries(db)
  t.equal((await rows()).length, 1)
  await sql`update sign_in_tries set last_at = now() - interval '61 minutes'
            where bucket = ${old.bucket}`.execute(db)
  await forgetOldTries(db)
  t.equal((await rows()).length, 0)
})

void t.test('a clock that was set back keeps nobody waiting', async (t) => {
  const attempt = by('ceas', '192.0.2.10')
  await tryFive(attempt)
  await sql`update sign_in_tries set last_at = now() + interval '1 year'
            where bucket = ${attempt.bucket}`.execute(db)
  t.strictSame(await mayTry(db, attempt), { ok: true })
})

void t.test('a typed name is recorded as a keyed digest that guessing cannot reverse', async (t) => {
  const attempt = by('parola-mea', '192.0.2.3')
  const account = await added('digerat')
  await succeeded(db, attempt, account.id, 'password')
  const rows = await db.selectFrom('sign_ins').select('username_digest').execute()
  const digests = rows.map((row) => row.username_digest.toString('hex'))
  t.ok(digests.includes(attempt.name.toString('hex')))
  t.notOk(digests.includes(createHash('sha256').update('parola-mea').digest('hex')))
  t.notOk(attemptOf('another secret', 'parola-mea', '192.0.2.3').name.equals(attempt.name))
})

void t.test('an IPv6 /64 counts as one network', async (t) => {
  await tryFive(by('sase', '2001:db8:0:1::1'))
  t.equal((await mayTry(db, by('sase', '2001:0db8::1:aaaa:0:0:1'))).ok, false)
  t.strictSame(await mayTry(db, by('sase', '2001:db8:0:2::1')), { ok: true })
})

void t.test('a stored hash contains its parameters, and a damaged one throws', async (t) => {
  const hash = await hashPassword('parolă')
  t.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  t.equal(await passwordMatches('parolă', hash, 'first'), true)
  t.equal(await passwordMatches('Parolă', hash, 'first'), false)
  await t.rejects(passwordMatches('parolă', 'plain', 'first'), /not in argon2id form/)
})

void t.test(
  'phone passwords are stable, differ by phone, secret and epoch, and suit pjsip.conf',
  async (t) => {
    const passwordOf = phonePasswords('s'.repeat(32))
    t.equal(passwordOf('agent01', 0), phonePasswords('s'.repeat(32))('agent01', 0))
    t.not(passwordOf('agent01', 0), passwordOf(phoneUser('agent01', 'web'), 0))
    t.not(passwordOf('agent01', 0), phonePasswords('t'.repeat(32))('agent01', 0))
    t.not(passwordOf('agent01', 1), passwordOf('agent01', 0))
    t.not(passwordOf('agent01', 1), passwordOf('agent01', 2))
    t.match(passwordOf('agent01', 1), /^[\w-]{32}$/)
    t.throws(() => phonePasswords('short'), /at least 32 bytes/)
  },
)
