/** The legs of a call whose end Asterisk's record has told. */
import t from 'tap'
import type { Leg } from '../../../src/core/call.ts'
import { AgentId, CallId, OfferId, PbxName } from '../../../src/core/ids.ts'
import { celSummary } from '../../../src/ledger/cel/cel-call.ts'
import type { CallWithoutCaller } from '../../../src/ledger/calls/tables.ts'
import { callEvents } from '../fixtures.ts'

const ana = AgentId('ana')
const at = 1_795_565_000_000
const ended = {
  id: CallId('c-1'),
  channelName: 'PJSIP/trunk-1',
  line: '969',
  number: '',
  arrivedAt: at,
  queuedAt: at,
  offeredAt: at,
  answeredAt: at + 4_000,
  answeredBy: null,
  refused: null,
  hungUpBy: '',
  lastAt: at + 60_000,
  endedAt: at + 60_000,
  isCut: false,
}
const caller = { number: null, name: null }
const open: Leg = {
  id: OfferId('o'),
  role: 'agent',
  agent: ana,
  device: 'web',
  from: at + 4_000,
  until: null,
}
const talking = callEvents({ id: 'c-1', agent: ana, arrivedAt: at }).map(({ after }) => after)[3]
const observed = { ...talking, legs: [open] } as CallWithoutCaller

const legsOf = (agent: AgentId | null, seen: CallWithoutCaller | null) =>
  celSummary(ended, { pbx: PbxName('pbx1'), caller, agent }, seen).legs

t.test('a leg that was up ends with the call', async (t) => {
  t.strictSame(legsOf(null, observed), [{ ...open, until: at + 60_000 }])
  t.strictSame(legsOf(ana, observed), [{ ...open, until: at + 60_000 }])
})

t.test('they are not known where nobody saw them, or another agent served afterwards', async (t) => {
  t.equal(legsOf(ana, null), null)
  t.equal(legsOf(ana, { ...observed, legs: [] }), null)
  t.equal(legsOf(AgentId('ion'), observed), null)
})

t.test('colleagues and supervisors who were up leave with the call', async (t) => {
  const asked: Leg<'consulted' | 'supervisor'> = { ...open, role: 'consulted', agent: AgentId('dan') }
  const gone = { ...asked, role: 'supervisor' as const, until: at + 9_000 }
  const othersOf = (seen: CallWithoutCaller | null) =>
    celSummary(ended, { pbx: PbxName('pbx1'), caller, agent: ana }, seen).others
  t.strictSame(othersOf({ ...observed, others: [gone, asked] }), [gone, { ...asked, until: at + 60_000 }])
  t.equal(othersOf(observed), null)
  t.equal(othersOf(null), null)
})

t.test('a caller who spoke as the server lost sight of them may have left a message', async (t) => {
  const { legs: _, ...facts } = observed
  const speaking = {
    ...facts,
    legs: [],
    answeredAt: null,
    queuedAt: null,
    phase: 'voicemail',
    without: 'closed',
  }
  const outcomeOf = (prompt: object | null) =>
    celSummary(
      { ...ended, answeredAt: null, queuedAt: null },
      { pbx: PbxName('pbx1'), caller, agent: null },
      { ...speaking, prompt } as unknown as CallWithoutCaller,
    ).outcome
  t.equal(outcomeOf(null), 'voicemail')
  t.equal(outcomeOf({ say: 'voicemail', opensAt: null }), 'closed')
  t.equal(
    celSummary(
      { ...ended, answeredAt: null, queuedAt: null },
      { pbx: PbxName('pbx1'), caller, agent: null },
      { ...speaking, phase: 'closed' } as unknown as CallWithoutCaller,
    ).outcome,
    'closed',
    'a caller who was asked whether they want to be called back',
  )
})

t.test(
  'a caller who was seen before the queue was in none, though they had the place of a callback',
  async (t) => {
    const friday = at - 57 * 3_600_000
    const [greeted, waited] = callEvents({ id: 'c-1', arrivedAt: at }).map(({ after }) => after)
    const endOf = (seen: object | undefined, queuedAt: number | null) =>
      celSummary(
        { ...ended, answeredAt: null, queuedAt, hungUpBy: ended.channelName },
        { pbx: PbxName('pbx1'), caller, agent: null },
        { ...seen, queuedAt: friday } as CallWithoutCaller,
      )
    t.match(endOf(greeted, null), { queue: null, queuedAt: null, waitMs: null, outcome: 'abandoned' })
    t.match(endOf(greeted, at + 9_000), { queuedAt: at + 9_000 }, 'then in the fallback queue')
    t.match(endOf(waited, null), { queue: 'general', queuedAt: at, waitMs: 60_000 })
  },
)
