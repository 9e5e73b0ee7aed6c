import { createHash } from 'node:crypto'
import t from 'tap'
import { AgentId } from '../../src/core/ids.ts'
import {
  accountById,
  addAccount,
  authenticate,
  closeAccount,
  listAccounts,
  setPassword,
  type Account,
} from '../../src/people/accounts.ts'
import { attemptOf, failed, mayTry, succeeded } from '../../src/people/attempts.ts'
import { hashPassword, passwordMatches } from '../../src/people/passwords.ts'
import { phonePasswords, phoneUser } from '../../src/people/phones.ts'
import { accountOfSession, openSession, revokeSession } from '../../src/people/sessions.ts'
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

void t.test('username and password open the account in any Unicode form', async (t) => {
  const account = await added('ana')
  t.strictSame(await authenticate(db, ' Ana ', 'o parolă lungă'.normalize('NFD')), account)
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
  const { token } = await openSession(db, account)
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
  await setPassword(db, account.id, 'alta')
  t.equal(await authenticate(db, 'schimbat', 'o parolă lungă'), null)
  t.strictSame(await authenticate(db, 'schimbat', 'alta'), account)
})

void t.test('a session is found by its token until it is revoked', async (t) => {
  const account = await added('sesiune')
  const [first, second] = [await openSession(db, account), await openSession(db, account)]
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

const by = (username: string, address: string) => attemptOf('a secret of the tests', username, address)

void t.test('repeated failures delay the next tries, longer each time', async (t) => {
  const attempt = by('ghicit', '192.0.2.1')
  for (let n = 0; n < 5; n += 1) {
    t.strictSame(await mayTry(db, attempt), { ok: true })
    await failed(db, attempt)
  }
  const first = await mayTry(db, by(' GHICIT ', '192.0.2.9'))
  t.ok(!first.ok && first.retryAfterMs > 0 && first.retryAfterMs <= 1_000)
  await failed(db, attempt)
  const second = await mayTry(db, attempt)
  t.ok(!second.ok && second.retryAfterMs > 1_000 && second.retryAfterMs <= 2_000)
  t.strictSame(await mayTry(db, by('altcineva', '192.0.2.1')), { ok: true }, 'the office has patience')
})

void t.test('a success clears earlier failures', async (t) => {
  const account = await added('iertat')
  const attempt = by('iertat', '192.0.2.2')
  for (let n = 0; n < 4; n += 1) await failed(db, attempt)
  await succeeded(db, attempt, account.id)
  for (let n = 0; n < 4; n += 1) await failed(db, attempt)
  t.strictSame(await mayTry(db, attempt), { ok: true })
})

void t.test('a typed name is recorded as a keyed digest that guessing cannot reverse', async (t) => {
  const attempt = by('parola-mea', '192.0.2.3')
  await failed(db, attempt)
  const rows = await db.selectFrom('sign_ins').select('username_digest').execute()
  const digests = rows.map((row) => row.username_digest.toString('hex'))
  t.ok(digests.includes(attempt.name.toString('hex')))
  t.notOk(digests.includes(createHash('sha256').update('parola-mea').digest('hex')))
  t.notOk(attemptOf('another secret', 'parola-mea', '192.0.2.3').name.equals(attempt.name))
})

void t.test('an address that tries many names is slowed down too; an IPv6 /64 counts as one', async (t) => {
  for (let n = 0; n < 31; n += 1) await failed(db, by(`n${n}`, `2001:db8:0:1::${n + 1}`))
  const next = await mayTry(db, by('fresh', '2001:0db8::1:aaaa:0:0:1'))
  t.equal(next.ok, false)
  t.strictSame(await mayTry(db, by('fresh', '2001:db8:0:2::1')), { ok: true })
})

void t.test('a stored hash contains its parameters, and a damaged one throws', async (t) => {
  const hash = await hashPassword('parolă')
  t.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  t.equal(await passwordMatches('parolă', hash), true)
  t.equal(await passwordMatches('Parolă', hash), false)
  await t.rejects(passwordMatches('parolă', 'plain'), /not in argon2id form/)
})

void t.test('phone passwords are stable, differ by phone and secret, and suit pjsip.conf', async (t) => {
  const passwordOf = phonePasswords('s'.repeat(32))
  t.equal(passwordOf('agent01'), phonePasswords('s'.repeat(32))('agent01'))
  t.not(passwordOf('agent01'), passwordOf(phoneUser('agent01', 'web')))
  t.not(passwordOf('agent01'), phonePasswords('t'.repeat(32))('agent01'))
  t.match(passwordOf('agent01'), /^[\w-]{32}$/)
  t.throws(() => phonePasswords('short'), /at least 32 bytes/)
})
