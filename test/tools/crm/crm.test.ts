/**
 * The example of a CRM, as another program: with a client that is generated from the document of a running server, and
 * without a file of ours. Its types hold; it pops on the offer, and its note is on the record.
 */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { acceptToken, enterToken } from '../../../src/people/programs/tokens.ts'
import { Story } from '../../http/states.ts'
import { serve } from '../../http/serve.ts'
import { redocly } from '../../support/redocly.ts'
import { until } from '../../support/until.ts'

const root = path.join(import.meta.dirname, '../../..')

interface Crm {
  run(options: {
    url: string
    token: string
    signal: AbortSignal
    show: (call: Shown) => void
    noteOn: (call: Shown) => string
  }): Promise<void>
}

interface Shown {
  readonly id: string
  readonly caller: string | null
  readonly agent: { readonly name: string } | null
}

/** The folder with the example and its client, as docs/guides/integrations.md makes it. */
async function generated(t: Test, url: string): Promise<string> {
  const example = path.join(root, 'tools/crm')
  const files = readdirSync(example).map((name) => [name, readFileSync(path.join(example, name), 'utf8')])
  const settings = { extends: path.join(root, 'tsconfig.json'), include: ['*.ts'], exclude: [] }
  const folder = t.testdir({ ...Object.fromEntries(files), 'tsconfig.json': JSON.stringify(settings) })
  await redocly(folder, 'generate-client', `${url}/api/openapi.json`, '--output', 'client.ts')
  return folder
}

/** Fails with the errors that it prints. */
async function checkTypes(folder: string): Promise<void> {
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
  await promisify(execFile)(process.execPath, [tsc, '-p', folder])
}

t.test('the caller is shown once when the call is offered, and noted once it is over', async (t) => {
  const stop = new AbortController()
  // Registered first, so that it comes after the server's end, which would wait for the connection that an aborted `fetch`
  // may open.
  t.teardown(() => stop.abort())
  const { url, db, line, people } = await serve(t)
  const account = people.super.id
  const scopes = ['live:read', 'calls:command'] as const
  const entered = await enterToken(db, { program: 'CRM', account, scopes, days: 1 }, people.admin.id)
  if (!entered.ok) throw new Error(entered.why)
  const accepted = await acceptToken(db, entered.id, account)
  if (!accepted.ok) throw new Error(accepted.why)
  const folder = await generated(t, url)
  await checkTypes(folder)
  const { run } = (await import(path.join(folder, 'crm.ts'))) as Crm
  const shown: string[] = []
  run({
    url,
    token: accepted.token,
    signal: stop.signal,
    show: ({ id, caller, agent }) => shown.push(`${id} ${caller} ${agent?.name}`),
    noteOn: ({ caller }) => `Fișa ${caller}`,
  }).catch((error: unknown) => t.error(error))
  const at = Date.now()
  const agent = people.agent01.id
  const story = new Story('pbx1-77.1', at)
  await until(async () => {
    const used = await db.selectFrom('program_token_uses').select('token').execute()
    return used.length > 0
  })
  const rings = [story.arrives(), story.waits(at), story.rings(agent, at)]
  line.emit(...rings)
  await until(() => shown.length > 0)
  const rest = [story.talks(agent, at + 1_000), story.ends(at + 2_000, 'answered', agent)]
  line.emit(...rest)
  await writeEvents(db, [...rings, ...rest])
  const notes = () => db.selectFrom('note_texts').select('text').execute()
  await until(async () => (await notes()).length > 0)
  t.same(await notes(), [{ text: 'Fișa +40256123456' }])
  t.same(shown, ['pbx1-77.1 +40256123456 Ana Pop'])
})
