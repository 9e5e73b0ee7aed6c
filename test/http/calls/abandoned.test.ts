/** Callers who left a queue without an answer: listed for its agents and for supervisors until they were reached, and called back by one of them. */
import t from 'tap'
import type { AcdCallEvent } from '../../../src/core/acd-event.ts'
import type { EndedBy, Outcome } from '../../../src/core/call.ts'
import type { Returned } from '../../../src/core/call-event.ts'
import {
  askedOnPageIn,
  callbackOf,
  PbxName,
  QueueId,
  type AgentId,
  type CallId,
} from '../../../src/core/ids.ts'
import { newQueue } from '../../../src/core/queue.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { addVoicemail } from '../../../src/ledger/voicemails/voicemails.ts'
import { accessLog } from '../../../src/ledger/journal/access-log.ts'
import type { AbandonedCalls, CallDetail } from '../../../src/http/calls/wire.ts'
import { serve, type Served } from '../serve.ts'
import { Story } from '../states.ts'

const at = Date.parse('2026-11-24T10:00:00Z')
const seconds = 1_000
const hour = 3_600 * seconds
let calls = 0

const pbx = PbxName('pbx1')

interface GaveUp {
  readonly number: string | null
  readonly arrivedAt?: number
  readonly waits?: number
  readonly queue?: string
  readonly outcome?: Outcome
  readonly endedBy?: EndedBy
}

const endedBy = (by: EndedBy, end: AcdCallEvent): AcdCallEvent =>
  end.after.phase === 'ended' ? { ...end, after: { ...end.after, endedBy: by } } : end

/** A caller who hangs up in the queue, or whose call ends there otherwise. */
function gaveUp({
  number,
  arrivedAt = at - hour,
  waits = 60 * seconds,
  queue = 'general',
  outcome = 'abandoned',
  endedBy: by = 'caller',
}: GaveUp) {
  calls += 1
  const story = new Story(`pbx1-${process.pid}.6${calls}`, arrivedAt, number)
  const events = [
    story.arrives(),
    story.waits(arrivedAt),
    endedBy(by, story.ends(arrivedAt + waits, outcome)),
  ]
  const inQueue = (event: AcdCallEvent): AcdCallEvent => ({
    ...event,
    after: { ...event.after, queue: QueueId(queue) },
  })
  return { id: story.id, events: events.map(inQueue) }
}

interface Promised {
  readonly number: string
  readonly arrivedAt?: number
  /** The callback that the number had before; null: it has a new one. */
  readonly kept?: CallId | null
  /** In no queue. */
  readonly isClosed?: boolean
}

/** A caller to whom a callback is promised. */
function promised({ number, arrivedAt = at - hour, kept = null, isClosed = false }: Promised) {
  calls += 1
  const story = new Story(`pbx1-${process.pid}.6${calls}`, arrivedAt, number)
  const call = kept ?? callbackOf(pbx, story.id, 1)
  const arrives = story.arrives()
  const before = isClosed ? [] : [story.waits(arrivedAt)]
  const promise = story.beside({ type: 'CallbackPromised', call, by: null }, arrivedAt + 30 * seconds, {})
  const end = story.ends(arrivedAt + 40 * seconds, 'callback')
  const after = isClosed ? { ...end.after, queuedAt: null } : end.after
  return {
    id: story.id,
    callback: call,
    events: [arrives, ...before, promise, { ...end, after } as AcdCallEvent],
  }
}

interface Attempt {
  readonly of: CallId
  readonly nth: number
  readonly number: string
  readonly agent: AgentId
  readonly beganAt: number
  readonly endedAt?: number
  readonly outcome?: Outcome
  readonly endedBy?: EndedBy
  readonly returns?: Returned
}

/** An attempt to call back the citizen of that call. Without `endedAt` it goes on, or has not begun. */
function attempt({
  of,
  nth,
  number,
  agent,
  beganAt,
  endedAt,
  outcome = 'no answer',
  endedBy: by = 'system',
  returns = { call: of },
}: Attempt) {
  const story = new Story(callbackOf(pbx, of, nth), beganAt, number)
  const placed = {
    ...story.dials(agent, beganAt),
    event: { type: 'CallPlaced', by: null, returns },
  }
  const end = endedAt === undefined ? [] : [endedBy(by, story.ends(endedAt, outcome))]
  return [placed as AcdCallEvent, ...end]
}

/** `own`: the first of the last three digits of a test's numbers; the ledger is the whole file's. A withheld number is in no test's list. */
async function listed({ ask }: Served, as: string, own: string) {
  const { status, json } = await ask('GET', '/api/calls/abandoned', { as })
  t.equal(status, 200)
  return (json as unknown as AbandonedCalls).items.filter(
    ({ callerEnding }) => callerEnding === null || callerEnding.startsWith(own),
  )
}

const idsOf = (items: readonly { readonly call: string }[]) => items.map(({ call }) => call)

t.test(
  'agents see the callers of their queues without the number, supervisors all; the look is on record',
  async (t) => {
    const served = await serve(t)
    const { signIn, state, directory, db, people, ask } = served
    state.now = at
    directory.queues.push(newQueue(QueueId('taxes'), 'Taxe'))
    const mine = gaveUp({ number: '+40722000611' })
    const others = gaveUp({ number: '+40722000622', queue: 'taxes', arrivedAt: at - 2 * hour })
    const unlisted = [
      gaveUp({ number: '+40722000633', waits: 2 * seconds }),
      gaveUp({ number: null }),
      gaveUp({ number: '+40722000644', arrivedAt: at - 25 * hour }),
    ]
    await writeEvents(
      db,
      [mine, others, ...unlisted].flatMap(({ events }) => events),
    )
    const as = await signIn('agent01')
    t.strictSame(await listed(served, as, '6'), [
      {
        call: mine.id,
        queue: 'general',
        callerEnding: '611',
        reason: 'hung up',
        abandonedAt: new Date(at - hour + 60 * seconds).toISOString(),
        waitMs: 60_000,
        lastTry: null,
      },
    ])
    t.strictSame(idsOf(await listed(served, await signIn('super'), '6')), [mine.id, others.id])
    const looks = await accessLog(db, { account: people.agent01.id, limit: 10 })
    t.match(looks, [{ kind: 'call-list', query: 'abandoned' }])
    t.equal((await ask('GET', '/api/calls/abandoned', { as: await signIn('edit') })).status, 403)
  },
)

t.test('a caller is there once, and leaves when they were served otherwise or wait again', async (t) => {
  const served = await serve(t)
  const { signIn, state, db, people, line } = served
  state.now = at
  const twice = [
    gaveUp({ number: '+40722000711', arrivedAt: at - 3 * hour }),
    gaveUp({ number: '+40722000711', arrivedAt: at - 2 * hour }),
    // A short abandon is no call to return, and takes nobody's place.
    gaveUp({ number: '+40722000711', arrivedAt: at - hour, waits: seconds }),
  ]
  const helped = gaveUp({ number: '+40722000722' })
  const again = new Story(`pbx1-${process.pid}.71`, at - 1_800 * seconds, '+40722000722')
  const back = gaveUp({ number: '+40722000733' })
  await writeEvents(db, [
    ...[...twice, helped, back].flatMap(({ events }) => events),
    again.arrives(),
    again.talks(people.agent02.id, at - 1_790 * seconds),
    again.ends(at - 1_700 * seconds, 'answered', people.agent02.id),
  ])
  const as = await signIn('agent01')
  t.strictSame(idsOf(await listed(served, as, '7')), [back.id, twice[1]!.id])
  const waits = new Story(`pbx1-${process.pid}.72`, at - 10 * seconds, '+40722000733')
  line.emit(waits.arrives(), waits.waits(at - 9 * seconds))
  t.strictSame(idsOf(await listed(served, as, '7')), [twice[1]!.id])
})

t.test(
  'those whom the line sent away are listed, those whom a supervisor or a block did are not',
  async (t) => {
    const served = await serve(t)
    const { signIn, state, db } = served
    state.now = at
    const tooLong = gaveUp({
      number: '+40722000411',
      outcome: 'rejected',
      endedBy: 'system',
      arrivedAt: at - 2 * hour,
    })
    // In the words of why they are not served.
    const during = gaveUp({ number: '+40722000422', outcome: 'rejected', arrivedAt: at - 3 * hour })
    const failed = gaveUp({
      number: '+40722000433',
      outcome: 'failed',
      endedBy: 'system',
      waits: seconds,
      arrivedAt: at - 4 * hour,
    })
    const bySupervisor = gaveUp({ number: '+40722000444', outcome: 'rejected', endedBy: 'supervisor' })
    const lineFull = new Story(`pbx1-${process.pid}.41`, at - hour, '+40722000455')
    const full = [lineFull.arrives(), lineFull.ends(at - hour + 9 * seconds, 'rejected')].map(
      (event) => ({ ...event, after: { ...event.after, queuedAt: null } }) as AcdCallEvent,
    )
    const blocked = new Story(`pbx1-${process.pid}.42`, at - hour, '+40722000466').turnedAway(1)
    await writeEvents(db, [
      ...[tooLong, during, failed, bySupervisor].flatMap(({ events }) => events),
      ...full,
      blocked,
    ])
    const as = await signIn('agent01')
    t.match(await listed(served, as, '4'), [
      { call: tooLong.id, reason: 'sent away', waitMs: 60_000, lastTry: null },
      { call: during.id, reason: 'sent away' },
      { call: failed.id, reason: 'sent away', waitMs: 1_000 },
    ])
    const again = gaveUp({ number: '+40722000411', outcome: 'rejected', endedBy: 'system' })
    const hungUpFirst = gaveUp({ number: '+40722000477', arrivedAt: at - 2 * hour })
    const sentAwayLater = gaveUp({ number: '+40722000477', outcome: 'failed', endedBy: 'system' })
    await writeEvents(
      db,
      [again, hungUpFirst, sentAwayLater].flatMap(({ events }) => events),
    )
    t.same(
      new Set(idsOf(await listed(served, as, '4'))),
      new Set([again.id, sentAwayLater.id, during.id, failed.id]),
      'the later call takes the place',
    )
    t.match(await served.ask('POST', '/api/me/call-out', { as, body: { call: again.id } }), { status: 200 })
  },
)

t.test('a caller whose callback has ended in vain is listed, until it has they are not', async (t) => {
  const served = await serve(t)
  const { signIn, state, db, people } = served
  state.now = at
  const as = await signIn('agent01')
  const agent = people.agent02.id
  const number = '+40722000311'
  const gaveUpBefore = gaveUp({ number, arrivedAt: at - 4 * hour })
  const { id, events } = promised({ number, arrivedAt: at - 3 * hour })
  const first = { of: id, number, agent, beganAt: at - 3 * hour + 30 * seconds, endedAt: at - 2 * hour }
  const last = { of: id, number, agent, beganAt: at - 2 * hour }
  await writeEvents(db, [
    ...gaveUpBefore.events,
    ...events,
    ...attempt({ ...first, nth: 1 }),
    ...attempt({ ...last, nth: 2 }),
  ])
  t.strictSame(idsOf(await listed(served, as, '3')), [], 'an attempt is still to come')
  await writeEvents(db, attempt({ ...last, nth: 2, endedAt: at - hour, outcome: 'busy' }))
  const inVain = {
    call: id,
    queue: 'general',
    reason: 'callback in vain',
    waitMs: 40_000,
    lastTry: {
      call: callbackOf(pbx, id, 2),
      by: null,
      at: new Date(at - hour).toISOString(),
      outcome: 'busy',
    },
  }
  t.match(await listed(served, as, '3'), [inVain])

  const returned = new Story(`pbx1-${process.pid}.31`, at - 60 * seconds, number)
  await writeEvents(db, [
    returned.dials(people.agent01.id, at - 60 * seconds, { call: id }),
    returned.ends(at - 30 * seconds, 'no answer'),
  ])
  const by = { id: people.agent01.id, name: people.agent01.name }
  t.match(await listed(served, as, '3'), [{ call: id, lastTry: { call: returned.id, by } }])
  const reached = new Story(`pbx1-${process.pid}.32`, at, number)
  await writeEvents(db, [
    reached.dials(people.agent01.id, at, { call: id }),
    reached.talks(people.agent01.id, at + seconds),
    reached.ends(at + 60 * seconds, 'answered', people.agent01.id),
  ])
  t.strictSame(await listed(served, as, '3'), [])
})

t.test('one that was asked for on the public page is listed by its first attempt', async (t) => {
  const served = await serve(t)
  const { signIn, state, db, people } = served
  state.now = at
  const as = await signIn('agent01')
  const agent = people.agent02.id
  const number = '+40722000011'
  const asked = askedOnPageIn(pbx, at - 3 * hour, 'page')
  const first = callbackOf(pbx, asked, 1)
  const events = (nth: number, beganAt: number, ended: Pick<Attempt, 'endedAt' | 'outcome' | 'endedBy'>) => {
    const returns = nth === 1 ? { request: 'TM-2026-000811' } : { call: first }
    return attempt({ of: asked, nth, number, agent, beganAt, returns, ...ended })
  }
  await writeEvents(db, [
    ...events(1, at - 3 * hour, { endedAt: at - 2 * hour }),
    ...events(2, at - 2 * hour, {}),
  ])
  t.strictSame(await listed(served, as, '0'), [], 'an attempt is still to come')
  await writeEvents(db, events(2, at - 2 * hour, { endedAt: at - hour, outcome: 'busy' }))
  const lastTry = { call: callbackOf(pbx, asked, 2), by: null, outcome: 'busy' }
  t.match(await listed(served, as, '0'), [
    { call: first, queue: 'general', reason: 'callback in vain', waitMs: null, lastTry },
  ])
  const reached = new Story(`pbx1-${process.pid}.11`, at, number)
  await writeEvents(db, [
    reached.dials(people.agent01.id, at, { call: first }),
    reached.talks(people.agent01.id, at + seconds),
    reached.ends(at + 60 * seconds, 'answered', people.agent01.id),
  ])
  t.strictSame(await listed(served, as, '0'), [])
})

t.test(
  'of one from the public page with a single attempt that attempt tells, unless it has served them',
  async (t) => {
    const served = await serve(t)
    const { signIn, state, db, people } = served
    state.now = at
    const ends: readonly [string, Outcome, EndedBy][] = [
      ['+40722000911', 'no answer', 'system'],
      ['+40722000922', 'answered', 'agent'],
      ['+40722000933', 'cancelled', 'supervisor'],
    ]
    for (const [number, outcome, by] of ends) {
      const of = askedOnPageIn(pbx, at - 3 * hour, number.slice(-3))
      const returns = { request: 'TM-2026-000811' }
      const only = { of, nth: 1, number, returns, agent: people.agent02.id, beganAt: at - 3 * hour }
      await writeEvents(db, attempt({ ...only, endedAt: at - hour, outcome, endedBy: by }))
    }
    // An agent's own call about a request was promised to nobody.
    const own = new Story(`pbx1-${process.pid}.12`, at - hour, '+40722000944')
    await writeEvents(db, [
      own.dials(people.agent02.id, at - hour, { request: 'TM-2026-000811' }),
      own.ends(at - 60 * seconds, 'no answer'),
    ])
    t.match(
      (await listed(served, await signIn('agent01'), '9')).map(({ callerEnding }) => callerEnding),
      ['911'],
    )
  },
)

t.test('a callback that was wanted no more, or reached the citizen, is none in vain', async (t) => {
  const served = await serve(t)
  const { signIn, state, db, people } = served
  state.now = at
  const ends: readonly [string, Outcome, EndedBy][] = [
    ['+40722000211', 'answered', 'agent'],
    ['+40722000222', 'cancelled', 'supervisor'],
    ['+40722000233', 'cancelled', 'caller'],
    ['+40722000244', 'cancelled', 'agent'],
  ]
  for (const [number, outcome, by] of ends) {
    const { id, events } = promised({ number })
    const placed = { of: id, nth: 1, number, agent: people.agent02.id, beganAt: at - hour }
    await writeEvents(db, [
      ...events,
      ...attempt({ ...placed, endedAt: at - 60 * seconds, outcome, endedBy: by }),
    ])
  }
  // Promised once more, the callback that the number has is older than the call, and so is the attempt that reaches them.
  const number = '+40722000255'
  const first = promised({ number, arrivedAt: at - 3 * hour })
  const second = promised({ number, arrivedAt: at - 2 * hour, kept: first.callback })
  const placed = { of: first.id, nth: 1, number, agent: people.agent02.id, beganAt: at - 3 * hour }
  await writeEvents(db, [
    ...first.events,
    ...second.events,
    ...attempt({ ...placed, endedAt: at - hour, outcome: 'answered', endedBy: 'agent' }),
  ])
  const items = await listed(served, await signIn('agent01'), '2')
  t.strictSame(
    items.map(({ callerEnding, lastTry }) => [callerEnding, lastTry?.outcome]),
    [['244', 'cancelled']],
    'an agent gave it up',
  )
})

t.test(
  'a callback promised twice is in vain for the later call; one promised while closed counts by its end',
  async (t) => {
    const served = await serve(t)
    const { signIn, state, db, people } = served
    state.now = at
    const agent = people.agent02.id
    const twice = '+40722000111'
    const first = promised({ number: twice, arrivedAt: at - 3 * hour })
    const second = promised({ number: twice, arrivedAt: at - 2 * hour, kept: first.callback })
    const ofFirst = { of: first.id, number: twice, agent, beganAt: at - 3 * hour, endedAt: at - hour }
    const closed = '+40722000122'
    const evening = promised({ number: closed, arrivedAt: at - 60 * hour, isClosed: true })
    const long = '+40722000133'
    const before = promised({ number: long, arrivedAt: at - 90 * hour, isClosed: true })
    await writeEvents(db, [
      ...first.events,
      ...second.events,
      ...evening.events,
      ...before.events,
      ...attempt({ ...ofFirst, nth: 1 }),
      ...attempt({ ...ofFirst, nth: 2, beganAt: at - hour, endedAt: at - 60 * seconds }),
      ...attempt({
        of: evening.id,
        nth: 1,
        number: closed,
        agent,
        beganAt: at - 60 * hour,
        endedAt: at - 2 * hour,
      }),
      ...attempt({
        of: before.id,
        nth: 1,
        number: long,
        agent,
        beganAt: at - 90 * hour,
        endedAt: at - 25 * hour,
      }),
    ])
    const items = await listed(served, await signIn('agent01'), '1')
    t.strictSame(idsOf(items), [second.id, evening.id])
    t.match(items, [
      { call: second.id, lastTry: { call: callbackOf(pbx, first.id, 2), outcome: 'no answer' } },
      { call: evening.id, queue: 'general', waitMs: null, lastTry: { outcome: 'no answer' } },
    ])
  },
)

t.test('one who then left a message is a task already; one who said nothing in it is listed', async (t) => {
  const served = await serve(t)
  const { signIn, state, db } = served
  state.now = at
  const [spoke, silent, closed] = [511, 522, 533].map((own) => gaveUp({ number: `+40722000${own}` }))
  await writeEvents(
    db,
    [spoke, silent, closed].flatMap((story) => story?.events ?? []),
  )
  const later: string[] = []
  for (const [index, sound] of (['voice', 'silence', 'silence'] as const).entries()) {
    const story = new Story(
      `pbx1-${process.pid}.5${index}`,
      at - 600 * seconds,
      `+407220005${index + 1}${index + 1}`,
    )
    later.push(story.id)
    const ended = story.ends(at - 590 * seconds, 'voicemail')
    // The last one was of a closed number, in no queue.
    const after = index === 2 ? { ...ended.after, queuedAt: null } : ended.after
    await writeEvents(db, [story.arrives(), { ...ended, after } as AcdCallEvent])
    await addVoicemail(db, { call: story.id, queue: QueueId('general'), sound })
  }
  t.same(
    new Set(idsOf(await listed(served, await signIn('agent01'), '5'))),
    new Set([later[1], closed?.id]),
    'the call from a queue takes the place of the earlier one',
  )
})

t.test(
  'an agent of the queue calls back; colleagues see who does, and the list forgets who was reached',
  async (t) => {
    const served = await serve(t)
    const { ask, signIn, state, db, people, line } = served
    state.now = at
    const { id, events } = gaveUp({ number: '+40722000811' })
    await writeEvents(db, events)
    const [ana, dan, boss] = [await signIn('agent01'), await signIn('agent02'), await signIn('super')]
    const callsBack = (as: string) => ask('POST', '/api/me/call-out', { as, body: { call: id } })
    t.equal((await callsBack(ana)).status, 200)
    t.equal(line.asked.at(-1), `callOut false +40722000811 {"call":"${id}"}`)

    const { name } = people.agent01
    const first = new Story(`pbx1-${process.pid}.81`, at, '+40722000811')
    const placed = first.dials(people.agent01.id, at, { call: id })
    await writeEvents(db, [placed])
    line.emit(placed)
    const by = { id: people.agent01.id, name }
    t.match(await listed(served, dan, '8'), [
      { call: id, lastTry: { by, at: new Date(at).toISOString(), outcome: null } },
    ])
    const before = line.asked.length
    t.match(await callsBack(dan), {
      status: 409,
      json: { code: 'call-on-desk', detail: `Îl sună acum ${name}.` },
    })
    t.equal(line.asked.length, before)

    const inVain = first.ends(at + 30 * seconds, 'no answer')
    await writeEvents(db, [inVain])
    line.emit(inVain)
    t.match(await listed(served, dan, '8'), [{ lastTry: { by, outcome: 'no answer' } }], 'nobody was reached')
    t.equal((await callsBack(dan)).status, 200)
    const second = new Story(`pbx1-${process.pid}.82`, at + 60 * seconds, '+40722000811')
    await writeEvents(db, [
      second.dials(people.agent02.id, at + 60 * seconds, { call: id }),
      second.talks(people.agent02.id, at + 70 * seconds),
      second.ends(at + 90 * seconds, 'answered', people.agent02.id),
    ])
    t.strictSame(await listed(served, dan, '8'), [])
    const record = (await ask('GET', `/api/calls/${id}`, { as: boss })).json as unknown as CallDetail
    t.match(record.returnedBy, [
      { by, outcome: 'no answer' },
      { call: second.id, by: { id: people.agent02.id }, outcome: 'answered' },
    ])
  },
)

t.test('an agent of other queues calls nobody of it back', async (t) => {
  const served = await serve(t)
  const { ask, signIn, state, db, directory } = served
  state.now = at
  directory.queues.push(newQueue(QueueId('taxes'), 'Taxe'))
  const { id, events } = gaveUp({ number: '+40722000911', queue: 'taxes' })
  await writeEvents(db, events)
  const as = await signIn('agent01')
  t.match(await ask('POST', '/api/me/call-out', { as, body: { call: id } }), {
    status: 403,
    json: { code: 'needs-reason' },
  })
})
