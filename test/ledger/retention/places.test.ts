/** Each place of a personal value has a term: in the list, in the database and in the documentation. */
import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import t from 'tap'
import { filePlaces, impersonalColumns, tablePlaces } from '../../../src/ledger/retention/places.ts'
import { pastDetails } from '../../../src/ledger/retention/retention.ts'
import { openTestDatabase, testDatabase } from '../../support/postgres.ts'

const database = await testDatabase(t)
const admin = openTestDatabase(database.adminUrl)
t.teardown(() => admin.destroy())

t.test('each column of text or JSON is listed, once, and each listed column exists', async (t) => {
  const { rows } = await sql<{ name: string }>`
    select c.table_name || '.' || c.column_name as name
    from information_schema.columns c join information_schema.tables using (table_schema, table_name)
    where c.table_schema = 'public' and table_type = 'BASE TABLE' and c.table_name not like 'kysely%'
      and (c.data_type in ('text', 'character varying', 'json', 'jsonb', 'inet', 'xml')
           or c.data_type = 'ARRAY' and c.udt_name not in ('_bytea', '_int4', '_int8'))
    order by 1`.execute(admin)
  const there = rows.map(({ name }) => name)
  t.ok(there.length > 100)
  const listed = [
    ...tablePlaces.flatMap(({ table, columns }) => columns.map((column) => `${table}.${column}`)),
    ...Object.entries(impersonalColumns).flatMap(([table, columns]) =>
      columns.map((column) => `${table}.${column}`),
    ),
  ]
  t.strictSame(
    there.filter((name) => !listed.includes(name)),
    [],
    'columns without a term: list them in src/ledger/retention/places.ts',
  )
  t.strictSame(listed.toSorted(), there.toSorted())
})

t.test('retention deletes from each table whose values have a term', async (t) => {
  const limits = { recordedBefore: 0, closedBefore: 0, tracedBefore: 0 }
  const deleted = Object.keys(await pastDetails(database.db, limits))
  const withTerm = tablePlaces
    .filter(({ ends }) => ['details', 'requests', 'logs'].includes(ends))
    .map(({ table }) => table)
  t.strictSame(withTerm.toSorted(), deleted.toSorted())
})

t.test('the documentation has the same list', (t) => {
  const page = readFileSync(new URL('../../../docs/rules/data-protection.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `(.+?)` \| .+ \| (\w+) \|$/gm)].map(
    ([, place, term]) => `${place} ${term}`,
  )
  const places = [
    ...tablePlaces.map(({ table, columns, ends }) => `${table}: ${columns.join(', ')} ${ends}`),
    ...filePlaces.map(({ files, ends }) => `${files} ${ends}`),
  ]
  t.strictSame(rows.toSorted(), places.toSorted())
  t.end()
})
