/** Calls and requests that are not the agent's: what an agent gets of them, and what stays on record. */
import t from 'tap'
import { lampForm, registered, someone } from '../../ledger/requests/fixtures.ts'
import { attack } from '../../support/attack.ts'
import { serve, type Served } from '../serve.ts'
import { finishedCall } from './finished-call.ts'

const othersMax = 45
const ownMax = 5

/** An afternoon: most calls were Barbu's, each with a note; and so were the requests. */
async function afternoon(served: Served) {
  const { db, people } = served
  const others = []
  for (let call = 0; call < othersMax; call += 1)
    others.push(await finishedCall(db, { agent: people.agent02.id, number: `+4072210${1_000 + call}` }))
  for (let call = 0; call < ownMax; call += 1)
    await finishedCall(db, { agent: people.agent01.id, number: `+4072220${1_000 + call}` })
  const requests = []
  for (let request = 0; request < 5; request += 1)
    requests.push((await registered(db, { agent: people.agent02.id, form: lampForm() })).id)
  return { others, requests }
}

await attack(
  t,
  {
    attack: 'an agent lists and opens the calls of all others',
    before:
      '45 of 50 listed calls were others’, with numbers; 45 of 45 opened with notes; no entry in the journal',
    now: 'only own calls are listed; each other one is refused and journalled; supervisor and auditor are alerted',
  },
  async (t) => {
    const served = await serve(t)
    const { others } = await afternoon(served)
    const as = await served.signIn('agent01')
    const list = await served.ask('GET', '/api/calls?limit=200', { as })
    const items = list.json['items'] as { id: string; caller: string; agent: { id: string } | null }[]
    const foreign = items.filter(({ agent }) => agent?.id !== served.people.agent01.id)
    const opened = []
    for (const id of others) opened.push(await served.ask('GET', `/api/calls/${id}`, { as }))
    const got = opened.filter(({ status }) => status === 200)
    const looks = await served.db
      .selectFrom('journal_looks')
      .select(['kind', 'about'])
      .where('account', '=', served.people.agent01.id)
      .execute()
    t.comment(
      `listed ${foreign.length} of ${items.length} of others, opened ${got.length} of ${others.length}`,
    )
    t.comment(`entries in the journal: ${looks.length}`)
    t.equal(items.length, ownMax)
    t.equal(foreign.length, 0)
    t.equal(got.length, 0)
    t.match(opened[0]?.json, { status: 403, code: 'needs-reason' })
    t.equal(looks.filter(({ kind }) => kind === 'refused').length, others.length)
    for (const person of ['super', 'audit'] as const) {
      const alerts = await served.ask('GET', '/api/access/alerts', { as: await served.signIn(person) })
      t.match(alerts.json['items'], [{ account: { name: 'Ana Pop' }, reasons: others.length }], person)
    }
  },
)

await attack(
  t,
  {
    attack: 'an agent counts through the registration numbers',
    before:
      '5 of 5 requests of others gave name, address, text and tracking code, outside any call; 5 sheets as PDF',
    now: 'refused without a reason on record; the tries are journalled',
  },
  async (t) => {
    const served = await serve(t)
    const { requests } = await afternoon(served)
    const as = await served.signIn('agent01')
    const opened = []
    const sheets = []
    for (const id of requests) {
      opened.push(await served.ask('GET', `/api/requests/${id}`, { as }))
      sheets.push(await served.ask('GET', `/api/requests/${id}/paper`, { as }))
    }
    const names = opened.filter(({ text }) => text.includes(someone.name) && text.includes('"code"'))
    t.comment(`details of ${names.filter(({ status }) => status === 200).length} of ${requests.length}`)
    t.comment(`sheets: ${sheets.filter(({ status }) => status === 200).length} of ${requests.length}`)
    for (const answer of [...opened, ...sheets]) t.match(answer.json, { status: 403, code: 'needs-reason' })
    t.equal(names.length, 0)
  },
)

await attack(
  t,
  {
    attack: 'an agent says that another’s citizen was told, or complains in their name',
    before: 'telling 204, complaint 409 (only because the request was in time)',
    now: 'refused without a reason on record',
  },
  async (t) => {
    const served = await serve(t)
    const id = (await registered(served.db, { agent: served.people.agent02.id })).id
    const as = await served.signIn('agent01')
    const told = await served.ask('POST', `/api/requests/${id}/tellings`, {
      as,
      body: { how: 'on the call', call: null },
    })
    const complained = await served.ask('POST', `/api/requests/${id}/complaint`, {
      as,
      body: { draft: 'a'.repeat(32), call: null },
    })
    t.comment(`telling: ${told.status}, complaint: ${complained.status} ${String(complained.json['code'])}`)
    t.match(told.json, { status: 403, code: 'needs-reason' })
    t.match(complained.json, { status: 403, code: 'needs-reason' })
    const rows = await served.db
      .selectFrom('request_tellings')
      .select('id')
      .where('request', '=', id)
      .execute()
    t.equal(rows.length, 0)
  },
)
