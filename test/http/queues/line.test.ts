import t from 'tap'
import { Value } from 'typebox/value'
import { LineNow } from '../../../src/http/queues/wire.ts'
import { cityNumber } from '../city-number.ts'
import { serve } from '../serve.ts'

const at = (iso: string): number => Date.parse(iso)
// 12:00 in the city, on a Tuesday.
const now = at('2026-12-01T10:00:00.000Z')

const notice = (id: number, from: string, until: string) => ({
  id,
  text: `Anunțul ${id}.`,
  queues: [],
  from: at(from),
  until: at(until),
  daily: null,
})

t.test('what is set on the line now, out of the memory of the node', async (t) => {
  const numbers = [
    cityNumber('969', 'Mon-Fri 08:00-20:00'),
    cityNumber('0256408300', 'Mon-Fri 14:00-16:00'),
    cityNumber('0256408301', null),
    cityNumber('0256408302', 'Mon 08:00-09:00'),
  ]
  const directory = {
    agents: () => [],
    contacts: () => [],
    queues: () => [],
    onChange: () => undefined,
    numbers: () => numbers,
    callerNotices: () => [
      notice(1, '2026-12-01T08:00:00Z', '2026-12-01T09:00:00Z'),
      notice(2, '2026-12-01T08:00:00Z', '2026-12-01T18:00:00Z'),
      { ...notice(3, '2026-12-02T06:00:00Z', '2026-12-04T14:00:00Z'), daily: { from: 480, to: 1_440 } },
    ],
  }
  const { ask, signIn, state } = await serve(t, {
    directory: directory as never,
    blockedNumbers: (moment) => (moment === now ? 3 : 0),
  })
  const as = await signIn('super')
  state.now = now
  const { status, json } = await ask('GET', '/api/line', { as })
  t.equal(status, 200)
  t.ok(Value.Check(LineNow, json))
  t.same(json, {
    numbers: [
      { number: '969', isOpen: true, changesAt: '2026-12-01T18:00:00.000Z' },
      { number: '0256408300', isOpen: false, changesAt: '2026-12-01T12:00:00.000Z' },
      { number: '0256408301', isOpen: true, changesAt: null },
      { number: '0256408302', isOpen: false, changesAt: '2026-12-07T06:00:00.000Z' },
    ],
    notices: [
      {
        id: 2,
        text: 'Anunțul 2.',
        from: '2026-12-01T08:00:00.000Z',
        until: '2026-12-01T18:00:00.000Z',
        daily: null,
      },
      {
        id: 3,
        text: 'Anunțul 3.',
        from: '2026-12-02T06:00:00.000Z',
        until: '2026-12-04T14:00:00.000Z',
        daily: { from: '08:00', to: '00:00' },
      },
    ],
    blocked: 3,
  })
})

t.test('nobody but a supervisor reads it', async (t) => {
  const { ask, signIn } = await serve(t)
  for (const person of ['agent01', 'admin', 'audit', 'edit'] as const)
    t.equal((await ask('GET', '/api/line', { as: await signIn(person) })).status, 403, person)
})
