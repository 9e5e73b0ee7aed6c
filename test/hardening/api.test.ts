/** Malformed requests to the API of a complete installation: no answer is 500, every refusal has a sentence. */
import { readFile } from 'node:fs/promises'
import { Agent, request as ask } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { Random } from '../../tools/demo/random.ts'
import { isWholeSearch, turnOf } from '../support/rotation.ts'
import { startLinia, type Linia } from '../support/stack.ts'
import { undocumented } from '../support/undocumented.ts'
import { defectOf, type Answer } from './response-check.ts'
import { routesOf, sampleOf, wrongRequestsOf, type Route, type WrongRequest } from './wrong-requests.ts'

const port = (linia: Linia): number => Number(linia.stack.ports.get('api1'))
const agent = new Agent({ keepAlive: true, maxSockets: 4 })

/** Sends directly to the node, because Caddy would refuse some of these requests. */
function send(linia: Linia, method: string, wrong: WrongRequest, cookie: string): Promise<Answer> {
  const { path, body } = wrong
  // Set explicitly: Node sends no length for methods that usually have no body.
  const length = body === null ? {} : { 'content-length': String(body.length) }
  const headers = { ...wrong.headers, ...length, ...(cookie === '' ? {} : { cookie }) }
  return new Promise((resolve, reject) => {
    const asked = ask(
      { agent, host: '127.0.0.1', port: port(linia), method, path, headers: latin1(headers) },
      (response) => {
        const status = response.statusCode ?? 0
        const known = { status, headers: response.headers }
        // The live feed never ends by itself.
        if (response.headers['content-type']?.startsWith('text/event-stream') === true) {
          response.destroy()
          resolve({ ...known, text: '' })
          return
        }
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('end', () => resolve({ ...known, text }))
        response.on('error', reject)
      },
    )
    asked.on('error', (error: NodeJS.ErrnoException) => {
      // When too much is sent, the answer can be lost as the connection closes.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE')
        resolve({ status: 413, headers: {}, text: '' })
      else reject(error)
    })
    asked.end(body ?? undefined)
  })
}

function latin1(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Buffer.from(value, 'utf8').toString('latin1')]),
  )
}

/** Routes that would end the session of later requests, or start a call. */
const leftOut = (route: Route, cookie: string): boolean =>
  cookie !== '' && ['signOut', 'demoCallMe'].includes(route.operation.operationId)

const turned = <Item>(items: readonly Item[], by: number): Item[] => {
  const at = by % items.length
  return [...items.slice(at), ...items.slice(0, at)]
}

/** An account without access is refused whatever it sends, so only one of this many requests is sent. */
const sampleWithoutAccess = 6
const isWithoutAccess = ({ status }: Answer): boolean => status === 401 || status === 403

async function sessionsOf(linia: Linia): Promise<ReadonlyMap<string, string>> {
  const sessions = new Map([
    ['nobody', ''],
    ['a forger', `linia=${Buffer.alloc(200, 7).toString('base64')}%3BAAAA`],
  ])
  for (const username of ['agent01', 'supervisor01', 'admin01', 'auditor01', 'editor01']) {
    const { password } = linia.account(username)
    const body = Buffer.from(JSON.stringify({ username, password }))
    const headers = { 'content-type': 'application/json' }
    const answer = await send(linia, 'POST', { what: '', path: '/api/session', headers, body }, '')
    sessions.set(username, answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '')
  }
  return sessions
}

/** The requests are thousands: each run sends one of so many parts of them, and consecutive commits send them all. */
const parts = isWholeSearch() ? 1 : 9
const commits = turnOf()
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
/** Each run has others. */
const changedBodies = isWholeSearch() ? 5_000 : 600

t.test('the API', { timeout: 1_500_000 }, async (t) => {
  const linia = await startLinia(t, { agents: 2 })
  const sessions = await sessionsOf(linia)
  const supervisor = sessions.get('supervisor01') ?? ''
  const document = await send(
    linia,
    'GET',
    { what: '', path: '/api/openapi.json', headers: {}, body: null },
    supervisor,
  )
  const routes: readonly Route[] = [
    ...routesOf(JSON.parse(document.text) as Parameters<typeof routesOf>[0]),
    ...Object.keys(undocumented).map((path) => ({ method: 'GET', path, operation: { operationId: path } })),
  ]
  t.ok(routes.length > 15, `${routes.length} routes`)
  const pid = linia.stack.parts.get('server1')?.pid

  await t.test('every route refuses malformed requests of every account with a sentence', async (t) => {
    let asked = 0
    const statuses = new Map<number, number>()
    const people = [...sessions]
    for (const [index, route] of routes.entries()) {
      const wrongs = wrongRequestsOf(route).filter((_, at) => (at + index + commits) % parts === 0)
      const defects = new Set<string>()
      // One of the accounts with access sends each wrong request; another one for each route.
      const sent = new Set<WrongRequest>()
      for (const [at, [account, cookie]] of turned(people, index).entries()) {
        if (leftOut(route, cookie)) continue
        // Password hashing is slow on purpose; one account is enough here.
        if (route.operation.operationId === 'signIn' && account !== 'nobody') continue
        let passing = 0
        for (const [turn, wrong] of wrongs.entries()) {
          if (passing-- > 0 || sent.has(wrong)) continue
          const answer = await send(linia, route.method, wrong, cookie)
          asked += 1
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
          // Each account starts at another request, so that together they send almost all.
          if (isWithoutAccess(answer))
            passing = turn === 0 ? at % (sampleWithoutAccess + 1) : sampleWithoutAccess
          else {
            passing = 0
            sent.add(wrong)
          }
          const why = defectOf(answer)
          if (why !== null) defects.add(`${account}, ${wrong.what}: ${why}`)
        }
      }
      t.same([...defects].slice(0, 5), [], `${route.method} ${route.path}`)
    }
    t.comment(
      `part ${(commits % parts) + 1} of ${parts}, ${asked} requests: ${[...statuses].map(([status, count]) => `${count} × ${status}`).join(', ')}`,
    )
  })

  await t.test('bodies with random changed bytes are refused or accepted, without an error', async (t) => {
    t.comment(`SEED=${seed}`)
    const chance = new Random(seed)
    const defects: string[] = []
    const writing = routes.filter(
      ({ operation }) => operation.requestBody !== undefined && operation.operationId !== 'signIn',
    )
    const people = [...sessions.values()]
    for (let each = 0; each < changedBodies; each++) {
      const route = writing[Math.floor(chance.next() * writing.length)]
      const schema = route?.operation.requestBody?.content['application/json']?.schema
      if (route === undefined || schema === undefined) continue
      const body = Buffer.from(JSON.stringify(sampleOf(schema)))
      for (let times = chance.next() * 6; times > 0; times--)
        body[Math.floor(chance.next() * body.length)] = Math.floor(chance.next() * 256)
      const cookie = people[Math.floor(chance.next() * people.length)] ?? ''
      const wrong = {
        what: '',
        path: route.path.replace(/\{\w+\}/g, 'nobody'),
        headers: { 'content-type': 'application/json' },
        body,
      }
      const why = defectOf(await send(linia, route.method, wrong, cookie))
      if (why !== null) defects.push(`${route.path} ${body.toString('latin1')}: ${why}`)
    }
    t.same(defects.slice(0, 5), [])
  })

  await t.test('one account cannot use up the live feeds', async (t) => {
    const own = new Agent({ keepAlive: false })
    const open = () =>
      new Promise<number>((resolve, reject) => {
        const headers = { cookie: supervisor }
        const asked = ask(
          { agent: own, host: '127.0.0.1', port: port(linia), path: '/api/live', headers },
          (response) => {
            t.teardown(() => response.destroy())
            resolve(response.statusCode ?? 0)
          },
        )
        asked.on('error', reject)
        asked.end()
      })
    const statuses: number[] = []
    while (statuses.length < 100 && statuses.at(-1) !== 429) statuses.push(await open())
    t.ok(statuses.length > 5, `the ${statuses.length}th is refused`)
    t.equal(statuses.at(-1), 429)
    const others = { what: '', path: '/api/live', headers: {}, body: null }
    t.equal(
      (await send(linia, 'GET', others, sessions.get('agent01') ?? '')).status,
      200,
      'other accounts can still open theirs',
    )
  })

  await t.test('input that is not HTTP is refused, by the node and by Caddy', async (t) => {
    for (const target of [port(linia), Number(new URL(linia.url).port)])
      for (const [what, bytes] of Object.entries(notHttp)) {
        const answer = await rawAnswer(target, bytes)
        // Caddy answers 501 for an unknown transfer encoding.
        t.notMatch(answer, /^HTTP\/1\.[01] 5(?!01)/, `${what}: ${answer.slice(0, 60)}`)
        t.notMatch(answer, /root:x:0|\.ts:\d/, what)
        // Node itself answers some of these with a status line alone.
        if (target === port(linia) && /^HTTP\/1\.1 4[^]*content-type/i.test(answer))
          t.match(answer, /\r\ncontent-type: application\/problem\+json/i, what)
      }
  })

  await t.test('the server has neither restarted nor failed', async (t) => {
    t.equal(linia.stack.parts.get('server1')?.pid, pid)
    const log = await readFile(join(linia.dir, 'log/server1.log'), 'utf8')
    t.notMatch(log, /"level":[56]0|request failed|a service is not available|Unhandled/)
    t.equal(({} as Record<string, unknown>)['polluted'], undefined)
    const me = await send(linia, 'GET', { what: '', path: '/api/me', headers: {}, body: null }, supervisor)
    t.equal(me.status, 200)
    t.notMatch(me.text, /polluted/)
  })
})

const notHttp: Readonly<Record<string, string | Buffer>> = {
  'nothing but a line': 'hello\r\n\r\n',
  'TLS to a plain port': Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0]),
  'SIP over HTTP': 'REGISTER sip:127.0.0.1 SIP/2.0\r\n\r\n',
  'an unknown method': 'BREW /api/me HTTP/1.1\r\nHost: a\r\n\r\n',
  'no host': 'GET /api/me HTTP/1.1\r\n\r\n',
  'two hosts': 'GET /api/me HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  'an absolute address': 'GET http://evil.example/api/me HTTP/1.1\r\nHost: a\r\n\r\n',
  'a climbing address': 'GET /../../../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n',
  'a climbing escaped address': 'GET /assets/..%2f..%2f..%2f..%2fetc/passwd HTTP/1.1\r\nHost: a\r\n\r\n',
  'a nul in the address': 'GET /api/\0 HTTP/1.1\r\nHost: a\r\n\r\n',
  'two lengths': 'POST /api/session HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\n{}',
  'a negative length': 'POST /api/session HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n{}',
  'length and chunks':
    'POST /api/session HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: a\r\n\r\n',
  'a body that breaks off':
    'POST /api/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
  'a bad chunk':
    'POST /api/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  'an unknown transfer':
    'POST /api/session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity, chunked, x\r\n\r\n',
  'a folded header': 'GET /api/me HTTP/1.1\r\nHost: a\r\nCookie: a\r\n  b\r\n\r\n',
  'a header of 100 kB': `GET /api/me HTTP/1.1\r\nHost: a\r\nCookie: ${'x'.repeat(100_000)}\r\n\r\n`,
  'five thousand headers': `GET /api/me HTTP/1.1\r\nHost: a\r\n${'X: 1\r\n'.repeat(5_000)}\r\n`,
  'an address of 100 kB': `GET /api/${'x'.repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
}

/** The bytes received until the other side closes the connection, or until three seconds of silence. */
function rawAnswer(target: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(target, '127.0.0.1', () => socket.end(bytes))
    let answer = ''
    socket.setTimeout(3_000, () => socket.destroy())
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
  })
}
