/** Rows of supervisors' legs, and of the channels through which they hear, in Asterisk's record of a call. */
import t from 'tap'
import { CelStory } from '../../../src/ledger/cel/story.ts'
import type { CelRow } from '../../../src/ledger/cel/rows.ts'

const call = 'pbx1-1795564873.0'
const trunk = 'PJSIP/trunk-00000000'
const agent = 'PJSIP/agent01-web-00000001'
const supervisor = 'PJSIP/supervisor01-web-00000002'
const supervisorLeg = `leg-${call}-s`
const ear = `ear-${call}-s-a`
const snoop = `Snoop/leg-${call}-a-00000003`
let at = 1_795_564_873_000

function row(event: string, over: Partial<CelRow>): CelRow {
  at += 1_000
  const none = { context: '', exten: '', number: '', app: '', peer: '', extra: '' }
  return { event, at, channel: call, call, channelName: trunk, ...none, ...over }
}
const ofAgent = { channel: `leg-${call}-a`, channelName: agent, context: 'linia-leg', exten: 'agent' }
const ofSupervisor = {
  channel: supervisorLeg,
  channelName: supervisor,
  context: 'linia-leg',
  exten: 'supervisor',
}
const ofEar = { channel: ear, call: ear, channelName: snoop }
const conversation = (): CelRow[] => [
  row('CHAN_START', { context: 'inbound', exten: '969' }),
  row('CHAN_START', { ...ofAgent, call: ofAgent.channel }),
  row('BRIDGE_ENTER', { peer: agent }),
]
const end = (): CelRow[] => [
  row('HANGUP', { extra: JSON.stringify({ hangupsource: trunk }) }),
  row('CHAN_END', {}),
]

function answersIn(rows: readonly CelRow[]): (string | null)[][] {
  const story = new CelStory()
  for (const one of rows) story.add(one, { file: '1', position: 0 })
  return story.over(Infinity).map(({ id, answeredBy }) => [id, answeredBy])
}

t.test('who listens is no call and no answer', (t) => {
  const rows = [
    ...conversation(),
    row('CHAN_START', { ...ofSupervisor, call: supervisorLeg }),
    row('CHAN_START', ofEar),
    row('BRIDGE_ENTER', { ...ofEar, peer: supervisor }),
    // A leg that has been in the room keeps the call's LinkedID, and gives it to the ear.
    row('BRIDGE_ENTER', { ...ofEar, call, peer: supervisor }),
    row('HANGUP', { ...ofEar, call }),
    row('CHAN_END', { ...ofEar, call }),
    ...end(),
  ]
  t.strictSame(answersIn(rows), [[call, 'agent01']])
  t.end()
})

t.test('a supervisor who joins does not become the agent of the call', (t) => {
  const rows = [
    ...conversation(),
    row('BRIDGE_ENTER', { ...ofSupervisor, peer: `${trunk},${agent}` }),
    // The caller was on hold meanwhile.
    row('BRIDGE_ENTER', { peer: `${supervisor},${agent}` }),
    ...end(),
  ]
  t.strictSame(answersIn(rows), [[call, 'agent01']])
  t.end()
})
