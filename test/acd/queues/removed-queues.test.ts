/** A queue that is removed hands its callers on; one that is changed is so for those who wait in it. */
import t from 'tap'
import { QueueId } from '../../../src/core/ids.ts'
import { handOn } from '../../../src/acd/queues/removed-queues.ts'
import { newQueue } from '../../../src/core/queue.ts'
import { testRedis } from '../../support/redis.ts'
import { soon } from '../../support/until.ts'
import { Stage } from '../stage.ts'

const redis = await testRedis(t)
const other = { ...newQueue(QueueId('acte'), 'Acte'), skill: 'city' }

void t.test(
  'a caller who waits in it goes where their number leads, and keeps the time of entry',
  async (t) => {
    const stage = new Stage(t, redis, ['ana'])
    const server = await stage.server().start()
    stage.asterisk.arrive('c1', { callerNumber: '0256555111' })
    const { queuedAt } = await server.phase('c1', 'waiting')
    stage.reconfigure(other)
    stage.second()
    t.equal(server.call('c1')?.queue, 'acte')
    t.match(server.call('c1'), { phase: 'waiting', queuedAt })
    const moves = () =>
      stage.events.filter(({ event }) => event.type === 'CallMoved').map(({ event }) => event)
    // An event leaves once its state is kept.
    await soon(() => moves().length > 0)
    await server.work('ana')
    t.match(await server.phase('c1', 'ringing'), { offer: { agent: 'ana' } })
    t.match(moves(), [{ type: 'CallMoved', queue: 'acte', by: null }], 'once')
  },
)

void t.test('one for whom a colleague is reserved is left to that colleague', (t) => {
  const moved: string[] = []
  const handOnCallsIn = (numbers: readonly unknown[]) =>
    handOn(
      {
        calls: () =>
          [
            { id: 'c1', phase: 'waiting', line: '969', queue: 'gone', reservedFor: { agent: 'ion' } },
            { id: 'c2', phase: 'waiting', line: '969', queue: 'gone', reservedFor: null },
            { id: 'c3', phase: 'talking', line: '969', queue: 'gone' },
          ].map((value) => ({ value })),
      } as never,
      { queues: () => [other], numbers: () => numbers, queueOf: () => other } as never,
      { apply: (id: string) => Promise.resolve(moved.push(id)) } as never,
    )
  handOnCallsIn([{}])
  t.same(moved, ['c2'])
  handOnCallsIn([])
  t.same(moved, ['c2'], 'nobody is moved by a configuration that could not be read')
  t.end()
})

void t.test('so does one whose phone rings in it, should nobody answer', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('c1', { callerNumber: '0256555111' })
  await server.phase('c1', 'ringing')
  stage.reconfigure(other)
  await server.owner.desk.perform({ do: 'signOut', agent: server.agent('ana').id })
  await server.phase('c1', 'waiting')
  stage.second()
  t.equal(server.call('c1')?.queue, 'acte')
  t.equal(server.agent('ana').state, 'signed out')
})

void t.test(
  'priority and ageing are those of the configuration in force, for those who wait too',
  async (t) => {
    const stage = new Stage(t, redis, ['ana'])
    const [city, urgent] = [
      { ...newQueue(QueueId('city'), 'Informații'), priority: 20 },
      { ...newQueue(QueueId('urgent'), 'Urgențe'), skill: 'city', priority: 10 },
    ] as const
    stage.reconfigure(city, urgent)
    const server = await stage.server().start()
    stage.asterisk.arrive('early', { callerNumber: '0256555111' })
    await server.phase('early', 'waiting')
    stage.reconfigure(urgent, city)
    stage.asterisk.arrive('late', { callerNumber: '0256555222' })
    t.equal((await server.phase('late', 'waiting')).queue, 'urgent')
    stage.reconfigure({ ...city, priority: 5 }, urgent)
    await server.work('ana')
    t.match(await server.phase('early', 'ringing'), { offer: { agent: 'ana' } })
  },
)
