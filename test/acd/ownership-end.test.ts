/** An ownership that ends in the moment in which it begins: real Asterisk and Redis. */
import { pino } from 'pino'
import t from 'tap'
import { acdClock, systemClock } from '../../src/clock.ts'
import { readConfig } from '../../src/config.ts'
import { usualPauses } from '../../src/core/configuration/pauses.ts'
import { QueueId } from '../../src/core/ids.ts'
import { newQueue } from '../../src/core/queue.ts'
import type { Spool } from '../../src/ledger/calls/spool.ts'
import type { Database } from '../../src/ledger/database.ts'
import { espeakSpeech } from '../../src/asterisk/speech/espeak.ts'
import { openOwnership, type OwnershipDeps, type WiredOwnership } from '../../src/ownership.ts'
import type { RedisLedgerSource } from '../../src/redis/ledger-source.ts'
import { startAsterisk } from '../support/pbx/asterisk.ts'
import { testRedis } from '../support/redis.ts'

const secret = 's'.repeat(32)

void t.test('closed while it is reconciled, it starts nothing that would outlive it', async (t) => {
  const [redis, asterisk] = await Promise.all([testRedis(t), startAsterisk(t)])
  const { secrets, http, ami } = asterisk.options
  const read = readConfig({
    VAR_DIR: t.testdir({ log: {} }),
    DATABASE_URL: 'postgres://linia:none@127.0.0.1:1/none',
    REDIS_URL: redis.url,
    ARI_URL: `http://${secrets.ariUser}:${secrets.ariPassword}@${http.host}:${http.port}`,
    AMI_URL: `ami://${secrets.amiUser}:${secrets.amiPassword}@${ami.host}:${ami.port}`,
    SESSION_SECRET: secret,
    FACTOR_KEY: secret,
    PHONE_SECRET: secret,
    JOURNAL_KEY: secret,
    PERSON_KEY: secret,
  })
  const { etcDir, soundsDir, celFile } = asterisk.layout
  const config = { ...read, paths: { ...read.paths, asteriskEtc: etcDir, sounds: soundsDir, cel: celFile } }
  const queue = newQueue(QueueId('city'), 'Primărie')
  const directory: OwnershipDeps['directory'] = {
    agents: () => [],
    queues: () => [queue],
    pauses: () => ({ offered: usualPauses, former: [] }),
    outbound: () => null,
    contacts: () => [],
    callerNotices: () => [],
    blockOf: () => null,
    numbers: () => [],
    menuOf: () => null,
    texts: () => [],
    queueOf: () => queue,
    agentByUsername: () => undefined,
    onChange: () => undefined,
  }
  const nothing = { calls: new Map(), agents: new Map() }
  let closing: Promise<void> | undefined
  const log = pino(
    { level: 'info' },
    {
      write(line) {
        if (line.includes('"msg":"reconciled"')) closing = ownership.close()
      },
    },
  )
  const ownership: WiredOwnership = openOwnership({
    again: false,
    config,
    log,
    keys: redis.keys(),
    clock: acdClock(systemClock),
    // Without a database the last numbers are not known, which only is logged.
    db: {} as Database,
    directory,
    spool: {
      add: () => undefined,
      withdraw: () => undefined,
      lastRecorded: () => nothing,
    } as unknown as Spool,
    recordings: { finish: () => Promise.resolve() },
    speech: espeakSpeech,
    isRecorded: () => false,
    source: { lag: () => Promise.resolve(0), trim: () => Promise.resolve() } as unknown as RedisLedgerSource,
    meter: { committed: () => undefined, performed: () => undefined, alarm: () => undefined },
    closedOn: () => new Set(),
    sipPassword: () => secret,
    ledgerWorks: () => false,
    reachesPbx: () => true,
  })
  t.equal(await ownership.serve(), 'closed')
  await closing
  // Its start would go on in a later turn.
  await new Promise((resolve) => setTimeout(resolve, 200))
  t.equal(ownership.owning, null, 'no witness, no timers')
  t.equal(ownership.isOwner(), false)
})
