import t from 'tap'
import { Value } from 'typebox/value'
import { AgentView } from '../../src/http/agents/wire.ts'
import { QueueList } from '../../src/http/queues/wire.ts'
import { Problem } from '../../src/http/wire.ts'
import { agentAt, agentChange, Story } from './states.ts'
import { password, serve } from './serve.ts'

t.test('an agent sets their state and device, and acts on their call', async (t) => {
  const { ask, signIn, line, people } = await serve(t)
  const as = await signIn('agent01')
  const ready = await ask('PUT', '/api/me/state', { as, body: { state: 'ready' } })
  t.equal(ready.status, 200)
  t.ok(Value.Check(AgentView, ready.json), ready.text)
  t.match(ready.json, { state: 'ready', phones: { active: 'desk' } })
  const paused = await ask('PUT', '/api/me/state', { as, body: { state: 'paused', reason: 'meal' } })
  t.match(paused.json, { state: 'paused', reason: 'meal' })
  t.equal((await ask('PUT', '/api/me/state', { as, body: { state: 'paused' } })).json['reason'], 'break')
  t.equal((await ask('PUT', '/api/me/device', { as, body: { device: 'web' } })).status, 200)
  t.equal((await ask('PUT', '/api/me/device', { as, body: { device: null } })).status, 200)
  const actions = ['hang-up', 'hold', 'resume', 'mute', 'unmute', 'decline', 'end-wrap-up', 'extend-wrap-up']
  for (const action of actions) {
    t.equal((await ask('POST', '/api/me/call', { as, body: { action } })).status, 200, action)
  }
  const agent = people.agent01.id
  t.strictSame(line.commands, [
    { do: 'signIn', agent },
    { do: 'ready', agent },
    { do: 'pause', agent, reason: 'meal' },
    { do: 'pause', agent, reason: 'break' },
    { do: 'chooseDevice', agent, device: 'web' },
    { do: 'chooseDevice', agent, device: null },
    { do: 'hangUp', agent },
    { do: 'hold', agent },
    { do: 'resume', agent },
    { do: 'mute', agent, muted: true },
    { do: 'mute', agent, muted: false },
    { do: 'decline', agent },
    { do: 'endWrapUp', agent },
    { do: 'extendWrapUp', agent, byMs: 30_000 },
  ])
  const longest = `leg-${'9'.repeat(145)}`
  const long = await ask('POST', '/api/me/call', { as, body: { action: 'hold', offerId: longest } })
  t.not(long.status, 400, 'an offer is named as its leg in Asterisk')
  line.asked.length = 0
  for (const action of actions) await ask('POST', '/api/me/call', { as, body: { action, offerId: 'o1' } })
  t.same(
    line.asked.filter((what) => what.endsWith(' of o1')),
    ['hangUp', 'hold', 'resume', 'mute true', 'mute false', 'decline'].map((what) => `${what} of o1`),
  )
  const phone = await ask('GET', '/api/me/phone', { as })
  t.same(phone.json, {
    username: 'agent01-web',
    password: 'secret of agent01-web',
    domain: '127.0.0.1',
    path: '/sip',
    echo: '*43',
  })
})

t.test('each refusal of the ACD becomes a problem document in the request’s language', async (t) => {
  const { ask, signIn, line } = await serve(t)
  const as = await signIn('agent01')
  line.refusal = 'no reachable phone'
  const ro = await ask('PUT', '/api/me/state', { as, body: { state: 'ready' } })
  t.equal(ro.status, 409)
  t.equal(ro.headers.get('content-type'), 'application/problem+json; charset=utf-8')
  t.equal(ro.headers.get('content-language'), 'ro')
  t.ok(Value.Check(Problem, ro.json))
  t.match(ro.json, {
    title: 'Conflict',
    status: 409,
    code: 'no-reachable-phone',
    detail: /^Telefonul nu este conectat/,
  })
  const headers = { 'accept-language': 'en-GB,en;q=0.9,ro;q=0.5' }
  const en = await ask('PUT', '/api/me/state', { as, body: { state: 'ready' }, headers })
  t.match(en.json['detail'], /^Your phone is not reachable/)
  for (const [refusal, status] of [
    ['not signed in', 409],
    ['not in a call', 409],
    ['in a call', 409],
    ['not in wrap-up', 409],
    ['paused by a supervisor', 409],
    ['not paused by a supervisor', 409],
    ['line is away', 503],
    ['unknown agent', 404],
    ['unknown queue', 404],
    ['unknown pause reason', 409],
    ['unknown contact', 404],
    ['a transfer to oneself', 409],
    ['colleague not free', 409],
    ['queue not served', 409],
    ['already consulting', 409],
    ['nobody consulted', 409],
    ['held at the phone', 409],
    ['no such conversation', 409],
    ['supervising another call', 409],
    ['not supervising', 409],
    ['call not waiting', 409],
    ['call is over', 409],
    ['number in another call', 409],
    ['not to be called back', 409],
  ] as const) {
    line.refusal = refusal
    t.equal((await ask('POST', '/api/me/call', { as, body: { action: 'hold' } })).status, status, refusal)
  }
})

t.test('only agents have a desk, and only supervisors set agents’ states', async (t) => {
  const { ask, signIn, people, line } = await serve(t)
  const agent = await signIn('agent01')
  const supervisor = await signIn('super')
  const administrator = await signIn('admin')
  const path = `/api/agents/${people.agent01.id}/state`
  for (const as of [agent, administrator]) {
    t.equal((await ask('PUT', path, { as, body: { state: 'paused' } })).status, 403)
  }
  t.equal((await ask('PUT', '/api/me/state', { as: supervisor, body: { state: 'ready' } })).status, 403)
  t.equal((await ask('GET', '/api/me/phone', { as: administrator })).status, 403)
  const paused = await ask('PUT', path, { as: supervisor, body: { state: 'paused' } })
  t.match(paused.json, { name: 'Ana Pop', state: 'paused', reason: 'supervisor' })
  t.match(paused.json, { imposed: { by: people.super.name } })
  line.refusal = 'paused by a supervisor'
  const own = await ask('PUT', '/api/me/state', { as: agent, body: { state: 'ready' } })
  t.match(own, { status: 409, json: { code: 'paused-by-supervisor' } })
  t.match(own.json['detail'], new RegExp(`^Pauza a fost pusă de ${people.super.name} la \\d+:\\d\\d`))
  line.refusal = null
  const day = `/api/agents/${people.agent01.id}/day`
  t.match(await ask('GET', day, { as: agent }), { status: 200, json: { answered: 0 } }, 'their own')
  t.equal((await ask('GET', day, { as: await signIn('agent02') })).status, 403, 'another’s')
  t.equal((await ask('GET', day, { as: administrator })).status, 403)
  t.match(await ask('GET', day, { as: supervisor }), { status: 200, json: { answered: 0, times: [] } })
  t.equal((await ask('GET', '/api/agents/nobody/day', { as: supervisor })).status, 404)
  const lifted = await ask('PUT', path, { as: supervisor, body: { state: 'ready' } })
  t.match(lifted.json, { state: 'ready', imposed: null })
  const out = await ask('PUT', path, { as: supervisor, body: { state: 'signed out' } })
  t.match(out.json, { state: 'signed out' })
  line.refusal = 'unknown agent'
  t.equal(
    (await ask('PUT', '/api/agents/nobody/state', { as: supervisor, body: { state: 'paused' } })).status,
    404,
  )
})

t.test('a refusal names each wrong field of the body and what it accepts', async (t) => {
  const { ask, signIn } = await serve(t)
  const as = await signIn('agent01')
  const headers = { 'accept-language': 'en' }
  const state = await ask('PUT', '/api/me/state', { as, headers, body: { state: 'sleepy' } })
  t.equal(state.status, 400)
  t.match(state.json, {
    code: 'validation',
    errors: [{ field: 'state', accepted: 'one of: ready, paused' }],
    detail: /state: one of: ready, paused$/,
  })
  const device = await ask('PUT', '/api/me/device', { as, headers, body: { device: 7 } })
  t.match(device.json, { errors: [{ field: 'device', accepted: 'one of: desk, web or null' }] })
  const wrapUp = await ask('PUT', '/api/calls/x/wrap-up', { as, headers, body: { subject: 'a'.repeat(201) } })
  t.same((wrapUp.json['errors'] as { field: string }[]).map(({ field }) => field).sort(), [
    'motivated',
    'reason',
    'resolution',
    'subject',
  ])
  const list = await ask('GET', '/api/calls?limit=1000&from=yesterday', { as, headers })
  t.match(list.json['detail'], /limit: a whole number from 1 to 200/)
  t.match(list.json['detail'], /from: an ISO 8601 time/)
  const ro = await ask('PUT', '/api/me/state', { as, body: {} })
  t.match(ro.json['detail'], /Cererea are câmpuri greșite. state: una dintre valorile: ready, paused/)
  for (const reason of ['supervisor', 'missed', 'sign-in']) {
    const reserved = await ask('PUT', '/api/me/state', { as, body: { state: 'paused', reason } })
    t.match(reserved.json, { status: 400, code: 'reserved-reason' })
  }
})

// Wrong bodies, fields and headers of every route: test/hardening/api.test.ts.
t.test('no wrong address makes a route fail with 500', async (t) => {
  const { ask, signIn } = await serve(t)
  const as = await signIn('agent01')
  const urls = [
    '/api/calls/%zz',
    '/api/calls/%00',
    `/api/calls/${'x'.repeat(500)}`,
    '/api/calls?caller=%00',
    '/api/nowhere',
    '/api/calls?cursor=abc',
    '/api/calls?cursor=WzEsIlx1MDAwMCJd',
    '/api/calls?limit=-1',
    '/api/calls?limit=1e3',
    '/api/calls?from=2026-02-31T00:00:00Z',
    '/api/calls?from=0000-01-01T00:00:00Z',
    '/api/calls?from=a&from=b',
    '/api/calls?outcome=lost',
    '/api/live?instance=%20',
    '/api/calls/x/recording?opening=%2F',
    '/%ff',
    '/api/calls?to=9999-12-31T23:59:60Z',
    '/api/calls?caller=%F0%9F%98%80',
    "/api/calls?caller=';--",
  ]
  for (const url of urls) {
    const answer = await ask('GET', url, { as })
    t.ok(answer.status < 500, `${url}: ${answer.status}`)
    if (answer.status >= 400) t.ok(Value.Check(Problem, answer.json), `${url}: a problem document`)
  }
  t.equal(
    (await ask('PUT', '/api/me/state', { as, body: 'x'.repeat(100_000) })).json['code'],
    'body-too-large',
  )
  t.equal((await ask('PATCH', '/api/me', { as, body: {} })).status, 405)
})

t.test('a known path with another method is 405 with Allow, an unknown path 404', async (t) => {
  const { ask } = await serve(t)
  const answered = async (method: string, path: string) => {
    const { status, headers, json } = await ask(method, path, { headers: { 'accept-language': 'en' } })
    return [status, headers.get('allow'), json['code']]
  }
  const notAllowed = (allow: string) => [405, allow, 'method-not-allowed']
  t.same(await answered('DELETE', '/api/me'), notAllowed('GET'))
  t.same(await answered('GET', '/api/session?x=1'), notAllowed('DELETE, POST'))
  t.same(await answered('POST', '/api/calls'), notAllowed('GET'))
  t.same(await answered('PATCH', '/api/calls/pbx1-7.1/notes'), notAllowed('POST, PUT'))
  t.same(await answered('OPTIONS', '/api/tracking'), notAllowed('POST'))
  t.same(await answered('DELETE', '/healthz'), notAllowed('GET'))
  for (const path of ['/api/nothing', '/api/calls//notes', '/api/calls/1/2/3', '/.env', '/*', '/:id'])
    t.same(await answered('GET', path), [404, null, 'not-found'], path)
})

t.test('notes and wrap-up belong to the call’s own agent and to supervisors', async (t) => {
  const { ask, signIn, line, people, live } = await serve(t)
  const mine = await signIn('agent01')
  const others = await signIn('agent02')
  const at = Date.now()
  const story = new Story('pbx1-7.1', at)
  const id = people.agent01.id
  const watcher = await live(mine)
  line.emit(
    story.arrives(),
    agentChange(agentAt(id, at, { state: 'wrap-up', call: story.id, until: at + 9e4 })),
  )
  await watcher.next('agent', ({ state }) => state === 'wrap-up')
  const form = { subject: 'Iluminat', motivated: 'yes', reason: null, resolution: 'registered' }
  const path = `/api/calls/${story.id}`
  t.equal((await ask('PUT', `${path}/notes`, { as: mine, body: { text: 'Strada Gării' } })).status, 204)
  t.equal((await ask('PUT', `${path}/wrap-up`, { as: mine, body: form })).status, 204)
  t.equal((await ask('PUT', `${path}/notes`, { as: others, body: { text: 'nu' } })).status, 404)
  t.equal((await ask('PUT', '/api/calls/none/wrap-up', { as: mine, body: form })).status, 404)
})

t.test('queues are listed with the number of waiting calls', async (t) => {
  const { ask, signIn, line, live } = await serve(t)
  const as = await signIn('super')
  const at = Date.now() - 5_000
  const story = new Story('pbx1-8.1', at)
  line.emit(story.arrives(), story.waits(at))
  const feed = await live(as)
  await feed.next('snapshot')
  const { json } = await ask('GET', '/api/queues', { as })
  t.ok(Value.Check(QueueList, json))
  t.match(json, { items: [{ id: 'general', name: 'Informații', waiting: 1, longestWaitMs: Number }] })
})

t.test('the probes name missing parts, and contain no personal data', async (t) => {
  const { ask, state, signIn, log } = await serve(t)
  t.same((await ask('GET', '/healthz')).json, { alive: true })
  t.match((await ask('GET', '/readyz')).json, { ready: true, missing: [], role: 'owner' })
  state.ready = false
  state.missing = ['redis', 'asterisk']
  const answer = await ask('GET', '/readyz')
  t.equal(answer.status, 503)
  t.match(answer.json, { ready: false, missing: ['redis', 'asterisk'] })
  const as = await signIn('super')
  await ask('GET', '/api/calls?caller=0256999888', { as })
  await ask('POST', '/api/session', { body: { username: 'Nume Secret', password } })
  const metrics = await ask('GET', '/metrics')
  t.match(metrics.headers.get('content-type'), /^text\/plain/)
  t.match(metrics.text, /nodejs_eventloop_lag_p99_seconds/)
  t.match(
    metrics.text,
    /linia_http_request_seconds_count\{method="GET",route="\/api\/calls",status="200"\} 1/,
  )
  for (const text of [metrics.text, log.join('')]) t.notMatch(text, /0256999888|Nume Secret|corect-cal/)
})
