/** Phones that come back after an absence, or are gone without a word: real Asterisk, SIPp phones. */
import t, { type Test } from 'tap'
import { AgentId } from '../../src/core/ids.ts'
import { freePort } from '../../src/stack/services/ports.ts'
import { attack } from '../support/attack.ts'
import { phonePassword } from '../support/pbx/asterisk.ts'
import { realOwner } from '../support/pbx/real-owner.ts'
import { legOf, setScene, type Scene } from '../support/pbx/pbx-scene.ts'
import { caller, pause, phone, register, requestsOf, runSipp } from '../support/sip/sipp.ts'
import { until } from '../support/until.ts'

const answering = `${phone.invited}${phone.ringing}${phone.accept}${phone.hungUp}`

/** Asterisk restarts while the phones are off, and finds none of them; it does not ask again for 30 s. */
async function restartWithoutPhones(scene: Scene): Promise<void> {
  scene.stopBeat()
  await scene.pbx.stop()
  // Asterisk writes its registrations within a second.
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  await scene.asterisk.restart()
  // It asks within a second, and waits for 3 s.
  await new Promise((resolve) => setTimeout(resolve, 5_000))
}

/** The phone is switched on again, and registers as before: with the same address. */
async function comeBack(t: Test, scene: Scene, username: string, port: number) {
  const remote = scene.asterisk.options.sip
  const local = { host: '127.0.0.1', port }
  const scenario = register(username, phonePassword(username, 'desk'))
  const registration = await runSipp(t, { scenario, local, remote, service: username })
  t.equal(await registration.done, 0, `${username} registers`)
  return runSipp(t, { scenario: answering, local, remote, service: username, calls: 1_000 })
}

await attack(
  t,
  {
    attack: 'Asterisk restarts while the phones are off, and they come back with callers in the line',
    before: 'no INVITE in 20 s; all agents were paused for missed offers that never rang',
    now: 'each phone is asked as it registers and rings within seconds; no agent has missed anything',
  },
  async (t) => {
    const names = ['ana', 'ion', 'eva']
    const scene = await setScene(t, names)
    const ports = await Promise.all(names.map(() => freePort('127.0.0.1')))
    for (const [at, name] of names.entries()) {
      const run = await scene.phone(t, name, answering, ports[at])
      await run.stop()
    }
    await restartWithoutPhones(scene)
    const owner = await realOwner(t, scene.asterisk.pbx().pbx, names)
    const press = async (name: string) => {
      await owner.desk.perform({ do: 'signIn', agent: AgentId(`id-${name}`) })
      return (await owner.desk.perform({ do: 'ready', agent: AgentId(`id-${name}`) })).ok
    }
    await Promise.all(names.map(press))
    for (const _ of names)
      await scene.dial(t, `${caller.invite()}${caller.answered}${caller.ack}${pause(40_000)}`)
    await until(() => owner.line.calls().length === names.length)
    // Time enough for three offers that never rang.
    await new Promise((resolve) => setTimeout(resolve, 8_000))
    const runs = await Promise.all(names.map((name, at) => comeBack(t, scene, name, ports[at] ?? 0)))
    // A phone that answers makes its agent ready at once; an agent who was paused cannot help it.
    await Promise.all(names.map((name) => until(() => press(name)).catch(() => undefined)))
    const rung = () => runs.filter((run) => requestsOf(run, ['INVITE']).length > 0).length
    await until(() => rung() === names.length, 19_000).catch(() => undefined)
    t.equal(rung(), names.length, 'every phone rings')
    for (const name of names) {
      const agentNow = owner.line.agent(AgentId(`id-${name}`))?.value
      t.match(agentNow, { missed: 0 })
      t.not(agentNow?.state, 'paused')
    }
  },
)

void t.test('a phone that is gone without a word: no miss, and it rings again once it answers', async (t) => {
  const scene = await setScene(t, ['ana'])
  const port = await freePort('127.0.0.1')
  const run = await scene.phone(t, 'ana', answering, port)
  await run.stop()
  const rungAt = performance.now()
  t.equal(await scene.ring('ana', 'dead', { ringTimeoutMs: 15_000 }), 'done')
  t.match(await scene.gone(legOf('dead')), { end: 'unreachable' })
  const tookMs = performance.now() - rungAt
  t.ok(tookMs < 14_000, `known after ${Math.round(tookMs)} ms, before the ring timer`)
  await scene.happened('PhoneChanged', { username: 'ana', reachable: false })
  await scene.pbx.perform({ do: 'HangUp', channel: legOf('dead'), as: 'normal' })
  const before = scene.events.length
  await comeBack(t, scene, 'ana', port)
  await until(() => scene.events.slice(before).some((event) => 'reachable' in event && event.reachable))
  t.equal(await scene.ring('ana', 'back'), 'done')
  await scene.happened('LegUp', { channel: legOf('back') })
})

/** It answers each qualify; an INVITE is lost on the way to it, or to the program in it. */
const frozen = `${phone.invited}${pause(50_000)}`

await attack(
  t,
  {
    attack: 'a phone answers each qualify and never rings, with callers in the line',
    before: 'three offers in 49 s rang for 15 s each; the agent was paused for missing them',
    now: 'each offer ends after 5 s; the second pauses the agent, and the callers go to the others',
  },
  async (t) => {
    const scene = await setScene(t, ['ana', 'ion'])
    const run = await scene.phone(t, 'ana', frozen)
    await scene.phone(t, 'ion', answering)
    const owner = await realOwner(t, scene.pbx, ['ana', 'ion'])
    await owner.desk.perform({ do: 'signIn', agent: AgentId('id-ana') })
    t.ok((await owner.desk.perform({ do: 'ready', agent: AgentId('id-ana') })).ok)
    const since = performance.now()
    await scene.dial(t, `${caller.invite()}${caller.answered}${caller.ack}${pause(60_000)}`)
    const ana = () => owner.line.agent(AgentId('id-ana'))?.value
    await until(() => ana()?.state === 'paused', 45_000).catch(() => undefined)
    const tookMs = performance.now() - since
    t.match(ana(), { state: 'paused', reason: 'phone', missed: 0, unrung: 2, phones: { desk: true } })
    t.ok(tookMs < 30_000, `paused after ${Math.round(tookMs)} ms`)
    t.equal(requestsOf(run, ['INVITE']).length, 2, 'two attempts')
    t.equal(owner.line.calls()[0]?.value.phase, 'waiting', 'the caller waits for another agent')

    await owner.desk.perform({ do: 'signIn', agent: AgentId('id-ion') })
    t.ok((await owner.desk.perform({ do: 'ready', agent: AgentId('id-ion') })).ok)
    await until(() => owner.line.calls()[0]?.value.phase === 'talking')
  },
)
