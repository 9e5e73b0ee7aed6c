/** Linia on the city's network: an agent at another computer, over HTTPS, with a web phone. */
import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import t from 'tap'
import type { Test } from 'tap'
import { callThrough, type Citizen } from '../../tools/demo/calls/citizen.ts'
import { openExchange, type Report } from '../../tools/demo/calls/exchange.ts'
import { readSettings } from '../../src/config.ts'
import { frontService } from '../../src/stack/services/caddy.ts'
import { freePort, isFree } from '../../src/stack/services/ports.ts'
import { Stack } from '../../src/stack/stack.ts'
import { agentsComputer, trust } from '../support/browser/agents-computer.ts'
import { tone } from '../support/sip/audio.ts'
import { bursts, openBrowser, openDesk, openSignedIn, waitForState } from '../support/browser/browser.ts'
import { hearsBursts, pageHears } from '../support/browser/hearing.ts'
import type { Linia } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { openScene } from './scene.ts'

const run = promisify(execFile)
/** Nothing asks for what is behind the front. */
const unused = '127.0.0.1:9'
const citizenTone = 800
const agentTone = 600
const bound = { timeout: 1_500_000 }

t.test('an agent at another computer on the city’s network', bound, async (t) => {
  const computer = await agentsComputer(t)
  t.comment(computer.address === null ? 'on this machine' : 'over a separate network interface')
  const scene = await openScene(t, { agents: 1, overrides: { LAN: computer.lan } })
  const port = Number(new URL(scene.linia.url).port)
  const site = `https://${computer.lan}:${port}`
  t.same(scene.linia.sip.host, computer.lan, 'phones and provider get the network’s address')

  await t.test(
    'before the authority is trusted the page is refused; `/ca` explains how to trust it',
    async (t) => {
      const { newContext } = await openBrowser(t, null, computer.chromium)
      const context = await newContext()
      const refused = await context.newPage()
      await t.rejects(refused.goto(site), /ERR_CERT_AUTHORITY_INVALID/)
      const page = await context.newPage()
      const offer = `http://${computer.lan}:${port + 1}/ca`
      await page.goto(offer)
      t.match(await page.locator('h1').allTextContents(), ['Certificatul Linia 969'])
      const download = page.waitForEvent('download')
      await page.locator('a.get').first().click()
      const file = join(computer.home, 'authority.crt')
      await (await download).saveAs(file)
      await trust(computer, file)
    },
  )

  const { newContext } = await openBrowser(t, bursts(agentTone), computer.chromium)
  const context = await newContext()
  const sockets: string[] = []
  context.on('page', (page) => page.on('websocket', (socket) => sockets.push(socket.url())))
  const page = await openDesk(context, site, scene.linia.account('agent01'))
  t.ok(
    await page.evaluate(() => window.isSecureContext),
    'the context is secure, so the microphone is available',
  )
  t.match(sockets, [`wss://${computer.lan}:${port}/sip`], 'the phone registers over wss')
  t.match(await context.cookies(), [{ name: 'linia', secure: true, httpOnly: true, sameSite: 'Strict' }])

  await page.keyboard.press('F4')
  await waitForState(page, 'ready')
  const answers: Report[] = []
  const citizen = await callFrom(t, scene.linia, answers)
  await waitForState(page, 'ringing')
  t.match(await page.locator('[data-caller]').textContent(), /0722 000 951/, 'the card shows the caller')
  await until(() => [...scene.view.calls.values()][0]?.phase === 'ringing')
  t.pass('the card is shown before the answer')
  await page.keyboard.press('F8')
  await waitForState(page, 'talking')
  await until(() => pageHears(page, citizenTone))
  t.pass('the browser hears the citizen')
  await until(() => hearsBursts(citizen, agentTone))
  t.pass('the citizen hears the browser')
  const { sound, from, to } = await page.evaluate(offered)
  t.ok(sound.length >= 2, 'Asterisk offers its address and candidates')
  for (const line of sound) t.match(line, ` ${computer.lan}`, 'only the network’s address is offered')
  t.equal(to, computer.lan, 'the audio goes to that address')
  if (computer.address !== null) t.equal(from, computer.address, 'the audio comes from the other computer')
  t.match(answers, [{ detail: [computer.lan] }], 'the citizen’s audio goes there too')
  t.equal(
    await page.evaluate(async () => (await fetch('/api/demo')).status),
    404,
    'no demo sign-in from the network',
  )
  if (computer.move !== null) {
    await computer.move()
    await until(async () => !(await pageHears(page, citizenTone)))
    await until(() => pageHears(page, citizenTone))
    await until(() => hearsBursts(citizen, agentTone, 700))
    t.pass('audio is restored after a change of that computer’s address')
  }
  citizen.hangUp()
  const call = await scene.record('0722000951', ({ recording }) => recording === 'ready')
  t.equal(call.outcome, 'answered')

  await t.test('the call’s events and recording are available over HTTPS', async (t) => {
    const own = await openSignedIn(await newContext(), site, scene.linia.account('supervisor01'))
    await own.goto(`${site}/calls/${encodeURIComponent(call.id)}`)
    const times = own.locator('time')
    await times.first().waitFor()
    t.equal(await times.count(), call.events.length, 'every event is shown')
    for (const time of await times.allTextContents()) t.match(time, /^\d\d:\d\d:\d\d\.\d{3}$/)
    await own.locator('[data-action=play]').click()
    await until(async () => Number(await own.locator('input[type=range]').inputValue()) > 0.5)
    t.pass('the recording plays')
    const fetched = await own.evaluate(async (id) => {
      const answer = await fetch(`/api/calls/${id}/recording`)
      return { type: answer.headers.get('content-type'), size: (await answer.blob()).size }
    }, call.id)
    t.match(fetched, { type: /^audio\// })
    t.ok(fetched.size > 2_000, 'the whole recording can be fetched')
  })
})

t.test('the city’s own certificate is served for its names', bound, async (t) => {
  const lan = '127.0.0.6'
  const name = 'linia.primaria.test'
  const dir = t.testdir({ ui: { 'index.html': 'screens' } })
  const own = await certificate(dir, 'own', [`subjectAltName=DNS:${name},IP:${lan}`])
  const port = await freePort('127.0.0.1')
  const settings = readSettings({
    HTTP_PORT: String(port),
    VAR_DIR: dir,
    UI_DIR: join(dir, 'ui'),
    LAN: lan,
    TLS_CERT: own.cert,
    TLS_KEY: own.key,
  })
  const front = await frontService({
    dir: join(dir, 'front'),
    logFile: join(dir, 'front.log'),
    settings,
    sipGate: unused,
    nodes: [unused],
  })
  t.teardown(() => front.stop())
  await front.start()
  const ca = await readFile(own.cert)
  for (const host of [name, lan]) {
    const { status, fingerprint } = await ask({ lan, port, host, ca })
    t.equal(status, 200, `the application at ${host}`)
    t.equal(fingerprint, new X509Certificate(ca).fingerprint256, 'with the city’s certificate')
  }
  t.ok(await isFree(lan, port + 1), 'no own authority is offered')
})

t.test('a certificate that cannot be served is reported before anything starts', async (t) => {
  const dir = t.testdir({ 'words.pem': 'no certificate\n' })
  const words = join(dir, 'words.pem')
  const names = 'subjectAltName=DNS:linia.primaria.test'
  const own = await certificate(dir, 'own', [names])
  const other = await certificate(dir, 'other', [names])
  const past = await certificate(
    dir,
    'past',
    [names],
    ['-not_before', '20250101000000Z', '-not_after', '20250201000000Z'],
  )
  const nameless = await certificate(dir, 'nameless', [])
  const cases: readonly [cert: string, key: string, sentence: RegExp][] = [
    [join(dir, 'none.pem'), own.key, /^TLS_CERT: \S+none\.pem cannot be read: there is no such file\.$/],
    [own.cert, dir, /^TLS_KEY: \S+ cannot be read: EISDIR\.$/],
    [words, own.key, /^TLS_CERT: \S+words\.pem holds no certificate in PEM form\.$/],
    [own.cert, words, /^TLS_KEY: \S+words\.pem holds no private key in PEM form without a passphrase\.$/],
    [own.cert, other.key, /^TLS_KEY: the key in \S+ does not belong to the certificate in \S+ .*\.$/],
    [past.cert, past.key, /^TLS_CERT: the certificate in \S+ has expired \(Feb  1 .* GMT\)\.$/],
    [nameless.cert, nameless.key, /^TLS_CERT: the certificate in \S+ names no host .*\.$/],
  ]
  for (const [cert, key, sentence] of cases)
    await t.rejects(
      Stack.start({ env: { VAR_DIR: join(dir, 'var'), LAN: '127.0.0.6', TLS_CERT: cert, TLS_KEY: key } }),
      { name: 'UserError', message: sentence },
    )
  t.notOk(existsSync(join(dir, 'var')))
  await t.rejects(Stack.start({ env: { VAR_DIR: join(dir, 'var'), LAN: 'fd00::2' } }), {
    name: 'WrongSettings',
    message: /LAN: "fd00::2" is not accepted; expected the IPv4 address of this machine/,
  })
  await t.rejects(Stack.start({ env: { VAR_DIR: join(dir, 'var'), LAN: '192.0.2.77' } }), {
    name: 'UserError',
    message: /^LAN: 192\.0\.2\.77 \(the screens\) is not an address of this machine\.$/m,
  })
})

/** Creates a self-signed certificate with openssl. */
async function certificate(
  dir: string,
  name: string,
  extensions: readonly string[],
  more: readonly string[] = [],
) {
  const [cert, key] = [join(dir, `${name}.pem`), join(dir, `${name}.key`)]
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  args.push('-subj', '/CN=Primăria', '-utf8', '-out', cert, '-keyout', key)
  await run('openssl', [...args, ...extensions.flatMap((one) => ['-addext', one]), ...more])
  return { cert, key }
}

/** Requests the page over HTTPS, trusting `ca`. */
function ask({ lan, port, host, ca }: { lan: string; port: number; host: string; ca: Buffer }) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; fingerprint: string }>()
  const named = host === lan ? {} : { servername: host }
  const headers = { host: `${host}:${port}` }
  request({ host: lan, port, path: '/', ca, headers, agent: false, ...named }, (response) => {
    const socket = response.socket
    const fingerprint = socket instanceof TLSSocket ? socket.getPeerCertificate().fingerprint256 : ''
    response.resume()
    resolve({ status: response.statusCode ?? 0, fingerprint })
  })
    .on('error', reject)
    .end()
  return promise
}

/** Calls from the provider's address; `answers` receives the remote media addresses. */
async function callFrom(t: Test, linia: Linia, answers: Report[]): Promise<Citizen> {
  const exchange = await openExchange(linia.trunk, linia.sip)
  t.teardown(() => exchange.close())
  const listening = {
    ...exchange,
    call: ((order, listener) =>
      exchange.call(order, (report) => {
        if (report.what === 'answered') answers.push(report)
        listener(report)
      })) satisfies typeof exchange.call,
  }
  const order = { number: '969', callerId: '0722000951', speech: tone(citizenTone), keepMs: 60_000 }
  return callThrough(listening, order)
}

/** Runs in the page: Asterisk's offer for the newest connection, and the selected candidate pair. */
async function offered() {
  const { keptConnections } = window as Window & { keptConnections?: RTCPeerConnection[] }
  const connection = keptConnections?.findLast(({ connectionState }) => connectionState === 'connected')
  const lines = connection?.remoteDescription?.sdp.split('\r\n') ?? []
  const sound = lines.filter((line) => /^(c=|a=candidate:)/.test(line))
  const used = connection?.getReceivers()[0]?.transport?.iceTransport.getSelectedCandidatePair()
  return { sound, from: used?.local?.address ?? null, to: used?.remote?.address ?? null }
}
