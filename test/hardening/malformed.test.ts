/** Malformed SIP from strangers and over the trunk: Asterisk and the server keep running, and every call ends. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import type { Test } from 'tap'
import type { RtpEnd } from '../../tools/demo/calls/rtp.ts'
import { onRecord } from '../e2e/on-record.ts'
import { openScene, type Scene } from '../e2e/scene.ts'
import { hasTone, heardSince, tone } from '../support/sip/audio.ts'
import { openStranger, openTcpStranger, requestOf, type Stranger } from '../support/sip/stranger.ts'
import { openRelay } from '../support/sip/udp-relay.ts'
import { until } from '../support/until.ts'
import { malformed, type Break } from './malformed-requests.ts'

const run = promisify(execFile)
const agentTone = 600
const citizenTone = 800
/** A 200 OK without ACK is given up after 64 × T1 = 32 s (RFC 3261, section 13.3.1.4), and so is the BYE after it. */
const unconfirmedEndsMs = 90_000
/** Time for Asterisk to read what was sent; it does not answer most malformed requests. */
const readWithinMs = 40
/** Generous: on a busy machine only the answer matters, not its time. */
const answersWithinMs = 15_000
/** More than the socket buffers hold, so Asterisk must read it or close the connection. */
const endlessBytes = 20_000_000
const sipsakS = 20
const unansweredEnd = 3
/** The number of garbled characters at which sipsak stops; it sends one request for each. */
const garbledMax = '200'

type Transport = 'UDP' | 'TCP'
/** Sends one malformed INVITE. The result gives the answer received so far. */
type Send = (breaking: Break) => Promise<() => string>

/** The distinct statuses of the answers. */
const statuses = (heard: string): string =>
  [...new Set([...heard.matchAll(/^SIP\/2\.0 (\d+)/gm)].map(([, status]) => status))].join(' ')

/** Uses a new address for each request if `host` gives one, because an address is blocked after some failures. */
function sender(t: Test, { linia }: Scene, transport: Transport, host: () => string): Send {
  let count = 0
  return async (breaking) => {
    const id = `${transport.toLowerCase()}${count++}x${process.pid}`
    if (transport === 'UDP') {
      const stranger = await openStranger(t, linia.sip, host())
      stranger.send(breaking(requestOf('INVITE', '969', stranger, id)))
      return () => stranger.heard.join('')
    }
    const from = host()
    const { socket, heard } = await openTcpStranger(t, linia.sip, from)
    const at = { host: from, port: socket.localPort ?? 0 }
    const bytes = breaking(requestOf('INVITE', '969', at, id, [], 'TCP'))
    socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
    await until(() => heard() !== '' || socket.closed, readWithinMs).catch(() => undefined)
    return heard
  }
}

/** The condition that no longer holds, as a sentence; null while all hold. */
type StillUp = () => Promise<string | null>

const someoneTalks = ({ calls }: Scene['view']): boolean =>
  [...calls.values()].some(({ phase }) => phase === 'talking')

function watch({ linia, view }: Scene, prober: Stranger): StillUp {
  const pid = (part: 'asterisk' | 'server1'): number | null => linia.stack.parts.get(part)?.pid ?? null
  const before = { asterisk: pid('asterisk'), server1: pid('server1') }
  return async () => {
    const answer = await prober.ask((id) => requestOf('OPTIONS', '969', prober, id), answersWithinMs)
    if (answer === null) return 'Asterisk no longer answers'
    for (const part of ['asterisk', 'server1'] as const)
      if (before[part] === null || pid(part) !== before[part]) return `${part} is another process than before`
    return someoneTalks(view) ? null : 'the call has ended'
  }
}

t.test('malformed SIP', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t)
  const { linia, view } = scene
  const seat = await scene.deskAgent('agent01')
  const citizen = await scene.town.call({ callerId: '0722000980', speech: tone(citizenTone) })
  const talk = await seat.phone.answerNext(tone(agentTone))
  // Not the agent's state, which changes a moment before both are connected.
  await until(() => someoneTalks(view))
  const stillUp = watch(scene, await openStranger(t, linia.sip, linia.trunk))
  const answersToStrangers: string[] = []
  let strangers = 0
  const newAddress = (): string => `127.0.${5 + Math.floor(strangers / 250)}.${1 + (strangers++ % 250)}`

  const hears = (end: RtpEnd, hertz: number) => () => hasTone(hertz, heardSince(end, performance.now() - 500))
  async function talksOn(t: Test): Promise<void> {
    await until(hears(citizen.rtp, agentTone))
    await until(hears(talk.rtp, citizenTone))
    t.pass('the call talks in both directions')
  }

  // The trunk comes after the strangers: its calls wait in the queue until they are given up, all at the same time.
  for (const origin of ['a stranger', 'the trunk'] as const)
    for (const transport of ['UDP', 'TCP'] as const)
      await t.test(`from ${origin} over ${transport}`, async (t) => {
        const send = sender(t, scene, transport, origin === 'the trunk' ? () => linia.trunk : newAddress)
        const heard = new Map<string, () => string>()
        for (const [what, breaking] of malformed) {
          heard.set(what, await send(breaking))
          t.equal(await stillUp(), null, what)
        }
        if (origin === 'a stranger') t.equal(view.calls.size, 1, 'strangers get no call')
        await talksOn(t)
        const answers = [...heard].map(([what, text]) => [what, text()] as const)
        t.comment(answers.map(([what, text]) => `${what}: ${statuses(text) || '–'}`).join('; '))
        if (origin === 'a stranger') answersToStrangers.push(...answers.map(([, text]) => text))
      })

  await t.test('requests that stop in the middle, or never end', async (t) => {
    for (const host of [newAddress(), linia.trunk]) {
      const half = await openTcpStranger(t, linia.sip, host)
      const at = { host, port: half.socket.localPort ?? 0 }
      half.socket.end(requestOf('INVITE', '969', at, `half${host}`, [], 'TCP').slice(0, 150))
      t.equal(await stillUp(), null, 'half a request')
      const endless = await openTcpStranger(t, linia.sip, host)
      endless.socket.write(`INVITE sip:969@127.0.0.1 SIP/2.0\r\nX-Endless: ${'x'.repeat(endlessBytes)}`)
      // Asterisk reads and discards it; it does not have to close the connection.
      await until(() => endless.socket.closed || endless.socket.writableLength === 0)
      t.equal(await stillUp(), null, 'a header that never ends')
      if (host !== linia.trunk) answersToStrangers.push(half.heard(), endless.heard())
    }
  })

  await t.test('sipsak’s random mode', async (t) => {
    // It garbles at random and stops after three unanswered requests, so it runs several times.
    const hosts = [newAddress(), newAddress(), newAddress(), linia.trunk]
    const ran = hosts.map(async (host) => {
      // It garbles one more character after each refusal and stops at a challenge or a 200: send only refusals.
      const relay = await openRelay(t, linia.sip, host, 'SIP/2.0 400 Bad Request')
      const uri = `sip:nobody@127.0.0.1:${relay.port}`
      // Its exit status does not matter.
      await run('timeout', [String(sipsakS), 'sipsak', '-R', '-t', garbledMax, '-s', uri]).catch(
        () => undefined,
      )
      t.comment(`${host}: ${relay.asked.length} asked, ${relay.answers.length} answered`)
      t.ok(relay.asked.length >= unansweredEnd, 'it has sent requests')
      if (host !== linia.trunk) answersToStrangers.push(...relay.answers)
    })
    await Promise.all(ran)
    t.equal(await stillUp(), null)
    await talksOn(t)
  })

  await t.test('every call over the trunk ends', async (t) => {
    await until(() => view.calls.size === 1, unconfirmedEndsMs)
    await until(async () => ((await linia.ari('channels')) as unknown[]).length === 2)
    t.equal(view.agents.get(seat.id)?.state, 'talking', 'the agent is still in the earlier call')
    await talksOn(t)
  })

  t.notMatch(
    answersToStrangers.join('\n'),
    /asterisk|pjsip|\b22\.\d/i,
    'no answer to a stranger names our software',
  )
  t.notMatch(
    await readFile(join(linia.dir, 'asterisk/log/messages.log'), 'utf8'),
    /processing packet|Call-ID:|CSeq:/,
    'strangers cause no lines in Asterisk’s log',
  )
  talk.hangUp()
  t.equal((await citizen.ended).ending, 'line hung up')
  const next = await scene.town.call({ callerId: '0722000981', speech: tone(citizenTone) })
  const answered = await seat.phone.answerNext(tone(agentTone))
  await until(hears(next.rtp, agentTone))
  await until(hears(answered.rtp, citizenTone))
  next.hangUp()
  await answered.ended
  t.match(await scene.record('0722000981'), { outcome: 'answered', agent: { name: seat.name } })
  await until(async () => (await onRecord(scene)).every(({ outcome }) => outcome !== null))
  t.pass('and every call on record has its outcome')
  await until(() => view.calls.size === 0)
})
