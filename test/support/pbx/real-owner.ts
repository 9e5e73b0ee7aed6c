/** The real owner over an adapter, on a real Redis. */
import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import type { Test } from 'tap'
import { Owner } from '../../../src/acd/owner.ts'
import type { Pbx } from '../../../src/acd/ports.ts'
import { systemClock } from '../../../src/clock.ts'
import { noWords } from '../../../src/core/announcements/own-words.ts'
import type { MenuTree } from '../../../src/core/configuration/menu.ts'
import type { AnnouncementSetting, CallbackSetting } from '../../../src/core/configuration/schema.ts'
import { usualPauses } from '../../../src/core/configuration/pauses.ts'
import { QueueId } from '../../../src/core/ids.ts'
import { newQueue, type Queue } from '../../../src/core/queue.ts'
import { redisLease } from '../../../src/redis/lease.ts'
import { redisAcdStore } from '../../../src/redis/store.ts'
import { rules } from '../../core/samples.ts'
import { testRedis } from '../redis.ts'
import { agent } from './asterisk.ts'

interface LineOptions {
  readonly menu?: MenuTree | null
  readonly others?: readonly Queue[]
  /** Of the queue that callers are in. */
  readonly announce?: AnnouncementSetting
  readonly callback?: CallbackSetting
  /** The number is closed, and its callers may leave a message. */
  readonly isClosed?: boolean
}

export async function realOwner(
  t: Test,
  pbx: Pbx,
  names: readonly string[],
  { menu = null, others = [], announce, callback, isClosed = false }: LineOptions = {},
): Promise<Owner> {
  const redis = await testRedis(t)
  const keys = redis.keys()
  const connection = redis.connect({ commandTimeoutMs: 1_000 })
  const lease = redisLease(connection, keys, { node: 'one', clock: systemClock })
  const queue: Queue = {
    ...newQueue(QueueId('city'), 'Primărie'),
    ...(announce === undefined ? {} : { announce }),
    ...(callback === undefined ? {} : { callback }),
  }
  const agents = names.map((name) => ({ ...agent(name), skills: { city: 1 } }))
  const owner = new Owner({
    pbx,
    lease,
    store: redisAcdStore(connection, keys, () => lease.token()),
    directory: {
      agents: () => agents,
      queues: () => [queue, ...others],
      pauses: () => ({ offered: usualPauses, former: [] }),
      outbound: () => null,
      contacts: () => [],
      callerNotices: () => [],
      blockOf: () => null,
      numbers: () => [
        {
          number: '969',
          also: [],
          queue: queue.id,
          hours: null,
          menu: null,
          closed: isClosed ? 'voicemail' : 'message',
          answer: null,
          closingGraceMs: null,
          words: noWords,
        },
      ],
      menuOf: () => menu,
      queueOf: () => queue,
      agentByUsername: (username) => agents.find((one) => one.username === username),
      onChange: () => undefined,
    },
    spool: { add: () => undefined, withdraw: () => undefined },
    lastRecorded: () => Promise.resolve({ calls: new Map(), agents: new Map() }),
    recordings: { finish: () => Promise.resolve() },
    rules: {
      ...rules,
      greeting: false,
      wrapUpMs: 0,
      ringTimeoutMs: 15_000,
      closingGraceMs: 60_000,
      voicemailMaxMs: 20_000,
    },
    opening: () =>
      isClosed ? { open: false, opensAt: null, closedAt: null } : { open: true, closesAt: null },
    hasSound: () => true,
    clock: systemClock,
    newId: randomUUID,
    meter: { committed: () => undefined, performed: () => undefined, alarm: () => undefined },
    log: pino({ level: process.env['LINIA_TEST_LOG'] ?? 'silent' }),
    lost: () => undefined,
  })
  t.teardown(async () => {
    await owner.stop()
    connection.disconnect()
  })
  await owner.start()
  return owner
}
