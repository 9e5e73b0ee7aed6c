import t from 'tap'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import type { Configuration } from '../../../src/core/configuration/schema.ts'
import { QueueId } from '../../../src/core/ids.ts'
import {
  configurationVersion,
  configurationVersions,
  newestConfiguration,
  publishConfiguration,
  pauseNames,
  queueNamesOf,
} from '../../../src/ledger/configuration/versions.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { changeConfiguration } from '../../support/configuration.ts'
import { quickHash } from '../../support/passwords.ts'
import { testDatabase } from '../../support/postgres.ts'

const { db } = await testDatabase(t)
const first = await newestConfiguration(db)
const taxes = { id: 'taxe', name: 'Taxe', skill: 'taxe', levelMin: 2, priority: 10 }
const publish = (basedOn: number, reason = '') =>
  publishConfiguration(db, {
    document: { ...first.document, queues: [...first.document.queues, taxes] },
    basedOn,
    reason,
    by: null,
  })

await t.test('before the first publication, that of a new installation is in force', async (t) => {
  t.same(first.document, firstConfiguration)
  t.match(first, { id: 0, by: null, reason: '', publishedAt: null })
  t.same(await configurationVersions(db, { before: null, limit: 10 }), [])
  t.end()
})

await t.test('of two who change the same version one publishes, and loses nothing', async (t) => {
  const both = await Promise.all([publish(first.id, 'ghișeu nou'), publish(first.id, 'altceva')])
  t.equal(both.filter(({ ok }) => ok).length, 1)
  const newest = await newestConfiguration(db)
  t.equal(newest.document.queues.length, 2)
  t.match(await publish(first.id), { why: 'changed meanwhile' }, 'too late')
  t.match(await publish(newest.id + 1_000), { why: 'changed meanwhile' }, 'no such version')
})

await t.test('a document with a fault is not published', async (t) => {
  const { id: basedOn } = await newestConfiguration(db)
  const faulty = { document: { ...first.document, numbers: [] }, basedOn, reason: '', by: null }
  t.match(await publishConfiguration(db, faulty), {
    why: 'faults',
    faults: [{ at: 'numbers', code: 'no number' }],
  })
  t.equal((await newestConfiguration(db)).id, basedOn)
})

await t.test('every version stays, with who published it when and why', async (t) => {
  const newest = await newestConfiguration(db)
  const back = await publishConfiguration(db, {
    document: first.document,
    basedOn: newest.id,
    reason: 'înapoi',
    by: null,
  })
  const again = back.ok ? back.id : 0
  t.ok(again > newest.id)
  const listed = await configurationVersions(db, { before: null, limit: 10 })
  t.same(
    listed.map(({ id }) => id),
    [again, newest.id],
  )
  t.equal(listed[0]?.reason, 'înapoi')
  t.same(
    (await configurationVersions(db, { before: again, limit: 10 })).map(({ id }) => id),
    [newest.id],
  )
  t.equal((await configurationVersion(db, newest.id))?.document.queues.length, 2)
  t.same(await configurationVersion(db, 0), first)
  t.equal(await configurationVersion(db, newest.id + 1_000), undefined)
})

await t.test('a removed queue keeps its last name', async (t) => {
  const names = await queueNamesOf(db, ['general', 'taxe', 'none'].map(QueueId))
  t.same(
    [...names],
    [
      ['general', 'Informații generale'],
      ['taxe', 'Taxe'],
    ],
  )
  t.same(await queueNamesOf(db, []), new Map())
})

await t.test('a reason for a pause keeps its last name, also after it was taken out', async (t) => {
  t.same(await pauseNames(db), [], 'no version has any')
  const withPauses = (pauses: Configuration['pauses'] = []) =>
    changeConfiguration(db, (document) => ({ ...document, pauses }))
  await withPauses([
    { id: 'liniste', name: 'Liniște', nameEn: 'quiet' },
    { id: 'masa', name: 'Masă' },
  ])
  await withPauses([{ id: 'masa', name: 'Prânz', expectedMinutes: 30 }])
  await withPauses()
  t.same(await pauseNames(db), [
    { id: 'liniste', name: 'Liniște', nameEn: 'quiet' },
    { id: 'masa', name: 'Prânz' },
  ])
})

await t.test(
  'a publication that is repeated makes no second version; one that differs is too late',
  async (t) => {
    const authorOf = async (username: string, name: string) => {
      const account = { username, name, roles: ['administrator'] as const, employer: 'Primăria' }
      const added = await addAccount(db, { ...account, password: 'corect-cal-baterie' }, quickHash)
      if (!added.ok) throw new Error(added.why)
      return added.account.id
    }
    const [dan, ioana] = [await authorOf('dan', 'Dan Țepeș'), await authorOf('ioana', 'Ioana Popa')]
    const { id: basedOn, document } = await newestConfiguration(db)
    const publication = { document, basedOn, reason: 'program de iarnă', by: dan }
    const both = await Promise.all([
      publishConfiguration(db, publication),
      publishConfiguration(db, publication),
    ])
    const { id } = await newestConfiguration(db)
    t.same(both, [
      { ok: true, id },
      { ok: true, id },
    ])
    // The fields of the document in another order are the same document.
    const reordered = Object.fromEntries(Object.entries(document).toReversed()) as unknown as Configuration
    t.same(await publishConfiguration(db, { ...publication, document: reordered }), { ok: true, id })
    const late = { ok: false, why: 'changed meanwhile' }
    for (const [what, other] of Object.entries({
      author: { by: ioana },
      'no author': { by: null },
      reason: { reason: 'program de vară' },
      document: { document: first.document },
      'version before': { basedOn: first.id },
    }))
      t.same(await publishConfiguration(db, { ...publication, ...other }), late, `another ${what}`)
    t.equal((await newestConfiguration(db)).id, id)

    const after = await changeConfiguration(db, (newest) => newest)
    t.same(await publishConfiguration(db, publication), late, 'another one is in force since')
    t.equal((await newestConfiguration(db)).id, after)
  },
)
