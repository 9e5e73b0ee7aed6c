/** The last lines of a first start without a demo name the way to the first administrator; later starts do not. */
import t from 'tap'
import { addAccount } from '../../src/people/accounts.ts'
import { nextStep } from '../../src/stack/next-step.ts'
import { quickHash } from '../support/passwords.ts'
import { testDatabase } from '../support/postgres.ts'
import { command, environment, run } from './programs.ts'

t.test('where there is any account nothing is printed', async (t) => {
  const { db, appUrl } = await testDatabase(t)
  t.match((await nextStep(appUrl)).join('\n'), 'linia user add <username> "<name>" administrator')
  const person = {
    username: 'dan',
    name: 'Dan Țepeș',
    roles: ['administrator' as const],
    employer: 'Primăria',
  }
  t.ok((await addAccount(db, { ...person, password: 'o parolă lungă' }, quickHash)).ok)
  t.same(await nextStep(appUrl), [])
})

t.test(
  'make run without a demo names it in its last lines, and the command works',
  { timeout: 600_000 },
  async (t) => {
    const env = { ...(await environment(t)), DEMO: '0' }
    const running = await run(t, env)
    const printed = running.output().trimEnd().split('\n')
    t.match(printed.slice(-5), [
      /^There is no account yet\. Next, .+ first administrator:$/,
      '  src/stack/linia user add <username> "<name>" administrator',
      /Am un cod de activare/,
      'Stop with Ctrl-C.',
      /^ready: http/,
    ])
    const added = await command(env, ['commands/cli.ts', 'user', 'add', 'dan', 'Dan Țepeș', 'administrator'])
    t.match(added, { code: 0, output: /^The account dan is open\./ })
    process.kill(running.pid, 'SIGINT')
    await running.ended
  },
)
