import t from 'tap'
import type { TransferTargets, TransferView } from '../../../src/http/transfer/wire.ts'
import { endedCalls } from '../../../src/ui/agent/fresh-lists.ts'
import { shownTransfers } from '../../../src/ui/agent/transfer/shown-transfers.ts'
import { askedIn, onlyMatch, targetsWith } from '../../../src/ui/agent/transfer/targets.ts'
import { liveCall } from '../views.ts'

const targets: TransferTargets = {
  queues: [
    { id: 'general', name: 'Informații generale', waiting: 2, free: 0, atWork: 0 },
    { id: 'taxe', name: 'Taxe și impozite', waiting: 0, free: 1, atWork: 2 },
  ],
  colleagues: [
    { id: 'a1', name: 'Ștefan Țăranu', state: 'talking', free: false },
    { id: 'a2', name: 'Zoe Pop', state: 'ready', free: true },
    { id: 'a3', name: 'Ana Pop', state: 'ready', free: true },
  ],
}
const names = new Map(targets.queues.map(({ id, name }) => [id, name]))
const contacts = [
  { id: 'urbanism', name: 'Urbanism', number: '+40256408300', language: null },
  { id: 'interpret', name: 'Interpret de maghiară', number: null, language: 'hu' },
]
const found = (text: string) => targetsWith(text, targets, contacts, (id) => names.get(id) ?? id)
const keys = (text: string) => found(text).map(({ key }) => key)

t.test('queues come first, contacts last, and in each kind whoever can take the caller', async (t) => {
  t.same(keys(''), [
    'queue-taxe',
    'queue-general',
    'agent-a3',
    'agent-a2',
    'agent-a1',
    'contact-interpret',
    'contact-urbanism',
  ])
  t.same(
    found('').map(({ open }) => open),
    [true, false, true, true, false, true, true],
  )
})

t.test('colleagues and contacts can be asked, queues cannot', async (t) => {
  t.same(
    askedIn(found('')).map(({ kind }) => kind),
    ['colleague', 'colleague', 'colleague', 'contact', 'contact'],
  )
})

t.test('a contact is found by name, and by its number as it is spoken', async (t) => {
  t.same(keys('maghiara'), ['contact-interpret'])
  t.same(keys('450'), [], 'an interpreter’s number is on the server alone')
  t.same(keys('0256 408'), ['contact-urbanism'])
  t.same(keys('4'), [], 'one digit is no number')
})

t.test('a name is found by a part of it, without diacritics', async (t) => {
  t.same(keys('taranu'), ['agent-a1'])
  t.same(keys('informatii'), ['queue-general'])
  t.same(keys('nimic'), [])
})

t.test('Enter takes the only match, and never a closed one', async (t) => {
  t.equal(onlyMatch(found('taxe'))?.key, 'queue-taxe')
  t.equal(onlyMatch(found('pop')), null, 'two match')
  t.equal(onlyMatch(found('taranu')), null, 'closed')
})

t.test('a transfer is shown until it has come to something, and a moment longer', async (t) => {
  const at = Date.parse('2026-11-24T08:00:00.000Z')
  const sent = (
    callId: string,
    state: TransferView['state'],
    agoMs: number,
    agent: TransferView['agent'] = null,
  ): [string, TransferView] => [
    callId,
    {
      callId,
      to: { id: 'taxe', name: 'Taxe' },
      toQueue: true,
      external: false,
      why: null,
      state,
      agent,
      since: new Date(at - agoMs).toISOString(),
    },
  ]
  const me = { id: 'a1', name: 'Ștefan Țăranu' }
  const shown = (onDesk: string | null) =>
    shownTransfers(
      new Map([
        sent('waits', 'waiting', 300_000),
        sent('just', 'taken', 5_000, { id: 'a2', name: 'Zoe Pop' }),
        sent('past', 'taken', 60_000),
        sent('left', 'left', 60_000),
        sent('back', 'returning', 1_000),
        sent('mine', 'over', 2_000, me),
      ]),
      { me: me.id, onDesk },
      at,
    ).map(({ callId }) => callId)
  t.same(shown(null), ['back', 'just', 'waits'])
  t.same(shown('back'), ['just', 'waits'], 'the card of the call says so')
})

t.test('the lists follow the end of one’s own call, and of one that was sent on', async (t) => {
  const call = liveCall({ id: 'own', agent: { id: 'a1', name: 'Ștefan Țăranu' } })
  const went = (state: TransferView['state']) =>
    new Map([
      [
        'sent',
        {
          callId: 'sent',
          to: { id: 'taxe', name: 'Taxe' },
          toQueue: true,
          external: false,
          why: null,
          state,
          agent: null,
          since: '',
        },
      ],
    ])
  t.equal(
    endedCalls({ ended: { call, outcome: 'answered', endedBy: null }, transfers: went('over') }, 'a1'),
    'own sent',
  )
  t.equal(
    endedCalls({ ended: { call, outcome: 'left', endedBy: null }, transfers: went('taken') }, 'a1'),
    '',
    'both go on',
  )
  t.equal(
    endedCalls({ ended: { call, outcome: 'answered', endedBy: null }, transfers: new Map() }, 'a2'),
    '',
    'a colleague’s',
  )
})
