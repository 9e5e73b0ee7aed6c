/** The caller's earlier calls in the live feed: only for agents who have signed the agreement. */
import t from 'tap'
import { addAccount } from '../../../src/people/accounts.ts'
import { attack } from '../../support/attack.ts'
import { quickHash } from '../../support/passwords.ts'
import { finishedCall } from '../access/finished-call.ts'
import { cookieIn, password, serve } from '../serve.ts'
import { agentAt, agentChange, Story } from '../states.ts'

await attack(
  t,
  {
    attack: 'an agent without a signed agreement reads the caller’s earlier calls in the live feed',
    before:
      'the feed had three earlier calls with time, outcome and agent, with the offer and in the snapshot',
    now: 'the call alone; the earlier ones come once the agreement is signed, and end with a new text',
  },
  async (t) => {
    const served = await serve(t)
    const { db, ask, live, line, people } = served
    const person = {
      username: 'nesemnat',
      name: 'Nou Venit',
      employer: 'Primăria',
      roles: ['agent' as const],
    }
    const added = await addAccount(db, { ...person, password }, quickHash)
    if (!added.ok) throw new Error(added.why)
    const { account } = added
    const as = cookieIn(await ask('POST', '/api/session', { body: { username: 'nesemnat', password } }))
    const number = '+40722300901'
    for (let calls = 0; calls < 3; calls += 1) await finishedCall(db, { agent: people.agent02.id, number })

    const offered = await live(as)
    await offered.next('snapshot')
    // A colleague who has signed has the earlier calls read.
    const colleague = await live(await served.signIn('agent01'))
    await colleague.next('snapshot')
    const at = Date.now()
    const story = new Story('pbx1-7.1', at, number)
    line.emit(story.arrives(), story.waits(at))
    line.emit(
      story.rings(account.id, at),
      agentChange(agentAt(account.id, at, { state: 'offered', call: story.id })),
    )
    await offered.next('agent', ({ state }) => state === 'offered')
    // By the beat after next, two seconds apart, they have been read.
    for (let beats = 0; beats < 2; beats += 1) await offered.next('beat', () => true, offered.seen.length)
    const again = await live(as)
    const { data } = await again.next('snapshot')
    t.match(data.calls, [{ id: story.id }], 'the call must be seen to be answered')
    t.equal(data.context, null)
    await again.next('beat')
    const resumed = await live(as, '', offered.lastEventId ?? '')
    await resumed.next('beat')
    for (const feed of [offered, again, resumed])
      t.notOk(
        feed.seen.some(({ name }) => name === 'context'),
        'no earlier calls',
      )

    const shown = await ask('GET', '/api/me/agreement', { as })
    const body = { digest: shown.json['digest'], name: account.name }
    t.equal((await ask('POST', '/api/me/agreement', { as, body })).status, 200)
    await Promise.all([offered.end(), again.end(), resumed.end()])
    const signed = await live(as)
    const { previousCount } =
      (await signed.next('snapshot')).data.context ?? (await signed.next('context')).data
    t.equal(previousCount, 3)

    const admin = await served.signIn('admin')
    const text = 'Alt text pentru {nume}, {angajator}'
    const { status } = await ask('POST', '/api/agreement', { as: admin, body: { after: 1, text } })
    t.equal(status, 200)
    await signed.end()
    t.equal((await (await live(as)).next('snapshot')).data.context, null, 'a new text binds')
  },
)
