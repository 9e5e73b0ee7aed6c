/** Callers who left a queue without an answer: listed for its agents and for supervisors until they were reached, and called back by one of them. */
import t from 'tap'
import type { AcdCallEvent } from '../../../src/core/acd-event.ts'
import { QueueId } from '../../../src/core/ids.ts'
import { newQueue } from '../../../src/core/queue.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { addVoicemail } from '../../../src/ledger/voicemails/voicemails.ts'
import { accessLog } from '../../../src/ledger/journal/access-log.ts'
import type { CallDetail } from '../../../src/http/calls/wire.ts'
import { cityNumber } from '../city-number.ts'
import { serve } from '../serve.ts'
import { Story } from '../states.ts'
import { at, seconds, hour, gaveUp, listed, idsOf } from './abandoned-callers.ts'

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

t.test('days without opening hours do not count', async (t) => {
  const served = await serve(t)
  const { signIn, state, db, directory } = served
  directory.numbers.push(cityNumber('969', 'Mon-Fri 08:00-22:00'))
  const day = 24 * hour
  const monday = at - day
  const friday = gaveUp({ number: '+40722000521', arrivedAt: monday - 3 * day + hour })
  const early = gaveUp({ number: '+40722000532', arrivedAt: monday - 3 * day - hour })
  await writeEvents(db, [...friday.events, ...early.events])
  const as = await signIn('super')
  for (const [now, ids] of [
    [monday - 2 * day, [friday.id]],
    [monday, [friday.id]],
    [monday + 2 * hour, []],
  ] as const) {
    state.now = now
    t.strictSame(idsOf(await listed(served, as, '5')), ids, new Date(now).toISOString())
  }
})

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
    t.equal(line.asked.at(-1), `callOut false +40722000811 {"call":"${id}"} general`)

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
