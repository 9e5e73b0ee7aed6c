/** Which calls the benchmark counts as served, on made-up events. */
import t from 'tap'
import { table } from '../../../tools/bench/report/figures.ts'
import { failuresOf, outcomeOf } from '../../../tools/bench/comparison/outcome.ts'
import { CallMonitor } from '../../../tools/bench/load-generator/call-monitor.ts'

const number = '0705000001'
const event = (what: string, at: number, ...details: string[]) => ({ what, at, callId: '', details })

/** A complete call, up to its event number `till`. */
function oneCall(till: number): CallMonitor {
  const monitor = new CallMonitor()
  const moments = [
    () => monitor.onCallerEvent(event('calling', 1_000, number)),
    () => monitor.onPhoneEvent(event('invited', 1_010, 'agent01', number)),
    () => monitor.onPhoneEvent(event('hung-up', 6_010, 'agent01', number)),
    () => monitor.onCallerEvent(event('bye', 6_020, number)),
  ]
  for (const happen of moments.slice(0, till)) happen()
  return monitor
}

t.test('a caller who talked to the end is served, in any order of the pipes', async (t) => {
  t.same(failuresOf(outcomeOf('a call', oneCall(4))), [])
  const monitor = new CallMonitor()
  monitor.onPhoneEvent(event('invited', 1_010, 'agent01', number))
  monitor.onCallerEvent(event('calling', 1_000, number))
  monitor.onCallerEvent(event('bye', 6_020, number))
  monitor.onPhoneEvent(event('hung-up', 6_010, 'agent01', number))
  t.same(failuresOf(outcomeOf('a call', monitor)), [])
  t.same(
    monitor.reached.map(({ ms }) => ms),
    [10],
  )
})

t.test('a caller whose offers only rang is not served', async (t) => {
  const monitor = oneCall(2)
  monitor.onPhoneEvent(event('invited', 2_000, 'agent02', number))
  t.same(failuresOf(outcomeOf('a call', monitor)), ['0 of 1 callers talked to the end'])
  t.same(
    monitor.reached.map(({ ms }) => ms),
    [10],
    'only the first ring counts as reached',
  )
})

t.test('a caller hung up by the system before the agent is not served', async (t) => {
  const monitor = oneCall(2)
  monitor.onCallerEvent(event('bye', 3_000, number))
  t.same(failuresOf(outcomeOf('a call', monitor)), ['0 of 1 callers talked to the end'])
})

t.test('an unreached caller, a SIPp error or an idle agent fails a phase', async (t) => {
  const monitor = oneCall(4)
  monitor.onCallerEvent(event('calling', 7_000, '0705000002'))
  monitor.onPhoneComplaint('Aborting call')
  t.same(failuresOf(outcomeOf('two calls', monitor, { idleAgents: monitor.idleFor(2, 5_000) })), [
    '1 errors of the phones’ SIPp',
    'the first: Aborting call',
    '1 of 2 callers reached no agent',
    '1 of 2 callers talked to the end',
    '2 agents were not rung again although callers waited',
  ])
})

t.test('an offer that is withdrawn as its phone answers is counted apart from the errors', async (t) => {
  const monitor = oneCall(4)
  monitor.onPhoneComplaint(
    '2026-12-01\t12:40:21.351337\tAborting call on an unexpected CANCEL for call: 0187b92d',
  )
  t.equal(monitor.phoneComplaints, 0)
  t.same(failuresOf(outcomeOf('a call', monitor)), ['1 offers were withdrawn as their phone answered'])
})

t.test('a call not carried by the system itself fails a phase', async (t) => {
  const carried = { restarted: ['server1' as const], rows: 2, fromCel: 1, turnedAway: 1, byFallback: 1 }
  t.equal(failuresOf(outcomeOf('a call', oneCall(4), { carried })).length, 5)
  const well = { restarted: [], rows: 1, fromCel: 0, turnedAway: 0, byFallback: 0 }
  t.same(failuresOf(outcomeOf('a call', oneCall(4), { carried: well })), [])
})

t.test('a phase without calls fails, and its budget is missed', async (t) => {
  t.match(failuresOf(outcomeOf('no call', new CallMonitor())), ['no caller called'])
  t.match(table([{ name: 'waits', durations: [], budget: { p99: 5 } }]), /nothing measured: MISSED/)
  t.notMatch(table([{ name: 'waits', durations: [], budget: null }]), /MISSED/)
})
