/**
 * Role × route × object: what every route gives of a citizen's object to its own agent, to the agent with the caller,
 * to any other agent with and without a reason, and to the other roles. Every route of the API's document needs a row
 * in `object-rows.ts`. The matrix of the answers is in the diagnostics.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { demoRoutes } from '../../tools/demo/routes.ts'
import { FakeFiscal } from '../http/taxes/fake-fiscal.ts'
import { aCnp, anAccount } from '../http/taxes/taxpayers.ts'
import { CallId, QueueId } from '../../src/core/ids.ts'
import { newQueue } from '../../src/core/queue.ts'
import { addVoicemail } from '../../src/ledger/voicemails/voicemails.ts'
import { finishedCall } from '../http/access/finished-call.ts'
import { handedOnCall } from '../http/access/handed-on.ts'
import { questions, search, startConversation } from '../http/conversation.ts'
import { demoOf, serve } from '../http/serve.ts'
import { agentAt, agentChange } from '../http/states.ts'
import { lampForm, registered, someone } from '../ledger/requests/fixtures.ts'
import { columns, rows, type ObjectRow } from './object-rows.ts'
import { routesOf } from './wrong-requests.ts'

const number = '+40722300500'
const account = anAccount()
const cnp = aCnp()
const served = await serve(t, { demo: true, fiscal: new FakeFiscal({ [cnp]: account }) }, [
  demoRoutes(demoOf()),
])
const { db, line, people, directory } = served
const [ownQueue, othersQueue] = [QueueId('general'), QueueId('others')]
directory.queues.push(newQueue(othersQueue, 'A altora'))
const documented = routesOf(served.app.swagger() as unknown as Parameters<typeof routesOf>[0])
const ids = documented.map(({ operation }) => operation.operationId)

const mine = await startConversation(served, 'agent01', { number })
const theirs = await startConversation(served, 'agent02', { number: '+40722300501' })
const cookies = [
  mine.as,
  mine.as,
  mine.as,
  mine.as,
  await served.signIn('super'),
  await served.signIn('audit'),
  await served.signIn('edit'),
  await served.signIn('admin'),
]
const [own, ofCaller] = [0, 1]
const withReason = 3

void t.test('every route has a row, and every row a route', async (t) => {
  t.ok(ids.length > 60, `${ids.length} routes`)
  t.strictSame(
    ids.filter((id) => !(id in rows)),
    [],
    'routes without a row in test/hardening/object-rows.ts',
  )
  const unknown = Object.keys(rows).filter((id) => !ids.includes(id))
  t.strictSame(unknown, [], 'rows without a route')
})

void t.test('each object opens as its row says', async (t) => {
  const lines: string[] = []
  for (const id of ids) {
    const row = rows[id]
    if (row === undefined || 'none' in row) continue
    t.equal(row.expect.length, columns.length, id)
    const got: number[] = []
    for (const [at, cookie] of cookies.entries()) {
      const object = await objectFor(row.object, at)
      const { method, path, body } = row.ask({ id: object, present: mine.call })
      const answer = await served.ask(method, path, { as: cookie, ...(body === undefined ? {} : { body }) })
      got.push(answer.status)
      if (answer.status === 403 && at <= withReason)
        t.match(
          answer.json['code'],
          /^(needs-reason|not-your-call|forbidden|no-grant)$/,
          `${id}: ${columns[at]}`,
        )
    }
    t.strictSame(got, row.expect, id)
    lines.push(
      [id.padEnd(20), row.object.padEnd(8), ...got.map((status) => String(status).padEnd(13))].join(' '),
    )
  }
  t.ok(lines.length >= 20, `${lines.length} routes take an object`)
  t.comment(
    [
      ['route'.padEnd(20), 'object'.padEnd(8), ...columns.map((column) => column.padEnd(13))].join(' '),
      ...lines,
      `${ids.length - lines.length} more routes take no object of a citizen; each states why in object-rows.ts`,
    ].join('\n'),
  )
})

void t.test('a call that was handed on opens to its first agent like an own one', async (t) => {
  const first = people.agent01.id
  const second = people.agent02.id
  const from = '+40722300502'
  const handedOn = {
    'when it is over': () => finishedCall(db, { first, agent: second, number: from }),
    // Their desk has another call since.
    'while the second agent talks': async () => liveCall(second),
    'while the caller waits for the next agent': async () => liveCall(null),
  }
  async function liveCall(who: typeof second | null): Promise<string> {
    const { id } = await handedOnCall(served, { first, second: who, number: from, afterwards: 'ready' })
    line.emit(agentChange(agentAt(first, Date.now(), { state: 'talking', call: CallId(mine.call) })))
    return id
  }
  const calls = ids.flatMap((id) => {
    const row = rows[id]
    return row === undefined || 'none' in row || row.object !== 'call' ? [] : [[id, row] as const]
  })
  t.ok(calls.length > 10)
  for (const [when, make] of Object.entries(handedOn))
    for (const [id, row] of calls) {
      const { method, path, body } = row.ask({ id: await make(), present: mine.call })
      const { status, text } = await served.ask(method, path, {
        as: mine.as,
        ...(body === undefined ? {} : { body }),
      })
      t.equal(status, row.expect[own], `${id} ${when}: ${text.slice(0, 200)}`)
    }
})

void t.test('only the rights read calls and requests by id', async (t) => {
  const folder = path.join(import.meta.dirname, '../../src/http')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  t.ok(files.length > 50)
  const readers = files.filter((file) => {
    const text = readFileSync(path.join(folder, file), 'utf8')
    return /\b(callById|requestById)\b/.test(text)
  })
  t.strictSame(
    readers.sort(),
    [
      'access/call-record.ts',
      'access/rights.ts',
      // Whether an object exists, before a reason for it is recorded.
      'access/routes.ts',
      // The caller's number of a call that has just ended.
      'live/caller.ts',
      // After `seenRequest`, or for supervisors only; it answers no contents.
      'requests/routes.ts',
      'requests/status-routes.ts',
    ],
    'a new route reads its object through http/access/rights.ts',
  )
})

/** An object of the kind, as it stands to the agent of this column; of another's for other roles. */
async function objectFor(kind: ObjectRow['object'], column: number): Promise<string> {
  const isOwn = column === own
  const agent = isOwn ? people.agent01.id : people.agent02.id
  const from = column === ofCaller ? number : '+40722300502'
  switch (kind) {
    case 'call': {
      const call = await finishedCall(db, { agent, number: from })
      return opened('call', call, column)
    }
    case 'request': {
      const form = lampForm({ person: { ...someone, phone: from } })
      const { id } = await registered(db, { agent, form })
      return opened('request', id, column)
    }
    case 'voicemail': {
      const call = await finishedCall(db, { agent, number: from })
      await addVoicemail(db, { call, queue: isOwn ? ownQueue : othersQueue, sound: 'voice' })
      return opened('call', call, column)
    }
    case 'handle':
      return handleIn(isOwn)
    case 'check': {
      const answer = await questions(served, isOwn ? mine.as : theirs.as, await handleIn(isOwn))
      return String(answer.json['check'])
    }
  }
}

let handles: Promise<readonly [string, string]> | null = null

/** The taxpayer found in the agent's own call, or in the other agent's. */
async function handleIn(isOwn: boolean): Promise<string> {
  handles ??= Promise.all([mine.as, theirs.as].map((as) => foundIn(as))).then(
    ([first = '', second = '']) => [first, second] as const,
  )
  return (await handles)[isOwn ? 0 : 1]
}

async function foundIn(as: string): Promise<string> {
  const form = { name: account.name, address: account.address, identifier: cnp }
  const { json, text } = await search(served, as, form)
  if (typeof json['handle'] !== 'string') throw new Error(text)
  return json['handle']
}

async function opened(object: 'call' | 'request', id: string, column: number): Promise<string> {
  if (column !== withReason) return id
  const body = { object, id, reason: 'colleague asks', text: 'din matrice' }
  const answer = await served.ask('POST', '/api/access', { as: mine.as, body })
  if (answer.status !== 201) throw new Error(answer.text)
  return id
}
