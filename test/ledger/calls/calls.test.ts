import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import t from 'tap'
import type { Leg } from '../../../src/core/call.ts'
import { CallId, OfferId, QueueId, type AgentId } from '../../../src/core/ids.ts'
import { sumOf } from '../../../src/core/reports/figures.ts'
import { tallies, type Period } from '../../../src/ledger/reports/figures.ts'
import type { OverflowWay } from '../../../src/core/configuration/overflow.ts'
import { overflows } from '../../../src/ledger/reports/overflows.ts'
import { agentDay } from '../../../src/ledger/reports/agent-day.ts'
import { callById, calls, callsAsJson, type CallRow } from '../../../src/ledger/calls/calls.ts'
import { previousCalls } from '../../../src/ledger/calls/previous-calls.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { recordHearing } from '../../../src/ledger/recordings/hearings.ts'
import { addNote } from '../../../src/ledger/calls/notes.ts'
import {
  addRecordings,
  callsWithoutRecording,
  recordingLost,
} from '../../../src/ledger/recordings/recordings.ts'
import { addWrapUp, unfinishedWrapUps } from '../../../src/ledger/calls/wrap-ups.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { quickHash } from '../../support/passwords.ts'
import { testDatabase } from '../../support/postgres.ts'
import { callEvents, type CallShape } from '../fixtures.ts'

const { db } = await testDatabase(t)
const agent = await agentNamed('ana', 'Ana Ștefănescu')
// Recent, because only calls of the last hours count as in progress.
const start = Date.now() - 3_600_000

async function agentNamed(username: string, name: string): Promise<AgentId> {
  const account = { username, name, roles: ['agent' as const], employer: 'Firma', password: 'parola' }
  const added = await addAccount(db, account, quickHash)
  if (!added.ok) throw new Error(added.why)
  return added.account.id
}

async function happened(shape: CallShape, upTo?: number): Promise<void> {
  await writeEvents(db, callEvents({ agent, ...shape }).slice(0, upTo))
}

async function listed(question: Omit<Parameters<typeof calls>[1], 'limit'> & { limit?: number }) {
  const answer = await calls(db, { limit: 50, ...question })
  if (answer.error !== undefined) throw new Error(answer.error)
  return answer
}
const ids = (rows: readonly CallRow[]): string[] => rows.map((row) => row.id)

const manifest = {
  durationMs: 59_900,
  bytes: 240_000,
  sha256: 'ab'.repeat(32),
  tracks: ['caller' as const, 'agent' as const],
  spans: [{ offsetMs: 0, startedAt: start + 304_000, durationMs: 59_900 }],
  gaps: [],
}
const recording = {
  leg: null,
  agent: null,
  file: 'r-1.mp3',
  manifest,
  waveform: { caller: [1, 2], agent: [3] },
}

void t.test('finished calls and calls in progress are listed, newest first', async (t) => {
  const from = start
  await happened({ id: 'l-1', arrivedAt: from, number: '+40256000001' })
  await happened({ id: 'l-2', arrivedAt: from + 1_000, talks: null, waits: 7_000 })
  await happened({ id: 'l-3', arrivedAt: from + 2_000, number: null }, 4)
  await happened({ id: 'l-4', arrivedAt: from + 3_000 }, 1)
  const { items, next } = await listed({ from, to: from + 10_000 })
  t.strictSame(ids(items), ['l-4', 'l-3', 'l-2', 'l-1'])
  t.equal(next, null)
  const who = { id: agent, name: 'Ana Ștefănescu' }
  t.match(items[0], { outcome: null, endedAt: null, queuedAt: null, queue: null, agent: null, waitMs: null })
  t.match(items[1], {
    outcome: null,
    caller: null,
    answeredAt: from + 6_000,
    waitMs: 4_000,
    agent: who,
    recording: 'pending',
  })
  t.match(items[2], {
    outcome: 'abandoned',
    waitMs: 7_000,
    talkMs: null,
    answeredAt: null,
    agent: null,
    recording: 'none',
  })
  t.match(items[3], {
    outcome: 'answered',
    caller: '+40256000001',
    waitMs: 4_000,
    talkMs: 60_000,
    agent: who,
    queue: 'general',
  })
})

void t.test('pages neither repeat nor skip a call while others arrive or have equal times', async (t) => {
  const from = start + 100_000
  for (let n = 1; n <= 7; n += 1) {
    await happened(
      { id: `p-${n}`, arrivedAt: from + Math.floor(n / 3), talks: n % 2 === 0 ? null : 1_000 },
      n === 5 ? 2 : undefined,
    )
  }
  const all = ids((await listed({ from, to: from + 1_000 })).items)
  const seen: string[] = []
  let cursor: string | null | undefined
  while (cursor !== null) {
    const page = await listed({ from, to: from + 1_000, limit: 2, cursor })
    seen.push(...ids(page.items))
    cursor = page.next
    await happened({ id: `p-new-${seen.length}`, arrivedAt: from + 500 })
  }
  t.strictSame(seen, all)
  t.equal(seen.length, 7)
})

void t.test('caller and outcome filter the list; an invalid cursor is rejected', async (t) => {
  const from = start + 200_000
  await happened({ id: 'f-1', arrivedAt: from, number: '+40256000077' })
  await happened({ id: 'f-2', arrivedAt: from + 1, number: '+40256000077', talks: null })
  await happened({ id: 'f-3', arrivedAt: from + 2 })
  t.strictSame(ids((await listed({ caller: '+40256000077' })).items), ['f-2', 'f-1'])
  t.strictSame(ids((await listed({ from, outcome: 'abandoned', to: from + 100 })).items), ['f-2'])
  t.strictSame(ids((await listed({ from, agent, to: from + 100 })).items), ['f-3', 'f-1'])
  const forged = ['[1,2]', '[-9000000000000000,"x"]', '[9000000000000000,"x"]', '[1e300,"x"]', '[-1,"x"]']
  const foreign = forged.map((text) => Buffer.from(text).toString('base64url'))
  for (const cursor of ['', 'x', 'bnVsbA', '\u0000', ...foreign]) {
    t.strictSame(await calls(db, { limit: 5, cursor }), { error: 'bad cursor' }, JSON.stringify(cursor))
  }
})

void t.test('a program that follows the record asks for what has changed', async (t) => {
  const from = start + 250_000
  const changed = async (changedSince: number) =>
    ids((await listed({ changedSince, from, to: from + 10 })).items)
  await happened({ id: 's-1', arrivedAt: from })
  await happened({ id: 's-2', arrivedAt: from + 1 })
  await happened({ id: 's-3', arrivedAt: from + 2 }, 4)
  await happened({ id: 's-4', arrivedAt: from + 3 })
  t.strictSame(await changed(start), ['s-4', 's-3', 's-2', 's-1'])
  const { rows } = await sql<{ now: number }>`
    select extract(epoch from clock_timestamp()) * 1000 + 1 as now`.execute(db)
  // Times have milliseconds; the note is recorded in a later one.
  await delay(5)
  const now = Math.ceil(Number(rows[0]?.now))
  t.strictSame(await changed(now), ['s-3'], 'in progress')
  await addNote(db, { call: CallId('s-1'), author: agent, text: 'a revenit', later: true })
  t.strictSame(await changed(now), ['s-3', 's-1'])
  const form = { subject: '', motivated: 'yes', reason: null, resolution: 'none' } as const
  await addWrapUp(db, { call: CallId('s-2'), agent, form })
  t.strictSame(await changed(now), ['s-3', 's-2', 's-1'])
  await addRecordings(db, CallId('s-4'), [{ ...recording, file: 's-4.mp3' }])
  t.strictSame(await changed(now), ['s-4', 's-3', 's-2', 's-1'])
  t.equal((await listed({ from, to: from + 10, queue: QueueId('general') })).items.length, 4)
  t.strictSame(ids((await listed({ from, to: from + 10, queue: QueueId('taxe') })).items), [])
})

void t.test('one call is returned with events, notes, wrap-up and recording', async (t) => {
  const id = CallId('one-1')
  await happened({ id })
  const maria = await agentNamed('maria', 'Maria Ionescu')
  await addNote(db, { call: id, author: agent, text: 'Groapă' })
  await addNote(db, { call: id, author: maria, text: 'preluat' })
  await addNote(db, { call: id, author: agent, text: 'Groapă pe str. Memorandului\u0000' })
  const form = { subject: 'Drumuri', motivated: 'yes', reason: null, resolution: 'registered' } as const
  await addWrapUp(db, { call: id, agent, form: { ...form, resolution: 'unstated' } })
  await addWrapUp(db, { call: id, agent, form })
  await recordHearing(db, { call: id, account: maria })
  const record = await callById(db, id)
  t.strictSame(
    record?.events.map((event) => [event.seq, event.type, event.detail['phase']]),
    [
      [1, 'CallArrived', 'greeting'],
      [2, 'PlaybackEnded', 'waiting'],
      [3, 'OfferMade', 'ringing'],
      [4, 'Bridged', 'talking'],
      [5, 'CallerHungUp', 'ended'],
    ],
  )
  t.match(record?.events[2]?.detail, { why: { candidates: 2 } })
  t.match(record?.notes, [
    { author: 'Maria Ionescu', text: 'preluat' },
    { author: 'Ana Ștefănescu', text: 'Groapă pe str. Memorandului' },
  ])
  t.match(
    record?.wrapUps[0]?.versions,
    [{ ...form, agent: { name: 'Ana Ștefănescu' }, later: false }],
    'the last as it was typed',
  )
  await addNote(db, { call: id, author: agent, text: 'a revenit', later: true })
  await addWrapUp(db, { call: id, agent, form: { ...form, subject: 'Drumuri, corectat' }, later: true })
  const corrected = await callById(db, id)
  t.match(corrected?.wrapUps[0]?.versions, [
    { subject: 'Drumuri, corectat', later: true },
    { subject: 'Drumuri', later: false },
  ])
  t.strictSame(
    corrected?.notes.map(({ text, later }) => [text, later]),
    [
      ['preluat', false],
      ['Groapă pe str. Memorandului', false],
      ['a revenit', true],
    ],
    'a later note replaces none',
  )
  t.strictSame(record?.segments, [])
  t.equal(await callById(db, CallId('no such call')), null)
})

void t.test('a call belongs to every agent who has talked with its caller', async (t) => {
  const first = await agentNamed('ion', 'Ion Țiplea')
  const shape = { id: 'legs-1', arrivedAt: start - 9_000_000 }
  const legs: readonly Leg<'agent'>[] = [
    { id: OfferId('leg-1'), role: 'agent', agent: first, device: 'web', from: start, until: start + 5_000 },
    {
      id: OfferId('leg-2'),
      role: 'agent',
      agent,
      device: 'desk',
      from: start + 9_000,
      until: start + 20_000,
    },
  ]
  const events = callEvents({ agent, ...shape })
  await writeEvents(
    db,
    events.map((event) => ({ ...event, after: { ...event.after, legs } })),
  )
  const record = await callById(db, CallId(shape.id))
  t.strictSame(record?.legs, [
    { agent: { id: first, name: 'Ion Țiplea' }, device: 'web', from: start, until: start + 5_000 },
    {
      agent: { id: agent, name: 'Ana Ștefănescu' },
      device: 'desk',
      from: start + 9_000,
      until: start + 20_000,
    },
  ])
  const times = { from: shape.arrivedAt, to: shape.arrivedAt + 1 }
  for (const one of [first, agent])
    t.strictSame(ids((await listed({ ...times, agent: one })).items), [shape.id], 'in the list of both, once')
  const other = await agentNamed('dan', 'Dan Câmpeanu')
  t.strictSame((await listed({ ...times, agent: other })).items, [])
  const earlier = [{ id: first, name: 'Ion Țiplea' }]
  t.match((await listed(times)).items, [{ agent: { id: agent }, earlierAgents: earlier }])
  const page = await callsAsJson(db, { ...times, limit: 5 })
  if (page.error !== undefined) throw new Error(page.error)
  t.match(JSON.parse(page.items.toString('utf8')), [{ agent: { id: agent }, earlierAgents: earlier }])
})

void t.test('a call that goes on with another agent is the first one’s too', async (t) => {
  const [first, other] = [await agentNamed('petru', 'Petru Oprea'), await agentNamed('vlad', 'Vlad Șerb')]
  const shape = { id: 'legs-2', arrivedAt: start - 60_000 }
  const legs: readonly Leg<'agent'>[] = [
    { id: OfferId('leg-1'), role: 'agent', agent: first, device: 'web', from: start, until: start + 5_000 },
    { id: OfferId('leg-2'), role: 'agent', agent, device: 'web', from: start + 9_000, until: null },
  ]
  const events = callEvents({ agent, ...shape }).slice(0, 4)
  await writeEvents(
    db,
    events.map((event) => ({ ...event, after: { ...event.after, legs } })),
  )
  const record = await callById(db, CallId(shape.id))
  t.match(record, { endedAt: null, agent: { id: agent }, earlierAgents: [{ name: 'Petru Oprea' }] })
  t.match(record?.legs, [
    { agent: { id: first }, until: start + 5_000 },
    { agent: { id: agent }, until: null },
  ])
  const times = { from: shape.arrivedAt, to: shape.arrivedAt + 1 }
  for (const one of [first, agent])
    t.strictSame(ids((await listed({ ...times, agent: one })).items), [shape.id])
  t.strictSame((await listed({ ...times, agent: other })).items, [])
})

void t.test('each agent of a call has a form; that of the one who served last counts', async (t) => {
  const first = await agentNamed('sorin', 'Sorin Ghiță')
  const number = '+40256000123'
  const id = CallId('forms-1')
  const part = { role: 'agent' as const, device: 'web' as const }
  const legs: readonly Leg<'agent'>[] = [
    { ...part, id: OfferId('leg-1'), agent: first, from: start, until: start + 5_000 },
    { ...part, id: OfferId('leg-2'), agent, from: start + 9_000, until: start + 20_000 },
  ]
  const events = callEvents({ agent, id, number, arrivedAt: start - 1_000 })
  await writeEvents(
    db,
    events.map((event) => ({ ...event, after: { ...event.after, legs } })),
  )
  const form = { subject: 'Taxe', motivated: 'yes', reason: null, resolution: 'redirected' } as const
  const incomplete = async () =>
    (await Promise.all([first, agent].map((one) => unfinishedWrapUps(db, one, start)))).map((rows) =>
      rows.filter(({ call }) => call === id).map(({ subject, endedAt }) => [subject, endedAt]),
    )
  t.strictSame(
    await incomplete(),
    [[['', start + 5_000]], [['', start + 20_000]]],
    'each until their own end',
  )
  await addWrapUp(db, { call: id, agent: first, form })
  const subjects = async () => [
    (await callById(db, id))?.wrapUps.map((one) => [one.agent.name, one.versions[0].subject]),
    (await previousCalls(db, number, Date.now(), 1)).items.map(({ subject }) => subject),
  ]
  t.strictSame(await subjects(), [[['Sorin Ghiță', 'Taxe']], ['Taxe']], 'the only one counts')
  t.strictSame(await incomplete(), [[], [['', start + 20_000]]], 'one’s form does not complete the other’s')
  await addWrapUp(db, { call: id, agent, form: { ...form, subject: 'Impozit pe clădiri' } })
  const late = { call: id, agent: first, form: { ...form, subject: 'Taxe, corectat' }, later: true }
  await addWrapUp(db, late)
  t.strictSame(await subjects(), [
    [
      ['Ana Ștefănescu', 'Impozit pe clădiri'],
      ['Sorin Ghiță', 'Taxe, corectat'],
    ],
    ['Impozit pe clădiri'],
  ])
  t.equal(
    await addWrapUp(db, { ...late, agent, unlessCorrected: true }),
    true,
    'another’s correction is none',
  )
  t.equal(await addWrapUp(db, { ...late, unlessCorrected: true }), false)
  t.match(await agentDay(db, first, start - 1_000), { answered: 1, talkMs: 5_000 }, 'their own part alone')
})

void t.test('a row from before there were legs names its agent', async (t) => {
  const shape = { id: 'legs-0', arrivedAt: start - 18_000_000 }
  await happened(shape)
  const record = await callById(db, CallId(shape.id))
  t.match(record?.legs, [
    { agent: { id: agent }, device: null, from: record?.answeredAt, until: record?.endedAt },
  ])
  t.equal(record?.legs.length, 1)
})

void t.test('a call that a supervisor has ended is on record', async (t) => {
  const shape = { id: 'ended-by-1', arrivedAt: start - 20_000_000 }
  const events = callEvents({ agent, ...shape })
  const event = { type: 'CallEndedBySupervisor', by: agent } as const
  await writeEvents(
    db,
    events.map((one) =>
      one.after.phase === 'ended' ? { ...one, event, after: { ...one.after, endedBy: 'supervisor' } } : one,
    ),
  )
  t.match(await callById(db, CallId(shape.id)), { outcome: 'answered', endedBy: 'supervisor' })
})

void t.test('a recording is pending until its manifest or its loss is recorded', async (t) => {
  const from = start + 300_000
  await happened({ id: 'r-1', arrivedAt: from })
  await happened({ id: 'r-2', arrivedAt: from + 1 })
  await happened({ id: 'r-3', arrivedAt: from + 2 })
  await happened({ id: 'r-4', arrivedAt: from + 3, talks: null })
  t.equal(await addRecordings(db, CallId('r-1'), [recording]), 'added')
  t.equal(await addRecordings(db, CallId('r-1'), [recording]), 'was there')
  await recordingLost(db, CallId('r-2'), 'no audio file')
  const { items } = await listed({ from, to: from + 100 })
  t.strictSame(
    items.map((row) => row.recording),
    ['none', 'pending', 'none', 'ready'],
  )
  const record = await callById(db, CallId('r-1'))
  t.strictSame(record?.segments, [
    { call: 'r-1', agentName: null, holds: [agent], role: 'agent', ...recording },
  ])
  t.strictSame(await callsWithoutRecording(db, { from, endedBefore: Date.now() }, 10), ['r-3'])
})

void t.test(
  'previous calls of a number are the newest few with their wrap-ups, and their count',
  async (t) => {
    const number = '+40256000099'
    for (let n = 0; n < 4; n += 1) await happened({ id: `v-${n}`, arrivedAt: start + n, number })
    await happened({ id: 'v-live', arrivedAt: start + 4, number }, 2)
    const form = { subject: 'Taxe', motivated: 'yes', reason: null, resolution: 'on the spot' } as const
    await addWrapUp(db, { call: CallId('v-2'), agent, form })
    const { items, count } = await previousCalls(db, number, start + 3, 2)
    t.equal(count, 3)
    t.match(items, [
      { id: 'v-2', outcome: 'answered', agent: 'Ana Ștefănescu', subject: 'Taxe', resolution: 'on the spot' },
      { id: 'v-1', subject: null, resolution: null },
    ])
  },
)

void t.test(
  'figures count the calls that entered a queue in the period, as docs/rules/figures.md defines them',
  async (t) => {
    const from = start + 400_000
    await happened({ id: 'm-1', arrivedAt: from, waits: 5_000 })
    await happened({ id: 'm-2', arrivedAt: from + 1, waits: 20_000 })
    await happened({ id: 'm-3', arrivedAt: from + 2, waits: 35_000 })
    await happened({ id: 'm-4', arrivedAt: from + 3, waits: 50_000, talks: null })
    await happened({ id: 'm-5 talking', arrivedAt: from + 4, waits: 10_000 }, 4)
    await happened({ id: 'm-6 waiting', arrivedAt: from + 5 }, 2)
    await happened({ id: 'm-7 greeting', arrivedAt: from + 6 }, 1)
    await happened({ id: 'm-8 outside', arrivedAt: from + 5_000 })
    await happened({ id: 'm-9 short', arrivedAt: from + 4, waits: 5_000, talks: null })
    // A caller who has kept the place and one who has left a message are neither answered nor abandoned.
    for (const outcome of ['voicemail', 'callback'] as const) {
      const left = callEvents({ id: `m-A ${outcome}`, arrivedAt: from + 4, waits: 30_000, talks: null })
      const end = left.pop()!
      await writeEvents(db, [...left, { ...end, after: { ...end.after, outcome } } as typeof end])
    }
    const counted = (period: Partial<Period>) =>
      tallies(
        db,
        { fromMs: from, toMs: from + 5_000, slotsFromMs: from, recentFromMs: from + 2, ...period },
        { targetMs: 20_000, shortAbandonMs: 5_000 },
      )
    const rows = await counted({})
    t.strictSame(sumOf(rows), {
      offered: 9,
      answered: 4,
      answeredWithin: 3,
      abandoned: 1,
      shortAbandoned: 1,
      waitedMs: 70_000,
    })
    t.strictSame(
      rows
        .map(({ slot, recent, offered }) => [slot, recent, offered])
        .sort(([, one], [, other]) => Number(one) - Number(other)),
      [
        [0, false, 2],
        [0, true, 7],
      ],
      'one row for each side of the last half-hour',
    )
    t.match(await counted({ slotsFromMs: from + 1 }), [{ slot: -1 }, { slot: 0 }], 'before midnight')
    t.strictSame(await counted({ fromMs: 0, toMs: 1 }), [])
  },
)

void t.test(
  'callers who overflowed are counted when they were moved, by where from and where to',
  async (t) => {
    const from = start + 800_000
    const overflowed = (id: string, arrivedAt: number, to: string, way?: OverflowWay) => {
      const [arrived, queued] = callEvents({ id, arrivedAt })
      const moved = { type: 'CallOverflowed', queue: QueueId(to), priority: 20, why: 'wait' } as const
      const event = way === undefined ? moved : { ...moved, way }
      const after = { ...queued!.after, queue: QueueId(to), overflowedFrom: QueueId('general') }
      return writeEvents(db, [arrived!, queued!, { ...queued!, seq: 3, event, after }])
    }
    await overflowed('v-1 over', from - 1, 'taxe')
    await overflowed('v-2 over', from, 'taxe')
    await overflowed('v-3 over', from + 60_000, 'taxe')
    await overflowed('v-4 over', from + 60_000, 'urbanism')
    await overflowed('v-5 over', from + 90_000, 'urbanism')
    await overflowed('v-7 over', from + 1_000, 'general', 'voicemail')
    await happened({ id: 'v-6 stays', arrivedAt: from })
    const period = {
      fromMs: from,
      toMs: from + 90_000,
      slotsFromMs: from + 1_000,
      recentFromMs: from + 60_000,
    }
    t.strictSame(await overflows(db, period), [
      { from: 'general', to: 'general', way: 'voicemail', day: 1, recent: 0 },
      { from: 'general', to: 'taxe', day: 1, recent: 1 },
      { from: 'general', to: 'urbanism', day: 1, recent: 1 },
    ])
    t.strictSame(await overflows(db, { ...period, slotsFromMs: from }), [
      { from: 'general', to: 'taxe', day: 2, recent: 1 },
      { from: 'general', to: 'general', way: 'voicemail', day: 1, recent: 0 },
      { from: 'general', to: 'urbanism', day: 1, recent: 1 },
    ])
  },
)
