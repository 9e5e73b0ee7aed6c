/**
 * Creates every kind of traffic and fault, then searches logs, files and process lists for secrets and personal
 * data.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { phonePasswords } from '../../src/people/phones.ts'
import { openPhone } from '../../tools/demo/phone/desk-phone.ts'
import { openScene, type Scene } from '../e2e/scene.ts'
import { tone } from '../support/sip/audio.ts'
import { familyOf } from '../support/processes.ts'
import type { Part } from '../../src/stack/stack.ts'
import { until } from '../support/until.ts'
import { registerWebPhone } from '../support/sip/web-phone.ts'

const isRoot = process.getuid?.() === 0
const callerId = '0722000977'
const callerName = 'Gheorghe Necunoscutu'
/** Text that a user might type into the wrong field. */
const typed = { username: 'nume.tastat.gresit', password: 'o-parola-gresita-7391' }
const cnp = '1900101410017'

/** Collects the command lines of all our processes, also most short-lived ones. */
function watchCommands(): { readonly seen: Set<string>; readonly stop: () => void } {
  const seen = new Set<string>()
  const sample = () => {
    for (const { command } of familyOf(process.pid)) seen.add(command)
  }
  const timer = setInterval(sample, 150)
  return { seen, stop: () => clearInterval(timer) }
}

async function signIn(url: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(`${url}/api/session`, { method: 'POST', headers, body: JSON.stringify(body) })
}

/** Creates all kinds of traffic and answers the secrets that it received. */
async function everyKindOfTraffic(scene: Scene): Promise<string[]> {
  const { linia } = scene
  const account = linia.account('agent01')
  const desk = account.phone ?? { username: '', password: '' }
  const seat = await scene.deskAgent('agent01')
  await signIn(linia.url, typed)
  await signIn(linia.url, { username: account.username, password: typed.password })
  const session = await signIn(linia.url, { username: account.username, password: account.password })
  const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const me = await fetch(`${linia.url}/api/me/phone`, { headers: { cookie } })
  const web = (await me.json()) as { username: string; password: string }
  const socket = `${linia.url.replace('http', 'ws')}/sip`
  const own = { cookie, origin: linia.url }
  const phone = await registerWebPhone(socket, web.username, web.password, { headers: own })
  await registerWebPhone(socket, web.username, typed.password, { headers: own }).catch(() => undefined)
  const stranger = await openPhone({
    host: '127.0.0.1',
    server: linia.sip,
    username: desk.username,
    password: typed.password,
    onRing: () => undefined,
  })
  await stranger.register().catch(() => undefined)
  await stranger.close()
  phone.socket.close()
  await until(() => scene.view.agents.get(seat.id)?.phones.web === false)

  const citizen = await scene.town.call({ callerId, callerName, speech: tone(800) })
  const talk = await seat.phone.answerNext(tone(600))
  await until(() => talk.rtp.heard().length > 50)
  const [call] = scene.view.calls.values()
  const notes = { text: `${callerName}, ${callerId}, CNP ${cnp}` }
  await seat.api.ask('PUT', `/api/calls/${call?.id}/notes`, notes)
  talk.hangUp()
  await citizen.ended
  const { id } = await scene.record(callerId, (one) => one.recording === 'ready')
  await scene.board.ask('GET', `/api/calls/${id}/recording`)
  await scene.board.get(`/api/calls?caller=${callerId}`)
  return [cookie.slice('linia='.length), decodeURIComponent(cookie.slice('linia='.length)), web.password]
}

/** Kills each service; the errors that others log about it must not contain its credentials. */
async function everyKindOfFault({ linia, board }: Scene): Promise<void> {
  for (const part of ['redis', 'postgres', 'asterisk', 'server1', 'watchdog'] satisfies Part[]) {
    const before = linia.stack.parts.get(part)?.pid
    linia.kill(part)
    await until(() => ![before, null].includes(linia.stack.parts.get(part)?.pid ?? null))
    await until(async () => (await fetch(`${linia.url}/readyz`).catch(() => null))?.status === 200)
  }
  // The server is ready without PostgreSQL, but the next request needs it.
  const databaseAnswers = () =>
    board.get('/api/me').then(
      () => true,
      () => false,
    )
  await until(databaseAnswers)
}

function secretsOf({ linia }: Scene): string[] {
  const { secrets } = linia.stack
  const phones = linia.accounts
    .flatMap(({ username }) => [username, `${username}-web`])
    .map((username) => phonePasswords(secrets.phones)(username, 0))
  const pjsip = readFileSync(join(linia.dir, 'asterisk/etc/pjsip.conf'), 'utf8')
  const blocked = /^password = (\S+)$/m.exec(pjsip)?.[1] ?? 'there must be one'
  return [
    ...Object.values(secrets),
    ...linia.accounts.map(({ password }) => password),
    ...phones,
    blocked,
    typed.password,
  ]
}

function filesBelow(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Null: too large for a file with a secret, or removed since it was listed, as a database's files can be. */
function textOf(path: string): string | null {
  const size = statSync(path, { throwIfNoEntry: false })?.size
  if (size === undefined || size > 2_000_000) return null
  try {
    return readFileSync(path, 'latin1')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** The CEL is a register of calls, not a log, and may contain numbers; so may Redis and PostgreSQL. */
const isLog = (path: string): boolean => /\/log\/|\.log$/.test(path) && !path.endsWith('/cel.csv')

t.test('secrets and personal data', { timeout: 1_500_000 }, async (t) => {
  const commands = watchCommands()
  t.teardown(commands.stop)
  const scene = await openScene(t, { ownDatabase: true, leavesCalls: true })
  const { linia } = scene
  const secrets = [...(await everyKindOfTraffic(scene)), ...secretsOf(scene)]
  await everyKindOfFault(scene)
  commands.stop()
  for (const secret of secrets) t.ok(secret.length >= 16, 'long enough not to match by chance')

  await t.test('no log contains a secret or personal data', async (t) => {
    const logs = filesBelow(linia.dir).filter(isLog)
    for (const name of ['server1', 'caddy', 'redis', 'postgres', 'asterisk', 'watchdog', 'messages'])
      t.ok(
        logs.some((path) => path.endsWith(`${name}.log`) && statSync(path).size > 0),
        `${name} has log lines`,
      )
    const people = [
      callerId,
      callerId.slice(1),
      'Necunoscutu',
      cnp,
      typed.username,
      ...linia.accounts.map(({ name }) => name),
    ]
    for (const path of logs) {
      const text = readFileSync(path, 'utf8')
      const found = [...secrets, ...people].filter((one) => text.includes(one))
      t.same(found, [], path.slice(linia.dir.length))
    }
  })

  await t.test('no command line contains a secret, and others cannot read any environment', async (t) => {
    for (const program of [/main\.ts/, /redis-server/, /postgres/, /caddy/, /asterisk\.conf/])
      t.ok(
        [...commands.seen].some((command) => program.test(command)),
        `${program} was seen`,
      )
    // A program can overwrite its command line after its start, so the arguments it was started with are checked,
    // too.
    for (const { options } of linia.stack.parts.values()) commands.seen.add(options.args.join(' '))
    const shown = [...commands.seen].filter((command) =>
      [...secrets, callerId].some((one) => command.includes(one)),
    )
    t.same(shown, [])
    for (const [part, { pid }] of linia.stack.parts) {
      t.equal(statSync(`/proc/${pid}/environ`).mode & 0o777, 0o400, part)
      if (!isRoot) continue
      const others = [
        '--reuid',
        'nobody',
        '--regid',
        'nogroup',
        '--clear-groups',
        'cat',
        `/proc/${pid}/environ`,
      ]
      t.not(spawnSync('setpriv', others).status, 0, `others cannot read ${part}’s`)
    }
  })

  await t.test('no file that others can read contains a secret', async (t) => {
    const holders = filesBelow(linia.dir).filter((path) => {
      const text = textOf(path)
      return text !== null && secrets.some((one) => text.includes(one))
    })
    for (const name of ['secrets.json', 'demo.json', 'redis.conf', 'phones.conf', 'manager.conf', 'ari.conf'])
      t.ok(
        holders.some((path) => path.endsWith(`/${name}`)),
        `${name} holds one`,
      )
    for (const path of holders) t.equal(statSync(path).mode & 0o077, 0, path.slice(linia.dir.length))
  })

  await t.test('neither the metrics nor the API’s document contain a secret', async (t) => {
    const metrics = await (await fetch(`${linia.url}/metrics`)).text()
    const document = await (await scene.board.ask('GET', '/api/openapi.json')).text()
    for (const text of [metrics, document])
      t.notOk([...secrets, callerId.slice(1), 'Necunoscutu'].some((one) => text.includes(one)))
  })
})
