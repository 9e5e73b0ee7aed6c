/** Wrap-up forms on record: their codes, calls by these, and forms that are sent again. */
import { sql } from 'kysely'
import t from 'tap'
import { CallId } from '../../../src/core/ids.ts'
import { callById, calls } from '../../../src/ledger/calls/calls.ts'
import { previousCalls } from '../../../src/ledger/calls/previous-calls.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { addWrapUp, lockCorrections, unfinishedWrapUps } from '../../../src/ledger/calls/wrap-ups.ts'
import { codePathOf } from '../../../src/ledger/configuration/versions.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { changeConfiguration } from '../../support/configuration.ts'
import { quickHash } from '../../support/passwords.ts'
import { testDatabase } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import { callEvents } from '../fixtures.ts'

const { db } = await testDatabase(t)
const [ana, ion] = [await agentNamed('ana'), await agentNamed('ion')]
const start = Date.now() - 3_600_000
const form = { subject: '', motivated: 'yes', reason: null, resolution: 'none' } as const
const [buildings, cars] = [
  { id: 'cladiri', name: 'Taxe › Clădiri' },
  { id: 'auto', name: 'Taxe › Mașini' },
]

async function agentNamed(username: string) {
  const account = {
    username,
    name: username,
    roles: ['agent' as const],
    employer: 'Firma',
    password: 'parola',
  }
  const added = await addAccount(db, account, quickHash)
  if (!added.ok) throw new Error(added.why)
  return added.account.id
}
async function happened(id: string, arrivedAt: number): Promise<CallId> {
  await writeEvents(db, callEvents({ agent: ana, id: CallId(id), arrivedAt, number: '+40256000011' }))
  return CallId(id)
}
async function withCodes(...codes: string[]): Promise<string[]> {
  const answer = await calls(db, { limit: 50, codes })
  if (answer.error !== undefined) throw new Error(answer.error)
  return answer.items.map(({ id }) => id)
}

await t.test('calls are found by the codes of forms as they are now, not as they were', async (t) => {
  const [first, second] = [await happened('k-1', start), await happened('k-2', start + 1)]
  await addWrapUp(db, { call: first, agent: ana, form: { ...form, code: buildings } })
  await addWrapUp(db, { call: second, agent: ana, form: { ...form, code: buildings } })
  await addWrapUp(db, { call: second, agent: ion, form: { ...form, code: null } })
  t.same(await withCodes('cladiri'), ['k-2', 'k-1'], 'of any agent who had a part')
  await addWrapUp(db, { call: second, agent: ana, form: { ...form, code: cars }, later: true })
  t.same(await withCodes('cladiri'), ['k-1'])
  t.same(await withCodes('cladiri', 'auto'), ['k-2', 'k-1'])
  t.same(await withCodes('acte'), [])
  const [own, others] = (await callById(db, second))?.wrapUps ?? []
  t.match(own?.versions, [{ code: cars }, { code: buildings }], 'each version keeps its own')
  t.match(others?.versions, [{ code: null }])
})

await t.test('where there is no subject the code says what a call was about', async (t) => {
  const call = await happened('k-3', start + 2)
  const unfinished = async () =>
    (await unfinishedWrapUps(db, ana, start)).find((one) => one.call === call)?.subject
  await addWrapUp(db, { call, agent: ana, form: { ...form, resolution: 'unstated', code: cars } })
  t.equal(await unfinished(), 'Taxe › Mașini')
  await addWrapUp(db, { call, agent: ana, form: { ...form, code: cars } })
  t.equal(await unfinished(), undefined, 'it is complete without a subject')
  const { items } = await previousCalls(db, '+40256000011', Date.now(), 1)
  t.match(items, [{ subject: 'Taxe › Mașini' }])
})

await t.test('a code’s path is that in force, of one that is gone the last one', async (t) => {
  const publish = (name: string, below = true) =>
    changeConfiguration(db, (document) => ({
      ...document,
      codes: [{ id: 'taxe', name }, ...(below ? [{ id: 'auto', name: 'Mașini', under: 'taxe' }] : [])],
    }))
  t.equal(await codePathOf(db, 'auto'), null, 'nothing has been published')
  await publish('Taxe')
  await publish('Impozite')
  t.equal(await codePathOf(db, 'auto'), 'Impozite › Mașini')
  await publish('Taxe și impozite', false)
  t.equal(await codePathOf(db, 'auto'), 'Impozite › Mașini')
  t.equal(await codePathOf(db, 'taxe'), 'Taxe și impozite')
  t.equal(await codePathOf(db, 'acte'), null)
})

/** Whether a transaction waits for a lock of another one's, as a correction does. */
async function isLockedOut(): Promise<boolean> {
  const { rows } = await sql`
    select from pg_locks where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`.execute(db)
  return rows.length > 0
}

await t.test(
  'a form that is sent again waits for a correction in progress, and is not added after it',
  async (t) => {
    const again = { agent: ana, form, later: true, unlessCorrected: true } as const
    const uncorrected = await happened('k-20', start + 20)
    t.equal(await addWrapUp(db, { ...again, call: uncorrected }), true, 'there is no correction yet')
    const call = await happened('k-21', start + 21)
    const sent = await db.transaction().execute(async (trx) => {
      await lockCorrections(trx, call)
      const resent = addWrapUp(db, { ...again, call })
      // Without the lock the form is added instead.
      await Promise.race([resent, until(isLockedOut, 5_000)])
      const { subject: _, ...values } = form
      await trx
        .insertInto('wrap_ups')
        .values({ ...values, call, agent: ana, subject_digest: null, later: true })
        .execute()
      return [resent]
    })
    t.strictSame(await Promise.all(sent), [false])
  },
)
