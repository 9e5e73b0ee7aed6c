/** The gate before Asterisk's WebSocket, between a node and an Asterisk of the test. */
import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { admissionHeaders, callPath } from '../../src/asterisk/security/admissions.ts'
import { SipGate, type SipGateOptions } from '../../src/asterisk/security/sip-gate.ts'
import { phoneSocket } from '../../src/http/session/wire.ts'
import { freePort } from '../../src/stack/services/ports.ts'
import { until } from '../support/until.ts'

type Answer = { readonly account: string; readonly until?: number } | 401 | 403 | 429 | 500 | 'in call'

interface Node {
  readonly url: string
  /** By cookie; any other one is refused. */
  readonly sessions: Map<string, Answer>
  readonly asked: string[]
  up(): Promise<void>
  down(): Promise<void>
}

async function openNode(t: Test): Promise<Node> {
  const sessions = new Map<string, Answer>()
  const asked: string[] = []
  const server = createServer(({ url = '', headers: { cookie = '' } }, response) => {
    asked.push(cookie)
    const answer = sessions.get(cookie) ?? 401
    if (url.endsWith(callPath)) response.writeHead(answer === 'in call' ? 204 : 401)
    else if (answer === 'in call') response.writeHead(401)
    else if (typeof answer === 'number') response.writeHead(answer)
    else {
      const { until } = answer
      response.setHeader(admissionHeaders.account, answer.account)
      if (until !== undefined) response.setHeader(admissionHeaders.until, until)
      response.writeHead(204)
    }
    response.end()
  })
  const port = await freePort('127.0.0.1')
  const down = async (): Promise<void> => {
    if (!server.listening) return
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  const up = async (): Promise<void> => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  t.teardown(down)
  await up()
  return { url: `http://127.0.0.1:${port}/socket`, sessions, asked, up, down }
}

/** Accepts every WebSocket. */
async function openAsterisk(t: Test): Promise<{ readonly port: number }> {
  const server: Server = createServer()
  const open = new Set<Socket>()
  server.on('upgrade', (_, socket: Socket) => {
    open.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', () => undefined)
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port }
}

interface Scene {
  readonly node: Node
  readonly file: string
  clockMs: number
  /** Stops the gate, which ends all WebSockets, and starts another one. */
  restart(): Promise<void>
  /** A WebSocket that stays open, or the status of the refusal. */
  connect(cookie: string): Promise<Socket | number>
}

async function setScene(
  t: Test,
  options: Partial<Pick<SipGateOptions, 'bounds' | 'remembered'>> = {},
  /** Nodes that are asked first. */
  before: readonly string[] = [],
): Promise<Scene> {
  const node = await openNode(t)
  const asterisk = await openAsterisk(t)
  const port = await freePort('127.0.0.1')
  const file = join(t.testdir({}), 'sessions.json')
  const start = async (): Promise<SipGate> => {
    const gate = new SipGate({
      listen: { host: '127.0.0.1', port },
      asterisk: { host: '127.0.0.1', port: asterisk.port },
      from: null,
      admissions: [...before, node.url],
      remembered: file,
      log: pino({ level: 'silent' }),
      now: () => scene.clockMs,
      ...options,
    })
    await gate.start()
    return gate
  }
  let gate: SipGate | null = null
  const scene: Scene = {
    node,
    file,
    clockMs: 1_000_000,
    async restart() {
      await gate?.stop()
      gate = await start()
    },
    connect: (cookie) => connect(port, cookie),
  }
  t.teardown(() => gate?.stop())
  await scene.restart()
  return scene
}

function connect(port: number, cookie: string): Promise<Socket | number> {
  return new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port,
      path: '/sip',
      headers: { connection: 'upgrade', upgrade: 'websocket', cookie },
      agent: false,
    })
    asked.on('upgrade', (_, socket) => {
      socket.on('error', () => undefined)
      socket.resume()
      resolve(socket)
    })
    asked.on('response', (response) => {
      response.destroy()
      resolve(response.statusCode ?? 0)
    })
    asked.on('error', reject)
    asked.end()
  })
}

const ana = 'linia=ana-1'
const fast = { recheckEveryMs: 50 }

t.test('the names in the questions are those of the route', async (t) => {
  t.equal(admissionHeaders.account, phoneSocket.accountHeader)
  t.equal(admissionHeaders.until, phoneSocket.untilHeader)
  t.equal(`${phoneSocket.path}${callPath}`, phoneSocket.callPath)
})

t.test('without a session, or with one that no node accepts, nobody passes', async (t) => {
  const { connect, node } = await setScene(t)
  t.equal(await connect(''), 401)
  t.equal(await connect('other=1; linia-browser=x'), 401)
  t.same(node.asked, [], 'no node is asked without a session')
  t.equal(await connect('linia=unknown'), 401)
  node.sessions.set(ana, 403)
  t.equal(await connect(ana), 403)
  node.sessions.set(ana, 429)
  t.equal(await connect(ana), 429)
  node.sessions.set(ana, 500)
  t.equal(await connect(ana), 503, 'a node in trouble is no answer')
})

t.test(
  'a session that was admitted passes while no node answers, also after a restart of the gate',
  async (t) => {
    const scene = await setScene(t)
    const { connect, node } = scene
    node.sessions.set(ana, { account: 'ana' })
    t.type(await connect(`linia-browser=b; ${ana}`), 'object')
    await node.down()
    t.type(await connect(ana), 'object')
    t.equal(await connect('linia=other'), 503, 'a session that no node has seen does not')
    await scene.restart()
    t.type(await connect(ana), 'object', 'after a restart')
    t.equal((await stat(scene.file)).mode & 0o777, 0o600)
    t.notMatch(await readFile(scene.file, 'utf8'), /ana-1/, 'the file has no cookie')
    scene.clockMs += 12 * 3_600_000 + 1
    t.equal(await connect(ana), 503, 'no longer than twelve hours')
  },
)

t.test('a node that hangs costs one time-out, not one for each phone', async (t) => {
  const hung = createServer(() => undefined)
  hung.listen(0, '127.0.0.1')
  await once(hung, 'listening')
  t.teardown(() => {
    hung.close()
    hung.closeAllConnections()
  })
  const { connect, node } = await setScene(t, {}, [
    `http://127.0.0.1:${(hung.address() as AddressInfo).port}/socket`,
  ])
  node.sessions.set(ana, { account: 'ana' }).set('linia=ion', { account: 'ion' })
  t.type(await connect(ana), 'object')
  const since = performance.now()
  t.type(await connect('linia=ion'), 'object')
  t.ok(performance.now() - since < 1_000, 'the node that answered is asked first')
})

t.test('one session, or many strangers, cannot have the gate ask without bound', async (t) => {
  let [now, most] = [0, 0]
  const hung = createServer(({ socket }) => {
    most = Math.max(most, (now += 1))
    socket.once('close', () => (now -= 1))
  })
  hung.listen(0, '127.0.0.1')
  await once(hung, 'listening')
  t.teardown(() => {
    hung.close()
    hung.closeAllConnections()
  })
  const { connect, node } = await setScene(t, {}, [
    `http://127.0.0.1:${(hung.address() as AddressInfo).port}/socket`,
  ])
  await node.down()
  const many = (count: number, cookie: (no: number) => string) =>
    Promise.all(Array.from({ length: count }, (_, no) => connect(cookie(no))))
  t.ok((await many(60, () => ana)).includes(429))
  t.ok(most > 0 && most <= 8, `${most} at once for one session`)
  most = 0
  t.notOk((await many(300, (no) => `linia=x${no}`)).includes(429))
  t.ok(most > 0 && most <= 200, `${most} at once for strangers`)
})

t.test('over HTTPS the cookie that only our own site can set is the session', async (t) => {
  const { connect, node } = await setScene(t)
  node.sessions.set('__Host-linia=own', { account: 'ana' })
  t.type(await connect('linia=planted; __Host-linia=own; linia-browser=b'), 'object')
  t.same(node.asked, ['__Host-linia=own'])
  await node.down()
  t.type(await connect('__Host-linia=own'), 'object')
  t.equal(await connect('linia=own'), 503)
})

t.test('a session passes no longer than its node says', async (t) => {
  const scene = await setScene(t)
  scene.node.sessions.set(ana, { account: 'ana', until: scene.clockMs + 60_000 })
  t.type(await scene.connect(ana), 'object')
  await scene.node.down()
  scene.clockMs += 59_000
  t.type(await scene.connect(ana), 'object')
  scene.clockMs += 2_000
  t.equal(await scene.connect(ana), 503)
})

t.test('a refused session is forgotten at once, connected or not', async (t) => {
  const scene = await setScene(t, { bounds: fast })
  const { connect, node } = scene
  node.sessions.set(ana, { account: 'ana' }).set('linia=ion', { account: 'ion' })
  t.type(await connect(ana), 'object')
  const left = await connect('linia=ion')
  t.type(left, 'object')
  if (typeof left !== 'number') left.destroy()
  // Ana’s session has ended, and ion’s after its WebSocket.
  node.sessions.set(ana, 401)
  node.sessions.delete('linia=ion')
  t.equal(await connect(ana), 401)
  await until(() =>
    readFile(scene.file, 'utf8').then(
      (text) => text === '{"sessions":[]}',
      () => false,
    ),
  )
  await node.down()
  t.equal(await connect(ana), 503)
  t.equal(await connect('linia=ion'), 503)
  await scene.restart()
  t.equal(await connect(ana), 503, 'also by the file')
})

t.test('a session from the file that does not come back is forgotten once a node answers', async (t) => {
  const scene = await setScene(t, { bounds: fast })
  const { connect, node } = scene
  node.sessions.set(ana, { account: 'ana' }).set('linia=ion', { account: 'ion' })
  t.type(await connect(ana), 'object')
  t.type(await connect('linia=ion'), 'object')
  await scene.restart()
  t.type(await connect(ana), 'object')
  // Twice, so that a phone has had the time.
  const asked = node.asked.length
  await until(() => node.asked.length >= asked + 4)
  await node.down()
  t.type(await connect(ana), 'object')
  t.equal(await connect('linia=ion'), 503)
})

for (const [what, text] of [
  ['is empty', ''],
  ['is half written', '{"sessions":[{"dig'],
  ['is another thing', '{"sessions":7}'],
  ['has odd entries', '{"sessions":[{"digest":3},{"digest":"x","account":"ana","until":9e15},{}]}'],
] as const)
  t.test(`a file that ${what} admits nobody and stops nobody`, async (t) => {
    const scene = await setScene(t)
    await writeFile(scene.file, text)
    await scene.restart()
    scene.node.sessions.set(ana, { account: 'ana' })
    t.type(await scene.connect(ana), 'object')
    await scene.node.down()
    t.equal(await scene.connect('linia=x'), 503)
  })

t.test('a folder that cannot be written costs only the memory across restarts', async (t) => {
  const scene = await setScene(t, { remembered: join(t.testdir({}), 'absent', 'sessions.json') })
  scene.node.sessions.set(ana, { account: 'ana' })
  t.type(await scene.connect(ana), 'object')
  await scene.node.down()
  t.type(await scene.connect(ana), 'object')
  await scene.restart()
  t.equal(await scene.connect(ana), 503)
})

t.test('the WebSocket of an ended session stays for the call and closes after it', async (t) => {
  const { connect, node } = await setScene(t, { bounds: fast })
  node.sessions.set(ana, { account: 'ana' }).set('linia=ion', { account: 'ion' })
  const talking = await connect(ana)
  const idle = await connect('linia=ion')
  if (typeof talking === 'number' || typeof idle === 'number') return t.fail('both are admitted')
  node.sessions.set(ana, 'in call').set('linia=ion', 401)
  await until(() => idle.closed)
  t.equal(await connect(ana), 401, 'no new one')
  // Two more looks.
  const asked = node.asked.length
  await until(() => node.asked.length >= asked + 4)
  t.notOk(talking.closed, 'open during the call')
  node.sessions.set(ana, 401)
  await until(() => talking.closed)
  return undefined
})

t.test('a call keeps the WebSocket of an ended session for a bounded time', async (t) => {
  const { connect, node } = await setScene(t, { bounds: { ...fast, callMaxMs: 300 } })
  node.sessions.set(ana, { account: 'ana' })
  const talking = await connect(ana)
  if (typeof talking === 'number') return t.fail('admitted')
  node.sessions.set(ana, 'in call')
  await until(() => talking.closed)
  return undefined
})
