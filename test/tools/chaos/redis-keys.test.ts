import t from 'tap'
import { keysLeft } from '../../../tools/chaos/redis-keys.ts'

t.test('a new key of a call or job is left over, a permanent key is not', (t) => {
  const before = ['{linia}:states', 'linia-jobs:recordings:pbx1-1795690000.1']
  const lasting = [
    '{linia}:effects:pbx1',
    'linia-jobs:recordings:id',
    'linia-jobs:journal:repeat:nightly:1795739400000',
  ]
  t.same(keysLeft(before, [...before, ...lasting]), [])
  for (const key of [
    '{linia}:call:pbx1-1795690458.1',
    'linia-jobs:recordings:pbx1-1795690458.1',
    'linia-jobs:documents:988eedfe-4c97-4c0e-8e83-e11be9cadfbd',
  ])
    t.same(keysLeft(before, [...before, ...lasting, key]), [`the key ${key} is left`])
  t.end()
})
