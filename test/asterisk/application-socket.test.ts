/** The application's WebSocket: each new one takes the application from all others. */
import { once } from 'node:events'
import { createServer, request, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { permit } from '../../src/asterisk/ari/ari-transport.ts'
import { AriConnection } from '../../src/asterisk/ari/ari-connection.ts'
import { startAsterisk } from '../support/pbx/asterisk.ts'
import { until } from '../support/until.ts'

const asterisk = await startAsterisk(t)
const { http, secrets } = asterisk.options

/** A proxy before Asterisk that can refuse a request, never answer it, or break a handshake. */
async function door(t: Test) {
  const at = {
    refuses: ((): boolean => false) as (asked: IncomingMessage) => boolean,
    hangs: () => false,
    breaks: () => false,
  }
  const sockets: Socket[] = []
  const urls: string[] = []
  let handshakes = 0
  const server = createServer((asked, answer) => {
    urls.push(asked.url ?? '')
    if (at.hangs()) return
    if (at.refuses(asked)) {
      answer.writeHead(503).end()
      return
    }
    const { method, url, headers } = asked
    const onwards = request({ ...http, method, path: url, headers }, (said) => {
      answer.writeHead(said.statusCode ?? 500, said.headers)
      said.pipe(answer)
    })
    asked.pipe(onwards)
  })
  server.on('upgrade', (asked, near: Socket) => {
    handshakes += 1
    urls.push(asked.url ?? '')
    if (at.breaks()) {
      near.destroy()
      return
    }
    const far = connect(http)
    sockets.push(near, far)
    const lines = Object.entries(asked.headers).map(([name, value]) => `${name}: ${String(value)}`)
    far.write(`${[`GET ${asked.url} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`)
    near.pipe(far).pipe(near)
    for (const socket of [near, far]) socket.on('error', () => undefined)
    near.on('close', () => far.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { at, url: `http://127.0.0.1:${port}`, urls, handshakes: () => handshakes }
}

function connectionTo(t: Test, url: string) {
  const told: string[] = []
  const { ariUser: user, ariPassword: password } = secrets
  const connection = new AriConnection(
    { url, user, password, application: 'tried', log: pino({ level: 'silent' }) },
    {
      connected: () => told.push('connected'),
      disconnected: () => told.push('disconnected'),
      replaced: () => told.push('replaced'),
      frame: () => undefined,
    },
  )
  t.teardown(() => connection.stop())
  return { connection, told }
}

t.test(
  'a failure right after connecting is retried without a second socket for the application',
  async (t) => {
    const { at, url } = await door(t)
    const { connection, told } = connectionTo(t, url)
    let refused = 0
    at.refuses = ({ url: path }) => path?.includes('/eventFilter') === true && ++refused === 1
    await connection.start(() => true)
    // A second socket would be opened by then.
    await delay(500)
    t.same(told, ['connected', 'disconnected', 'connected'])
  },
)

t.test('a broken handshake is not retried once nothing may be sent', async (t) => {
  const { at, url, handshakes } = await door(t)
  const { connection, told } = connectionTo(t, url)
  let mayAct = true
  at.breaks = () => {
    mayAct = false
    return true
  }
  void connection.start(() => mayAct)
  await until(() => handshakes() === 1)
  // Longer than the pause before another try.
  await delay(1_500)
  t.equal(handshakes(), 1)
  t.same(told, [])
})

t.test('a standby that has loaded the API description does not load it again', async (t) => {
  const { at, url, urls } = await door(t)
  const { connection, told } = connectionTo(t, url)
  // This process has been the owner before, and has lost the lease.
  permit(url, () => false)
  await connection.prepare(AbortSignal.timeout(5_000))
  const read = urls.length
  t.ok(read > 0)
  t.ok(
    urls.every((asked) => asked.startsWith('/ari/api-docs/')),
    'no request that takes the application',
  )
  let refused = 0
  at.refuses = ({ url: path }) => path?.includes('/eventFilter') === true && ++refused === 1
  await connection.start(() => true)
  t.same(told, ['connected', 'disconnected', 'connected'])
  t.notOk(urls.slice(read).some((asked) => asked.includes('api-docs')))
})

t.test('the API description is requested again after Asterisk was down, or hung', async (t) => {
  const { at, url, urls } = await door(t)
  const { connection, told } = connectionTo(t, url)
  // The first request is the library's own, without a timeout.
  at.hangs = () => true
  const prepared = connection.prepare(new AbortController().signal)
  await until(() => urls.length > 0)
  at.hangs = () => false
  let refused = 0
  at.refuses = () => ++refused <= 2
  await prepared
  t.ok(refused > 2)
  await connection.start(() => true)
  t.same(told, ['connected'])
})

t.test('a node that no longer stands by stops asking', async (t) => {
  const { at, url, urls } = await door(t)
  const { connection } = connectionTo(t, url)
  at.refuses = () => true
  const standingBy = new AbortController()
  const prepared = connection.prepare(standingBy.signal)
  await until(() => urls.length > 0)
  standingBy.abort()
  await prepared
  const asked = urls.length
  // Longer than the pause before another try.
  await delay(1_500)
  t.equal(urls.length, asked)
})

t.test('no URL contains the password', async (t) => {
  const { url, urls } = await door(t)
  await connectionTo(t, url).connection.start(() => true)
  t.ok(urls.some((asked) => asked.includes('app=tried')))
  t.notOk(urls.some((asked) => asked.includes(secrets.ariPassword)))
})
