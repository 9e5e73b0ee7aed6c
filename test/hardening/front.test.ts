/** Caddy as browsers and strangers see it: headers, cookies, and limits on connections. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request as plainRequest, type IncomingHttpHeaders } from 'node:http'
import { request as secureRequest } from 'node:https'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import t from 'tap'
import type { Test } from 'tap'
import { readSettings } from '../../src/config.ts'
import { applicationCsp } from '../../src/http/shell/csp.ts'
import { frontService } from '../../src/stack/services/caddy.ts'
import { freePort } from '../../src/stack/services/ports.ts'
import { startLinia, type Linia } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { openPhoneSocket, signedIn as sessionOf } from '../support/sip/phone-socket.ts'
import { registerWebPhone } from '../support/sip/web-phone.ts'

const run = promisify(execFile)
const lan = '127.0.0.40'

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
}

interface Asking {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

function ask(url: string, options: Asking = {}, body?: unknown): Promise<Answer> {
  const sent = body === undefined ? {} : { 'content-type': 'application/json' }
  const { headers = {} } = options
  const all = {
    ...options,
    headers: { ...sent, ...headers },
    rejectUnauthorized: false,
    agent: false as const,
  }
  return new Promise((resolve, reject) => {
    const asked = (url.startsWith('https') ? secureRequest : plainRequest)(url, all, (response) => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers })
      response.destroy()
    })
    asked.on('error', reject)
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** The status of a WebSocket handshake at `/sip`. */
async function handshake(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const outcome = await openPhoneSocket(url, headers)
  if (typeof outcome === 'number') return outcome
  outcome.destroy()
  return 101
}

/** A certificate of the city for the address. */
async function certificate(t: Test): Promise<Record<string, string>> {
  const dir = await mkdtemp(join(tmpdir(), 'linia-tls-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')]
  const subject = ['-subj', '/CN=linia', '-addext', `subjectAltName=DNS:linia.test,IP:${lan}`]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
  await run('openssl', [
    'req',
    '-x509',
    '-nodes',
    '-days',
    '2',
    ...curve,
    '-keyout',
    key,
    '-out',
    cert,
    ...subject,
  ])
  return { LAN: lan, TLS_CERT: cert, TLS_KEY: key }
}

function credentials(linia: Linia, username: string) {
  return { username, password: linia.account(username).password }
}

/** Opens a connection that sends only `text`; `closed()` reports whether the other side has closed it. */
function silent(t: Test, port: number, text: string): { socket: Socket; closed: () => boolean } {
  const socket = connect(port, '127.0.0.1', () => socket.write(text))
  let closed = false
  socket.on('error', () => undefined)
  socket.on('close', () => (closed = true))
  // A socket notices that the other side has closed only while it reads.
  socket.resume()
  t.teardown(() => socket.destroy())
  return { socket, closed: () => closed }
}

t.test('the front', { timeout: 1_500_000 }, async (t) => {
  const linia = await startLinia(t, { agents: 2, overrides: await certificate(t) })
  const port = Number(new URL(linia.url).port)
  const secure = `https://${lan}:${port}`
  const signedIn = await ask(
    `${linia.url}/api/session`,
    { method: 'POST' },
    credentials(linia, 'supervisor01'),
  )
  const cookie = signedIn.headers['set-cookie']?.[0] ?? ''
  const paths = [
    '/',
    '/index.html',
    '/assets/none.js',
    '/api/me',
    '/api/live',
    '/api/calls',
    '/api/docs',
    '/api/docs/',
    '/api/nothing',
    '/front',
    '/readyz',
    '/sip',
    '/nowhere',
  ]

  await t.test('every response has its security headers and does not name its software', async (t) => {
    for (const site of [linia.url, secure])
      for (const path of paths) {
        const { headers } = await ask(`${site}${path}`, { headers: { cookie } })
        for (const name of ['server', 'via', 'x-powered-by'])
          t.equal(headers[name], undefined, `${name} of ${path}`)
        t.equal(headers['strict-transport-security'], site === secure ? 'max-age=31536000' : undefined, path)
        if (['/front', '/sip'].includes(path)) continue
        t.equal(headers['x-content-type-options'], 'nosniff', path)
        t.equal(headers['referrer-policy'], 'no-referrer', path)
        t.match(headers['content-security-policy'], /default-src 'none'.*frame-ancestors 'none'/, path)
      }
    const changed = await ask(`${linia.url}/`, { method: 'POST' })
    t.equal(changed.status, 405)
    t.match(changed.headers, { allow: 'GET, HEAD', 'x-content-type-options': 'nosniff' })
    t.equal(changed.headers.server, undefined, 'a refusal does not name its software either')
    const page = await ask(`${linia.url}/`)
    t.equal(page.headers['content-security-policy'], applicationCsp)
    t.notMatch(applicationCsp, /script-src[^;]*unsafe/, 'no inline script')
    t.match(page.headers['permissions-policy'], /microphone=\(self\)/)
    t.equal((await ask(`${linia.url}/api/me`, { headers: { cookie } })).headers['cache-control'], 'no-store')
  })

  await t.test('the session cookie is sent to our own pages only', async (t) => {
    t.match(cookie, /^linia=[^;]+; /)
    for (const attribute of [/; HttpOnly/, /; SameSite=Strict/, /; Path=\//]) t.match(cookie, attribute)
    t.notMatch(cookie, /; (Domain|Secure)/, 'no Secure attribute, because there is no HTTPS on this machine')
    const over = await ask(`${secure}/api/session`, { method: 'POST' }, credentials(linia, 'supervisor01'))
    t.match(over.headers['set-cookie']?.[0], /^__Host-linia=[^;]+; /)
    for (const attribute of [/; Secure/, /; HttpOnly/, /; SameSite=Strict/, /; Path=\/(;|$)/])
      t.match(over.headers['set-cookie']?.[0], attribute)
    t.notMatch(over.headers['set-cookie']?.[0], /; Domain/)
    const value = cookie.split(';')[0]?.slice('linia='.length) ?? ''
    t.ok(value.length > 60 && !Buffer.from(value, 'base64').includes('supervisor'), 'the cookie is sealed')
    const changed = `linia=${value.slice(0, 20)}${value[20] === 'A' ? 'B' : 'A'}${value.slice(21)}`
    t.equal((await ask(`${linia.url}/api/me`, { headers: { cookie: changed } })).status, 401)
  })

  await t.test('internal routes cannot be reached from outside', async (t) => {
    for (const path of [
      '/ari/asterisk/info',
      '/ari/api-docs/resources.json',
      '/ws',
      '/httpstatus',
      '/nodes/desk',
      '/nodes/trunk',
      '/var/secrets.json',
      '/../var/secrets.json',
      '/.git/config',
      '/src/main.ts',
    ]) {
      t.equal((await ask(`${linia.url}${path}`)).status, 404, path)
    }
    t.equal((await ask(`${secure}/metrics`)).status, 404, 'the metrics cannot be read from the network')
  })

  await t.test('a client cannot forge its address', async (t) => {
    const headers = {
      'x-forwarded-for': '203.0.113.9',
      forwarded: 'for=203.0.113.9',
      'x-real-ip': '203.0.113.9',
    }
    const wrong = { username: 'agent01', password: 'not-this-one' }
    t.equal((await ask(`${linia.url}/api/session`, { method: 'POST', headers }, wrong)).status, 401)
    const here = { host: '127.0.0.1', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': 'localhost' }
    t.not((await ask(`${secure}/api/demo`, { headers: here })).status, 500)
    const db = new Client({ connectionString: linia.databaseUrl })
    await db.connect()
    t.teardown(() => db.end())
    const { rows } = await db.query<{ address: string }>('select distinct address from refused_sign_ins')
    t.ok(rows.length > 0)
    t.notMatch(rows.map(({ address }) => address).join(' '), /203\.0\.113\.9/)
  })

  await t.test('repeated failures are slowed down and answered with Retry-After', async (t) => {
    const wrong = { username: 'agent02', password: 'not-this-one' }
    let answer: Answer = { status: 0, headers: {} }
    for (let tries = 0; tries < 12 && answer.status !== 429; tries++)
      answer = await ask(`${linia.url}/api/session`, { method: 'POST' }, wrong)
    t.equal(answer.status, 429)
    t.ok(Number(answer.headers['retry-after']) >= 1)
    const right = await ask(`${linia.url}/api/session`, { method: 'POST' }, credentials(linia, 'agent02'))
    t.equal(right.status, 429, 'even the right password is refused meanwhile')
  })

  await t.test('`/sip` accepts our own pages alone, with a session', async (t) => {
    const own = { cookie: await sessionOf(linia.url, linia.account('agent01')) }
    t.equal(await handshake(linia.url, { ...own, origin: linia.url }), 101)
    t.equal(await handshake(linia.url, { origin: linia.url }), 401)
    t.equal(await handshake(linia.url, own), 403, 'without an origin')
    for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${port}.evil.example`, 'x', ''])
      t.equal(await handshake(linia.url, { ...own, origin }), 403, `origin "${origin}"`)
  })

  await t.test('a client that holds many connections does not keep a browser phone out', async (t) => {
    const slow = Array.from({ length: 150 }, () =>
      silent(t, port, 'GET /sip HTTP/1.1\r\nHost: 127.0.0.1\r\n'),
    )
    const url = `${linia.url.replace('http', 'ws')}/sip`
    const own = { cookie: await sessionOf(linia.url, linia.account('agent01')), origin: linia.url }
    const phone = (await (await fetch(`${linia.url}/api/me/phone`, { headers: own })).json()) as {
      password: string
    }
    // A frame larger than Asterisk accepts, text that is not SIP, bytes that are not text.
    for (const message of [
      'x'.repeat(1_000_000),
      '\u0000'.repeat(100),
      'INVITE sip:969@x SIP/2.0\r\n\r\n',
      new Uint8Array(70_000).fill(255),
    ]) {
      const web = await registerWebPhone(url, 'agent01-web', phone.password, { headers: own })
      t.equal(web.socket.readyState, WebSocket.OPEN)
      web.socket.send(message)
    }
    const web = await registerWebPhone(url, 'agent01-web', phone.password, { headers: own })
    web.socket.close()
    await until(() => slow.every(({ closed }) => closed()))
    t.ok(
      slow.every(({ closed }) => closed()),
      'requests that never end are closed',
    )
    t.match(await linia.ari('asterisk/ping'), { ping: 'pong' })
  })
})

void t.test('a request that finds no node is logged without its URL', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'linia-front-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const port = await freePort('127.0.0.1')
  const logFile = join(dir, 'front.log')
  const front = await frontService({
    dir,
    logFile,
    settings: readSettings({ HTTP_PORT: `${port}`, VAR_DIR: dir, UI_DIR: dir }),
    sipGate: `127.0.0.1:${await freePort('127.0.0.1')}`,
    nodes: [`127.0.0.1:${await freePort('127.0.0.1')}`],
  })
  await front.start()
  t.teardown(() => front.stop())
  const url = `http://127.0.0.1:${port}`
  const headers = { referer: `${url}/calls?caller=0722000977`, 'x-caller': '0722000977' }
  const answer = await ask(`${url}/api/calls?caller=%2B40722000977&limit=5`, { headers })
  t.ok(answer.status >= 500)
  const readLog = () => readFile(logFile, 'utf8')
  await until(async () => (await readLog()).includes('/api/calls'))
  const log = await readLog()
  t.match(log, /"level":"error".*"uri":"\/api\/calls\?…"/)
  t.notMatch(log, /722000977/)
})
