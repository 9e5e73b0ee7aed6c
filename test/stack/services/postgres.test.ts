import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { freePort } from '../../../src/stack/services/ports.ts'
import { ensureDatabase, postgresService, superuser } from '../../../src/stack/services/postgres.ts'
import { familyOf } from '../../support/processes.ts'
import { until } from '../../support/until.ts'

t.test(
  'a database whose initialization was killed is created again by the next start',
  { timeout: 1_500_000 },
  async (t) => {
    const dir = join(t.testdir({}), 'postgres')
    const port = await freePort('127.0.0.1')
    const password = 'only-for-this-test'
    const options = { dir, port, password, careless: true, logFile: join(t.testdirName, 'postgres.log') }
    const first = t.rejects(postgresService(options), {
      name: 'UserError',
      message: /Making the database failed/,
    })
    await until(() => {
      const making = familyOf(process.pid).find(({ command }) => /initdb -D/.test(command))
      const begun = ['data', 'data.making'].some((name) => existsSync(join(dir, name, 'PG_VERSION')))
      if (making === undefined || !begun) return false
      process.kill(making.pid, 'SIGKILL')
      return true
    })
    await first
    const service = await postgresService(options)
    t.teardown(() => service.stop())
    await service.start()
    t.match(await ensureDatabase(`postgres://${superuser}:${password}@127.0.0.1:${port}/`, 'linia'), /linia$/)
  },
)
