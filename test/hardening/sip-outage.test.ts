/** The way to `/sip` while parts of it are away: browser phones connect without a node, and after the gate was killed. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { signedIn } from '../support/sip/phone-socket.ts'
import { registerWebPhone, type WebPhone } from '../support/sip/web-phone.ts'
import { startLinia } from '../support/stack.ts'
import { until } from '../support/until.ts'

/** A page retries at least every four seconds, a node that hangs costs the gate two, and the gate's own start takes as long as the machine is busy. */
const backWithinMs = 120_000

t.test('browser phones without a node, and without the gate', { timeout: 1_500_000 }, async (t) => {
  const linia = await startLinia(t, { agents: 2 })
  const { url, dir } = linia
  const cookie = await signedIn(url, linia.account('agent01'))
  const otherCookie = await signedIn(url, linia.account('agent02'))
  const me = await fetch(`${url}/api/me/phone`, { headers: { cookie } })
  const { username, password } = (await me.json()) as { username: string; password: string }
  const register = (withCookie = cookie): Promise<WebPhone> =>
    registerWebPhone(`${url.replace('http', 'ws')}/sip`, username, password, {
      headers: { cookie: withCookie, origin: url },
    })
  const registersWithin = async (what: string): Promise<WebPhone> => {
    const since = performance.now()
    let phone: WebPhone | null = null
    await until(async () => {
      phone = await register().catch(() => null)
      return phone !== null
    }, backWithinMs)
    t.comment(`${what}: after ${Math.round(performance.now() - since)} ms`)
    if (phone === null) throw new Error('the phone is not registered')
    return phone
  }
  const killGate = async (phone: WebPhone): Promise<void> => {
    linia.kill('sipGate')
    await until(() => phone.socket.readyState === WebSocket.CLOSED)
  }

  const first = await register()
  const file = join(dir, 'sip-gate', 'sessions.json')
  await until(async () => (await readFile(file, 'utf8').catch(() => '')).includes('digest'))
  t.equal((await stat(file)).mode & 0o777, 0o600)
  t.equal((await stat(join(dir, 'sip-gate'))).mode & 0o777, 0o700)

  await killGate(first)
  const second = await registersWithin('the gate was killed')

  linia.kill('server1', 'SIGSTOP')
  t.equal(second.socket.readyState, WebSocket.OPEN, 'the phone stays without a node')
  second.socket.close()
  const third = await registersWithin('no node answers')
  await t.rejects(register(otherCookie), 'a session that has never had a phone must wait for a node')

  await killGate(third)
  await registersWithin('no node answers, and the gate was killed')

  linia.kill('server1', 'SIGCONT')
  // On a busy machine its supervisor has killed the server that did not answer, and starts it again.
  await until(
    async () => (await fetch(`${url}/api/session`, { method: 'DELETE', headers: { cookie } })).ok,
    backWithinMs,
  )
  await t.rejects(register(), 'a session that has ended is refused at once')
  linia.kill('server1', 'SIGSTOP')
  await t.rejects(register(), 'and is not remembered')
})
