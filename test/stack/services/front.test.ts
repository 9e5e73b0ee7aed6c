/** The front (Caddy) alone: accepted names and addresses, retries to the nodes, metrics and caching. */
import { createServer, request, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import type { Test } from 'tap'
import { readSettings } from '../../../src/config.ts'
import { frontService } from '../../../src/stack/services/caddy.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { until } from '../../support/until.ts'

/** The front tries again every 100 ms. */
const severalTriesMs = 300

interface Answer {
  readonly status: number
  readonly text: string
  /** `Cache-Control`; null: the header is missing. */
  readonly cacheControl: string | null
}

/** Starts a front before these nodes and returns its port; the first node also plays Asterisk's HTTP server. */
async function frontBefore(t: Test, nodes: readonly string[], host = '127.0.0.1'): Promise<number> {
  const dir = t.testdir({ ui: { 'index.html': 'screens', assets: { 'a-1.js': 'script' } }, caddy: {} })
  const port = await freePort('127.0.0.1')
  const settings = readSettings({
    HTTP_HOST: host,
    HTTP_PORT: String(port),
    VAR_DIR: dir,
    UI_DIR: join(dir, 'ui'),
  })
  const service = await frontService({
    dir: join(dir, 'caddy'),
    logFile: join(dir, 'caddy.log'),
    settings,
    sipGate: nodes[0] ?? '',
    nodes,
  })
  t.teardown(() => service.stop())
  await service.start()
  return port
}

/** Starts a front whose node answers `api`. The result requests a path by a name, at an address of this machine. */
async function startFront(
  t: Test,
  host: string,
): Promise<(name: string, path: string, at?: string) => Promise<Answer>> {
  const node = createServer((_, response) => response.end('api')).listen(0, '127.0.0.1')
  await once(node, 'listening')
  t.teardown(() => node.close())
  const port = await frontBefore(t, [`127.0.0.1:${(node.address() as AddressInfo).port}`], host)
  return (name, path, at = '127.0.0.1') =>
    new Promise((resolve, reject) => {
      const headers = { host: `${name}:${port}`, origin: `http://${name}:${port}` }
      const asked = request({ host: at, port, path, headers, agent: false }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => (text += part))
        response.on('end', () => {
          const cacheControl = response.headers['cache-control'] ?? null
          resolve({ status: response.statusCode ?? 0, text, cacheControl })
        })
      })
      asked.on('error', reject)
      asked.end()
    })
}

const paths = { '/': 'screens', '/api/me': 'api', '/sip': 'api', '/readyz': 'api', '/metrics': 'api' }

for (const host of ['127.0.0.1', '0.0.0.0'])
  t.test(`a front at ${host} answers only to this machine’s names and addresses`, async (t) => {
    const ask = await startFront(t, host)
    for (const [path, text] of Object.entries(paths)) {
      for (const name of ['127.0.0.1', 'localhost', 'LOCALHOST', '192.0.2.7', '[::1]'])
        t.match(await ask(name, path), { status: 200, text }, `${name}${path}`)
      // DNS rebinding: the owner of such a name could point it here, and their page would have our origin.
      for (const name of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', 'x@localhost'])
        t.not((await ask(name, path)).text, text, `${name}${path}`)
    }
    t.match(await ask('evil.example', '/'), { status: 421, text: /^Linia 969 is at http:\/\/127\.0\.0\.1:/ })
  })

interface Node {
  readonly at: string
  /** Starts or stops the node. It echoes each request body, and answers a GET with its address. */
  readonly set: (up: boolean) => Promise<void>
}

async function echoNode(t: Test): Promise<Node> {
  const node = createServer((asked, response) => {
    // Without keep-alive, so that no request meets a connection that is closing.
    response.setHeader('connection', 'close')
    if (asked.method === 'GET') response.end(`127.0.0.1:${port}`)
    else asked.pipe(response)
  })
  const port = await freePort('127.0.0.1')
  const down = async () => {
    if (!node.listening) return
    node.close()
    node.closeAllConnections()
    await once(node, 'close')
  }
  t.teardown(down)
  return {
    at: `127.0.0.1:${port}`,
    set: async (up) => {
      if (!up) return down()
      node.listen(port, '127.0.0.1')
      await once(node, 'listening')
    },
  }
}

/** The URL of a front before these nodes. */
async function frontOf(t: Test, nodes: readonly Node[]): Promise<string> {
  const port = await frontBefore(
    t,
    nodes.map(({ at }) => at),
  )
  return `http://127.0.0.1:${port}`
}

async function echoed(front: string, text: string): Promise<string> {
  const answer = await fetch(`${front}/api/me/call?of=${text}`, { method: 'POST', body: text })
  return `${answer.status} ${await answer.text()}`
}

t.test('a request to a node that has just ended reaches another node completely', async (t) => {
  const nodes = [await echoNode(t), await echoNode(t)]
  for (const node of nodes) await node.set(true)
  const front = await frontOf(t, nodes)
  for (const dying of nodes) {
    t.equal(await echoed(front, 'before'), '200 before')
    await dying.set(false)
    const texts = ['one', 'two', 'three', 'four']
    t.same(
      await Promise.all(texts.map((text) => echoed(front, text))),
      texts.map((text) => `200 ${text}`),
    )
    await dying.set(true)
    // The front uses the node again once its health check has passed.
    await until(async () => (await (await fetch(`${front}/api/me`)).text()) === dying.at, 10_000)
  }
})

t.test('a request during the restart of the only node reaches it', async (t) => {
  const node = await echoNode(t)
  await node.set(true)
  const front = await frontOf(t, [node])
  await node.set(false)
  const answer = echoed(front, 'meanwhile')
  await setTimeout(severalTriesMs)
  await node.set(true)
  t.equal(await answer, '200 meanwhile')
  await node.set(false)
  t.equal((await fetch(`${front}/api/me`)).status, 502, 'a GET is answered with an error in the end')
})

t.test('a GET waits while no node runs', async (t) => {
  const nodes = [await echoNode(t), await echoNode(t)]
  for (const node of nodes) await node.set(true)
  const front = await frontOf(t, nodes)
  for (const node of nodes) await node.set(false)
  const asked = fetch(`${front}/api/me`)
  await setTimeout(severalTriesMs)
  await nodes[1]?.set(true)
  t.equal((await asked).status, 200)
})

const others = ['//elsewhere.example/..%2fapi/me', '//elsewhere.example/../api/me']
for (const [path, status] of [['/api/me', 307] as const, ...others.map((path) => [path, 502] as const)])
  t.test(`during the restart of the only node ${path} is answered ${status}`, async (t) => {
    const node = await echoNode(t)
    const front = new URL(await frontOf(t, [node]))
    const asked = request({ host: front.hostname, port: front.port, path, method: 'POST', agent: false })
    asked.end('body')
    const answered = once(asked, 'response') as Promise<[IncomingMessage]>
    await setTimeout(severalTriesMs)
    await node.set(true)
    const [answer] = await answered
    t.equal(answer.statusCode, status)
    t.equal(answer.headers.location, status === 307 ? path : undefined)
    answer.resume()
  })

t.test('a front on the network does not serve metrics to it', async (t) => {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  const own = addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address
  if (own === undefined) return t.comment('this machine has no network address')
  const ask = await startFront(t, '0.0.0.0')
  t.match(await ask(own, '/readyz', own), { status: 200, text: 'api' })
  t.equal((await ask(own, '/metrics', own)).status, 404)
})

t.test(
  'scripts are cached for a year, pages never; a missing script is not answered with a page',
  async (t) => {
    const ask = await startFront(t, '127.0.0.1')
    const name = '127.0.0.1'
    t.same(await ask(name, '/assets/a-1.js'), {
      status: 200,
      text: 'script',
      cacheControl: 'public, max-age=31536000, immutable',
    })
    for (const path of ['/', '/desk', '/calls/17', '/papers/carte-de-identitate/edit', '/papers/drafts/7'])
      t.same(await ask(name, path), { status: 200, text: 'screens', cacheControl: 'no-cache' }, path)
    for (const path of ['/assets/a-0.js', '/assets/'])
      t.same(await ask(name, path), { status: 404, text: '', cacheControl: null }, path)
  },
)

t.test('an address without a screen is 404; a screen with another method is 405 with Allow', async (t) => {
  const front = await frontOf(t, [await echoNode(t)])
  const html = { accept: 'text/html,*/*' }
  const ask = (path: string, method = 'GET', headers: Record<string, string> = {}) =>
    fetch(`${front}${path}`, { method, headers })
  for (const path of [
    '/.env',
    '/.git/config',
    '/index.html',
    '/favicon.ico',
    '/wp-login.php',
    '/calls/1/2',
    '/desk/',
  ]) {
    const program = await ask(path)
    t.match([program.status, await program.text()], [404, ''], path)
    const person = await ask(path, 'GET', html)
    t.match([person.status, await person.text()], [404, 'screens'], `${path}, in a browser`)
    t.equal(person.headers.get('cache-control'), 'no-cache', path)
    t.match(person.headers.get('content-security-policy'), /default-src 'none'/, path)
    t.equal((await ask(path, 'POST', html)).status, 404, `POST ${path}`)
  }
  for (const path of ['/', '/urmarire', '/calls/17']) {
    t.equal((await ask(path, 'GET', html)).status, 200, path)
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await ask(path, method, html)
      t.match([answer.status, answer.headers.get('allow')], [405, 'GET, HEAD'], `${method} ${path}`)
    }
  }
})
