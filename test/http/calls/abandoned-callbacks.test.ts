/** Citizens whose callback has ended in vain are listed with the callers who left a queue without an answer. */
import t from 'tap'
import type { EndedBy, Outcome } from '../../../src/core/call.ts'
import { askedOnPageIn, callbackOf } from '../../../src/core/ids.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { serve } from '../serve.ts'
import { Story } from '../states.ts'
import {
  at,
  seconds,
  hour,
  pbx,
  gaveUp,
  promised,
  attempt,
  listed,
  idsOf,
  type Attempt,
} from './abandoned-callers.ts'

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

t.test('one of a closed number is called back for the queue of its callback', async (t) => {
  const { ask, signIn, state, db, people, line } = await serve(t)
  state.now = at
  const number = '+40722000377'
  const { id, events } = promised({ number, arrivedAt: at - 3 * hour, isClosed: true })
  const last = { of: id, number, agent: people.agent02.id, beganAt: at - 2 * hour, endedAt: at - hour }
  await writeEvents(db, [...events, ...attempt({ ...last, nth: 1, outcome: 'no answer' })])
  const as = await signIn('agent01')
  t.equal((await ask('POST', '/api/me/call-out', { as, body: { call: id } })).status, 200)
  t.equal(line.asked.at(-1), `callOut false ${number} {"call":"${id}"} general`)
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
