/** The guide names every type, and its receiver works as it stands there. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { callOutcomes } from '../../../src/core/call.ts'
import { webhookTypes } from '../../../src/city/webhooks/published-events.ts'
import { ask } from '../../../src/documents/exchange.ts'
import { sign } from '../../../src/documents/webhook.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { until } from '../../support/until.ts'
import { secret } from '../../support/webhook-receiver.ts'

const guide = readFileSync(new URL('../../../docs/guides/webhooks.md', import.meta.url), 'utf8')

t.test('each type has its row and an example', async (t) => {
  for (const type of webhookTypes) {
    t.match(guide, `| \`${type}\` |`)
    t.match(guide, `{ "type": "${type}"`)
  }
})

t.test('the row of the end names each outcome', async (t) => {
  const row = guide.split('\n').find((text) => text.startsWith('| `call.ended` |')) ?? ''
  // No call ends so yet.
  const planned: readonly string[] = ['callback']
  for (const outcome of callOutcomes.filter((one) => !planned.includes(one))) t.match(row, `\`${outcome}\``)
})

t.test('its receiver takes what is signed, each message once, and nothing else', async (t) => {
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(guide) ?? []
  const port = await freePort('127.0.0.1')
  const file = join(t.testdir({ 'receiver.mjs': code }), 'receiver.mjs')
  const env = { ...process.env, WEBHOOK_SECRET: secret, PORT: String(port) }
  const receiver = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => receiver.kill('SIGKILL'))
  let printed = ''
  receiver.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const body = JSON.stringify({ type: 'call.queued', data: { queue: 'Informații' } })
  const later = JSON.stringify({ type: 'call.queued', data: { queue: 'Taxe' } })
  const post = async (headers: object, text = body) => {
    const answer = await ask({
      url: `http://127.0.0.1:${port}/`,
      headers: { ...headers },
      body: text,
      withinMs: 5_000,
    })
    return answer.reached ? answer.status : null
  }
  await until(async () => (await post(sign(secret, 'evt_1', body, Date.now()))) === 204)
  t.equal(await post(sign(secret, 'evt_1', body, Date.now())), 204)
  t.equal(await post(sign(secret, 'evt_2', body, Date.now() - 400_000)), 401, 'too old')
  t.equal(await post(sign(secret, 'evt_2', body, Date.now()), `${body} `), 401, 'altered')
  t.equal(await post(sign(`whsec_${'A'.repeat(44)}`, 'evt_2', body, Date.now())), 401, 'another secret')
  t.equal(await post({}), 401, 'unsigned')
  t.equal(await post(sign(secret, 'evt_2', later, Date.now()), later), 204)
  // The output of another process may arrive after its answer.
  await until(() => printed.includes('Taxe'))
  t.equal(printed.match(/call\.queued/g)?.length, 2)
})
