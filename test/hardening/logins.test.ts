/**
 * The rights of each database login on each table, tried out rather than read from the catalogue. Tables,
 * partitions and functions are found in the catalogue, so that new ones are tested, too. The matrix is in the
 * diagnostics.
 */
import { sql } from 'kysely'
import t from 'tap'
import { type Database } from '../../src/ledger/database.ts'
import { openTestDatabase, testDatabase } from '../support/postgres.ts'

/** Tables whose rows the application may change, each with its reason. All others are insert-only. */
const changeable: Readonly<Record<string, string>> = {
  queues: 'configuration: only the present values count',
  lines: 'configuration: only the present values count',
  request_drafts: 'drafts: not requests yet',
  outbox_unsent: 'a work list; completed work is a row of its register',
  webhook_receivers: 'configuration: only the present values count',
  webhook_deliveries: 'a log: the last try of each message, until retention ends it',
  webhook_unsent: 'a work list; each row names one of a register',
  sign_in_tries: 'counts for an hour, so that tries leave no undeletable rows',
  paper_misses: 'counts by day of searches that found nothing',
  refused_sign_ins: 'counts of refused tries by day, network and account',
  factor_uses: 'the highest step that was accepted: no code works twice',
  code_tries: 'counts of wrong codes, deleted by a right one',
  spent_challenges: 'answered challenges, for ten minutes',
  provider_sessions: 'what the identity provider last answered for sessions that are open',
  program_token_uses: 'when each program last asked; what it asked is in the journal',
  phone_epochs: 'counters from which phones’ passwords are derived: only the present ones count',
  cel_progress: 'the read position in Asterisk’s CEL: only avoids reading twice',
}
/** Changeable tables from which retention deletes too. */
const alsoEnds = ['request_drafts', 'refused_sign_ins', 'paper_misses', 'webhook_deliveries']
/** Tables that only the owner's own functions change, each with its reason. */
const owners: Readonly<Record<string, string>> = {
  request_counter: 'the last number of each year, changed only by the functions that register and raise',
  journal_head: 'the end of the tree, changed only by append_to_journal',
  journalled_registers: 'the read position in each register, changed only by journal_rows',
  journalled_runs: 'the read position in each busy register, changed only by journal_row_runs',
  journal_mark: 'the greatest anchored head, changed only by functions that raise it or journal a rollback',
}

const database = await testDatabase(t)
const app = database.db
const retention = openTestDatabase(database.retentionUrl)
const admin = openTestDatabase(database.adminUrl)
t.teardown(() => Promise.all([retention.destroy(), admin.destroy()]).then(() => undefined))

const statements = ['select', 'insert', 'update', 'delete', 'truncate', 'alter', 'drop'] as const
type Statement = (typeof statements)[number]
/** `may`: it succeeded, or failed for another reason than rights. `held`: a trigger of the register prevented it. */
type Outcome = 'may' | 'held' | 'no right'

interface Table {
  /** The name with its schema. */
  readonly name: string
  readonly plain: string
  readonly column: string
  readonly isDetail: boolean
}

const tables = await allTables()
const logins = ['app', 'retention', 'owner'] as const
type Login = (typeof logins)[number]
const connection: Readonly<Record<Login, Database>> = { app, retention, owner: admin }

const found = new Map<string, Readonly<Record<Login, Readonly<Record<Statement, Outcome>>>>>()
for (const table of tables) {
  const row = { app: await tryAll('app', table), retention: await tryAll('retention', table) }
  found.set(table.plain, { ...row, owner: await tryAll('owner', table) })
}

const of = (table: Table, login: Login): Readonly<Record<Statement, Outcome>> => {
  const row = found.get(table.plain)
  if (row === undefined) throw new Error(`${table.name} was not tried`)
  return row[login]
}
const isRegister = ({ plain }: Table): boolean => !(plain in changeable) && !(plain in owners)

t.comment(matrix())

void t.test(
  'the application reads and inserts; it changes only the tables named here with a reason',
  async (t) => {
    for (const table of tables) {
      const may = of(table, 'app')
      const changes = (['update', 'delete', 'truncate', 'alter', 'drop'] as const).filter(
        (statement) => may[statement] === 'may',
      )
      t.same(
        changes.filter((statement) => statement !== 'update' && statement !== 'delete'),
        [],
        `${table.name}: emptied, altered or dropped by the application`,
      )
      if (isRegister(table)) t.same(changes, [], `${table.name} is a register, or give the reason here`)
    }
    const known = new Set(tables.map(({ plain }) => plain))
    t.same(
      [...Object.keys(changeable), ...Object.keys(owners)].filter((name) => !known.has(name)),
      [],
      'no reason for a table that does not exist',
    )
  },
)

void t.test('the login of retention reads and deletes personal details, and nothing else', async (t) => {
  for (const table of tables) {
    const { select, ...rest } = of(table, 'retention')
    const may = Object.entries(rest).flatMap(([statement, outcome]) => (outcome === 'may' ? [statement] : []))
    const ends = table.isDetail || alsoEnds.includes(table.plain)
    t.same(may, ends ? ['delete'] : [], table.name)
    if (ends) t.equal(select, 'may', `${table.name}: it must see what it deletes`)
  }
})

void t.test('even the owner of the tables cannot change or empty a register', async (t) => {
  for (const table of tables.filter(isRegister)) {
    const { update, delete: deleting, truncate } = of(table, 'owner')
    t.same([update, deleting, truncate], ['held', 'held', 'held'], table.name)
  }
})

void t.test('the owner role has no login', async (t) => {
  const row = await sql<{ login: boolean }>`
    select rolcanlogin as login from pg_roles where rolname = ${database.roles.owner}`.execute(admin)
  t.same(row.rows, [{ login: false }])
})

void t.test('a SECURITY DEFINER function sets its search_path, and PUBLIC cannot execute it', async (t) => {
  const functions = await sql<{ name: string; definer: boolean; fixed: boolean; everybody: boolean }>`
    select p.oid::regprocedure::text as name, p.prosecdef as definer,
           exists (select from unnest(p.proconfig) c where c like 'search_path=%') as fixed,
           has_function_privilege('public', p.oid, 'execute') as everybody
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname not in ('pg_catalog', 'information_schema')
      -- Extensions bring functions of their own.
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`.execute(admin)
  t.ok(functions.rows.length > 5)
  for (const { name, definer, fixed, everybody } of functions.rows) {
    t.notOk(everybody, `${name}: everybody may call it`)
    if (definer) t.ok(fixed, `${name}: its search_path is not fixed`)
  }
})

void t.test('no login sets a counter of rows', async (t) => {
  const counters = await sql<{ name: string; may: boolean }>`
    select c.oid::regclass::text as name,
           has_sequence_privilege(${database.roles.app}, c.oid, 'update')
             or has_sequence_privilege(${database.roles.retention}, c.oid, 'update') as may
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'S' and n.nspname not in ('pg_catalog', 'information_schema')`.execute(admin)
  t.same(
    counters.rows.filter(({ may }) => may),
    [],
  )
})

async function allTables(): Promise<readonly Table[]> {
  const found = await sql<Table>`
    select c.oid::regclass::text as name, c.relname as plain,
           (select quote_ident(attname) from pg_attribute
            where attrelid = c.oid and attnum > 0 and not attisdropped
              -- PostgreSQL refuses to write these before it asks for rights.
              and attidentity = '' and attgenerated = ''
            order by attnum limit 1) as "column",
           exists (select from pg_trigger g where g.tgrelid = c.oid and g.tgname = 'a_delete') as "isDetail"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
      and c.relname not like 'kysely%'
    order by 1`.execute(admin)
  return found.rows
}

async function tryAll(login: Login, table: Table): Promise<Readonly<Record<Statement, Outcome>>> {
  const outcomes: Partial<Record<Statement, Outcome>> = {}
  for (const statement of statements) outcomes[statement] = await tried(login, table, statement)
  return outcomes as Record<Statement, Outcome>
}

/** Tries a statement and rolls it back. */
async function tried(login: Login, { name, column }: Table, statement: Statement): Promise<Outcome> {
  const text: Readonly<Record<Statement, string>> = {
    select: `select from ${name} limit 1`,
    insert: `insert into ${name} default values`,
    update: `update ${name} set ${column} = ${column}`,
    delete: `delete from ${name}`,
    truncate: `truncate ${name} cascade`,
    alter: `alter table ${name} disable trigger all`,
    drop: `drop table ${name} cascade`,
  }
  const back = new Error('taken back')
  try {
    await connection[login].transaction().execute(async (trx) => {
      if (login === 'owner') await sql`set local role ${sql.id(database.roles.owner)}`.execute(trx)
      await sql.raw(text[statement]).execute(trx)
      throw back
    })
  } catch (error) {
    if (error === back || !(error instanceof Error) || !('code' in error)) return 'may'
    if (error.code === '42501') return 'no right'
    return error.code === '23001' ? 'held' : 'may'
  }
  return 'may'
}

/** One line per table: the rights of each login. */
function matrix(): string {
  const width = Math.max(...tables.map(({ name }) => name.length))
  const letters: Readonly<Record<Outcome, (statement: Statement) => string>> = {
    may: (statement) => statement.toUpperCase().padEnd(8),
    held: () => 'held'.padEnd(8),
    'no right': () => '·'.padEnd(8),
  }
  const cells = (table: Table, login: Login) =>
    statements.map((statement) => letters[of(table, login)[statement]](statement)).join(' ')
  const head = `${'table'.padEnd(width)}  login      what was tried: done (name), held by a trigger, · no right`
  const lines = tables.flatMap((table) =>
    logins.map(
      (login, index) =>
        `${(index === 0 ? table.name : '').padEnd(width)}  ${login.padEnd(9)}  ${cells(table, login).trimEnd()}`,
    ),
  )
  return [head, ...lines].join('\n')
}
