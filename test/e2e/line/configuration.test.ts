/**
 * Hours, a menu and skills that are published at one node act on the next call, whichever node owns, while PostgreSQL is away, and
 * at nodes that begin meanwhile.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { soundOf } from '../../../src/core/configuration/menu.ts'
import type { Configuration, MenuSetting } from '../../../src/core/configuration/schema.ts'
import type { SkillMatrix } from '../../../src/http/skills/wire.ts'
import { dateAt } from '../../../src/core/local-time.ts'
import { sampleRate } from '../../../tools/demo/calls/alaw.ts'
import { Api } from '../../../tools/demo/api.ts'
import { hasHeard, heardSince, hears, listenTo, readWave, tone } from '../../support/sip/audio.ts'
import { eventuallyMs, until } from '../../support/until.ts'
import { inForce } from '../in-force.ts'
import { publish } from '../publish.ts'
import { openTwoNodes, shown } from './two-nodes.ts'

const dayMs = 86_400_000
const agentTone = 600
const menuNumber = '0256408300'
const closedWords = 'Din cauza unei avarii nu putem răspunde astăzi. Vă rugăm să reveniți.'
const menu: MenuSetting = {
  id: 'avarie',
  name: 'Avarie',
  says: { ro: 'Pentru informații despre avarie, apăsați tasta trei.' },
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
/** Without the key callers of the second number would wait in a queue that nobody serves. */
const changed = ({ numbers, hours, queues, ...document }: Configuration): Configuration => ({
  ...document,
  queues: queues.map((queue) => (queue.id === 'taxe' ? { ...queue, skill: 'fiscal' } : queue)),
  numbers: [
    ...numbers.map((number) => ({ ...number, hours: closedDays.id, says: { closed: { ro: closedWords } } })),
    { number: menuNumber, also: [], name: 'Avarii', queue: 'taxe', menu: menu.id },
  ],
  hours: [...hours, closedDays],
  menus: [menu],
})

t.test('hours, a menu and skills that are published', { timeout: 1_500_000 }, async (t) => {
  const scene = await openTwoNodes(t, { agents: 2, ownDatabase: true })
  const { linia } = scene
  const { owner, standby } = await scene.bothReady()
  const apiOf = async (node: number, username: string) => {
    const api = new Api(`http://127.0.0.1:${linia.stack.ports.get(`api${node}`)}`)
    await api.signIn(linia.account(username))
    return api
  }
  const fileOf = (sound: string) => join(textsDirIn(join(linia.dir, 'asterisk/etc')), `${sound}.wav`)
  const [closedFile, menuFile] = [
    fileOf(soundOf('ro', closedWords, 'number')),
    fileOf(soundOf('ro', menu.says.ro)),
  ]
  const soundIn = async (file: string) => (await readWave(file)).channels[0] ?? new Int16Array()
  const first = await scene.deskAgent('agent01')
  const second = await scene.deskAgent('agent02')

  /** The next caller of each number, whose numbers end in these digits. */
  const turnedAway: string[] = []
  const served: string[] = []
  async function act(t: Test, digit: number): Promise<void> {
    const closed = `07220009${digit}1`
    turnedAway.push(closed)
    const away = await scene.town.call({ callerId: closed })
    t.match(await away.ended, { ending: 'line hung up' })
    const said = heardSince(away.rtp, 0).slice(0, 20 * sampleRate)
    t.ok(hasHeard(await soundIn(closedFile), said), 'the number says its own words')

    const open = `07220009${digit}2`
    served.push(open)
    const caller = await scene.town.call({ callerId: open, number: menuNumber, speech: tone(800) })
    const sound = await soundIn(menuFile)
    await listenTo(caller.rtp)(sound)
    caller.rtp.press('3')
    const talk = await second.phone.answerNext(tone(agentTone), eventuallyMs)
    await until(() => hears(caller.rtp, agentTone))
    talk.hangUp()
    t.match(await caller.ended, { ending: 'line hung up' })
    t.equal(first.phone.rings.length, 0, 'an agent whose skill was taken is offered nothing')
  }

  await t.test('at the node that does not own', async (t) => {
    await publish(await apiOf(standby, 'admin01'), changed, 'avarie la centrală')
    const supervisor = await apiOf(standby, 'supervisor01')
    const { agents } = await supervisor.get<SkillMatrix>('/api/skills')
    // The demo gives both agents this skill.
    const change = {
      id: first.id,
      basedOn: agents.find(({ id }) => id === first.id)?.version,
      levels: { general: 0 },
    }
    await supervisor.ask('PUT', '/api/skills', { agents: [change], reason: 'avarie' })
    await inForce(linia)
    await until(() => [closedFile, menuFile].every((file) => existsSync(file)))
    await act(t, 1)
  })

  await t.test('at the next owner', async (t) => {
    linia.kill(`server${owner}`)
    await scene.takenOver([1, 2], performance.now(), 'kill -9')
    await act(t, 2)
    await scene.bothReady()
  })

  const postgres = linia.stack.parts.get('postgres')
  await t.test('while PostgreSQL is away', async (t) => {
    await postgres?.stop()
    await act(t, 3)
  })

  await t.test('at nodes that have begun without PostgreSQL', async (t) => {
    for (const node of [1, 2]) linia.kill(`server${node}`)
    const killedAt = performance.now()
    const states = () => Promise.all([1, 2].map((node) => scene.readinessOf(node)))
    await until(async () => (await states()).every((state) => state === null))
    await until(async () => (await states()).some((state) => state?.role === 'owner' && state.ready))
    t.comment(
      `ready ${Math.round(performance.now() - killedAt)} ms after kill -9 of both, without PostgreSQL`,
    )
    await act(t, 4)
  })

  await t.test('each call is on record', async (t) => {
    await postgres?.start()
    for (const callerId of turnedAway)
      t.match(await scene.record(callerId), { outcome: 'closed', queuedAt: null }, callerId)
    for (const callerId of served)
      t.match(
        await scene.record(callerId),
        { outcome: 'answered', queue: 'general', agent: { name: second.name } },
        callerId,
      )
  })

  await t.test('the number is opened again', async (t) => {
    const { standby: other } = await scene.bothReady()
    await publish(
      await apiOf(other, 'admin01'),
      ({ numbers, ...document }) => ({
        ...document,
        numbers: numbers.map(({ hours: _hours, says: _says, ...number }) => number),
      }),
      'avaria s-a terminat',
    )
    await second.api.setState({ state: 'paused' })
    await inForce(linia)
    const citizen = await scene.town.call({ callerId: '0722000965' })
    await until(() => shown(scene).some(({ phase }) => phase === 'waiting'))
    citizen.hangUp()
    t.match(await scene.record('0722000965'), { outcome: 'abandoned' })
  })
})
