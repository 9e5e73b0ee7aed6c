/** What an installation needs: the version of Asterisk, and the packages. */
import t from 'tap'
import { isUsable } from '../../../src/stack/install/asterisk-tree.ts'
import { missingPackages } from '../../../src/stack/install/packages.ts'

t.test('only Asterisk 22 from 22.10.1 on is used', async (t) => {
  for (const version of ['Asterisk 22.10.1+dfsg+~cs6.17', 'Asterisk 22.11.0', 'Asterisk 22.10.12'])
    t.ok(isUsable(version), version)
  for (const version of [
    'Asterisk 22.9.0',
    'Asterisk 22.10.0',
    'Asterisk 20.20.0',
    'Asterisk 22.11.0-rc1',
    'Asterisk 23.1.0',
    '',
  ])
    t.notOk(isUsable(version), version)
})

t.test('an external service needs no package', async (t) => {
  const bare = () => false
  const all = missingPackages('run', undefined, bare).map((one) => one.package)
  const given = { databaseUrl: 'postgres://city/linia', redisUrl: 'redis://city' }
  const fewer = missingPackages('run', given, bare).map((one) => one.package)
  t.strictSame(
    all.filter((name) => !fewer.includes(name)),
    ['redis-server', 'postgresql'],
  )
})
