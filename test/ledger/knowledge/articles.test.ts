/** Articles in PostgreSQL: versions are never overwritten, and openings are recorded. */
import { sql } from 'kysely'
import t from 'tap'
import { PaperId } from '../../../src/city/knowledge/paper.ts'
import { AgentId, CallId } from '../../../src/core/ids.ts'
import { journalRows } from '../../../src/ledger/journal/row-check.ts'
import { accessLog } from '../../../src/ledger/journal/access-log.ts'
import { addDraft, draftOfArticle, endDraft, publishDraft } from '../../../src/ledger/knowledge/drafts.ts'
import { retiredArticles, setRetired } from '../../../src/ledger/knowledge/retirements.ts'
import { countMiss, missedSearches } from '../../../src/ledger/knowledge/misses.ts'
import { importArticles } from '../../../src/ledger/knowledge/import.ts'
import { articlesOf, recordOpening } from '../../../src/ledger/knowledge/openings.ts'
import { knownWords, searchArticles, usualArticles } from '../../../src/ledger/knowledge/search.ts'
import { setSynonym, synonyms } from '../../../src/ledger/knowledge/synonyms.ts'
import {
  addArticleVersion,
  articleById,
  staleArticles,
  versionsOf,
} from '../../../src/ledger/knowledge/articles.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { paper, paperId } from '../../city/samples.ts'
import { quickHash } from '../../support/passwords.ts'
import { testDatabase } from '../../support/postgres.ts'

const { db } = await testDatabase(t)
const day = '2026-11-24'
const editor = await account('editor9')

async function account(username: string): Promise<AgentId> {
  const person = { username, name: 'Felicia Ene', employer: 'Primăria', password: 'o parolă lungă' }
  const added = await addAccount(db, { ...person, roles: ['editor'] }, quickHash)
  if (!added.ok) throw new Error(added.why)
  return added.account.id
}

const found = async (text: string, on = day) =>
  (await searchArticles(db, { text, day: on, limit: 5 })).map(({ id }) => id)

await t.test('a change is a new version, and the old one stays unchanged', async (t) => {
  t.strictSame(await addArticleVersion(db, { id: paperId, basedOn: 0, content: paper, by: null }), {
    ok: true,
    version: 1,
  })
  const content = { ...paper, fee: '10 lei', needs: [] }
  const second = { id: paperId, basedOn: 1, content, by: editor }
  t.strictSame(await addArticleVersion(db, second), { ok: true, version: 2 })
  t.match(await articleById(db, paperId, day), { version: 2, fee: '10 lei', by: 'Felicia Ene', needs: [] })
  const { recordedAt, by, publishedBy, retired, current, ...first } = (await articleById(
    db,
    paperId,
    day,
    1,
  ))!
  t.strictSame(first, { ...paper, id: paperId, version: 1 })
  t.ok(Math.abs(recordedAt - Date.now()) < 60_000)
  t.strictSame([by, publishedBy, retired], [null, null, null])
  t.strictSame(current, { version: 2, standing: 'in force' })
  t.equal(await articleById(db, paperId, day, 3), null)
  t.equal(await articleById(db, PaperId('niciuna'), day), null)
  t.strictSame(
    (await versionsOf(db, paperId, 10)).map(({ version, by }) => [version, by]),
    [
      [2, 'Felicia Ene'],
      [1, null],
    ],
  )
})

await t.test('of two editors who change the same version the second is refused', async (t) => {
  const change = (fee: string) =>
    addArticleVersion(db, { id: paperId, basedOn: 2, content: { ...paper, fee }, by: editor })
  const both = await Promise.all([change('1 leu'), change('2 lei')])
  t.equal(both.filter(({ ok }) => ok).length, 1, 'at the same moment')
  t.strictSame(await change('3 lei'), { ok: false, latest: 3 }, 'or later')
  t.strictSame(await addArticleVersion(db, { id: paperId, basedOn: 0, content: paper, by: null }), {
    ok: false,
    latest: 3,
  })
  await t.rejects(
    sql`insert into paper_versions (paper, version, domain, title, problem, asked, needs, fee, counter, hours, term,
          basis, valid_from, source_url, reviewed_on)
        select paper, 7, domain, title, problem, asked, needs, fee, counter, hours, term, basis, valid_from,
          source_url, reviewed_on from paper_versions where paper = ${paperId} and version = 1`.execute(db),
    { code: '23503' },
    'no version without the one before it',
  )
})

await t.test('a version is not in force, nor found, before its first day', async (t) => {
  const id = PaperId('taxa-salubritate')
  const now = { ...paper, title: 'Taxa de gunoi', asked: [], validFrom: '2026-01-01' }
  await addArticleVersion(db, { id, basedOn: 0, content: now, by: null })
  const next = { ...now, title: 'Tariful pentru deșeuri', validFrom: '2027-01-01' }
  await addArticleVersion(db, { id, basedOn: 1, content: next, by: null })
  t.match(await articleById(db, id, '2026-12-31'), { version: 1, current: { version: 1 } })
  t.match(await articleById(db, id, '2027-01-01'), { version: 2 })
  t.strictSame(await found('tariful'), [])
  t.strictSame(await found('tariful', '2027-01-01'), [id])
  t.strictSame(await found('gunoi', '2027-01-01'), [], 'words of an old version do not find the article')
  const future = PaperId('numai-la-anul')
  await addArticleVersion(db, { id: future, basedOn: 0, content: { ...next, title: 'Zepelin' }, by: null })
  t.strictSame(await found('zepelin'), [])
  t.match(await articleById(db, future, day), { version: 1, current: null }, 'an editor can open it before')
})

await t.test(
  'expired articles and those without a recent review are listed, the most urgent first',
  async (t) => {
    const add = (name: string, change: object) =>
      addArticleVersion(db, { id: PaperId(name), basedOn: 0, content: { ...paper, ...change }, by: null })
    await add('veche', { reviewedAt: '2026-01-10', asked: [] })
    await add('mai-veche', { reviewedAt: '2025-01-10', asked: [] })
    await add('expirata', { validTo: '2026-11-23', title: 'Terasă', asked: [] })
    await add('azi-inca', { validTo: day, title: 'Ștrand', asked: [] })
    t.strictSame(
      (await staleArticles(db, day, 10)).map(({ id, why }) => [id, why]),
      [
        ['expirata', 'over'],
        ['mai-veche', 'not reviewed'],
        ['veche', 'not reviewed'],
      ],
    )
    t.match(await searchArticles(db, { text: 'terasă', day, limit: 5 }), [{ id: 'expirata', over: true }])
  },
)

await t.test(
  'an opening is recorded with the version, and only with words that occur in articles',
  async (t) => {
    const agent = await account('agent9')
    const call = CallId('pbx1-9.1')
    const opening = { account: agent, call, paper: paperId, query: null }
    await recordOpening(db, { ...opening, version: 2, query: 'Popescu 1850315351233 certificatul nașterii' })
    await recordOpening(db, { ...opening, version: 3 })
    await recordOpening(db, { ...opening, version: 2 })
    await recordOpening(db, { ...opening, call: null, version: 1 })
    const papers = await articlesOf(db, call)
    t.match(papers, [
      { id: paperId, version: 2, title: paper.title, agent: 'Felicia Ene' },
      { id: paperId, version: 3 },
    ])
    t.equal(papers.length, 2)
    const kept = await db.selectFrom('paper_openings').select('query').orderBy('id').execute()
    t.strictSame(
      kept.map(({ query }) => query),
      ['certificatul nasterii', null, null, null],
    )
    const looked = await accessLog(db, { account: agent, limit: 10 })
    t.strictSame(
      looked.map((look) => [look.kind, look.about, look.call, look.query]),
      [
        ['paper', `${paperId}@1`, null, null],
        ['paper', `${paperId}@2`, call, null],
        ['paper', `${paperId}@3`, call, null],
        ['paper', `${paperId}@2`, call, 'certificatul nasterii'],
      ],
      'each of them is a look',
    )
    t.equal(await knownWords(db, ''), null)
    t.match(await usualArticles(db, day, 1), [{ id: paperId }], 'what is opened most comes first')
    await t.rejects(recordOpening(db, { ...opening, version: 99 }), { code: '23503' })
  },
)

await t.test('a synonym finds articles until it is removed', async (t) => {
  t.strictSame(await found('hârtiuța'), [])
  await setSynonym(db, { word: 'Hârtiuță', means: 'certificat de naștere' }, editor)
  t.ok((await found('hârtiuța copilului')).includes(paperId), 'in any form of the word')
  t.ok((await found('hartiu')).includes(paperId), 'also before it is typed to its end')
  t.match(await synonyms(db, 10), [{ word: 'Hârtiuță', means: 'certificat de naștere' }])
  await setSynonym(db, { word: 'hartiuta', means: '' }, editor)
  t.strictSame(await found('hârtiuța'), [])
  t.strictSame(await synonyms(db, 10), [])
})

await t.test(
  'an import adds new articles, versions changed ones and leaves the rest unchanged',
  async (t) => {
    const one = { ...paper, id: PaperId('import-unu'), title: 'Unu' }
    const two = { ...paper, id: PaperId('import-doi'), title: 'Doi' }
    t.strictSame(await importArticles(db, [one, two]), { added: 2, changed: 0, unchanged: 0 })
    const changed = { ...two, fee: '99 lei' }
    t.strictSame(await importArticles(db, [one, changed]), { added: 0, changed: 1, unchanged: 1 })
    t.strictSame(await importArticles(db, [{ ...one, fee: '1 leu' }], { onlyNew: true }), {
      added: 0,
      changed: 0,
      unchanged: 1,
    })
    t.match(await articleById(db, two.id, day), { version: 2, fee: '99 lei' })
    await t.rejects(
      importArticles(db, [
        { ...one, id: PaperId('bun') },
        { ...two, id: PaperId('NU') },
      ]),
    )
    t.equal(await articleById(db, PaperId('bun'), day), null, 'all or none')
  },
)

await t.test('an import leaves a waiting draft, which then has a newer version beside it', async (t) => {
  const id = PaperId('import-trei')
  const three = { ...paper, id, title: 'Trei' }
  await importArticles(db, [three])
  const change = { id, basedOn: 1, content: { ...paper, title: 'Trei', fee: '2 lei' }, by: editor }
  const first = await addDraft(db, { ...change, replaces: null })
  const draft = first.ok ? first.draft : 0
  t.equal(await endDraft(db, { draft, by: editor, reason: 'Vezi hotărârea nouă.' }), 'done')
  t.match(await draftOfArticle(db, id), { id: draft, returned: { reason: 'Vezi hotărârea nouă.' } })
  const second = await addDraft(db, { ...change, replaces: draft })
  await importArticles(db, [{ ...three, fee: '3 lei' }])
  const publishing = { draft: second.ok ? second.draft : 0, by: editor, alone: true }
  t.strictSame(await publishDraft(db, publishing), { ok: false, why: 'changed' })
  t.match(await draftOfArticle(db, id), { basedOn: 1, latest: 2 })
  t.equal(await setRetired(db, { id, reason: 'Nu se mai cere.', by: editor }), 'done')
  t.match(await retiredArticles(db, 5), [{ id, title: 'Trei', by: 'Felicia Ene' }])
  const third = await addDraft(db, { ...change, basedOn: 2, replaces: publishing.draft })
  const ofRetired = { draft: third.ok ? third.draft : 0, by: editor, alone: true }
  t.strictSame(await publishDraft(db, ofRetired), { ok: false, why: 'retired' })
  t.equal(await setRetired(db, { id, reason: null, by: editor }), 'done')
  t.strictSame(await publishDraft(db, ofRetired), { ok: true, paper: id, version: 3 }, 'it still waits')
})

await t.test('searches that find something now do not hide the next ones', async (t) => {
  for (let times = 0; times < 5; times += 1) await countMiss(db, 'zeppelin', day)
  for (let times = 0; times < 4; times += 1) await countMiss(db, 'zgârie-nori', day)
  for (let times = 0; times < 3; times += 1) await countMiss(db, 'submarine', day)
  const listed = async (limit: number) =>
    (await missedSearches(db, { from: day, day, limit })).map(({ query }) => query)
  t.strictSame(await listed(1), ['zeppelin'])
  await setSynonym(db, { word: 'zeppelin', means: 'certificat de naștere' }, editor)
  t.strictSame(await listed(1), ['zgarie-nori'])
  t.strictSame(await listed(2), ['zgarie-nori', 'submarine'])
})

await t.test('every version, draft, synonym and opening gets an entry in the journal', async (t) => {
  while ((await journalRows(db, 1_000)) > 0);
  const { rows } = await sql<{ register: string; missing: number }>`
    select register, (select count(*) from rows_unlike_journal(register, 10)) as missing
    from journalled_registers where register like 'paper%' or register like 'notice%' order by 1`.execute(db)
  t.strictSame(
    rows.map(({ register, missing }) => `${register} ${missing}`),
    [
      'notice_ends 0',
      'notices 0',
      'paper_draft_steps 0',
      'paper_drafts 0',
      'paper_openings 0',
      'paper_retirements 0',
      'paper_synonyms 0',
      'paper_versions 0',
    ],
  )
  const leaf = sql<{ key: string }>`
    select row_key as key from journal_entries where register = 'paper_versions' and row_key = ${`${paperId}@2`}`
  t.equal((await leaf.execute(db)).rows.length, 1)
})

await t.test('the application cannot write to the search vocabulary', async (t) => {
  for (const statement of [
    sql`insert into paper_vocabulary (word, stem) values ('x', 'x')`,
    sql`insert into paper_words (word, paper, version, weight) values ('acte', ${paperId}, 1, 1)`,
  ])
    await t.rejects(statement.execute(db), { code: '42501' })
})
