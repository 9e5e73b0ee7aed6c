import t from 'tap'
import type { Supervision } from '../../../src/core/call.ts'
import { agentAt, agentChange, offerOf, Story } from '../states.ts'
import { serve, settings } from '../serve.ts'

t.test('each order goes to the ACD, and is on record before', async (t) => {
  const { ask, signIn, line, people, db } = await serve(t)
  const as = await signIn('super')
  const at = Date.now()
  const story = new Story('pbx1-4.1', at)
  line.emit(
    story.arrives(),
    story.waits(at),
    story.rings(people.agent01.id, at),
    story.talks(people.agent01.id, at),
  )
  const send = (method: string, rest: string, body?: object) =>
    ask(method, `/api/calls/${story.id}/${rest}`, { as, ...(body && { body }) })
  t.equal((await send('POST', 'supervision', { mode: 'monitor' })).status, 200)
  t.equal((await send('POST', 'supervision', { mode: 'whisper' })).status, 200)
  t.equal((await send('POST', 'take-over')).status, 200)
  t.equal((await send('DELETE', 'supervision')).status, 200)
  t.equal((await send('POST', 'move', { queue: 'general', front: true })).status, 200)
  t.equal((await send('POST', 'end')).status, 200)
  t.equal((await send('POST', 'callback')).status, 200)
  t.equal((await send('POST', 'cancel-callback')).status, 400, 'a reason is needed')
  t.equal((await send('POST', 'cancel-callback', { reason: 'mood' })).status, 400)
  t.equal((await send('POST', 'cancel-callback', { reason: 'wrong number' })).status, 200)
  const agent = people.super.id
  const onCall = { agent, call: story.id }
  t.strictSame(line.commands.slice(-8), [
    { do: 'supervise', ...onCall, mode: 'monitor' },
    { do: 'supervise', ...onCall, mode: 'whisper' },
    { do: 'takeOver', agent },
    { do: 'stopSupervising', agent },
    { do: 'moveCall', ...onCall, queue: 'general', toFront: true },
    { do: 'endCall', ...onCall },
    { do: 'promiseCallback', ...onCall },
    { do: 'cancelCallback', ...onCall },
  ])
  for (const body of [{}, { mode: 'shout' }])
    t.equal((await send('POST', 'supervision', body)).status, 400, JSON.stringify(body))
  t.equal((await send('POST', 'move', { queue: '' })).status, 400)
  const orders = await db
    .selectFrom('supervisor_orders')
    .select(['account', 'what', 'call', 'agent', 'queue', 'reason'])
    .orderBy('id')
    .execute()
  const order = (what: string, queue: string | null = null, reason: string | null = null) => ({
    account: people.super.id,
    what,
    call: story.id,
    agent: people.agent01.id,
    queue,
    reason,
  })
  t.strictSame(orders, [
    order('monitor'),
    order('whisper'),
    order('take over'),
    order('move', 'general'),
    order('end'),
    order('call back'),
    order('cancel callback', null, 'wrong number'),
  ])
  const looks = await db
    .selectFrom('journal_looks')
    .select(['kind', 'account', 'about', 'query'])
    .where('kind', '=', 'live-call')
    .orderBy('index')
    .execute()
  t.match(
    looks.map(({ about, query }) => [about, query]),
    [
      [story.id, 'monitor'],
      [story.id, 'whisper'],
      [story.id, 'take over'],
    ],
    'listening is in the access log',
  )
  line.refusal = 'no such conversation'
  t.match(await send('POST', 'supervision', { mode: 'barge' }), {
    status: 409,
    json: { code: 'no-such-conversation', detail: /^Convorbirea/ },
  })
  line.refusal = null
  for (const person of ['agent01', 'audit', 'admin', 'edit'] as const) {
    const other = await signIn(person)
    const path = `/api/calls/${story.id}/supervision`
    t.equal((await ask('POST', path, { as: other, body: { mode: 'monitor' } })).status, 403, person)
    t.equal((await ask('POST', `/api/calls/${story.id}/end`, { as: other })).status, 403, person)
  }
})

t.test('an agent’s state is set with a reason, and an own pause can be ended', async (t) => {
  const { ask, signIn, line, people, db } = await serve(t)
  const as = await signIn('super')
  const put = (body: object) => ask('PUT', `/api/agents/${people.agent01.id}/state`, { as, body })
  t.match((await put({ state: 'paused', reason: 'briefing' })).json, { state: 'paused' })
  const agent = people.agent01.id
  const by = { id: people.super.id, name: 'Carmen Sârbu' }
  t.strictSame(line.commands.at(-1), { do: 'imposePause', agent, by })
  t.equal((await put({ state: 'paused', reason: 'because' })).status, 400)
  line.refusals = { liftPause: 'not paused by a supervisor' }
  t.match((await put({ state: 'ready', reason: 'queue is long' })).json, { state: 'ready' })
  t.strictSame(line.commands.slice(-2), [
    { do: 'liftPause', agent, by },
    { do: 'ready', agent },
  ])
  line.refusals = { liftPause: 'not paused by a supervisor', ready: 'no reachable phone' }
  t.match(await put({ state: 'ready', reason: 'other' }), {
    status: 409,
    json: { code: 'agent-without-phone', detail: /^Telefonul operatorului/ },
  })
  const orders = await db
    .selectFrom('supervisor_orders')
    .select(['what', 'agent', 'reason'])
    .where('what', 'in', ['paused', 'ready'])
    .where('reason', 'is not', null)
    .orderBy('id')
    .execute()
  t.match(orders, [
    { what: 'paused', agent: people.agent01.id, reason: 'briefing' },
    { what: 'ready', reason: 'queue is long' },
    { what: 'ready', reason: 'other' },
  ])
})

for (const notice of ['always', 'joined'] as const)
  t.test(`an agent is told of who is in their call: ${notice}`, async (t) => {
    const { signIn, live, line, people } = await serve(t, {
      settings: { ...settings, supervisionNotice: notice },
    })
    const agent = await live(await signIn('agent01'))
    const board = await live(await signIn('super'))
    await agent.next('snapshot')
    await board.next('snapshot')
    const at = Date.now()
    const story = new Story('pbx1-4.2', at)
    const { id } = people.agent01
    line.emit(story.arrives(), story.waits(at), story.rings(id, at), story.talks(id, at))
    line.emit(agentChange(agentAt(id, at, { state: 'talking', call: story.id })))
    for (const feed of [agent, board]) await feed.next('call', ({ phase }) => phase === 'talking')
    const supervision = (mode: Supervision['mode'], isUp = true): Supervision => ({
      offer: offerOf(story.id, people.super.id, at),
      mode,
      isUp,
    })
    const shown = async (supervisions: readonly Supervision[], helpSince: number | null = null) => {
      const [of, from] = [agent.seen.length, board.seen.length]
      line.emit(
        story.beside(
          { type: 'HelpRequested', offer: offerOf(story.id, id, at).id, wanted: true },
          at + 1_000,
          { supervisions, helpSince },
        ),
      )
      const [own, all] = await Promise.all([
        agent.next('call', () => true, of),
        board.next('call', () => true, from),
      ])
      const modesIn = ({ data }: typeof own) =>
        (data['supervisions'] as { mode: string }[]).map(({ mode }) => mode)
      return { own: modesIn(own), all: modesIn(all), help: all.data['helpSince'] }
    }
    t.match(await shown([supervision('monitor', false)]), { own: [], all: ['monitor'] }, 'the phone rings')
    const told = notice === 'always' ? ['monitor'] : []
    t.strictSame((await shown([supervision('monitor')])).own, told)
    const again = await live(await signIn('agent01'))
    const { calls } = (await again.next('snapshot')).data as { calls: { supervisions: object[] }[] }
    t.equal(calls[0]?.supervisions.length, told.length, 'and in a snapshot')
    t.strictSame((await shown([supervision('whisper')])).own, ['whisper'])
    t.strictSame((await shown([supervision('barge')])).own, ['barge'])
    t.ok((await shown([], at)).help, 'the agent asks for help')
  })
