/** The codes of the demo's city. */
import t from 'tap'
import { faultsOf } from '../../../src/core/configuration/check.ts'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import { concerns } from '../../../tools/demo/calls/caller-profiles.ts'
import { codes } from '../../../tools/demo/seed/configuration.ts'

t.test('the demo’s codes can be published, and scripted agents choose among them', (t) => {
  t.same(faultsOf({ ...firstConfiguration, codes: [...codes] }), [])
  const ids = new Set(codes.map(({ id }) => id))
  for (const { code, subject } of concerns) if (code !== undefined) t.ok(ids.has(code), subject)
  t.end()
})
