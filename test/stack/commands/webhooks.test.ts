import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { lateAfterMs } from '../../../src/city/webhooks/backoff.ts'
import { eventTypesOf, webhookTypes } from '../../../src/city/webhooks/published-events.ts'
import { readSettings } from '../../../src/config.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { listFor } from '../../../src/ledger/webhooks/unsent.ts'
import { wrongAtWebhooks } from '../../../src/stack/commands/webhook-state.ts'
import { callEvents } from '../../ledger/fixtures.ts'
import { testCluster } from '../../support/postgres.ts'
import { home } from '../backup/home.ts'
import { bound, command, environment } from '../programs.ts'

testCluster(t)

t.test('doctor reports a receiver of webhooks that takes nothing', bound, async (t) => {
  const { db, env } = await home(t)
  const settings = readSettings({
    ...env,
    WEBHOOK_URL: 'https://crm.primaria.example/969',
    WEBHOOK_SECRET_FILE: '/etc/linia/webhook-secret',
  })
  await listFor(db, 'default', eventTypesOf(webhookTypes))
  await writeEvents(db, callEvents({ id: 'pbx1-1790000000.1' }))
  t.same(await wrongAtWebhooks(settings), [], 'it has just been recorded')
  t.match(await wrongAtWebhooks(settings, Date.now() + lateAfterMs + 1_000), [
    /^5 webhooks have not been taken, the oldest since 20\S+Z: is https:\/\/crm\.primaria\.example answering\?$/,
  ])
})

t.test('a start with a wrong secret file ends with a sentence that names it', bound, async (t) => {
  const file = join(t.testdir({ secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}` }), 'secret')
  chmodSync(file, 0o644)
  const env = await environment(t)
  const webhook = { WEBHOOK_URL: 'https://crm.primaria.example/969', WEBHOOK_SECRET_FILE: file }
  const { code, output } = await command({ ...env, ...webhook }, ['run.ts'])
  t.equal(code, 1)
  t.match(output, `WEBHOOK_SECRET_FILE: "${file}" is not accepted; expected a file with whsec_`)
  t.match(output, /which this user may read and others may not \(chmod 600\)/)
})
