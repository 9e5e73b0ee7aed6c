/** `make demo` beside `make run`: citizens call, scripted agents serve them, people keep their accounts. */
import { join } from 'node:path'
import t from 'tap'
import type { Static } from 'typebox'
import type { CallPage } from '../../../src/http/calls/wire.ts'
import type { Me } from '../../../src/http/session/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import { readDemoFile } from '../../../tools/demo/demo-file.ts'
import { LiveView } from '../../../tools/demo/live-view.ts'
import { quiet } from '../../../src/stack/terminal.ts'
import { buildUi } from '../../../src/stack/install/ui-build.ts'
import { until } from '../../support/until.ts'
import { begin, environment, run } from '../../stack/programs.ts'

const seats = 6

t.test('a morning of callers, until it is stopped', { timeout: 280_000 }, async (t) => {
  await buildUi(quiet)
  const env = await environment(t)
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
  const working = () => states().filter(({ state }) => state !== 'signed out').length

  const morning = begin({ ...env, SEATS: `${seats}`, SEED: '7' }, [], '../../tools/demo/main.ts')
  t.teardown(() => void morning.kill())
  await until(() => morning.output().includes(`${seats} scripted agents are at their phones.`), 60_000)
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
  t.notMatch(morning.output(), /[1-9]\d* failed/)

  process.kill(morning.pid, 'SIGINT')
  t.same(await morning.ended, [0, null])
  t.match(morning.output(), /Hanging up and signing the scripted agents out …\n(?:.*\n)*Done\.\n$/)
  await until(() => working() === 0 && view.calls.size === 0, 10_000)
  t.equal((await her.get<Me>('/api/me')).name, person.name, 'the person is still signed in')

  process.kill(system.pid, 'SIGINT')
  t.same(await system.ended, [0, null], 'the system stops normally')
})
