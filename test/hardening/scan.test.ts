/** SIP scanners: nothing can be enumerated, guessing is slowed down and logged, and calls go on. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { failuresMax } from '../../src/asterisk/security/blocklist.ts'
import { digestAnswer } from '../../tools/demo/phone/digest.ts'
import { freePort } from '../../src/stack/services/ports.ts'
import { openScene } from '../e2e/scene.ts'
import { openTestPhone } from '../support/sip/desk-phone.ts'
import { openStranger, requestOf, type Stranger } from '../support/sip/stranger.ts'
import { openRelay } from '../support/sip/udp-relay.ts'
import { until } from '../support/until.ts'

/** Enough answers to show that the scanner was not simply stopped. */
const answersMin = 300
/**
 * How many wrong passwords svcrack tries before the right one: enough for the address to be blocked by then
 * (after `failuresMax`, and a moment until Asterisk has loaded the list), and few enough that a scanner with
 * `answersMin` answers has tried the right one. At the end of a long list the test would prove nothing, because
 * the time could end first.
 */
const wrongFirst = 120
/**
 * Seconds between two of svcrack's packets: the tries between the block and the right password last for five seconds,
 * however fast the scanner is. Without it, the right one came before the list on a machine full of other tests.
 */
const crackPauseS = '0.05'

/** Runs one of sipvicious's programs to its end and answers its output. */
async function scan(t: Test, program: string, ...args: string[]): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'linia-scan-'))
  t.teardown(() => rm(home, { recursive: true, force: true }))
  // It stores its sessions in the home folder.
  const env = { ...process.env, HOME: home }
  // It listens on every address, and its default port is used by the provider of another test. It takes any
  // packet for an answer, and svcrack stops at the first unknown one.
  const own = String(await freePort('127.0.0.1'))
  const child = spawn('timeout', ['90', program, '-P', own, ...args], {
    cwd: home,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  await once(child, 'close')
  return output
}

async function words(t: Test, lines: readonly string[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'linia-words-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const file = join(dir, 'words')
  await writeFile(file, `${lines.join('\n')}\n`)
  return file
}

/** An answer without the parts that differ from request to request. */
function shapeOf(answer: string | null): string {
  return (answer ?? 'silence')
    .replace(/(branch|tag|r?port|received)=[^;\s]+/g, '$1=…')
    .replace(/(nonce|opaque)="([^"]*)"/g, (_, name: string, value: string) => `${name}="${value.length}"`)
    .replace(/(Call-ID: )\S+/g, '$1…')
    .replace(/sip:[\w.-]+@/g, 'sip:…@')
    .replace(/(Via: SIP\/2\.0\/UDP )\S+/g, '$1…')
}

/** One try with a wrong password. */
async function guess(stranger: Stranger, method: string, user: string): Promise<string | null> {
  const challenge = await stranger.ask((id) => requestOf(method, user, stranger, id))
  const offered = /^WWW-Authenticate: (.*)$/m.exec(challenge ?? '')?.[1] ?? ''
  const answer = digestAnswer(offered, { username: user, password: 'guessed' }, method, 'sip:127.0.0.1')
  return stranger.ask((id) => requestOf(method, user, stranger, id, [`Authorization: ${answer}`]))
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

t.test('scanners', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t)
  const { linia } = scene
  const seat = await scene.deskAgent('agent01')
  const away = await scene.deskAgent('agent02', { ready: false })
  const account = linia.account('agent01')
  const phone = account.phone ?? { username: '', password: '' }

  await t.test('an existing phone and an unknown one get the same answers', async (t) => {
    const methods = [
      'REGISTER',
      'INVITE',
      'OPTIONS',
      'SUBSCRIBE',
      'MESSAGE',
      'NOTIFY',
      'REFER',
      'PUBLISH',
      'INFO',
    ]
    const users = [
      phone.username,
      `${phone.username}-web`,
      'nobody',
      'trunk',
      'blocked',
      'anonymous',
      '969',
      '100',
    ]
    for (const [index, method] of methods.entries()) {
      const shapes = new Set<string>()
      for (const [at, user] of users.entries()) {
        // A new address each time, so that none is blocked.
        const stranger = await openStranger(t, linia.sip, `127.0.1.${1 + index * users.length + at}`)
        shapes.add(shapeOf(await stranger.ask((id) => requestOf(method, user, stranger, id))))
        shapes.add(shapeOf(await guess(stranger, method, user)))
      }
      t.equal(shapes.size, 1, `${method}: ${[...shapes].join('\n')}`)
      t.match([...shapes][0], /^SIP\/2\.0 401 Unauthorized\r\n/)
      t.notMatch([...shapes][0], /asterisk|22\.\d/i, 'no answer names our software')
    }
  })

  await t.test('the response times do not differ either', async (t) => {
    // Other load can affect one kind more than the other, but not repeatedly.
    const differs: boolean[] = []
    for (let round = 0; round < 3 && differs.every(Boolean); round++) {
      const times = { known: [] as number[], unknown: [] as number[] }
      for (let address = 1; address <= 25; address++) {
        const stranger = await openStranger(t, linia.sip, `127.0.${2 + round}.${address}`)
        for (let turn = 0; turn < 8; turn++)
          for (const kind of turn % 2 === 0
            ? (['known', 'unknown'] as const)
            : (['unknown', 'known'] as const)) {
            const began = performance.now()
            const user = kind === 'known' ? phone.username : 'agent99'
            await stranger.ask((id) => requestOf('REGISTER', user, stranger, id))
            times[kind].push(performance.now() - began)
          }
      }
      const [known, unknown] = [median(times.known), median(times.unknown)]
      t.comment(`medians: ${known.toFixed(3)} ms known, ${unknown.toFixed(3)} ms unknown`)
      // Compared with the spread of the times of one kind.
      const spread = times.known.toSorted((a, b) => a - b)
      differs.push(unknown < (spread[10] ?? 0) || unknown > (spread.at(-10) ?? 0))
    }
    t.notOk(differs.every(Boolean))
  })

  await t.test('svmap learns a name, and no version', async (t) => {
    const relay = await openRelay(t, linia.sip, '127.0.0.8')
    const found = await scan(t, 'svmap', '-p', String(relay.port), '127.0.0.1')
    t.match(found, /\| Linia +\|/)
    t.notMatch(found, /asterisk|pjsip|\d+\.\d+\.\d+[^.\d:]*\|/i)
  })

  await t.test('svwar finds nothing; svcrack does not find even the right password', async (t) => {
    const guesses = Array.from({ length: 450 }, (_, index) => `guess-${index}`)
    const list = await words(t, guesses.toSpliced(wrongFirst, 0, phone.password))
    const names = await words(t, [
      'agent01',
      'agent02',
      'agent01-web',
      'trunk',
      'admin',
      '100',
      'test',
      'nobody',
    ])
    const crack = await openRelay(t, linia.sip, '127.0.0.10')
    const scans = Promise.all([
      ...['REGISTER', 'INVITE', 'OPTIONS'].map(async (method) => {
        // One relay each, because a relay answers to the last sender.
        const { port } = await openRelay(t, linia.sip, '127.0.0.9')
        return scan(t, 'svwar', '--force', '-m', method, '-d', names, '-p', String(port), '127.0.0.1')
      }),
      scan(
        t,
        'svcrack',
        '-t',
        crackPauseS,
        '-u',
        phone.username,
        '-d',
        list,
        '-p',
        String(crack.port),
        '127.0.0.1',
      ),
    ])
    // Meanwhile a citizen's call is answered.
    const citizen = await scene.town.call({ callerId: '0722000960' })
    const talk = await seat.phone.answerNext(null)
    await until(() => scene.view.agents.get(seat.id)?.state === 'talking')
    const output = await scans
    for (const one of output.slice(0, 3)) {
      t.match(one, /found nothing/)
      for (const name of ['agent01', 'agent02', 'trunk']) t.notMatch(one, new RegExp(`\\| ${name}\\b`))
    }
    const tried = crack.asked.filter((request) => /^Authorization:/im.test(request)).length
    t.ok(tried > wrongFirst, `the right password was among those tried: ${tried}`)
    t.notMatch(output[3], new RegExp(phone.password), 'the right password, which was in svcrack’s list')
    t.ok(crack.answers.length > answersMin, `it was not simply ended: ${crack.answers.length} answers`)
    t.notOk(crack.answers.some((line) => line.includes(' 200 ')))
    t.equal(scene.view.agents.get(seat.id)?.state, 'talking', 'the call went on')
    citizen.hangUp()
    await talk.ended
    for (const { id } of [seat, away]) t.ok(scene.view.agents.get(id)?.phones.desk, 'agents are registered')
  })

  await t.test('guessing is logged and counted', async (t) => {
    const log = join(linia.dir, 'log', 'security.log')
    await until(async () => (await readFile(log, 'utf8')).includes('sip blocked 127.0.0.10'))
    const metrics = await (await fetch(`${linia.url}/metrics`)).text()
    const counted = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(metrics)?.[1] ?? 0)
    t.ok(counted('linia_sip_refused_total{kind="ChallengeResponseFailed"}') > failuresMax)
    t.ok(counted('linia_sip_refused_total{kind="InvalidAccountID"}') > 0)
    t.ok(counted('linia_sip_blocked_addresses') >= 1)
    t.notMatch(metrics, /127\.0\.0\.10|agent01|guess-/, 'the metrics contain no address or name')
    t.notMatch(
      await readFile(log, 'utf8'),
      /agent|guess|722000960/,
      'the log does not contain what was tried',
    )
    t.notMatch(
      await readFile(join(linia.dir, 'asterisk/log/messages.log'), 'utf8'),
      /agent|guess|svwar|friendly-scanner/i,
      'a scan causes no lines in Asterisk’s log',
    )
  })

  await t.test('an address with a registered phone is not blocked', async (t) => {
    const shared = await openTestPhone(t, { server: linia.sip, ...phone, host: '127.0.0.11' })
    await shared.register()
    const stranger = await openStranger(t, linia.sip, '127.0.0.11')
    for (let tries = 0; tries < failuresMax * 3; tries++) await guess(stranger, 'REGISTER', phone.username)
    await shared.register()
    t.notMatch(await readFile(join(linia.dir, 'asterisk/etc/blocked.conf'), 'utf8'), /127\.0\.0\.11/)
    t.match(await readFile(join(linia.dir, 'asterisk/etc/blocked.conf'), 'utf8'), /^match = 127\.0\.0\.10$/m)
  })
})
