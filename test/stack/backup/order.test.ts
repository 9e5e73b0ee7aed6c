/** The order in which a backup copies, while the system goes on. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { openTestDatabase, testCluster } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import { bound } from '../programs.ts'
import { fileOf, home, linia, record } from './home.ts'

testCluster(t)

t.test('heads are copied before the database, recordings after it', bound, async (t) => {
  const from = await home(t)
  const heads = join(from.env['VAR_DIR'] ?? '', 'anchor')
  mkdirSync(heads, { recursive: true })
  writeFileSync(join(heads, '2026-11-24.heads'), 'a head')
  await record(from, 'one')
  const admin = openTestDatabase(from.adminUrl)
  t.teardown(() => admin.destroy())
  const backup = join(from.dir, 'copy')
  const done = await admin.transaction().execute(async (trx) => {
    // The dump waits for this table, and what happens meanwhile happens while the database is copied.
    await sql`lock table public.notes in access exclusive mode`.execute(trx)
    const running = linia(from.env, 'backup', backup)
    await until(async () => {
      const { rows } = await sql`select from pg_locks where not granted and database =
        (select oid from pg_database where datname = current_database())`.execute(trx)
      return rows.length > 0
    })
    writeFileSync(join(heads, '2026-11-25.heads'), 'a head of an entry that the dump may lack')
    await record(from, 'two')
    return [running]
  })
  t.match(await done[0], { code: 0 })
  const { files } = JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8')) as {
    files: { path: string }[]
  }
  t.same(
    files.map(({ path }) => path),
    [
      'anchor/2026-11-24.heads',
      'database.dump',
      `recordings/${fileOf('one')}`,
      `recordings/${fileOf('two')}`,
      'cel/cel.csv',
    ],
    'every head has its entries in the dump, and every recording of the dump its file',
  )
})
