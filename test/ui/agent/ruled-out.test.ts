import t from 'tap'
import { ruledOut } from '../../../src/ui/agent/outbound/ruled-out.ts'

t.test('the desk offers no call that the rules in force forbid', (t) => {
  const allowed = ['+402']
  const [mine, strange] = ['0256408300', '0722000111']
  t.equal(ruledOut(null, mine), null, 'not known yet')
  for (const typed of [mine, strange, null])
    t.equal(ruledOut({ right: 'none', allowed }, typed), 'callsNobody')
  t.equal(ruledOut({ right: 'returns', allowed }, mine), 'callsBackOnly')
  t.equal(ruledOut({ right: 'returns', allowed }, null), null)
  t.equal(ruledOut({ right: 'any', allowed }, mine), null)
  t.equal(ruledOut({ right: 'any', allowed }, strange), 'numberNotAllowed')
  t.equal(ruledOut({ right: 'any', allowed }, null), null)
  t.end()
})
