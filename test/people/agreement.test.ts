import { sql } from 'kysely'
import t from 'tap'
import {
  agreementVersions,
  hasSigned,
  publishAgreement,
  signatureCounts,
} from '../../src/ledger/agreement/agreements.ts'
import { changeAccount } from '../../src/people/account-changes.ts'
import { addAccount, type Account } from '../../src/people/accounts.ts'
import { shownAgreement, signAgreement } from '../../src/people/agreement.ts'
import type { Role } from '../../src/people/roles.ts'
import { AgentId } from '../../src/core/ids.ts'
import { quickHash } from '../support/passwords.ts'
import { testDatabase } from '../support/postgres.ts'

const { db } = await testDatabase(t)

let count = 0

async function added(roles: readonly Role[] = ['agent']): Promise<Account> {
  count += 1
  const person = { username: `semnatar${count}`, name: 'Ștefan Țăranu', employer: 'Glas SRL', roles }
  const result = await addAccount(db, { ...person, password: 'o parolă lungă' }, quickHash)
  if (!result.ok) throw new Error(result.why)
  return result.account
}

async function shown(account: Account) {
  const agreement = await shownAgreement(db, account.id)
  if (agreement === null) throw new Error('no agreement')
  return agreement
}

async function sign(account: Account, name = account.name) {
  return signAgreement(db, account.id, { digest: (await shown(account)).digest, name })
}

async function publish(change: (text: string) => string, by: Account | null = null) {
  const [present] = await agreementVersions(db, 1)
  if (present === undefined) throw new Error('no agreement')
  const next = { after: present.version, text: change(present.text), by: by?.id ?? null }
  return publishAgreement(db, next)
}

void t.test('the product comes with a text that names person and employer', async (t) => {
  const agreement = await shown(await added())
  t.ok(agreement.version >= 1)
  t.match(agreement.text, /^Subsemnata\/Subsemnatul Ștefan Țăranu, din partea angajatorului Glas SRL,/)
  t.notMatch(agreement.text, /[{}]/)
  t.notMatch(agreement.text, /[şţ]/, 'comma below, not cedilla')
  t.match(agreement, { signedAt: null, signedBefore: false })
})

void t.test('a signature counts for its own account only, and signing twice counts once', async (t) => {
  const [ana, other] = [await added(), await added()]
  t.equal(await hasSigned(db, ana.id), false)
  t.equal(await sign(ana), 'signed')
  t.equal(await sign(ana), 'signed')
  t.equal(await hasSigned(db, ana.id), true)
  t.equal(await hasSigned(db, other.id), false)
  const rows = await db.selectFrom('agreement_signatures').selectAll().where('account', '=', ana.id).execute()
  t.equal(rows.length, 1)
  t.equal(rows[0]?.digest.toString('hex'), (await shown(ana)).digest)
  t.ok(Math.abs((rows[0]?.recorded_at ?? 0) - Date.now()) < 60_000)
})

void t.test('a wrong name or an outdated text is refused', async (t) => {
  const ana = await added()
  t.equal(await sign(ana, 'Altcineva'), 'name differs')
  const { digest } = await shown(ana)
  await publish((text) => `${text}\n\nÎn plus: nimic.`)
  t.equal(await signAgreement(db, ana.id, { digest, name: ana.name }), 'changed')
  t.equal(await signAgreement(db, AgentId('nobody'), { digest, name: 'x' }), 'changed')
  t.equal(await hasSigned(db, ana.id), false)
})

void t.test('a new text requires new signatures, and the old ones stay recorded', async (t) => {
  const ana = await added()
  await sign(ana)
  const before = await shown(ana)
  t.equal(await publish((text) => `${text}\n\n8. Nimic altceva.`), 'published')
  t.equal(await hasSigned(db, ana.id), false)
  const after = await shown(ana)
  t.match(after, { version: before.version + 1, signedAt: null, signedBefore: true })
  t.match(after.text, /8\. Nimic altceva\.$/)
  await sign(ana)
  t.equal(await hasSigned(db, ana.id), true)
  const digests = await db
    .selectFrom('agreement_signatures')
    .select('digest')
    .where('account', '=', ana.id)
    .orderBy('id')
    .execute()
  t.same(
    digests.map(({ digest }) => digest.toString('hex')),
    [before.digest, after.digest],
  )
})

void t.test('a change of employer or name requires a new signature; a change of role does not', async (t) => {
  const ana = await added()
  await sign(ana)
  const { name, employer } = ana
  await changeAccount(db, ana.id, { name, employer, roles: ['agent', 'supervisor'] }, null)
  t.equal(await hasSigned(db, ana.id), true)
  await changeAccount(db, ana.id, { name, employer: 'Alt Glas SRL', roles: ['agent'] }, null)
  t.equal(await hasSigned(db, ana.id), false)
  t.match((await shown(ana)).text, /angajatorului Alt Glas SRL/)
  await sign(ana)
  t.equal(await hasSigned(db, ana.id), true)
  await changeAccount(db, ana.id, { name: 'Ștefan Pop', employer: 'Alt Glas SRL', roles: ['agent'] }, null)
  t.equal(await hasSigned(db, ana.id), false)
  await changeAccount(db, ana.id, { name, employer, roles: ['agent'] }, null)
  t.equal(await hasSigned(db, ana.id), true, 'what stands in the first signature is true again')
})

void t.test('of two concurrent publications the second is refused', async (t) => {
  const [{ version: after, text } = { version: 0, text: '' }] = await agreementVersions(db, 1)
  const outcomes = await Promise.all(
    [1, 2, 3, 4].map((n) => publishAgreement(db, { after, text: `${text}\n\n${n}.`, by: null })),
  )
  t.equal(outcomes.filter((one) => one === 'published').length, 1)
  const versions = (await agreementVersions(db, 500)).map(({ version }) => version)
  t.same(
    versions,
    versions.map((_, index) => versions.length - index),
    'and no number is left out',
  )
  t.equal(await publishAgreement(db, { after: 1_000, text: 'x', by: null }), 'changed')
})

void t.test('the publisher of a version is listed by name', async (t) => {
  const boss = await added(['administrator'])
  await publish((text) => text, boss)
  t.match(await agreementVersions(db, 1), [{ publishedBy: 'Ștefan Țăranu' }])
  t.match((await agreementVersions(db, 500)).at(-1), { version: 1, publishedBy: null })
})

void t.test('signature counts include only open accounts with access to city data', async (t) => {
  const before = await signatureCounts(db)
  const [ana] = [await added(), await added(['administrator'])]
  t.same(await signatureCounts(db), { ...before, missing: before.missing + 1 })
  await sign(ana)
  t.same(await signatureCounts(db), { ...before, signed: before.signed + 1 })
})

void t.test('a signature must belong to the account whose version it names', async (t) => {
  const [ana, other] = [await added(), await added()]
  await t.rejects(
    sql`insert into agreement_signatures (account, version, account_version, digest)
        select ${ana.id}, 1, id, sha256('x') from account_versions where account = ${other.id}`.execute(db),
    { code: '23503' },
  )
})
