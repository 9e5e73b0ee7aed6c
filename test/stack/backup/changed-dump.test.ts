/** Attacks with a backup: a dump is a program, and somebody has changed it. */
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { readSettings } from '../../../src/config.ts'
import { refuseUnfinished } from '../../../src/stack/backup/unfinished-restore.ts'
import { postgresProgram } from '../../../src/stack/backup/dump.ts'
import { attack } from '../../support/attack.ts'
import { openTestDatabase, testCluster } from '../../support/postgres.ts'
import { backedUp, elsewhere, home, linia, type Home } from './home.ts'

testCluster(t)

/** Replaces the dump, and makes the manifest match it. Returns the manifest's digest. */
function replaceDump(backup: string, dump: Buffer): string {
  const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
  writeFileSync(join(backup, 'database.dump'), dump)
  const file = join(backup, 'manifest.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as {
    files: { path: string; bytes: number; sha256: string }[]
  }
  for (const one of manifest.files)
    if (one.path === 'database.dump') Object.assign(one, { bytes: dump.length, sha256: sha256(dump) })
  const text = Buffer.from(JSON.stringify(manifest))
  writeFileSync(file, text)
  return sha256(text)
}

/** A file that only a command run by the database's server would make. */
function trace(t: Test): string {
  const file = join(tmpdir(), `linia-trace-${randomBytes(6).toString('hex')}`)
  t.teardown(() => rmSync(file, { force: true }))
  return file
}

async function noLoginIsLeft(t: Test, { adminUrl }: Pick<Home, 'adminUrl'>, owner: string): Promise<void> {
  const db = openTestDatabase(adminUrl)
  const { rows } =
    await sql`select rolname from pg_roles where starts_with(rolname, ${`${owner}_owner_load_`})`.execute(db)
  await db.destroy()
  t.same(rows, [], 'the login that loaded is gone')
}

// A system and a backup of it, of which each test changes a copy of its own.
const from = await home(t)
const good = await backedUp(t, from)

function aCopy(name: string): string {
  const backup = join(from.dir, name)
  cpSync(good.backup, backup, { recursive: true })
  return backup
}

await attack(
  t,
  {
    attack: 'the statement that loads a table is replaced in the dump by one that runs a command',
    before: 'the command ran on the machine as the user postgres, and the restore ended well',
    now: 'the login that loads may insert and nothing else; the restore fails, and no system starts from it',
  },
  async (t) => {
    const backup = aCopy('other-statement')
    const pwned = trace(t)
    const dump = readFileSync(join(backup, 'database.dump'))
    const at = dump.indexOf('COPY public.account_versions (')
    const end = dump.indexOf('FROM stdin;', at) + 'FROM stdin;'.length
    const evil = `COPY (SELECT 1) TO PROGRAM 'id > ${pwned}';`
    t.ok(at > 0 && evil.length <= end - at)
    dump.write(evil.padEnd(end - at), at)
    const digest = replaceDump(backup, dump)
    const to = await elsewhere(t, from)
    t.match(await linia(to.env, 'restore', backup, '--digest', digest), {
      code: 1,
      // The first from PostgreSQL 16 on, the second before.
      output:
        /permission denied to COPY to or from|must be superuser or have privileges of the pg_execute_server_program/,
    })
    t.notOk(existsSync(pwned), 'no command was run')
    await t.rejects(refuseUnfinished(readSettings(to.env).paths), { message: /A restore here has not ended/ })
    await noLoginIsLeft(t, to, from.name)
  },
)

t.test('a dump that lacks a table is refused', async (t) => {
  const backup = aCopy('without-a-table')
  const dump = spawnSync(
    postgresProgram('pg_dump'),
    ['--format=custom', '--exclude-table-data=calls', from.adminUrl],
    { maxBuffer: 1 << 28 },
  )
  const digest = replaceDump(backup, dump.stdout)
  const to = await elsewhere(t, from)
  t.match(await linia(to.env, 'restore', backup, '--digest', digest), {
    code: 1,
    output: /The dump lacks the rows of calls\. Nothing of it was loaded/,
  })
})

await attack(
  t,
  {
    attack:
      'a backup is restored whose dump has an event trigger that runs a command, with a matching manifest',
    before: 'the restore ran the command on the machine as the user postgres, and ended well',
    now: 'without the digest that was noted it is refused; with one of its own, no code of the dump is used',
  },
  async (t) => {
    const backup = aCopy('evil')
    const pwned = trace(t)
    const admin = openTestDatabase(from.adminUrl)
    await sql
      .raw(
        `create function evil() returns event_trigger language plpgsql as $$ begin
           copy (select 1) to program 'id > ${pwned}'; end $$;
         create function evil_row() returns trigger language plpgsql as $$ begin
           copy (select 1) to program 'id > ${pwned}'; return new; end $$;
         create trigger evil before insert on accounts for each row execute function evil_row();
         create event trigger evil on ddl_command_end execute function evil()`,
      )
      .execute(admin)
    const dump = spawnSync(postgresProgram('pg_dump'), ['--format=custom', from.adminUrl], {
      maxBuffer: 1 << 28,
    })
    await sql.raw('drop event trigger evil').execute(admin)
    await admin.destroy()
    const own = replaceDump(backup, dump.stdout)
    const to = await elsewhere(t, from)
    t.match(await linia(to.env, 'restore', backup), { code: 1, output: /--digest <64 hexadecimal digits>/ })
    t.match(await linia(to.env, 'restore', backup, '--digest', 'abc'), { code: 1, output: /is a SHA-256/ })
    t.match(await linia(to.env, 'restore', backup, '--digest', good.digest), {
      code: 1,
      output: /has another SHA-256 than --digest.*Nothing was restored/,
    })
    t.match(await linia(to.env, 'restore', backup, '--digest', own), { code: 0 })
    t.notOk(existsSync(pwned), 'no command was run')
    const db = openTestDatabase(to.adminUrl)
    t.teardown(() => db.destroy())
    const { rows } = await sql`select proname from pg_proc where proname like 'evil%'
      union all select evtname from pg_event_trigger`.execute(db)
    t.same(rows, [])
  },
)

await attack(
  t,
  {
    attack: 'a row of a register is changed in the backup, with a matching manifest and digest',
    before: 'the restore ended well: nothing was verified',
    now: 'the journal does not hold: the restore fails, and no system starts from it',
  },
  async (t) => {
    const from = await home(t)
    const settings = readSettings(from.env)
    const { headSigner } = await import('../../../src/city/journal/checkpoint.ts')
    const { anchorJournal } = await import('../../../src/ledger/journal/anchor.ts')
    const { journalRows } = await import('../../../src/ledger/journal/row-check.ts')
    const signer = headSigner('signs the heads of these tests, long enough')
    while ((await journalRows(from.db, 50)) > 0);
    const place = {
      folder: settings.paths.anchor,
      own: settings.paths.journal,
      verifierKey: signer.verifierKey,
    }
    await anchorJournal(from.db, place, signer, Date.now())
    const signed = await backedUp(t, from)
    const restoring = (env: Home['env'], digest: string) =>
      linia(env, 'restore', signed.backup, '--digest', digest, '--journal-key', signer.verifierKey)
    const first = await elsewhere(t, from)
    t.match(await restoring(first.env, signed.digest), {
      code: 0,
      output: /^The journal holds: \d+ entries, 1 signed/m,
    })
    const admin = openTestDatabase(from.adminUrl)
    for (const statement of [
      'alter table account_versions disable trigger all',
      `update account_versions set name = 'Altă Ana'`,
    ])
      await sql.raw(statement).execute(admin)
    await admin.destroy()
    const dump = spawnSync(postgresProgram('pg_dump'), ['--format=custom', from.adminUrl], {
      maxBuffer: 1 << 28,
    })
    const digest = replaceDump(signed.backup, dump.stdout)
    const to = await elsewhere(t, from)
    t.match(await restoring(to.env, digest), {
      code: 1,
      output:
        /The restored journal does not hold: Row .* of account_versions .*changed.*\n.*the system does not start/,
    })
    await t.rejects(refuseUnfinished(readSettings(to.env).paths), { message: /A restore here has not ended/ })
  },
)
