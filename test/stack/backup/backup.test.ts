/** `linia backup` and `linia restore` with an external database. The restore drill is test/e2e/restore.test.ts. */
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { addAccount } from '../../../src/people/accounts.ts'
import { readUpkeep } from '../../../src/upkeep.ts'
import { openTestDatabase, testCluster } from '../../support/postgres.ts'
import { bound, type Environment } from '../programs.ts'
import { backedUp, elsewhere, fileOf, home, linia, record, stayRoot } from './home.ts'

testCluster(t)

// One system and one backup of it, which all tests read.
const from = await home(t)
await record(from, 'one')
mkdirSync(join(from.recordings, 'pbx1-raw'))
writeFileSync(join(from.recordings, 'pbx1-raw/caller.wav'), 'a voice in plain')
writeFileSync(join(from.recordings, fileOf('one').replace('.sealed', '')), 'a voice in plain')
const { backup, output, digest } = await backedUp(t, from)

t.test(
  'a backup contains the database, sealed recordings and CEL, each with its checksum',
  bound,
  async (t) => {
    t.match(output, /: 0 calls, 1 recordings, 3 files, /)
    t.match(output, /^! The database and the CEL are in it in plain.*BACKUP_RECIPIENT/m)
    const manifest = JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8')) as {
      files: { path: string; bytes: number; sha256: string }[]
      missing: string[]
      settings: Record<string, string>
      volumes: Record<string, string>
    }
    t.same(
      manifest.files.map(({ path }) => path),
      ['database.dump', `recordings/${fileOf('one')}`, 'cel/cel.csv'],
      'no raw audio',
    )
    t.same(manifest.missing, [])
    t.same(
      Object.keys(manifest.settings).sort(),
      ['RECORDINGS_DIR', 'RECORDING_KEYS', 'VAR_DIR'],
      'no secrets',
    )
    t.same(Object.keys(manifest.volumes).sort(), ['anchor', 'cel', 'keys', 'recordings'])
    for (const name of ['manifest.json', 'database.dump', 'cel', 'cel/cel.csv'])
      t.equal(statSync(join(backup, name)).mode & 0o077, 0, `${name} is private`)
    const done = readUpkeep(join(from.env['VAR_DIR'] ?? '', 'upkeep'), 'backup')
    t.match(done, { folder: backup, digest, encrypted: false })
  },
)

t.test(
  'a backup is restored into an empty database, which has the schema, triggers, rights and sequences of a new one',
  bound,
  async (t) => {
    const copies = join(from.dir, 'copies')
    t.match(await linia(from.env, 'backup', 'keys', copies), { code: 0, output: /^Copied 1 keys to /m })
    const to = await elsewhere(t, from)
    const restoring = (...args: string[]) => linia(to.env, 'restore', backup, '--digest', digest, ...args)
    t.match(await restoring(), {
      code: 1,
      output: /does not hold the keys of the 1 recordings.*--keys/,
    })
    const result = await restoring('--keys', copies)
    t.match(result, { code: 0, output: /^Restored: 0 calls, 1 recordings, as of 20/m })
    t.match(result.output, /^Restored 1 keys of recordings from .*Z, the newest complete copy, of 20/m)
    t.match(result.output, /no signed head to be verified with/)
    t.match(result.output, /Without --secrets/)
    const folder = to.env['VAR_DIR'] ?? ''
    t.equal(readFileSync(join(folder, 'recordings', fileOf('one'))).length, 27)
    t.equal(readFileSync(join(folder, 'asterisk/log/cel.csv'), 'utf8'), 'a call of 0722000961\n')
    const db = openTestDatabase(to.env['DATABASE_URL'] ?? '')
    t.teardown(() => db.destroy())
    t.match(await db.selectFrom('current_accounts').selectAll().execute(), [{ username: 'ana' }])
    await t.rejects(sql`delete from accounts`.execute(db), { code: '42501' }, 'still insert-only')
    const more = { username: 'dan', name: 'Dan Pop', employer: 'Primăria', roles: ['agent' as const] }
    t.match(await addAccount(db, { ...more, password: 'x' }), { ok: true }, 'sequences continue')
    const rows = await sql<{ recorded: boolean }>`
      select recorded_at < now() - interval '1 second' as recorded from recordings`.execute(db)
    t.same(rows.rows, [{ recorded: true }], 'times of recording are those of the backup')
    const shapeOf = async (url: string) => {
      const there = openTestDatabase(url)
      const { rows } = await sql<{ is: string }>`
        select format('%s %s', c.relname, coalesce(c.relacl, acldefault((case relkind when 'S' then 's' else 'r' end)::"char", relowner))) as is from pg_class c
          where relnamespace = 'public'::regnamespace
        union all
        select format('%s %s %s', tgrelid::regclass, pg_get_triggerdef(oid), tgenabled) from pg_trigger
          where not tgisinternal
        union all
        select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint
          where connamespace = 'public'::regnamespace
        union all
        select format('%s %s %s', oid::regprocedure, coalesce(proacl, acldefault('f', proowner)), prosrc) from pg_proc
          where pronamespace = 'public'::regnamespace and probin is null
        order by 1`.execute(there)
      const roles = await sql<{ name: string }>`
        select rolname as name from pg_roles where starts_with(rolname, ${`${from.name}_owner_load_`})`.execute(
        there,
      )
      await there.destroy()
      t.same(roles.rows, [], 'the login that loaded the rows is gone')
      return rows.map(({ is }) => is)
    }
    t.same(await shapeOf(to.adminUrl), await shapeOf(from.adminUrl))
    stayRoot(to.env)
    t.match(await linia(to.env, 'backup', join(to.dir, 'next')), { code: 0 }, 'its volumes are marked')
    t.match(await restoring('--keys', copies), {
      code: 1,
      output: /There is another system's data here: .*recordings/,
    })
    t.match(await restoring('--keys', copies, '--replace'), {
      code: 1,
      output: /The database of DATABASE_ADMIN_URL is not empty/,
    })
    t.ok(existsSync(join(folder, 'recordings', fileOf('one'))), 'nothing was changed')
  },
)

t.test('an impossible backup is refused with its reason and leaves no partial backup', bound, async (t) => {
  const backingUp = (env: Environment, ...args: string[]) => linia(env, 'backup', ...args)
  t.match(await backingUp({ ...from.env, DATABASE_ADMIN_URL: '' }, join(from.dir, 'a')), {
    code: 1,
    output: /Set DATABASE_ADMIN_URL too/,
  })
  t.match(await backingUp(from.env), { code: 1, output: /Say where to: linia backup/ })
  t.match(await backingUp(from.env, from.dir), { code: 1, output: /is not empty\. A backup needs a folder/ })
  const inside = join(from.env['VAR_DIR'] ?? '', 'copies')
  t.match(await backingUp(from.env, inside), { code: 1, output: /would be lost with it/ })
  const url = new URL(from.adminUrl)
  url.port = '1'
  t.match(await backingUp({ ...from.env, DATABASE_ADMIN_URL: url.href }, join(from.dir, 'b')), {
    code: 1,
    output: /DATABASE_ADMIN_URL: PostgreSQL at .* cannot be used/,
  })
  // The application's login may not read all tables, so its dump would be incomplete.
  const app = { ...from.env, DATABASE_ADMIN_URL: from.env['DATABASE_URL'] ?? '' }
  t.match(await backingUp(app, join(from.dir, 'c')), {
    code: 1,
    output: /^linia: This login may not read everything that a backup needs: permission denied/m,
  })
  t.same(readdirSync(join(from.dir, 'c')), [])
})

t.test(
  'a restore reports a damaged backup and missing conditions before it changes anything',
  bound,
  async (t) => {
    const to = await elsewhere(t, from)
    const folder = to.env['VAR_DIR'] ?? ''
    const restoring = (env: Environment, ...args: string[]) =>
      linia(env, 'restore', backup, '--digest', digest, ...args)
    const file = join(backup, 'recordings', fileOf('one'))
    const good = readFileSync(file)
    writeFileSync(file, Buffer.alloc(27, 'other'))
    t.match(await restoring(to.env, '--without-keys'), {
      code: 1,
      output: /In the backup recordings\/done\/.*\/one\.mp3\.sealed is damaged/,
    })
    writeFileSync(file, good)
    const other = new URL(to.env['DATABASE_URL'] ?? '')
    other.username = 'someone_app'
    t.match(await restoring({ ...to.env, DATABASE_URL: other.href }, '--without-keys'), {
      code: 1,
      output: new RegExp(`belongs to ${from.name}_owner`),
    })
    t.match(await restoring({ ...to.env, DATABASE_ADMIN_URL: '' }, '--without-keys'), {
      code: 1,
      output: /Set DATABASE_ADMIN_URL too/,
    })
    t.match(await restoring(to.env, '--secrets', join(backup, 'manifest.json')), {
      code: 1,
      output: /is no secrets\.json of Linia/,
    })
    t.match(await restoring(to.env, 'more'), { code: 1, output: /Say from where/ })
    t.match(await restoring(to.env, '--keys', join(from.dir, 'none')), {
      code: 1,
      output: /holds no complete copy of keys/,
    })
    t.notOk(existsSync(join(folder, 'recordings')), 'nothing was restored')
    mkdirSync(join(folder, 'spool'), { recursive: true })
    writeFileSync(join(folder, 'spool', 'event.ndjson'), 'not yet in the ledger')
    t.match(await restoring(to.env, '--without-keys'), {
      code: 1,
      output: /another system's data here: .*spool/,
    })
    const replaced = await restoring(to.env, '--without-keys', '--replace')
    t.match(replaced, { code: 0, output: /^Put aside: .*spool → .*replaced-.*spool$/m })
    const [, aside = ''] = /^Put aside: .* → (.*)$/m.exec(replaced.output) ?? []
    t.equal(readFileSync(join(aside, 'event.ndjson'), 'utf8'), 'not yet in the ledger', 'nothing is deleted')
  },
)
