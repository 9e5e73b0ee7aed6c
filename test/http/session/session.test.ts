import t from 'tap'
import { attack } from '../../support/attack.ts'
import { cookieIn, password, serve } from '../serve.ts'

/** The most guesses that can have been checked since then: the free ones, and one after each pause of 1, 2, 4 … s. */
const guessesMax = (since: number): number =>
  5 + Math.floor(Math.log2(1 + (performance.now() - since) / 1_000))

t.test('sign-in sets a sealed cookie and answers the account', async (t) => {
  const { ask, line } = await serve(t)
  const answer = await ask('POST', '/api/session', { body: { username: 'agent01', password } })
  t.equal(answer.status, 200)
  const cookie = answer.headers.getSetCookie()[0] ?? ''
  t.match(cookie, /^linia=[^;]+; Path=\/; HttpOnly; SameSite=Strict$/)
  t.match(answer.json, { username: 'agent01', name: 'Ana Pop', roles: ['agent'], agent: { state: 'paused' } })
  t.same(line.asked, ['signIn'], 'an agent is signed in to the ACD')
  const me = await ask('GET', '/api/me', { as: cookieIn(answer) })
  t.equal(me.status, 200)
  t.match(me.json, { username: 'agent01', employer: 'Primăria', demo: false })
})

t.test('an agent without the skill of any queue is told so, and nobody else serves one', async (t) => {
  const { ask, signIn, directory, people } = await serve(t)
  const servesQueue = async (who: 'agent01' | 'agent02' | 'super'): Promise<unknown> =>
    (await ask('GET', '/api/me', { as: await signIn(who) })).json['servesQueue']
  for (const agent of directory.agents) if (agent.id === people.agent02.id) agent.skills = { taxe: 5 }
  t.equal(await servesQueue('agent01'), true)
  t.equal(await servesQueue('agent02'), false)
  t.equal(await servesQueue('super'), false)
})

t.test('over HTTPS all cookies are Secure and bound to this host', async (t) => {
  const { ask } = await serve(t)
  const headers = { 'x-forwarded-proto': 'https' }
  const answer = await ask('POST', '/api/session', { body: { username: 'super', password }, headers })
  const cookies = answer.headers.getSetCookie()
  t.equal(cookies.length, 2)
  for (const cookie of cookies) {
    t.match(cookie, /^__Host-linia(-browser)?=[^;]+; /)
    t.match(cookie, /; Path=\/; HttpOnly; Secure; /)
    t.notMatch(cookie, /; Domain/i)
  }
  const as = cookieIn(answer)
  t.match((await ask('GET', '/api/me', { as, headers })).json, { username: 'super' })
  t.equal((await ask('GET', '/api/me', { as })).status, 200, 'as the gate of the WebSockets asks')
  const out = await ask('DELETE', '/api/session', { as, headers })
  t.match(out.headers.getSetCookie()[0], /^__Host-linia=; .*Secure/)
  const options = await ask('POST', '/api/sign-in/passkey/options', { headers })
  if (options.status === 200) t.match(options.headers.getSetCookie()[0], /^__Host-linia-flow=/)
})

await attack(
  t,
  {
    attack: 'a page below the city’s domain plants its own session in a colleague’s browser',
    before: '200: the colleague worked in the attacker’s account',
    now: '401: over HTTPS only cookies count that this host alone can set',
  },
  async (t) => {
    const { ask } = await serve(t)
    const headers = { 'x-forwarded-proto': 'https' }
    const answer = await ask('POST', '/api/session', { body: { username: 'edit', password }, headers })
    const planted = cookieIn(answer).replace('__Host-', '')
    t.equal((await ask('GET', '/api/me', { as: planted, headers })).status, 401)
    const own = await ask('POST', '/api/session', { body: { username: 'super', password }, headers })
    for (const as of [`${planted}; ${cookieIn(own)}`, `${cookieIn(own)}; ${planted}`])
      for (const proto of [headers, {}])
        t.match((await ask('GET', '/api/me', { as, headers: proto })).json, { username: 'super' })
  },
)

t.test('an unknown user and a wrong password get the same answer', async (t) => {
  const { ask } = await serve(t)
  const wrong = await ask('POST', '/api/session', { body: { username: 'agent01', password: 'nu' } })
  const unknown = await ask('POST', '/api/session', { body: { username: 'nimeni', password: 'nu' } })
  t.equal(wrong.status, 401)
  t.equal(wrong.text, unknown.text)
  t.same(wrong.json['code'], 'wrong-credentials')
  t.same(wrong.headers.getSetCookie(), [])
})

t.test('guessing is slowed down, also for the right password, and the answer has the pause', async (t) => {
  const { ask } = await serve(t)
  const guess = (secret: string) =>
    ask('POST', '/api/session', { body: { username: 'audit', password: secret } })
  const statuses = []
  for (let i = 0; i < 8; i += 1) statuses.push((await guess(`nu ${i}`)).status)
  t.ok(statuses.includes(429), String(statuses))
  // On a slow machine the pause can be over before the right password is tried; guess again then.
  let right = await guess(password)
  for (let i = 0; i < 3 && right.status !== 429; i += 1) {
    for (let wrong = 0; wrong < 8; wrong += 1) await guess('nu')
    right = await guess(password)
  }
  t.equal(right.status, 429)
  t.match(right.headers.get('retry-after'), /^\d+$/)
  const since = performance.now()
  const together = await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      ask('POST', '/api/session', { body: { username: 'admin', password: `x${i}` } }),
    ),
  )
  const looked = together.filter(({ status }) => status === 401).length
  t.ok(looked <= guessesMax(since), `nor does asking all at once help: ${looked} were looked at`)
})

t.test('many spellings of one name at once do not get around the limit', async (t) => {
  const { ask } = await serve(t)
  const spelt = [
    'Agent02',
    'AGENT02',
    ' agent02',
    'agent02 ',
    'aGent02',
    'agENt02',
    'agent0２',
    '\u2003agent02',
  ]
  const since = performance.now()
  const answers = await Promise.all(
    [...spelt, ...spelt].map((username, i) =>
      ask('POST', '/api/session', { body: { username, password: `nu ${i}` } }),
    ),
  )
  const looked = answers.filter(({ status }) => status === 401).length
  t.ok(looked >= 1 && looked <= guessesMax(since), `${looked} were looked at`)
})

t.test('a whole office can sign in at once', async (t) => {
  const { ask } = await serve(t)
  const headers = { 'x-forwarded-for': '192.0.2.78' }
  const answers = await Promise.all(
    ['agent01', 'super'].flatMap((username) =>
      [1, 2, 3].map(() => ask('POST', '/api/session', { body: { username, password }, headers })),
    ),
  )
  t.same(
    answers.map(({ status }) => status),
    answers.map(() => 200),
  )
})

t.test(
  'signing out ends the session for every copy of the cookie, and signs the agent out of the ACD',
  async (t) => {
    const { ask, signIn, line, live } = await serve(t)
    const as = await signIn('agent01')
    const feed = await live(as)
    await feed.next('snapshot')
    const out = await ask('DELETE', '/api/session', { as })
    t.equal(out.status, 204)
    t.match(out.headers.getSetCookie()[0], /^linia=;/)
    t.same(line.asked, ['signIn', 'signOut'])
    t.equal((await ask('GET', '/api/me', { as })).status, 401)
    await feed.end()
    t.pass('the live feed ended with it')
  },
)

t.test('an agent who signs in while the ACD is not available joins it with their first state', async (t) => {
  const { ask, signIn, line } = await serve(t)
  line.away = true
  const as = await signIn('agent01')
  const away = await ask('PUT', '/api/me/state', { as, body: { state: 'ready' } })
  t.equal(away.status, 503)
  t.equal(away.json['code'], 'line-is-away')
  line.away = false
  t.equal((await ask('PUT', '/api/me/state', { as, body: { state: 'ready' } })).status, 200)
})

t.test(
  'without a session only probes, the API’s document, sign-in, activation, tracking, the demo’s list and the document system’s route answer',
  async (t) => {
    const { ask, app } = await serve(t)
    const paths = Object.entries(app.swagger().paths ?? {})
    t.ok(paths.length > 15)
    const open = new Set([
      '/healthz',
      '/readyz',
      '/metrics',
      // The document itself: it holds no data.
      '/api/openapi.json',
      '/api/session',
      '/api/sign-in',
      '/api/sign-in/passkey/options',
      '/api/sign-in/passkey',
      '/api/sign-in/provider',
      '/api/sign-in/provider/callback',
      '/api/sign-in/provider/logout',
      '/api/demo',
      '/api/demo/session',
      '/api/tracking',
      '/api/tracking/callback',
      '/api/city-hall',
      '/api/city-hall/arms',
      // The code is checked instead.
      '/api/activation',
      '/api/activation/password',
      '/api/activation/passkey/options',
      // The cookie of an ended session: whether its own call goes on.
      '/api/me/phone/socket/call',
      // Its signature is checked instead.
      '/api/documents/status',
      // The session has ended by then.
      '/api/me/phone/socket/call',
    ])
    for (const [path, methods] of paths) {
      for (const method of Object.keys(methods ?? {})) {
        const answer = await ask(method.toUpperCase(), path.replace(/\{\w+\}/, 'x'))
        if (open.has(path) && method !== 'delete')
          t.not(answer.json['code'], 'no-session', `${method} ${path}`)
        else t.equal(answer.status, 401, `${method} ${path}`)
      }
    }
    t.equal((await ask('GET', '/api/docs')).status, 200, 'the page that shows the document')
    t.equal((await ask('GET', '/api/me', { as: 'linia=forged;forged' })).status, 401)
  },
)

t.test('requests from another site change nothing', async (t) => {
  const { ask, signIn, url } = await serve(t)
  const as = await signIn('agent01')
  const body = { state: 'ready' }
  const put = (headers: Record<string, string>) => ask('PUT', '/api/me/state', { as, body, headers })
  t.equal((await put({ origin: 'https://evil.example' })).json['code'], 'cross-site')
  t.equal((await put({ origin: 'null' })).status, 403)
  t.equal((await put({ 'sec-fetch-site': 'cross-site' })).status, 403)
  t.equal((await put({ 'sec-fetch-site': 'same-site' })).status, 403)
  t.equal((await put({ origin: url, 'sec-fetch-site': 'same-origin' })).status, 200)
  const form = await ask('PUT', '/api/me/state', {
    as,
    body: 'state=ready',
    headers: { 'content-type': 'text/plain' },
  })
  t.equal(form.status, 415)
})
