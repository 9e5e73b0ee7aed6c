/**
 * A standby Asterisk takes over the addresses and registrations when the active one dies or hangs, or is restarted for a new version
 * while citizens call.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { soundOf } from '../../../src/core/configuration/menu.ts'
import { restartOlderThan } from '../../../src/stack/commands/update.ts'
import { findAsterisk } from '../../../src/stack/install/asterisk-tree.ts'
import { Api } from '../../../tools/demo/api.ts'
import { hasHeardWhole, hasTone, heardSince, listenTo, readWave, tone } from '../../support/sip/audio.ts'
import { openBrowser, openDesk, waitForState } from '../../support/browser/browser.ts'
import type { TestPhone } from '../../support/sip/desk-phone.ts'
import { until } from '../../support/until.ts'
import { publish } from '../publish.ts'
import { transitions, type DeskAgent, type Scene } from '../scene.ts'
import { openSceneWithOutside } from './outside-end.ts'

const agentTone = 600
const citizenTone = 800
/** From `docs/budgets.md`; the value is printed. */
const servesAgainMs = 10_000

/** A new call is connected with the agent, and both sides hear each other. */
async function callWorks(t: Test, scene: Scene, deskAgent: DeskAgent, number: string) {
  const citizen = await scene.town.call({ callerId: number, speech: tone(citizenTone) })
  const talk = await deskAgent.phone.answerNext(tone(agentTone))
  await until(() => hasTone(citizenTone, heardSince(talk.rtp, performance.now() - 500)))
  await until(() => hasTone(agentTone, heardSince(citizen.rtp, performance.now() - 500)))
  talk.hangUp()
  t.equal((await citizen.ended).ending, 'line hung up')
  t.equal((await scene.record(number)).outcome, 'answered')
}

interface Line {
  readonly scene: Scene
  /** The far end of the trunk. */
  readonly outside: TestPhone
  readonly deskAgent: DeskAgent
  /** The desk of agent02, with the phone in the page. */
  readonly browser: Page
  /** What the supervisor of the parts has told. */
  readonly changes: string[]
}

const shown = ({ view }: Scene) => [...view.calls.values()]
const hasTakenOver = ({ changes }: Line) => changes.some((line) => line.includes('has taken over'))

t.test(
  'an Asterisk dies, hangs or is updated, and the other takes over',
  { timeout: 1_500_000 },
  async (t) => {
    const changes: string[] = []
    const { scene, outside } = await openSceneWithOutside(
      t,
      { STANDBY_PBX: '1', OUTBOUND_ALLOW: '+402,+407' },
      { onChange: (line) => changes.push(line) },
    )
    const deskAgent = await scene.deskAgent('agent01')
    const { newContext } = await openBrowser(t, null)
    const browser = await openDesk(await newContext(), scene.linia.url, scene.linia.account('agent02'))
    const line = { scene, outside, deskAgent, browser, changes }
    const readsMenu = await menuOf(scene)
    await t.test('the standby dies and returns: nothing changes', (t) => standbyDies(t, line))
    for (const [round, [part, signal]] of failures.entries())
      await t.test(`${part} ${signal === 'SIGKILL' ? 'dies' : 'hangs'}: the other takes over`, async (t) => {
        await activeFails(t, line, round, () => readsMenu(t, `07220009${8 + round}0`))
      })
    await t.test('an update waits for the call, and a standby takes over', (t) => updated(t, line))
    await t.test('the phone in the page rings', (t) => pageRings(t, line))
  },
)

/** The second Asterisk is active after the first round; the first one is again after the second. */
const failures = [
  ['asterisk', 'SIGKILL'],
  ['standby', 'SIGSTOP'],
] as const

async function standbyDies(t: Test, { scene, deskAgent }: Line): Promise<void> {
  const citizen = await scene.town.call({ callerId: '0722000975', speech: tone(citizenTone) })
  const talk = await deskAgent.phone.answerNext(tone(agentTone))
  scene.linia.kill('standby')
  await until(async () => !(await standbyAnswers(scene)))
  await until(() => standbyAnswers(scene))
  await until(() => hasTone(citizenTone, heardSince(talk.rtp, performance.now() - 500)))
  t.match(
    await scene.linia.ari('asterisk/info'),
    { config: { name: 'pbx1' } },
    'the active Asterisk is unchanged',
  )
  talk.hangUp()
  await citizen.ended
  t.equal((await scene.record('0722000975')).outcome, 'answered')
  await until(() => scene.view.agents.get(deskAgent.id)?.state === 'ready')
}

async function activeFails(
  t: Test,
  line: Line,
  round: number,
  readsMenu: () => Promise<void>,
): Promise<void> {
  const { scene, deskAgent, browser, changes } = line
  const { linia, view } = scene
  const [part, signal] = failures[round] ?? failures[0]
  const [talks, waits, next] = [0, 1, 2].map((last) => `07220009${5 + round}${last}`)
  const talking = await scene.town.call({ callerId: `${talks}`, speech: tone(citizenTone) })
  await deskAgent.phone.answerNext(tone(agentTone))
  await until(() => shown(scene).some(({ phase }) => phase === 'talking'))
  const waiting = await scene.town.call({ callerId: `${waits}` })
  await until(() => shown(scene).length === 2)

  changes.length = 0
  linia.kill(part, signal)
  const since = performance.now()
  // What hangs is silent for a while before it is ended.
  await until(() => hasTakenOver(line), signal === 'SIGKILL' ? servesAgainMs : 2 * servesAgainMs)
  await linia.stack.ready(servesAgainMs)
  t.comment(`calls would be answered ${Math.round(performance.now() - since)} ms after ${part} failed`)
  await until(() => shown(scene).length === 0 && view.agents.get(deskAgent.id)?.state === 'ready')
  t.equal(view.agents.get(deskAgent.id)?.phones.desk, true, 'desk phones keep their registration')
  await callWorks(t, scene, deskAgent, `${next}`)
  t.comment(`a call had been made ${Math.round(performance.now() - since)} ms after ${part} failed`)
  await readsMenu()
  await callsOut(t, line)
  // As after a restart of Asterisk: waiting calls have failed, conversations count as answered.
  for (const [number, outcome] of [
    [talks, 'answered'],
    [waits, 'failed'],
  ] as const) {
    const call = await scene.record(`${number}`)
    t.equal(call.outcome, outcome)
    t.equal(transitions(call).at(-1), 'CallerLost', 'the call ended with its Asterisk')
  }
  await browser.locator('[data-registration=registered]').waitFor()
  await until(() => [...view.agents.values()].some(({ phones }) => phones.web))
  for (const citizen of [talking, waiting]) citizen.hangUp()
  // The failed one is restarted as standby for the next takeover.
  await until(() => standbyAnswers(scene))
}

/** A number that the published rules allow, and the settings of the server do not. */
async function callsOut(t: Test, { scene, outside, deskAgent }: Line): Promise<void> {
  await deskAgent.api.ask('POST', '/api/me/call-out', { number: '0356408300' })
  await deskAgent.phone.answerNext(tone(agentTone))
  ;(await outside.nextRing()).refuse(486)
  t.match(
    await scene.record('0356408300', ({ outcome }) => outcome === 'busy'),
    { direction: 'outbound' },
    'the published rules hold',
  )
  await until(() => scene.view.agents.get(deskAgent.id)?.state === 'ready')
}

async function updated(t: Test, line: Line): Promise<void> {
  const { scene, deskAgent, changes } = line
  const { linia, view } = scene
  const { settings } = linia.stack
  const asterisk = await findAsterisk()
  if (asterisk === null) throw new Error('the stack runs without an Asterisk')
  const citizen = await scene.town.call({ callerId: '0722000971', speech: tone(citizenTone) })
  const talk = await deskAgent.phone.answerNext(tone(agentTone))
  await until(() => shown(scene).some(({ phase }) => phase === 'talking'))

  changes.length = 0
  const fetchedAt = Date.now()
  await t.rejects(restartOlderThan(fetchedAt, settings, asterisk, 3_000), {
    name: 'UserError',
    message: /always a call/,
  })
  t.notOk(hasTakenOver(line), 'the call goes on')
  t.equal(shown(scene)[0]?.phase, 'talking')

  let restarted = false
  // The standby is of the new version since the first attempt.
  const restarting = restartOlderThan(fetchedAt, settings, asterisk, 120_000).then(() => (restarted = true))
  // Several of Asterisk's looks for an end of the calls.
  await delay(3_000)
  t.notOk(restarted || hasTakenOver(line), 'it waits for the call')
  talk.hangUp()
  t.equal((await citizen.ended).ending, 'line hung up')
  await restarting
  t.ok(hasTakenOver(line))
  t.equal((await scene.record('0722000971')).outcome, 'answered')

  await linia.stack.ready(120_000)
  await until(() => view.agents.get(deskAgent.id)?.state === 'ready')
  await callWorks(t, scene, deskAgent, '0722000972')
}

async function pageRings(t: Test, { scene, deskAgent, browser }: Line): Promise<void> {
  await browser.locator('[data-registration=registered]').waitFor()
  await deskAgent.api.setState({ state: 'paused' })
  await browser.keyboard.press('F4')
  await waitForState(browser, 'ready')
  const citizen = await scene.town.call({ callerId: '0722000973' })
  await browser.locator('[data-session="incoming ringing"]').waitFor()
  t.pass('it rings')
  citizen.hangUp()
  await until(() => shown(scene).length === 0)
}

/** Publishes rules for calls to citizens, and a number with a menu; what one of its callers hears and presses, whichever Asterisk has the line. */
async function menuOf(scene: Scene): Promise<(t: Test, callerId: string) => Promise<void>> {
  const number = '0256408300'
  const says = { ro: 'Pentru acte, apăsați tasta unu. Pentru taxe și impozite, tasta doi.' }
  const administrator = new Api(scene.linia.url)
  await administrator.signIn(scene.linia.account('admin01'))
  await publish(administrator, ({ numbers, ...document }) => ({
    ...document,
    numbers: [...numbers, { number, also: [], name: 'Primărie', queue: 'general', menu: 'intrare' }],
    menus: [{ id: 'intrare', name: 'Intrare', says, keys: { '2': { queue: 'taxe' } }, repeats: 1 }],
    outbound: { allowed: ['+40356'], agents: 'any', supervisors: 'any', perHour: 10, perHourAll: 10 },
  }))
  const file = join(textsDirIn(join(scene.linia.dir, 'asterisk/etc')), `${soundOf('ro', says.ro)}.wav`)
  await until(() => existsSync(file))
  const { channels } = await readWave(file)
  const sound = channels[0] ?? new Int16Array()
  return async (t, callerId) => {
    const call = () => [...scene.view.calls.values()].find(({ caller }) => caller === `+4${callerId}`)
    const citizen = await scene.town.call({ callerId, number, patienceMs: 900_000 })
    await until(() => call()?.phase === 'menu')
    await listenTo(citizen.rtp)(sound)
    await until(() => hasHeardWhole(sound, heardSince(citizen.rtp, 0)))
    citizen.rtp.press('2')
    await until(() => call()?.phase === 'waiting')
    t.equal(call()?.queue.id, 'taxe', 'the menu is read, and its key is taken')
    citizen.hangUp()
    await citizen.ended
    await until(() => call() === undefined)
  }
}

/** Whether the standby Asterisk answers. */
async function standbyAnswers({ linia }: Scene): Promise<boolean> {
  const port = linia.stack.ports.get('standbyHttp')
  const authorization = `Basic ${Buffer.from(`linia:${linia.stack.secrets.ari}`).toString('base64')}`
  const url = `http://127.0.0.1:${port}/ari/asterisk/ping`
  const answer = await fetch(url, { headers: { authorization } }).catch(() => null)
  return answer?.status === 200
}
