/** Lists of calls beside calls in progress: a page costs the owner's process little, and a session reads few at once. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Static } from 'typebox'
import { Value } from 'typebox/value'
import t from 'tap'
import { CallPage } from '../../../src/http/calls/wire.ts'
import { ListTurns } from '../../../src/http/session/list-turns.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { finishedCall } from '../access/finished-call.ts'
import { serve } from '../serve.ts'
import { Story } from '../states.ts'

const pageMax = 200
/** Both sides of the ratio are CPU time of one thread in one run. */
const costMax = 1.5
/** On a starved machine a quiet moment comes late: until then each minimum is too high. */
const [roundsMin, roundsMax] = [5, 40]

/** Reads in a thread of its own, so that this thread's CPU time is the server's. */
const reader = `
  const { workerData: { urls, cookie }, parentPort } = require('node:worker_threads')
  ;(async () => {
    for (const url of urls) await (await fetch(url, { headers: { cookie } })).arrayBuffer()
    parentPort.postMessage('done')
  })()`

t.test('the page that PostgreSQL writes is the page of the API', async (t) => {
  const { ask, signIn, db, people } = await serve(t)
  // A call in progress is listed for half a day; the milliseconds need their zeros.
  const at = Math.floor(Date.now() / 1_000) * 1_000 - 59_993
  const finished = await finishedCall(db, { agent: people.agent01.id, number: '+40744123456', at })
  const waiting = new Story('pbx1-8.1', at + 1, null)
  await writeEvents(db, [waiting.arrives()])
  const as = await signIn('super')
  const page = (await ask('GET', '/api/calls?limit=2', { as })).json as Static<typeof CallPage>
  t.ok(Value.Check(CallPage, page), JSON.stringify([...Value.Errors(CallPage, page)]))
  t.strictSame(
    page.items.map(({ id }) => id),
    [waiting.id, finished],
  )
  for (const item of page.items) {
    const { json } = await ask('GET', `/api/calls/${item.id}`, { as })
    t.strictSame(item, Object.fromEntries(Object.keys(item).map((field) => [field, json[field]])), item.id)
  }
  t.match(page.items[1], {
    agent: { name: 'Ana Pop' },
    arrivedAt: new Date(at).toISOString(),
    outcome: 'answered',
  })
  t.equal(page.next, null)
  const { json: first } = await ask('GET', '/api/calls?limit=1', { as })
  const { json: second } = await ask('GET', `/api/calls?limit=1&cursor=${String(first['next'])}`, { as })
  t.strictSame(
    [first, second].flatMap(({ items }) => items),
    page.items,
  )
  t.equal(second['next'], null)
  t.strictSame((await ask('GET', '/api/calls?caller=0799999', { as })).json, { items: [], next: null })
})

t.test('a page of 200 calls costs the process little more than a page of one', async (t) => {
  const { url, signIn, db, people } = await serve(t)
  const { id } = people.agent01
  const begin = Date.parse('2026-11-23T08:00:00Z')
  const stories = Array.from({ length: pageMax }, (_, index) => {
    const at = begin + index * 1_000
    const story = new Story(`pbx1-7${index}.2`, at, '+40744123457')
    return [
      story.arrives(),
      story.rings(id, at + 10),
      story.talks(id, at + 20),
      story.ends(at + 30, 'answered', id),
    ]
  })
  await writeEvents(db, stories.flat())
  const cookie = await signIn('super')
  const costOf = async (limit: number, times: number): Promise<number> => {
    const urls = Array.from(
      { length: times },
      () => `${url}/api/calls?limit=${limit}&to=2026-11-24T00:00:00Z`,
    )
    const before = process.threadCpuUsage()
    const worker = new Worker(reader, { eval: true, workerData: { urls, cookie } })
    await once(worker, 'message')
    const { user, system } = process.threadCpuUsage(before)
    await worker.terminate()
    return (user + system) / times / 1_000
  }
  for (const limit of [1, pageMax]) await costOf(limit, 30)
  // In turns, and the least of each: another process takes CPU time from either side for a while.
  const [ones, manies]: [number[], number[]] = [[], []]
  let [one, many] = [0, Infinity]
  for (let round = 0; round < roundsMax && (round < roundsMin || many >= one * costMax); round += 1) {
    ones.push(await costOf(1, 40))
    manies.push(await costOf(pageMax, 40))
    ;[one, many] = [Math.min(...ones), Math.min(...manies)]
  }
  t.ok(many < one * costMax, `${many.toFixed(2)} ms for 200 calls, ${one.toFixed(2)} ms for one`)
  t.comment(`${(many / one).toFixed(2)}: ${many.toFixed(2)} ms for 200 calls, ${one.toFixed(2)} ms for one`)
})

const burstsMax = 20

t.test('a session that asks for many lists at once waits, then is refused; others are served', async (t) => {
  const { ask, signIn } = await serve(t)
  const as = await signIn('super')
  const list = (cookie: string) => ask('GET', '/api/calls?limit=200', { as: cookie })
  const other = await signIn('audit')
  const burst = async () => {
    const all = Promise.all(Array.from({ length: 40 }, () => list(as)))
    t.equal((await list(other)).status, 200)
    return all
  }
  let refused: Awaited<ReturnType<typeof list>>[] = []
  // On a starved machine the lists of a burst may come one after another.
  for (let bursts = 0; bursts < burstsMax && refused.length === 0; bursts += 1) {
    const answers = await burst()
    refused = answers.filter(({ status }) => status === 429)
    t.ok(refused.length < answers.length, `${refused.length} of ${answers.length} refused`)
  }
  t.not(refused.length, 0)
  for (const { headers, json } of refused)
    t.strictSame([headers.get('retry-after'), json['code']], ['1', 'too-many-reads'])
  t.equal((await list(as)).status, 200, 'afterwards it is served again')
})

t.test('two lists of a session are read at once, three of a node; six more of a session wait', async (t) => {
  const turns = new ListTurns()
  const running: (() => void)[] = []
  const read = (token: string) =>
    turns
      .inTurn(
        { signedIn: { token } },
        () => new Promise<object>((resolve) => running.push(() => resolve({}))),
      )
      .then(
        () => 'read',
        (error: { code: string }) => error.code,
      )
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const ofOne = Array.from({ length: 9 }, () => read('one'))
  await settle()
  t.equal(running.length, 2)
  t.equal(await ofOne[8], 'too-many-reads')
  const ofOthers = [read('two'), read('three')]
  await settle()
  t.equal(running.length, 3, 'the third of the node; the other session waits')
  for (let turn = 0; turn < 10; turn += 1) {
    running.shift()?.()
    await settle()
  }
  t.same(
    await Promise.all([...ofOne.slice(0, 8), ...ofOthers]),
    Array.from({ length: 10 }, () => 'read'),
  )
})

t.test('exports take turns of their own, one at once: lists go on beside them', async (t) => {
  const turns = new ListTurns()
  let exporting = 0
  const ends: (() => void)[] = []
  const exports = Array.from({ length: 4 }, (_, auditor) =>
    turns.exportInTurn({ signedIn: { token: `auditor ${auditor}` } }, () => {
      exporting += 1
      return new Promise<object>((resolve) => ends.push(() => resolve({})))
    }),
  )
  const list = turns.inTurn({ signedIn: { token: 'agent' } }, async () => ({ a: 'list' }))
  t.same(await list, { a: 'list' })
  t.equal(exporting, 1)
  for (const one of exports) {
    ends.shift()?.()
    await one
  }
  t.equal(exporting, 4)
})
