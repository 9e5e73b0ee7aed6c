import t from 'tap'
import { Value } from 'typebox/value'
import { PaperId } from '../../../src/city/knowledge/paper.ts'
import * as wire from '../../../src/http/knowledge/wire.ts'
import { importArticles } from '../../../src/ledger/knowledge/import.ts'
import { paper, paperId } from '../../city/samples.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { quickHash } from '../../support/passwords.ts'
import { cookieIn, password, serve, sign, type Served } from '../serve.ts'
import { agentAt, agentChange, Story } from '../states.ts'

const day = Date.parse('2026-11-24T10:00:00Z')

async function served(t: Parameters<typeof serve>[0]): Promise<Served> {
  const all = await serve(t)
  all.state.now = day
  const other = { ...paper, id: PaperId('certificat-urbanism'), title: 'Certificat de urbanism', asked: [] }
  await importArticles(all.db, [{ ...paper, id: paperId }, other], { onlyNew: true })
  return all
}

const opening = { call: null, query: null }
const open = `/api/papers/${paperId}/openings`

t.test('an agent searches and opens articles, and the opened ones are recorded with the call', async (t) => {
  const { ask, signIn, line, people, live } = await served(t)
  const as = await signIn('agent01')
  const list = await ask('GET', '/api/papers?text=nasterii&limit=5', { as })
  t.ok(Value.Check(wire.FoundPapers, list.json), list.text)
  t.match(list.json, { items: [{ id: paperId, version: 1, title: paper.title, over: false, stale: false }] })

  const at = Date.now()
  const story = new Story('pbx1-70.1', at)
  const id = people.agent01.id
  const watcher = await live(as)
  line.emit(story.arrives(), agentChange(agentAt(id, at, { state: 'talking', call: story.id })))
  await watcher.next('agent', ({ state }) => state === 'talking')
  const article = await ask('POST', open, { as, body: { call: story.id, query: 'nasterii' } })
  t.equal(article.status, 200, article.text)
  t.ok(Value.Check(wire.PaperArticle, article.json), article.text)
  t.match(article.json, {
    id: paperId,
    version: 1,
    standing: 'in force',
    replacedBy: null,
    say: [{ words: 'Aveți nevoie de:' }, { words: 'actul de identitate, în original;' }],
    sendable: /portal\.primarie\.example/,
  })
  const consulted = await ask('GET', `/api/calls/${story.id}/papers`, { as })
  t.ok(Value.Check(wire.ConsultedPapers, consulted.json), consulted.text)
  t.match(consulted.json, {
    items: [{ id: paperId, version: 1, title: paper.title, agent: 'Ana Pop', own: true }],
  })
  const others = await signIn('agent02')
  t.equal((await ask('POST', open, { as: others, body: { ...opening, call: story.id } })).status, 404)
  t.equal((await ask('GET', '/api/calls/none/papers', { as })).status, 404)

  const second = people.agent02.id
  const receiver = await live(others)
  line.emit(story.rings(second, at), agentChange(agentAt(second, at, { state: 'offered', call: story.id })))
  await receiver.next('agent', ({ state }) => state === 'offered')
  const rung = await ask('GET', `/api/calls/${story.id}/papers`, { as: others })
  t.match(rung.json, { items: [{ agent: 'Ana Pop', own: false }] }, 'the next agent has it with the ring')
})

/** The session of another editor. */
async function secondEditor({ db, ask }: Served): Promise<string> {
  const person = { username: 'edit2', name: 'Grigore Dima', employer: 'Primăria', roles: ['editor' as const] }
  const added = await addAccount(db, { ...person, password }, quickHash)
  if (added.ok) await sign(db, added.account)
  return cookieIn(await ask('POST', '/api/session', { body: { username: 'edit2', password } }))
}

/** The editor drafts the change, and the other editor publishes it. */
async function published(all: Served, body: object, path = `/api/papers/${paperId}/versions`) {
  const { ask, signIn } = all
  const drafted = await ask('POST', path, { as: await signIn('edit'), body })
  const publish = `/api/paper-drafts/${String(drafted.json['draft'])}/publish`
  return ask('POST', publish, { as: await secondEditor(all) })
}

t.test('a published change is a new version; the version opened in a call stays as it was', async (t) => {
  const all = await served(t)
  const { ask, signIn } = all
  const as = await signIn('edit')
  const headers = { 'accept-language': 'en' }
  const path = `/api/papers/${paperId}/versions`
  const content = { ...paper, fee: '12 lei' }
  t.strictSame((await published(all, { basedOn: 1, content })).json, { id: paperId, version: 2 })
  const late = await ask('POST', path, { as, headers, body: { basedOn: 1, content } })
  t.match(late.json, { status: 409, code: 'paper-changed', detail: /Somebody else has published/ })
  t.match((await ask('POST', open, { as, body: opening })).json, {
    version: 2,
    fee: '12 lei',
    by: 'Felicia Ene',
    publishedBy: 'Grigore Dima',
  })
  t.match((await ask('POST', open, { as, body: { ...opening, version: 1 } })).json, {
    version: 1,
    fee: 'Gratuit',
    standing: 'over',
    replacedBy: 2,
  })
  t.equal((await ask('POST', open, { as, body: { ...opening, version: 9 } })).status, 404)
  t.match((await ask('GET', path, { as })).json, {
    items: [
      { version: 2, by: 'Felicia Ene', publishedBy: 'Grigore Dima' },
      { version: 1, by: null, publishedBy: null },
    ],
  })
  const isNew = { id: 'fisa-noua', content: { ...paper, title: 'Fișă nouă' } }
  t.strictSame((await published(all, isNew, '/api/papers')).json, { id: 'fisa-noua', version: 1 })
  t.match((await ask('POST', '/api/papers', { as, body: isNew })).json, { status: 409, code: 'paper-exists' })
  t.equal(
    (await ask('POST', '/api/papers/niciuna/versions', { as, body: { basedOn: 1, content } })).status,
    404,
  )
})

t.test('a draft changes nothing until another editor publishes it', async (t) => {
  const all = await served(t)
  const { ask, signIn } = all
  const [author, reader] = [await signIn('edit'), await secondEditor(all)]
  const path = '/api/papers/certificat-urbanism/versions'
  const content = { ...paper, title: 'Certificat de urbanism', asked: [], fee: '9 lei' }
  const drafted = await ask('POST', path, { as: author, body: { basedOn: 1, content } })
  t.ok(Value.Check(wire.SavedPaper, drafted.json), drafted.text)
  const first = Number(drafted.json['draft'])
  const at = (draft: number) => `/api/paper-drafts/${draft}`
  t.match(
    (await ask('POST', '/api/papers/certificat-urbanism/openings', { as: author, body: opening })).json,
    {
      version: 1,
      fee: 'Gratuit',
    },
  )
  t.match((await ask('POST', `${at(first)}/publish`, { as: author })).json, {
    status: 403,
    code: 'own-draft',
  })
  t.match((await ask('DELETE', at(first), { as: reader })).json, { status: 403, code: 'not-your-draft' })
  const seen = await ask('GET', at(first), { as: reader })
  t.ok(Value.Check(wire.PaperDraft, seen.json), seen.text)
  t.match(seen.json, {
    by: 'Felicia Ene',
    own: false,
    mayPublish: true,
    article: { version: 2, fee: '9 lei' },
    before: { version: 1, fee: 'Gratuit' },
  })
  const other = await ask('POST', path, { as: reader, body: { basedOn: 1, content } })
  t.match(other.json, { status: 409, code: 'another-draft' })

  const sendBack = (reason: string) => ask('POST', `${at(first)}/return`, { as: reader, body: { reason } })
  t.match((await sendBack('  ')).json, { errors: [{ field: 'reason' }] })
  t.equal((await sendBack('Taxa e 10 lei din mai.')).status, 204)
  t.match((await ask('POST', `${at(first)}/publish`, { as: reader })).json, { code: 'draft-decided' })
  const list = await ask('GET', '/api/paper-drafts?paper=certificat-urbanism', { as: author })
  t.ok(Value.Check(wire.PaperDrafts, list.json), list.text)
  t.match(list.json, {
    items: [
      { draft: first, own: true, mayPublish: false, returned: { by: 'Grigore Dima', reason: /10 lei/ } },
    ],
  })

  const mended = { basedOn: 1, content: { ...content, fee: '10 lei' }, replaces: first }
  const second = Number((await ask('POST', path, { as: author, body: mended })).json['draft'])
  t.equal((await ask('GET', at(first), { as: author })).status, 404, 'replaced')
  const publish = () => ask('POST', `${at(second)}/publish`, { as: reader })
  const both = await Promise.all([publish(), publish()])
  t.strictSame(
    both.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 409],
    'it becomes one version',
  )
  t.match((await ask('GET', '/api/paper-drafts', { as: reader })).json, { items: [] })

  const gone = Number((await ask('POST', path, { as: author, body: { basedOn: 2, content } })).json['draft'])
  t.equal((await ask('DELETE', at(gone), { as: author })).status, 204)
  t.match((await ask('DELETE', at(gone), { as: author })).json, { status: 409, code: 'draft-decided' })
  t.equal((await ask('POST', `${at(99_999)}/publish`, { as: reader })).status, 404)
})

t.test('a draft is compared with the newest version, and published only on it', async (t) => {
  const all = await served(t)
  const { db, ask, signIn } = all
  const [author, reader] = [await signIn('edit'), await secondEditor(all)]
  const one = { ...paper, id: PaperId('ramasa'), title: 'Rămasă în urmă', asked: [] }
  await importArticles(db, [one])
  const { id, ...content } = one
  const body = { basedOn: 1, content: { ...content, fee: '9 lei' } }
  const { json } = await ask('POST', `/api/papers/${id}/versions`, { as: author, body })
  const at = `/api/paper-drafts/${String(json['draft'])}`
  t.match((await ask('GET', at, { as: reader })).json, { mayPublish: true, latest: 1 })
  await importArticles(db, [{ ...one, fee: '5 lei' }])
  const late = { basedOn: 1, latest: 2, mayPublish: false }
  t.match((await ask('GET', at, { as: reader })).json, { ...late, before: { version: 2, fee: '5 lei' } })
  t.match((await ask('GET', `/api/paper-drafts?paper=${id}`, { as: reader })).json, { items: [late] })
  t.match((await ask('POST', `${at}/publish`, { as: reader })).json, { status: 409, code: 'paper-changed' })
  const onNewest = { ...body, basedOn: 2, replaces: Number(json['draft']) }
  const saved = await ask('POST', `/api/papers/${id}/versions`, { as: author, body: onNewest })
  const next = `/api/paper-drafts/${String(saved.json['draft'])}`
  t.match((await ask('GET', next, { as: reader })).json, { mayPublish: true })
  await ask('POST', `/api/papers/${id}/retirement`, { as: author, body: { reason: 'Nu se mai cere.' } })
  t.match((await ask('POST', `${next}/publish`, { as: reader })).json, { status: 409, code: 'paper-retired' })
})

t.test('a review that changes nothing, and a city with one editor, need no second person', async (t) => {
  const { db, ask, signIn } = await served(t)
  const as = await signIn('edit')
  const one = { ...paper, id: PaperId('o-fisa'), title: 'O fișă', asked: [] }
  await importArticles(db, [one], { onlyNew: true })
  const { id: _, ...content } = one
  const review = { basedOn: 1, content: { ...content, reviewedAt: '2026-11-24' } }
  t.strictSame((await ask('POST', '/api/papers/o-fisa/versions', { as, body: review })).json, {
    id: 'o-fisa',
    version: 2,
    draft: null,
  })
  const send = async (reviewedAt: string) =>
    ask('POST', '/api/papers/o-fisa/versions', {
      as,
      body: { basedOn: 2, content: { ...content, reviewedAt } },
    })
  for (const day of ['2026-10-05', '2026-11-25']) {
    const { json } = await send(day)
    t.match(json, { version: null, draft: Number }, `${day} is no review, so another editor reads it`)
    t.match(await send('2026-11-24'), { status: 409, json: { code: 'another-draft' } }, 'a draft waits')
    await ask('DELETE', `/api/paper-drafts/${String(json['draft'])}`, { as })
  }
  const alone = await serve(t, { db, articlesByOne: true })
  const cookie = await alone.signIn('edit')
  const body = { basedOn: 2, content: { ...content, fee: '3 lei' } }
  const { json } = await alone.ask('POST', '/api/papers/o-fisa/versions', { as: cookie, body })
  const own = `/api/paper-drafts/${String(json['draft'])}/publish`
  t.strictSame((await alone.ask('POST', own, { as: cookie })).json, { id: 'o-fisa', version: 3 })
})

t.test('a retired article is found by no search, opens with the reason, and is brought back', async (t) => {
  const { db, ask, signIn } = await served(t)
  const [as, agent] = [await signIn('edit'), await signIn('agent01')]
  const old = { ...paper, id: PaperId('pavoazare'), title: 'Pavoazare', asked: [], reviewedAt: '2020-01-01' }
  await importArticles(db, [old], { onlyNew: true })
  const path = '/api/papers/pavoazare/retirement'
  const found = async () => (await ask('GET', '/api/papers?text=pavoazare', { as: agent })).json['items']
  const due = async () => (await ask('GET', '/api/papers/stale', { as })).text.includes('pavoazare')
  t.match(await found(), [{ id: 'pavoazare' }])
  t.match((await ask('POST', path, { as, body: { reason: ' ' } })).json, { errors: [{ field: 'reason' }] })
  t.equal((await ask('POST', path, { as: agent, body: { reason: 'x' } })).status, 403)
  for (let times = 0; times < 2; times += 1)
    t.equal((await ask('POST', path, { as, body: { reason: 'Nu se mai cere din 2026.' } })).status, 204)
  t.strictSame(await found(), [])
  t.equal(await due(), false, 'nobody reviews it')
  t.match((await ask('POST', '/api/papers/pavoazare/openings', { as: agent, body: opening })).json, {
    retired: { by: 'Felicia Ene', reason: 'Nu se mai cere din 2026.' },
  })
  const list = await ask('GET', '/api/papers/retired', { as })
  t.ok(Value.Check(wire.RetiredPapers, list.json), list.text)
  t.match(list.json, { items: [{ id: 'pavoazare', title: 'Pavoazare' }] })
  t.equal((await ask('DELETE', path, { as })).status, 204)
  t.match(await found(), [{ id: 'pavoazare' }])
  t.equal((await ask('POST', '/api/papers/niciuna/retirement', { as, body: { reason: 'x' } })).status, 404)
  const rows = await db
    .selectFrom('paper_retirements')
    .select('retired')
    .where('paper', '=', old.id)
    .orderBy('id')
    .execute()
  t.strictSame(
    rows.map(({ retired }) => retired),
    [true, false],
    'each change is a row, a repetition none',
  )
})

t.test('searches without a result are counted for editors, none with a personal value', async (t) => {
  const { db, ask, signIn } = await served(t)
  const [as, agent] = [await signIn('edit'), await signIn('agent01')]
  const miss = (text: string) => ask('POST', '/api/papers/misses', { as: agent, body: { text } })
  for (const text of [
    '  Zgârie-nori ',
    'zgarie-nori',
    'zgarie-nori',
    'zgarie-nori',
    'zeppelin',
    'zeppelin',
    'zeppelin',
    'ionescu barbu',
    'ionescu barbu',
    'tm 99 abc',
    'nasterii',
    '1960101223344',
    'zq 0722 123 456',
  ])
    t.equal((await miss(text)).status, 204, text)
  await miss('cineva@undeva.example')
  const list = async () => {
    const { json, text } = await ask('GET', '/api/papers/misses', { as })
    t.ok(Value.Check(wire.PaperMisses, json), text)
    return (json['items'] as wire.PaperMisses['items']).map(({ query, times }) => [query, times])
  }
  t.strictSame(await list(), [
    ['zgarie-nori', 4],
    ['zeppelin', 3],
  ])
  t.equal((await ask('GET', '/api/papers/misses', { as: agent })).status, 403)
  await ask('PUT', '/api/papers/synonyms', {
    as,
    body: { word: 'zeppelin', means: 'certificat de urbanism' },
  })
  t.strictSame(await list(), [['zgarie-nori', 4]], 'what is found now is no longer missed')
  const kept = await db.selectFrom('paper_misses').selectAll().execute()
  t.equal(kept.length, 3, 'numbers and addresses were not recorded')
})

t.test('wrong fields of an article are named', async (t) => {
  const { ask, signIn } = await served(t)
  const as = await signIn('edit')
  const save = (content: object) => ask('POST', '/api/papers', { as, body: { id: 'gresita', content } })
  const noDay = await save({ ...paper, validFrom: '2026-02-30', title: '   ' })
  t.match(noDay.json, {
    status: 400,
    code: 'validation',
    errors: [
      { field: 'content.title' },
      { field: 'content.validFrom', accepted: 'a day such as 2026-11-24' },
    ],
  })
  t.match((await save({ ...paper, sourceUrl: 'ftp://x' })).json, { errors: [{ field: 'content.sourceUrl' }] })
  t.match((await save({ ...paper, asked: ['a\u0000b'] })).json, { code: 'bad-text' })
  t.match((await save({ ...paper, needs: [{ what: 'CI', form: 'xerox', count: 1 }] })).json, {
    errors: [{ field: 'content.needs.0.form' }],
  })
})

t.test('each role reads or writes articles as it may', async (t) => {
  const { ask, signIn } = await served(t)
  const content = { ...paper, title: 'Alta' }
  const routes = [
    ['GET', '/api/papers', undefined],
    ['GET', `/api/papers/${paperId}/versions`, undefined],
    ['POST', open, opening],
    ['GET', '/api/papers/synonyms', undefined],
    ['GET', '/api/papers/stale', undefined],
    ['POST', `/api/papers/${paperId}/versions`, { basedOn: 99, content }],
    ['PUT', '/api/papers/synonyms', { word: 'cuvânt', means: 'altul' }],
    ['GET', '/api/calls', undefined],
    ['GET', '/api/calls/none/papers', undefined],
  ] as const
  const matrix: Record<string, number[]> = {}
  for (const user of ['agent01', 'super', 'edit', 'audit', 'admin'] as const) {
    const as = await signIn(user)
    matrix[user] = []
    for (const [method, path, body] of routes) {
      const { status } = await ask(method, path, body === undefined ? { as } : { as, body })
      matrix[user].push(status)
    }
  }
  t.strictSame(matrix, {
    agent01: [200, 200, 200, 200, 403, 403, 403, 200, 404],
    super: [200, 200, 200, 200, 200, 403, 403, 200, 404],
    edit: [200, 200, 200, 200, 200, 409, 204, 403, 403],
    audit: [200, 200, 200, 200, 403, 403, 403, 200, 404],
    admin: [403, 403, 403, 403, 403, 403, 403, 403, 403],
  })
  t.equal((await ask('GET', '/api/papers')).status, 401)
})

t.test('an expired article is found with a warning, and listed for editors', async (t) => {
  const { ask, signIn, db } = await served(t)
  const ended = { ...paper, id: PaperId('terasa'), title: 'Terasă', asked: [], validTo: '2026-10-31' }
  await importArticles(db, [ended], { onlyNew: true })
  const as = await signIn('edit')
  t.match((await ask('GET', '/api/papers?text=terasa', { as })).json, {
    items: [{ id: 'terasa', over: true }],
  })
  t.match((await ask('POST', '/api/papers/terasa/openings', { as, body: opening })).json, {
    standing: 'over',
  })
  const stale = await ask('GET', '/api/papers/stale', { as })
  t.ok(Value.Check(wire.StalePapers, stale.json), stale.text)
  t.match(stale.json, { items: [{ id: 'terasa', why: 'over', validTo: '2026-10-31' }] })
})

t.test(
  'a notice is shown on its days until it is withdrawn, only to roles that can read articles',
  async (t) => {
    const { ask, signIn, state } = await served(t)
    const [editor, agent, admin] = [await signIn('edit'), await signIn('agent01'), await signIn('admin')]
    const add = (from: string, to: string, text = 'Ghișeul 3 e închis') =>
      ask('POST', '/api/notices', { as: editor, body: { text, from, to } })
    t.equal((await add('2026-11-24', '2026-11-25')).status, 204)
    t.equal((await add('2026-12-01', '2026-12-02', 'La anul')).status, 204)
    t.match((await add('2026-11-25', '2026-11-24')).json, { errors: [{ field: 'to' }] })
    t.match((await add('2026-02-30', '2026-03-01', '  ')).json, {
      errors: [{ field: 'text' }, { field: 'from' }],
    })
    const shown = async (query = '', as = agent) => {
      const { json } = await ask('GET', `/api/notices${query}`, { as })
      t.ok(Value.Check(wire.Notices, json))
      return (json['items'] as wire.Notice[]).map(({ text }) => text)
    }
    t.strictSame(await shown(), ['Ghișeul 3 e închis'])
    const named = (more: object) =>
      ask('POST', '/api/notices', {
        as: editor,
        body: { text: 'Se dau la ghișeul 4', from: '2026-11-24', to: '2026-11-24', ...more },
      })
    t.match((await named({ articles: ['no-such'], queues: ['no-such'] })).json, {
      errors: [{ field: 'articles' }, { field: 'queues' }],
    })
    t.equal((await named({ articles: [paperId, paperId], queues: ['general'] })).status, 204)
    const concerns = (await ask('GET', '/api/notices', { as: agent })).json['items'] as wire.Notice[]
    t.match(concerns, [
      { articles: [{ id: paperId, title: paper.title }], queues: ['general'] },
      { articles: [], queues: [] },
    ])
    t.equal(concerns[0]?.articles.length, 1, 'an article named twice is named once')
    await ask('DELETE', `/api/notices/${concerns[0]?.id}`, { as: editor })
    t.strictSame(await shown('?upcoming=true', editor), ['La anul', 'Ghișeul 3 e închis'])
    const { json } = await ask('GET', '/api/notices', { as: agent })
    const [{ id } = { id: 0 }] = json['items'] as wire.Notice[]
    t.equal((await ask('DELETE', `/api/notices/${id}`, { as: agent })).status, 403)
    t.equal((await ask('DELETE', `/api/notices/${id}`, { as: editor })).status, 204)
    t.equal((await ask('DELETE', `/api/notices/${id}`, { as: editor })).status, 204)
    t.equal((await ask('DELETE', '/api/notices/999999', { as: editor })).status, 404)
    t.strictSame(await shown(), [])
    state.now = Date.parse('2026-12-02T21:00:00Z')
    t.strictSame(await shown(), ['La anul'], 'shown until the end of its last day')
    t.equal((await ask('GET', '/api/notices', { as: admin })).status, 403)
  },
)
