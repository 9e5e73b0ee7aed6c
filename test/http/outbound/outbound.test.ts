/** Calls to citizens: whose number an agent may call, and the refusals. */
import t from 'tap'
import type { AcdEvent } from '../../../src/core/acd-event.ts'
import { deskRefusals } from '../../../src/core/desk-command.ts'
import type { AgentId } from '../../../src/core/ids.ts'
import { numberRefusals } from '../../../src/core/phone-number.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { lampForm, someone, someRequest } from '../../ledger/requests/fixtures.ts'
import { serve } from '../serve.ts'
import { agentAt, offerOf, Story } from '../states.ts'

const at = Date.parse('2026-11-24T10:00:00Z')
let calls = 0
const storyOf = (number: string | null): Story => new Story(`pbx1-5.${++calls}`, at - 60_000, number)

/** A conversation that this agent has had. */
function talked(story: Story, agent: AgentId): AcdEvent[] {
  return [
    story.arrives(),
    story.waits(at - 59_000),
    story.rings(agent, at - 58_000),
    story.talks(agent, at - 57_000),
    story.ends(at - 50_000, 'answered', agent),
  ]
}

/** A call that rang this agent in vain. */
function missed(story: Story, agent: AgentId): AcdEvent[] {
  const offer = offerOf(story.id, agent, at - 58_000)
  const after = agentAt(agent, at - 50_000)
  const of = { subject: 'agent', id: agent, after } as const
  return [
    story.arrives(),
    story.rings(agent, at - 58_000),
    { ...of, seq: 1, at: at - 58_000, event: { type: 'Offered', call: story.id, offer } },
    story.ends(at - 50_000, 'abandoned'),
    { ...of, seq: 2, at: at - 50_000, event: { type: 'OfferEnded', offer: offer.id, end: 'withdrawn' } },
  ]
}

t.test('an agent calls a number that they type', async (t) => {
  const { ask, signIn, line } = await serve(t)
  const as = await signIn('agent01')
  const call = (body: object, cookie = as) => ask('POST', '/api/me/call-out', { as: cookie, body })
  t.equal((await call({ number: '0722 000 111' })).status, 200)
  t.equal(line.asked.at(-1), 'callOut 0722 000 111 null')
  for (const body of [
    {},
    { number: '' },
    { number: '1'.repeat(41) },
    { call: '' },
    { number: '1', call: 'c' },
  ])
    t.equal((await call(body)).status, 400, JSON.stringify(body))
  for (const other of ['super', 'audit'] as const)
    t.equal((await call({ number: '0722000111' }, await signIn(other))).status, 403, other)
  for (const refusal of [...numberRefusals, 'too many calls', 'in a call'] as const) {
    t.ok(deskRefusals.includes(refusal))
    line.refusal = refusal
    const { status, json } = await call({ number: '0722000111' })
    t.equal(status, 409, refusal)
    t.match(json['detail'], /^\p{Lu}.+\.$/u, refusal)
  }
})

t.test(
  'they call back whom they have talked with, and whom they have missed today; nobody else',
  async (t) => {
    const { ask, signIn, line, people, db, state } = await serve(t)
    state.now = at
    const [own, other, lost, withheld] = [
      storyOf('+40722000111'),
      storyOf('+40722000222'),
      storyOf('+40722000333'),
      storyOf(null),
    ]
    await writeEvents(db, [
      ...talked(own, people.agent01.id),
      ...talked(other, people.agent02.id),
      ...missed(lost, people.agent01.id),
      ...talked(withheld, people.agent01.id),
    ])
    const as = await signIn('agent01')
    const call = (story: Story) => ask('POST', '/api/me/call-out', { as, body: { call: story.id } })
    t.equal((await call(own)).status, 200)
    t.equal(line.asked.at(-1), `callOut +40722000111 {"call":"${own.id}"}`)
    t.equal((await call(lost)).status, 200)
    t.match(line.asked.at(-1), /^callOut \+40722000333 /)
    const before = line.asked.length
    t.match(await call(other), { status: 403, json: { code: 'needs-reason' } })
    t.match(await ask('POST', '/api/me/call-out', { as, body: { call: 'pbx1-0.0' } }), { status: 404 })
    t.equal(line.asked.length, before, 'nothing reached the line')
    t.equal((await call(withheld)).status, 200)
    t.equal(line.asked.at(-1), `callOut null {"call":"${withheld.id}"}`, 'which the desk refuses')
  },
)

t.test('they call the petitioner of a request that they may see', async (t) => {
  const { ask, signIn, line, people, db } = await serve(t)
  const own = await someRequest(db, { agent: people.agent01.id })
  const other = await someRequest(db, { agent: people.agent02.id })
  const nameless = await someRequest(db, { agent: people.agent01.id, form: lampForm({ person: null }) })
  const as = await signIn('agent01')
  const call = (request: string) => ask('POST', '/api/me/call-out', { as, body: { request } })
  t.equal((await call(own)).status, 200)
  t.equal(line.asked.at(-1), `callOut ${someone.phone} {"request":"${own}"}`)
  t.equal((await call(nameless)).status, 200)
  t.equal(line.asked.at(-1), `callOut null {"request":"${nameless}"}`, 'which the desk refuses')
  const before = line.asked.length
  t.equal((await call(other)).status, 403)
  t.equal((await call('CC2026-999999')).status, 404)
  t.equal(line.asked.length, before)
})
