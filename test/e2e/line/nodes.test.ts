/**
 * Two nodes behind the front: each serves the web, what is published at one acts at both, and when the owner is killed, hangs or is cut
 * off, the other takes over, also while PostgreSQL is away.
 */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Static } from 'typebox'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { soundOf } from '../../../src/core/configuration/menu.ts'
import type { Configuration, MenuSetting } from '../../../src/core/configuration/schema.ts'
import { dateAt } from '../../../src/core/local-time.ts'
import type { CallPage } from '../../../src/http/calls/wire.ts'
import type { SkillMatrix } from '../../../src/http/skills/wire.ts'
import { sampleRate } from '../../../tools/demo/calls/alaw.ts'
import { Api } from '../../../tools/demo/api.ts'
import { FeedClient } from '../../http/live/feed-client.ts'
import { attack } from '../../support/attack.ts'
import { hasHeard, heardSince, hears, listenTo, readWave, tone } from '../../support/sip/audio.ts'
import { openTestPhone } from '../../support/sip/desk-phone.ts'
import { eventuallyMs, until } from '../../support/until.ts'
import { inForce } from '../in-force.ts'
import { publish } from '../publish.ts'
import type { DeskAgent } from '../scene.ts'
import { allServed, openTwoNodes, placeThreeCalls, shown, type Cables, type TwoNodes } from './two-nodes.ts'

/** A loose bound for busy machines; the value is printed. */
const answersWithinMs = 20_000
const dayMs = 86_400_000
const agentTone = 600
const [menuNumber, closedNumber] = ['0256408300', '0256408301']
const closedWords = 'O avarie ne ține închis astăzi.'
/** Of a caller who is blocked. */
const blocked = '0722000905'
const menu: MenuSetting = {
  id: 'avarie',
  name: 'Avarie',
  says: { ro: 'Pentru avarie, tasta trei.' },
  keys: { '3': { queue: 'general' } },
  repeats: 3,
}
const closedDays = {
  id: 'avarie',
  name: 'Avarie',
  weekly: 'always',
  holidays: 'open' as const,
  dates: [0, 1].map((days) => ({ date: dateAt(Date.now() + days * dayMs), hours: 'closed' })),
}
/** Without the key callers of the number with the menu would wait in a queue that nobody serves. */
const changed = ({ numbers, hours, queues, ...document }: Configuration): Configuration => ({
  ...document,
  queues: queues.map((queue) => (queue.id === 'taxe' ? { ...queue, skill: 'fiscal' } : queue)),
  numbers: [
    ...numbers,
    {
      number: closedNumber,
      also: [],
      name: 'Dispecerat',
      queue: 'general',
      hours: closedDays.id,
      says: { closed: { ro: closedWords } },
    },
    { number: menuNumber, also: [], name: 'Avarii', queue: 'taxe', menu: menu.id },
  ],
  hours: [...hours, closedDays],
  menus: [menu],
})

t.test('two nodes', { timeout: 1_500_000 }, async (t) => {
  const scene = await openTwoNodes(t)
  await t.test('two nodes share the web', (t) => web(t, scene))
  const line = await openLine(scene)
  await t.test('hours, a menu, skills and a block that are published at the node that does not own', (t) =>
    published(t, scene, line),
  )
  await t.test('the owner is killed', (t) => killed(t, scene, line))
  await t.test('the next owner hangs and resumes', (t) => hangs(t, scene, line))
  await t.test('the owner is cut off', (t) => cutOff(t, scene, line))
  await t.test('PostgreSQL is away', (t) => withoutDatabase(t, scene, line))
  await t.test('the number is opened again', (t) => opened(t, scene, line))
})

const urlOf = ({ linia }: TwoNodes, node: number) => `http://127.0.0.1:${linia.stack.ports.get(`api${node}`)}`

async function apiOf(scene: TwoNodes, node: number, username: string): Promise<Api> {
  const api = new Api(urlOf(scene, node))
  await api.signIn(scene.linia.account(username))
  return api
}

// ---- the web -----------------------------------------------------------------------------------

async function web(t: Test, scene: TwoNodes): Promise<void> {
  const { linia, view } = scene
  const { owner, standby } = await scene.bothReady()

  await t.test('a desk works at the standby node', async (t) => {
    const account = linia.account('agent01')
    const api = new Api(urlOf(scene, standby))
    const { id } = await api.signIn(account)
    const state = () => view.agents.get(id)?.state
    await until(() => state() === 'paused')
    const { username = '', password = '' } = account.phone ?? {}
    const phone = await openTestPhone(t, { server: linia.sip, username, password })
    await phone.register()
    await until(() => view.agents.get(id)?.phones.desk === true)
    await api.setState({ state: 'ready' })
    await until(() => state() === 'ready')
    const citizen = await scene.town.call({ callerId: '0722000901' })
    await phone.answerNext(tone(600))
    await until(() => shown(scene).some(({ phase }) => phase === 'talking'))
    await api.act('hold')
    await until(() => shown(scene).some(({ phase }) => phase === 'held'))
    await api.act('resume')
    await until(() => shown(scene).some(({ phase }) => phase === 'talking'))
    await api.act('hang-up')
    t.equal((await citizen.ended).ending, 'line hung up')
    await t.rejects(api.act('hang-up'), { code: 'not-in-a-call' }, 'a refusal is passed on')
    await api.signOut()
    await until(() => state() === 'signed out')
  })

  await t.test('a feed resumes at another node without a gap', async (t) => {
    const board = await apiOf(scene, owner, 'supervisor02')
    const here = await FeedClient.open(`${urlOf(scene, owner)}/api/live`, board.headers())
    t.teardown(() => here.close())
    await here.next('snapshot')
    const first = await scene.town.call({ callerId: '0722000902' })
    await here.next('call', ({ caller }) => caller === '+40722000902')
    const lastSeen = here.lastEventId ?? ''
    here.close()
    const missed = await scene.town.call({ callerId: '0722000903' })
    await until(() => shown(scene).length === 2)
    const headers = { ...board.headers(), 'last-event-id': lastSeen }
    const there = await FeedClient.open(`${urlOf(scene, standby)}/api/live`, headers)
    t.teardown(() => there.close())
    await there.next('call', ({ caller }) => caller === '+40722000903')
    t.notOk(
      there.seen.some(({ name }) => name === 'snapshot'),
      'only the missed events',
    )
    for (const citizen of [first, missed]) citizen.hangUp()
    await until(() => shown(scene).length === 0)
  })

  await attack(
    t,
    {
      attack: 'breaks off the body of a request again and again, without an account',
      before: 'with two nodes the front took both for dead: reads waited for seconds, writes got 503',
      now: 'everybody else is answered as before',
    },
    async (t) => {
      const desk = new Api(linia.url)
      await desk.signIn(linia.account('agent02'))
      for (let change = 0; change < 20; change += 1) {
        await Promise.all([breakBody(linia.url), breakBody(linia.url)])
        await desk.setState({ state: 'paused' })
      }
      t.pass('each change of state is answered')
      await desk.signOut()
    },
  )
}

/** Sends a chunked body whose second chunk has no length, and waits until the front has ended the connection. */
async function breakBody(url: string): Promise<void> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined).resume()
  const head = ['PUT /api/me/state HTTP/1.1', `Host: ${hostname}:${port}`, 'Transfer-Encoding: chunked']
  socket.write(`${head.join('\r\n')}\r\nContent-Type: application/json\r\n\r\n1\r\n{\r\nzz\r\n`)
  await once(socket, 'close')
}

/** Three browsers ask one thing after the other; answers what checks that so many more requests have been answered, and ends it. */
function browsersAsk({ board }: TwoNodes): (t: Test, more: number) => Promise<void> {
  const asking = { on: true, answered: 0, longestMs: 0 }
  const ask = async () => {
    while (asking.on) {
      const since = performance.now()
      await board.get<Static<typeof CallPage>>('/api/calls?limit=1')
      asking.answered += 1
      asking.longestMs = Math.max(asking.longestMs, performance.now() - since)
      // The processor is the other node's, which takes over meanwhile.
      await pause(25)
    }
  }
  const browsers = Promise.all([ask(), ask(), ask()])
  browsers.catch(() => (asking.on = false))
  return async (t, more) => {
    const before = asking.answered
    await Promise.race([until(() => asking.answered > before + more), browsers])
    asking.on = false
    await browsers
    t.comment(`${asking.answered} answers, the longest after ${Math.round(asking.longestMs)} ms`)
    t.ok(asking.longestMs < answersWithinMs, 'every request is answered')
  }
}

// ---- what is published -------------------------------------------------------------------------

interface Line {
  /** Ready, and loses the skill that callers need. */
  readonly first: DeskAgent
  /** Serves all callers. */
  readonly second: DeskAgent
  readonly turnedAway: string[]
  readonly served: string[]
  /** The next caller of each new number, whose own numbers have this digit. */
  act(t: Test, digit: number): Promise<void>
}

const fileOf = ({ linia }: TwoNodes, sound: string) =>
  join(textsDirIn(join(linia.dir, 'asterisk/etc')), `${sound}.wav`)
const closedFile = (scene: TwoNodes) => fileOf(scene, soundOf('ro', closedWords, 'number'))
const menuFile = (scene: TwoNodes) => fileOf(scene, soundOf('ro', menu.says.ro))
const soundIn = async (file: string) => (await readWave(file)).channels[0] ?? new Int16Array()

async function openLine(scene: TwoNodes): Promise<Line> {
  await scene.bothReady()
  const first = await scene.deskAgent('agent01')
  const second = await scene.deskAgent('agent02')
  const turnedAway: string[] = []
  const served: string[] = []
  async function act(t: Test, digit: number): Promise<void> {
    const closed = `07220009${digit}1`
    turnedAway.push(closed)
    const away = await scene.town.call({ callerId: closed, number: closedNumber })
    const open = `07220009${digit}2`
    served.push(open)
    const caller = await scene.town.call({ callerId: open, number: menuNumber, speech: tone(800) })
    await listenTo(caller.rtp)(await soundIn(menuFile(scene)))
    caller.rtp.press('3')
    const talk = await second.phone.answerNext(tone(agentTone), eventuallyMs)
    await until(() => hears(caller.rtp, agentTone))
    talk.hangUp()
    t.match(await caller.ended, { ending: 'line hung up' })
    t.equal(first.phone.rings.length, 0, 'an agent whose skill was taken is offered nothing')
    t.match(await away.ended, { ending: 'line hung up' })
    const said = heardSince(away.rtp, 0).slice(0, 20 * sampleRate)
    t.ok(hasHeard(await soundIn(closedFile(scene)), said), 'the number says its own words')
  }
  return { first, second, turnedAway, served, act }
}

async function published(t: Test, scene: TwoNodes, { first, act }: Line): Promise<void> {
  const { standby } = await scene.bothReady()
  await publish(await apiOf(scene, standby, 'admin01'), changed, 'avarie la centrală')
  const supervisor = await apiOf(scene, standby, 'supervisor01')
  const { agents } = await supervisor.get<SkillMatrix>('/api/skills')
  // The demo gives both agents this skill.
  const change = {
    id: first.id,
    basedOn: agents.find(({ id }) => id === first.id)?.version,
    levels: { general: 0 },
  }
  await supervisor.ask('PUT', '/api/skills', { agents: [change], reason: 'avarie' })
  await supervisor.ask('POST', '/api/blocked-callers', { number: blocked, reason: 'amenințări', days: 1 })
  await inForce(scene.linia)
  await until(() => [closedFile(scene), menuFile(scene)].every((file) => existsSync(file)))
  await act(t, 1)
}

// ---- the owner ---------------------------------------------------------------------------------

async function killed(t: Test, scene: TwoNodes, { second, act }: Line): Promise<void> {
  const { owner } = await scene.bothReady()
  const busy = await placeThreeCalls(scene, second, 5)
  const answered = browsersAsk(scene)
  scene.linia.kill(`server${owner}`)
  // The supervisor may restart it before its lease expires.
  await scene.takenOver([1, 2], performance.now(), 'kill -9')
  await answered(t, 100)
  await allServed(t, scene, busy)
  await t.test('what was published acts at the next owner', (t) => act(t, 2))
}

async function hangs(t: Test, scene: TwoNodes, { second }: Line): Promise<void> {
  const { owner, standby } = await scene.bothReady()
  const busy = await placeThreeCalls(scene, second, 6)
  const answered = browsersAsk(scene)
  scene.linia.kill(`server${owner}`, 'SIGSTOP')
  await scene.takenOver([standby], performance.now(), 'SIGSTOP')
  await answered(t, 100)
  const heard = scene.cables.get(owner)
  const asterisk = [heard?.ari, heard?.ami].map((cable) => cable?.tap())
  scene.linia.kill(`server${owner}`, 'SIGCONT')
  // The resumed node detects the loss of its lease and becomes standby in the same process.
  await until(async () => (await scene.readinessOf(owner))?.role === 'standby')
  await allServed(t, scene, busy)
  const said = asterisk.map((tapped) => tapped?.sent() ?? '').join('')
  t.match(said, /GET \/ari\/asterisk\/ping/, 'a standby node probes Asterisk')
  t.notMatch(said, /(POST|PUT|DELETE) \/ari/, 'a standby node sends no ARI command')
  t.notMatch(
    said,
    /action: (?!ping|login|queuestatus|coreshowchannels|pjsipshow)/i,
    'a standby node sends only read-only AMI actions',
  )
}

const cuts = [
  ['Redis', ({ redis }: Cables) => [redis]],
  ['Asterisk', ({ ari, ami }: Cables) => [ari, ami]],
  ['both', ({ redis, ari, ami }: Cables) => [redis, ari, ami]],
] as const

async function cutOff(t: Test, scene: TwoNodes, { second }: Line): Promise<void> {
  for (const [index, [from, of]] of cuts.entries()) {
    const { owner, standby } = await scene.bothReady()
    const busy = await placeThreeCalls(scene, second, 7 + index)
    const cables = scene.cables.get(owner)
    if (cables === undefined) throw new Error('no such node')
    for (const cable of of(cables)) cable.cut()
    await scene.takenOver([standby], performance.now(), `the cut from ${from}`)
    // Repaired now: messages in flight arrive from a node that is no longer owner.
    for (const cable of of(cables)) cable.mend()
    await allServed(t, scene, busy)
  }
}

// ---- PostgreSQL --------------------------------------------------------------------------------

async function withoutDatabase(t: Test, scene: TwoNodes, line: Line): Promise<void> {
  const { linia, database } = scene
  await scene.bothReady()
  await database?.close()
  await line.act(t, 3)

  await t.test('at nodes that have begun without it', async (t) => {
    for (const node of [1, 2]) linia.kill(`server${node}`)
    const killedAt = performance.now()
    const states = () => Promise.all([1, 2].map((node) => scene.readinessOf(node)))
    await until(async () => (await states()).every((state) => state === null))
    await until(async () => (await states()).some((state) => state?.role === 'owner' && state.ready))
    t.comment(
      `ready ${Math.round(performance.now() - killedAt)} ms after kill -9 of both, without PostgreSQL`,
    )
    await line.act(t, 4)
    const rings = line.second.phone.rings.length
    const citizen = await scene.town.call({ callerId: blocked })
    // The dialplan has answered the call before it hands it over.
    t.match(await citizen.ended, { ending: 'line hung up' })
    t.equal(line.second.phone.rings.length, rings, 'a blocked caller stays blocked')
  })

  await t.test('each call is on record', async (t) => {
    await database?.open()
    for (const callerId of line.turnedAway)
      t.match(await scene.record(callerId), { outcome: 'closed', queuedAt: null }, callerId)
    for (const callerId of line.served)
      t.match(
        await scene.record(callerId),
        { outcome: 'answered', queue: 'general', agent: { name: line.second.name } },
        callerId,
      )
    t.match(await scene.record(blocked), { outcome: 'rejected', queuedAt: null, agent: null })
  })
}

async function opened(t: Test, scene: TwoNodes, { second }: Line): Promise<void> {
  const { standby } = await scene.bothReady()
  await publish(
    await apiOf(scene, standby, 'admin01'),
    ({ numbers, ...document }) => ({
      ...document,
      numbers: numbers.map(({ hours: _hours, says: _says, ...number }) => number),
    }),
    'avaria s-a terminat',
  )
  await second.api.setState({ state: 'paused' })
  await inForce(scene.linia)
  const citizen = await scene.town.call({ callerId: '0722000904', number: closedNumber })
  await until(() => shown(scene).some(({ phase }) => phase === 'waiting'))
  citizen.hangUp()
  t.match(await scene.record('0722000904'), { outcome: 'abandoned' })
}
