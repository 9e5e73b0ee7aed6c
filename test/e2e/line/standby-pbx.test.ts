/** A standby Asterisk takes over the addresses and registrations when the active one dies. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { soundOf } from '../../../src/core/configuration/menu.ts'
import { Api } from '../../../tools/demo/api.ts'
import { hasHeardWhole, hasTone, heardSince, readWave, tone } from '../../support/sip/audio.ts'
import { openBrowser, openDesk, waitForState } from '../../support/browser/browser.ts'
import { until } from '../../support/until.ts'
import { publish } from '../publish.ts'
import { openScene, transitions, type Scene } from '../scene.ts'

const agentTone = 600
const citizenTone = 800
/** From `docs/budgets.md`; the value is printed. */
const servesAgainMs = 10_000

/** A new call is connected with the agent, and both sides hear each other. */
async function callWorks(
  t: Test,
  scene: Scene,
  deskAgent: Awaited<ReturnType<Scene['deskAgent']>>,
  number: string,
) {
  const citizen = await scene.town.call({ callerId: number, speech: tone(citizenTone) })
  const talk = await deskAgent.phone.answerNext(tone(agentTone))
  await until(() => hasTone(citizenTone, heardSince(talk.rtp, performance.now() - 500)))
  await until(() => hasTone(agentTone, heardSince(citizen.rtp, performance.now() - 500)))
  talk.hangUp()
  t.equal((await citizen.ended).ending, 'line hung up')
  t.equal((await scene.record(number)).outcome, 'answered')
}

t.test('the active Asterisk dies, and the standby takes over', { timeout: 1_500_000 }, async (t) => {
  const changes: string[] = []
  const scene = await openScene(t, {
    overrides: { STANDBY_PBX: '1' },
    onChange: (line) => changes.push(line),
  })
  const { linia, view } = scene
  const deskAgent = await scene.deskAgent('agent01')
  const { newContext } = await openBrowser(t, null)
  const browser = await openDesk(await newContext(), linia.url, linia.account('agent02'))
  const shown = () => [...view.calls.values()]
  const readsMenu = await menuOf(scene)

  for (const [round, part] of (['asterisk', 'standby'] as const).entries()) {
    const [talks, waits, next] = [0, 1, 2].map((last) => `07220009${5 + round}${last}`)
    const talking = await scene.town.call({ callerId: `${talks}`, speech: tone(citizenTone) })
    await deskAgent.phone.answerNext(tone(agentTone))
    await until(() => shown().some(({ phase }) => phase === 'talking'))
    const waiting = await scene.town.call({ callerId: `${waits}` })
    await until(() => shown().length === 2)

    linia.kill(part)
    const since = performance.now()
    await until(() => changes.some((line) => line.includes('has taken over')), servesAgainMs)
    await linia.stack.ready(servesAgainMs)
    t.comment(`calls would be answered ${Math.round(performance.now() - since)} ms after ${part} was killed`)
    await until(() => shown().length === 0 && view.agents.get(deskAgent.id)?.state === 'ready')
    t.equal(view.agents.get(deskAgent.id)?.phones.desk, true, 'desk phones keep their registration')
    await callWorks(t, scene, deskAgent, `${next}`)
    t.comment(`a call had been made ${Math.round(performance.now() - since)} ms after ${part} was killed`)
    await readsMenu(t, `07220009${8 + round}0`)
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
    changes.length = 0
    for (const citizen of [talking, waiting]) citizen.hangUp()
    // The dead one is restarted as standby for the next takeover.
    await until(() => standbyAnswers(scene))
  }

  await deskAgent.api.setState({ state: 'paused' })
  await browser.keyboard.press('F4')
  await waitForState(browser, 'ready')
  const citizen = await scene.town.call({ callerId: '0722000970' })
  await browser.locator('[data-session="incoming ringing"]').waitFor()
  t.pass('the phone in the page rings')
  citizen.hangUp()
  await until(() => shown().length === 0)
})

t.test('the standby dies and returns; then the active Asterisk hangs', { timeout: 1_500_000 }, async (t) => {
  const changes: string[] = []
  const scene = await openScene(t, {
    overrides: { STANDBY_PBX: '1' },
    onChange: (line) => changes.push(line),
  })
  const deskAgent = await scene.deskAgent('agent01')
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

  scene.linia.kill('asterisk', 'SIGSTOP')
  const since = performance.now()
  await until(() => changes.some((line) => line.includes('has taken over')), 2 * servesAgainMs)
  await scene.linia.stack.ready(servesAgainMs)
  t.comment(`calls would be answered ${Math.round(performance.now() - since)} ms after asterisk hung`)
  await callWorks(t, scene, deskAgent, '0722000976')
})

/** A number with a menu; what one of its callers hears and presses, whichever Asterisk has the line. */
async function menuOf(scene: Scene): Promise<(t: Test, callerId: string) => Promise<void>> {
  const number = '0256408300'
  const says = { ro: 'Pentru acte, apăsați tasta unu. Pentru taxe și impozite, tasta doi.' }
  const administrator = new Api(scene.linia.url)
  await administrator.signIn(scene.linia.account('admin01'))
  await publish(administrator, ({ numbers, ...document }) => ({
    ...document,
    numbers: [...numbers, { number, also: [], name: 'Primărie', queue: 'general', menu: 'intrare' }],
    menus: [{ id: 'intrare', name: 'Intrare', says, keys: { '2': { queue: 'taxe' } }, repeats: 1 }],
  }))
  const file = join(textsDirIn(join(scene.linia.dir, 'asterisk/etc')), `${soundOf('ro', says.ro)}.wav`)
  await until(() => existsSync(file))
  const { channels } = await readWave(file)
  const sound = channels[0] ?? new Int16Array()
  return async (t, callerId) => {
    const call = () => [...scene.view.calls.values()].find(({ caller }) => caller === `+4${callerId}`)
    const citizen = await scene.town.call({ callerId, number, patienceMs: 900_000 })
    await until(() => call()?.phase === 'menu')
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
