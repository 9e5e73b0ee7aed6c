/** A node that only delivers webhooks, as a process that a test can kill. Its options are the first argument, as JSON. */
import { pino } from 'pino'
import { WebhookDeliveries, type WebhookJobsOptions } from '../../../src/jobs/webhooks/deliveries.ts'
import { openDatabase } from '../../../src/ledger/database.ts'

const options = JSON.parse(process.argv[2] ?? '') as Pick<
  WebhookJobsOptions,
  'redisUrl' | 'prefix' | 'databaseUrl' | 'receiver'
>
const db = openDatabase({ url: options.databaseUrl, connectionsMax: 2 })
new WebhookDeliveries({ ...options, db, log: pino({ level: 'silent' }), now: Date.now }).start()
