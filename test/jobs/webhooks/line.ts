/** A ledger with a receiver of webhooks that listens, and as many delivering nodes as a test starts. */
import { Writable } from 'node:stream'
import { pino } from 'pino'
import type { Test } from 'tap'
import type { AcdCallEvent } from '../../../src/core/acd-event.ts'
import { CallId } from '../../../src/core/ids.ts'
import { WebhookDeliveries, type WebhookJobsOptions } from '../../../src/jobs/webhooks/deliveries.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import type { Database } from '../../../src/ledger/database.ts'
import { sealWith } from '../../../src/people/sign-in/sealed.ts'
import { openedSecret } from '../../../src/people/webhooks/receivers.ts'
import { callEvents } from '../../ledger/fixtures.ts'
import { testDatabase } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import { Receiver, secret, type Message } from '../../support/webhook-receiver.ts'

let prefixes = 0
let calls = 0
/** The types of a whole call, in their order. */
export const ofCall = ['call.queued', 'call.offered', 'call.answered', 'call.ended']
export const seal = sealWith('seals the secrets of the tests, long enough', 'webhooks')

/** The settings name the receiver, unless a test changes that. */
export async function webhookLine(t: Test, redisUrl: string) {
  const database = await testDatabase(t)
  const { db } = database
  prefixes += 1
  const lines: string[] = []
  const log = pino(
    { level: 'info' },
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk.toString())
        done()
      },
    }),
  )
  const clock = { aheadMs: 0 }
  const now = () => Date.now() + clock.aheadMs
  const receiver = new Receiver(now)
  await receiver.listen()
  t.teardown(() => receiver.close())
  const settingsReceiver = { url: receiver.url, secret, withNumber: false }
  const options: WebhookJobsOptions = {
    redisUrl,
    prefix: `webhooks-${prefixes}`,
    db,
    databaseUrl: database.appUrl,
    receiver: settingsReceiver,
    openSecret: (sealed, of) => openedSecret(seal, sealed, of),
    log,
    now,
    sweepEveryMs: 3_600_000,
    againAfterMs: 50,
  }
  function node(change: Partial<WebhookJobsOptions> = {}): WebhookDeliveries {
    const deliveries = new WebhookDeliveries({ ...options, ...change })
    t.teardown(() => deliveries.close())
    deliveries.start()
    return deliveries
  }
  /** A node that is listening, so that what happens from now on is listed. */
  async function ready(change: Partial<WebhookJobsOptions> = {}): Promise<WebhookDeliveries> {
    const deliveries = node(change)
    await until(async () => (await db.selectFrom('webhook_receivers').select('id').execute()).length === 1)
    return deliveries
  }
  const unsent = async () => (await db.selectFrom('webhook_unsent').select('id').execute()).length
  return { ...database, options, settingsReceiver, clock, lines, receiver, node, ready, unsent }
}

/** The id of the next call that is recorded. */
export const nextCall = (): CallId => CallId(`pbx1-1790000000.${calls + 1}`)

/** A whole call goes on record. Returns its id. */
export async function record(
  db: Database,
  change: (events: AcdCallEvent[]) => AcdCallEvent[] = (same) => same,
) {
  const id = nextCall()
  calls += 1
  await writeEvents(db, change(callEvents({ id })))
  return id
}

export const lineOf = (messages: readonly Message[], call: string) =>
  messages.filter(({ data }) => data.call === call)
