import t from 'tap'
import { Value } from 'typebox/value'
import { PaperId } from '../../../src/city/knowledge/paper.ts'
import * as wire from '../../../src/http/knowledge/wire.ts'
import { importArticles } from '../../../src/ledger/knowledge/import.ts'
import { paper, paperId } from '../../city/samples.ts'
import { serve, type Served } from '../serve.ts'
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
  t.match(consulted.json, { items: [{ id: paperId, version: 1, title: paper.title, agent: 'Ana Pop' }] })
  const others = await signIn('agent02')
  t.equal((await ask('POST', open, { as: others, body: { ...opening, call: story.id } })).status, 404)
  t.equal((await ask('GET', '/api/calls/none/papers', { as })).status, 404)
})

t.test('an editor’s change is a new version; the version opened in a call stays as it was', async (t) => {
  const { ask, signIn } = await served(t)
  const as = await signIn('edit')
  const headers = { 'accept-language': 'en' }
  const path = `/api/papers/${paperId}/versions`
  const content = { ...paper, fee: '12 lei' }
  const added = await ask('POST', path, { as, body: { basedOn: 1, content } })
  t.strictSame(added.json, { id: paperId, version: 2 })
  const late = await ask('POST', path, { as, headers, body: { basedOn: 1, content } })
  t.match(late.json, { status: 409, code: 'paper-changed', detail: /Somebody else has saved/ })
  t.match((await ask('POST', open, { as, body: opening })).json, {
    version: 2,
    fee: '12 lei',
    by: 'Felicia Ene',
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
      { version: 2, by: 'Felicia Ene' },
      { version: 1, by: null },
    ],
  })
  const isNew = { id: 'fisa-noua', content: { ...paper, title: 'Fișă nouă' } }
  t.strictSame((await ask('POST', '/api/papers', { as, body: isNew })).json, { id: 'fisa-noua', version: 1 })
  t.match((await ask('POST', '/api/papers', { as, body: isNew })).json, { status: 409, code: 'paper-exists' })
  t.equal(
    (await ask('POST', '/api/papers/niciuna/versions', { as, body: { basedOn: 1, content } })).status,
    404,
  )
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
