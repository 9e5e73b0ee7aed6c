/**
 * A short `make chaos`: few callers, one of four faults in turns, the same checks. Times are printed, not asserted.
 * `make prove` runs every fault under a full line.
 */
import t from 'tap'
import { auditRecordings, mostLacking } from '../../../tools/bench/measures/recordings.ts'
import { watchPace } from '../../support/pace/pace.ts'
import { isWholeSearch, partOf, partSentence, turnOf } from '../../support/rotation.ts'
import { faults } from '../../../tools/chaos/faults.ts'
import { runRound } from '../../../tools/chaos/fault-round.ts'
import { openTestbed } from '../../../tools/chaos/testbed.ts'
import { tableOf } from '../../../tools/chaos/results-table.ts'

const sizes = { talking: 6, waiting: 6 }
/** Long enough for calls to arrive, be served and end while PostgreSQL is stopped. */
const postgresGoneMs = 4_000
/** On a stalled machine the callers send no audio, so their recordings may be shorter. */
const slowMachineMs = { isSlow: 100, lacks: 5_000 }
const everyName = ['kill-owner', 'empty-redis', 'restart-redis', 'lose-postgres']
const turn = turnOf()
const names = isWholeSearch() ? everyName : partOf(everyName, turn)

t.test('after each fault no caller is lost and the ledger is complete', { timeout: 1_500_000 }, async (t) => {
  if (!isWholeSearch()) t.comment(partSentence(names.join(', '), turn))
  const pace = await watchPace()
  t.teardown(() => pace?.stop())
  const testbed = await openTestbed(t, { nodes: 2, agents: sizes.talking, pace })
  let isSlow = false
  let apartMs = 0
  const chosen = faults.filter(({ name }) => names.includes(name))
  t.equal(chosen.length, names.length)
  for (const fault of chosen) {
    const lastsMs = Math.min(fault.lastsMs, postgresGoneMs)
    const row = await runRound(testbed, { ...fault, lastsMs }, sizes)
    t.comment(tableOf([row]))
    isSlow ||= Math.max(row.quietGapMs ?? 0, row.slowGapMs ?? 0) > slowMachineMs.isSlow
    apartMs = Math.max(apartMs, row.span.apartMs)
    t.equal(row.lostTalking, 0, `${fault.what}: conversations continue`)
    t.equal(row.lostWaiting, 0, 'waiting callers are served')
    t.equal(row.outOfOrder, 0, 'in order of arrival')
    t.not(row.backMs, null, 'the next caller rings at an agent')
    t.equal(row.withoutMusic, 0, 'waiting callers hear music')
    t.same(row.others?.unheard, [], 'three in a room hear each other, and a supervisor hears a conversation')
    t.same(row.others?.unknown, [], 'the state has the colleague and the supervisor')
    t.notOk(
      row.notReady.some(({ to }) => to === null),
      'the front is ready again',
    )
    t.same(row.ledger.wrong, [], 'every call is in the ledger and in CEL with its true outcome')
    t.same(row.left, [], 'nothing is left over, and all agents are ready')
  }
  // A job lost with Redis is recreated by the sweep, for which this test is too short.
  const lacksMs = isSlow ? slowMachineMs.lacks : apartMs
  const audit = await auditRecordings(testbed.db, 0, Date.now(), lacksMs)
  t.same(
    { ...audit, withoutRecording: 0 },
    { ...audit, withoutRecording: 0, lost: 0, tooShort: 0 },
    'no recording is lost',
    { lacking: await mostLacking(testbed.db, 0, Date.now()) },
  )
})
