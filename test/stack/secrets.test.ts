import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { UserError } from '../../src/stack/terminal.ts'
import { loadSecrets } from '../../src/stack/secrets.ts'

t.test('secrets are kept, and those that a newer version needs are added', async (t) => {
  const file = join(t.testdir(), 'secrets.json')
  const first = await loadSecrets(file)
  t.strictSame(await loadSecrets(file), first)
  const { phones: _, ...older } = first
  await writeFile(file, JSON.stringify(older))
  const upgraded = await loadSecrets(file)
  t.equal(upgraded.session, first.session)
  t.match(upgraded.phones, /^[\w-]{43}$/)
})

t.test('damaged secrets are reported and not replaced', async (t) => {
  const file = join(t.testdir({ 'secrets.json': '{"session": ' }), 'secrets.json')
  await t.rejects(loadSecrets(file), UserError)
  t.equal(await readFile(file, 'utf8'), '{"session": ')
})
