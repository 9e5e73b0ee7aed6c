/** An update with calls up: this release takes over from an older one. `make chaos` does it with a hundred calls. */
import t from 'tap'
import { auditRecordings } from '../../../tools/bench/measures/recordings.ts'
import { faultNamed } from '../../../tools/chaos/run-faults.ts'
import { runRound } from '../../../tools/chaos/fault-round.ts'
import { olderStart, whyNoOlderRelease } from '../../../tools/chaos/older-release.ts'
import { tableOf } from '../../../tools/chaos/results-table.ts'
import { openTestbed } from '../../../tools/chaos/testbed.ts'

const sizes = { talking: 4, waiting: 4 }

t.test(
  'an update of the servers drops no call',
  { timeout: 1_500_000, skip: whyNoOlderRelease() ?? false },
  async (t) => {
    const start = await olderStart(t)
    const testbed = await openTestbed(t, { nodes: 2, agents: sizes.talking, pace: null, start })
    const fault = faultNamed('update')
    if (!('lastsMs' in fault)) throw new Error('an update is no fault of a browser')
    const row = await runRound(testbed, fault, sizes)
    t.comment(tableOf([row]))
    t.equal(row.lostTalking, 0, 'both sides of each conversation hear each other')
    t.equal(row.lostWaiting, 0, 'waiting callers are served')
    t.equal(row.outOfOrder, 0, 'in order of arrival')
    t.not(row.backMs, null, 'the next caller rings at an agent')
    t.equal(row.withoutMusic, 0, 'waiting callers hear music')
    t.same(row.ledger.wrong, [], 'every call is in the ledger and in CEL with its true outcome')
    t.same(row.left, [], 'nothing is left over, and all agents are ready')
    const audit = await auditRecordings(testbed.db, 0, Date.now())
    t.equal(audit.lost, 0, 'no recording is lost')
  },
)
