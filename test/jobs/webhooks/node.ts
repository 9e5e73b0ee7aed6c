/** A node that only delivers webhooks, as a process that a test can kill. Its options are the first argument, as JSON. */
import { pino } from 'pino'
import { WebhookDeliveries, type WebhookJobsOptions } from '../../../src/jobs/webhooks/deliveries.ts'
import { openTestDatabase } from '../../support/postgres.ts'

const options = JSON.parse(process.argv[2] ?? '') as Pick<
  WebhookJobsOptions,
  'redisUrl' | 'prefix' | 'databaseUrl' | 'receiver'
>
const db = openTestDatabase(options.databaseUrl, 2)
const openSecret = () => null
new WebhookDeliveries({ ...options, openSecret, db, log: pino({ level: 'silent' }), now: Date.now }).start()
