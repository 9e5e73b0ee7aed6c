/**
 * `make demo` beside `make run`: citizens call and are called back, scripted agents serve them and ask colleagues, a supervisor
 * listens, people keep their accounts.
 */
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import t from 'tap'
import type { Static } from 'typebox'
import type { CallDetail, CallPage } from '../../../src/http/calls/wire.ts'
import type { Me } from '../../../src/http/session/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import { readDemoFile } from '../../../tools/demo/demo-file.ts'
import { LiveView } from '../../../tools/demo/live-view.ts'
import { quiet } from '../../../src/stack/terminal.ts'
import { buildUi } from '../../../src/stack/install/ui-build.ts'
import { until } from '../../support/until.ts'
import { begin, environment, run, type Environment } from '../../stack/programs.ts'

const seats = 8
/** The seed with which a hand-over comes first, and two call-backs next: the first may meet an engaged phone. */
const seed = '1354'
const besideWithinMs = 150_000

t.test('a morning of callers, until it is stopped', { timeout: 1_500_000 }, async (t) => {
  await buildUi(quiet)
  // Its own provider: the port at which citizens are called is fixed.
  const provider = `127.${randomInt(130, 250)}.${randomInt(256)}.9`
  const env: Environment = { ...(await environment(t)), TRUNK_HOSTS: provider }
  const system = await run(t, env)
  const demo = await readDemoFile(join(env['VAR_DIR'] ?? '', 'demo.json'))
  const account = (role: string, index = 0) => {
    const found = demo.accounts
      .filter((one) => one.role === role && (role !== 'agent' || one.phone))
      .at(index)
    if (found === undefined) throw new Error(`the demo has no ${role}`)
    return found
  }
  const supervisor = new Api(demo.url)
  await supervisor.signIn(account('supervisor'))
  const view = new LiveView()
  await view.follow(supervisor)
  t.teardown(() => view.stop())
  // The demo takes the last accounts first, so a person uses the very last one.
  const person = account('agent', -1)
  const her = new Api(demo.url)
  await her.signIn(person)
  const states = () => [...view.agents.values()].filter(({ name }) => name !== person.name)
  const beside = watchBeside(view)
  const working = () => states().filter(({ state }) => state !== 'signed out').length

  const morning = begin({ ...env, SEATS: `${seats}`, SEED: seed }, [], '../../tools/demo/main.ts')
  t.teardown(() => void morning.kill())
  await until(() => morning.output().includes(`${seats} scripted agents are at their phones.`))
  await until(() => working() === seats)
  t.pass('the scripted agents are signed in')
  await until(() => /so far \d+ called, [1-9]\d* served/.test(morning.output()), 120_000)
  const calls = () => supervisor.get<Static<typeof CallPage>>('/api/calls')
  await until(async () => (await calls()).items.some(({ outcome }) => outcome === 'answered'))
  t.pass('served calls are recorded')
  const { items } = await calls()
  t.notOk(
    items.some(({ agent }) => agent?.name === person.name),
    'a person’s account is not taken',
  )

  const over = (calls: ReadonlySet<string>) => [...calls].find((id) => !view.calls.has(id))
  await until(() => over(beside.handedOver) !== undefined, besideWithinMs)
  const handedOver = await supervisor.get<CallDetail>(`/api/calls/${over(beside.handedOver)}`)
  // A supervisor may have listened as well.
  const asked = handedOver.others.filter(({ role }) => role === 'consulted').map(({ agent }) => agent.id)
  t.ok(
    asked.includes(handedOver.legs.at(-1)?.agent.id ?? ''),
    'a colleague was asked, who then served the caller',
  )
  await until(() => beside.leftBy.size > 0, besideWithinMs)
  t.pass('a supervisor listened, and left')
  await until(() => over(beside.calledBack) !== undefined, besideWithinMs)
  const calledBack = () => supervisor.get<CallDetail>(`/api/calls/${over(beside.calledBack)}`)
  await until(async () => (await calledBack()).outcome === 'answered')
  t.match(await calledBack(), { direction: 'outbound' }, 'a citizen was called back, and answered')
  t.notMatch(morning.output(), /[1-9]\d* failed/)

  process.kill(morning.pid, 'SIGINT')
  t.same(await morning.ended, [0, null])
  t.match(morning.output(), /Hanging up and signing the scripted agents out …\n(?:.*\n)*Done\.\n$/)
  await until(() => working() === 0 && view.calls.size === 0)
  t.equal((await her.get<Me>('/api/me')).name, person.name, 'the person is still signed in')

  process.kill(system.pid, 'SIGINT')
  t.same(await system.ended, [0, null], 'the system stops normally')
})

/** The calls in which a colleague took the caller over, those that a supervisor heard and then left, and those to citizens who answered. */
function watchBeside(view: LiveView) {
  const asked = new Map<string, string>()
  const heard = new Set<string>()
  const handedOver = new Set<string>()
  const leftBy = new Set<string>()
  const calledBack = new Set<string>()
  view.onChange(() => {
    for (const { id, consult, agent, supervisions, direction, phase } of view.calls.values()) {
      if (consult !== null && consult.seat !== 'ringing') asked.set(id, consult.with.id)
      if (agent !== null && asked.get(id) === agent.id) handedOver.add(id)
      if (direction === 'outbound' && phase === 'talking') calledBack.add(id)
      if (supervisions.some(({ since }) => since !== null)) heard.add(id)
    }
    for (const id of heard) if ((view.calls.get(id)?.supervisions.length ?? 0) === 0) leftBy.add(id)
  })
  return { handedOver, leftBy, calledBack }
}
