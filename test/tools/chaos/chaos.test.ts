/** `make chaos` in small: a few people, a few faults, the same checks. Times are told, not asserted. */
import t from 'tap'
import { auditRecordings } from '../../../tools/bench/measures/recordings.ts'
import { watchPace } from '../../support/pace.ts'
import { faults } from '../../../tools/chaos/faults.ts'
import { runRound } from '../../../tools/chaos/fault-round.ts'
import { openTestbed } from '../../../tools/chaos/testbed.ts'
import { tableOf } from '../../../tools/chaos/results-table.ts'

const sizes = { talking: 6, waiting: 6 }
/** Long enough for calls to come, be served and end without it. */
const postgresGoneMs = 4_000
/** What a machine that stands still does not send is not recorded, and these calls last to the end of a round. */
const slowMachineMs = { isSlow: 100, lacks: 5_000 }
const names = ['kill-owner', 'empty-redis', 'restart-redis', 'lose-postgres']

t.test('whatever dies, nobody is lost and the books are right', { timeout: 560_000 }, async (t) => {
  const pace = await watchPace()
  t.teardown(() => pace?.stop())
  const testbed = await openTestbed(t, { nodes: 2, agents: sizes.talking, pace })
  let isSlow = false
  for (const fault of faults.filter(({ name }) => names.includes(name))) {
    const lastsMs = Math.min(fault.lastsMs, postgresGoneMs)
    const row = await runRound(testbed, { ...fault, lastsMs }, sizes)
    t.comment(tableOf([row]))
    isSlow ||= Math.max(row.quietGapMs ?? 0, row.slowGapMs ?? 0) > slowMachineMs.isSlow
    t.equal(row.lostTalking, 0, `${fault.what}: who talks goes on`)
    t.equal(row.lostWaiting, 0, 'who waits is served')
    t.equal(row.outOfOrder, 0, 'in the order in which they came')
    t.not(row.backMs, null, 'the next caller rings at an agent')
    t.equal(row.withoutMusic, 0, 'who waits hears music')
    t.notOk(
      row.notReady.some(({ to }) => to === null),
      'the front is ready again',
    )
    t.same(row.ledger.wrong, [], 'every call is in the ledger as it was, and in the record of Asterisk')
    t.same(row.left, [], 'nothing is left over, and all agents are ready')
  }
  // A job that the emptied Redis has forgotten is found by the sweep, for which this test is too short.
  const sound = await auditRecordings(testbed.db, 0, Date.now(), isSlow ? slowMachineMs.lacks : 0)
  t.same(
    { ...sound, withoutRecording: 0 },
    { ...sound, withoutRecording: 0, lost: 0, tooShort: 0 },
    'no sound is lost',
  )
})
