/** `linia backup` and `linia restore` with an external database. The restore drill is test/e2e/restore.test.ts. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { openDatabase } from '../../../src/ledger/database.ts'
import { migrate } from '../../../src/ledger/migrate.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { emptyDatabase, testCluster } from '../../support/postgres.ts'
import { command, type Environment } from '../programs.ts'

testCluster(t)
const passwords = { appPassword: 'of-the-application', retentionPassword: 'of-retention' }

interface Home {
  readonly env: Environment
  readonly dir: string
  readonly adminUrl: string
  readonly name: string
}

/** A folder with one recording, and a database with an account and the rows of two recordings, one of them lost. */
async function home(t: Test): Promise<Home> {
  const dir = mkdtempSync(join(tmpdir(), 'linia-home-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const { adminUrl, name } = await emptyDatabase(t)
  const { appUrl } = await migrate({ adminUrl, ...passwords })
  const db = openDatabase({ url: appUrl, connectionsMax: 1 })
  const person = { username: 'ana', name: 'Ana Pop', employer: 'Primăria', roles: ['agent' as const] }
  await addAccount(db, { ...person, password: 'o parolă lungă' })
  await sql`insert into recordings (call, file, bytes, sha256, duration_ms, tracks, spans, gaps, waveform)
    values ('pbx1-1.1', 'done/one.mp3', 3, ${'0'.repeat(64)}, 1, '{caller}', '[]', '[]', '{}'),
           ('pbx1-1.2', 'done/lost.mp3', 3, ${'0'.repeat(64)}, 1, '{caller}', '[]', '[]', '{}')`.execute(db)
  await db.destroy()
  const folder = join(dir, 'var')
  mkdirSync(join(folder, 'recordings/done'), { recursive: true })
  writeFileSync(join(folder, 'recordings/done/one.mp3'), 'abc')
  mkdirSync(join(folder, 'asterisk/log'), { recursive: true })
  writeFileSync(join(folder, 'asterisk/log/cel.csv'), 'a call\n')
  writeFileSync(join(folder, 'asterisk/log/full'), 'no evidence')
  const env = { VAR_DIR: folder, DATABASE_URL: appUrl, DATABASE_ADMIN_URL: adminUrl }
  return { env, dir, adminUrl, name }
}

async function backedUp(t: Test) {
  const from = await home(t)
  const backup = join(from.dir, 'copy')
  const result = await command(from.env, ['commands/cli.ts', 'backup', backup])
  t.match(result, { code: 0, output: /^Backed up to .*: 0 calls, 1 recordings, 3 files/m })
  return { ...from, backup, output: result.output }
}

/** Another folder and another empty database, with the same role names. */
async function elsewhere(t: Test, from: Home): Promise<Home> {
  const { adminUrl, name } = await emptyDatabase(t)
  const url = new URL(from.env['DATABASE_URL'] ?? '')
  url.pathname = `/${name}`
  const dir = mkdtempSync(join(tmpdir(), 'linia-elsewhere-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const env = { VAR_DIR: join(dir, 'var'), DATABASE_URL: url.href, DATABASE_ADMIN_URL: adminUrl }
  return { env, dir, adminUrl, name }
}

t.test(
  'a backup contains the database, the recordings and the CEL files, each with its checksum',
  async (t) => {
    const { backup, output } = await backedUp(t)
    t.match(output, /^! The ledger names a recording that is not there: done\/lost\.mp3$/m)
    const manifest = JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8')) as {
      files: { path: string; bytes: number; sha256: string }[]
      missing: string[]
      settings: Record<string, string>
    }
    t.same(
      manifest.files.map(({ path }) => path),
      ['database.dump', 'recordings/done/one.mp3', 'cel/cel.csv'],
    )
    t.match(manifest.files[1], {
      bytes: 3,
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    })
    t.same(manifest.missing, ['done/lost.mp3'])
    t.same(Object.keys(manifest.settings), ['VAR_DIR'], 'settings without their secrets')
  },
)

t.test('a backup is restored into an empty database with its privileges and sequences', async (t) => {
  const from = await backedUp(t)
  const to = await elsewhere(t, from)
  const result = await command(to.env, ['commands/cli.ts', 'restore', from.backup])
  t.match(result, { code: 0, output: /^Restored: 0 calls, 1 recordings, as of 20/m })
  t.match(result.output, /Without --secrets/)
  const folder = to.env['VAR_DIR'] ?? ''
  t.equal(readFileSync(join(folder, 'recordings/done/one.mp3'), 'utf8'), 'abc')
  t.equal(readFileSync(join(folder, 'asterisk/log/cel.csv'), 'utf8'), 'a call\n')
  const db = openDatabase({ url: to.env['DATABASE_URL'] ?? '', connectionsMax: 1 })
  t.teardown(() => db.destroy())
  t.match(await db.selectFrom('current_accounts').selectAll().execute(), [{ username: 'ana' }])
  await t.rejects(sql`delete from accounts`.execute(db), { code: '42501' }, 'still insert-only')
  const more = { username: 'dan', name: 'Dan Pop', employer: 'Primăria', roles: ['agent' as const] }
  t.match(await addAccount(db, { ...more, password: 'x' }), { ok: true }, 'sequences continue')
  const again = await command(to.env, ['commands/cli.ts', 'restore', from.backup])
  t.match(again, { code: 1, output: /There is another system's data here: .*recordings/ })
  const forced = await command(to.env, ['commands/cli.ts', 'restore', from.backup, '--replace'])
  t.match(forced, { code: 1, output: /The database of DATABASE_ADMIN_URL is not empty/ })
  t.ok(existsSync(join(folder, 'recordings/done/one.mp3')), 'nothing was changed')
})

t.test('a damaged backup is refused with the name of the first wrong file', async (t) => {
  const from = await backedUp(t)
  const to = await elsewhere(t, from)
  const file = join(from.backup, 'recordings/done/one.mp3')
  const restoring = () => command(to.env, ['commands/cli.ts', 'restore', from.backup])
  writeFileSync(file, 'abd')
  t.match(await restoring(), { code: 1, output: /In the backup recordings\/done\/one\.mp3 is damaged/ })
  rmSync(file)
  t.match(await restoring(), { code: 1, output: /The backup lacks recordings\/done\/one\.mp3/ })
  const manifest = join(from.backup, 'manifest.json')
  const text = readFileSync(manifest, 'utf8')
  writeFileSync(manifest, text.replace('recordings/done/one.mp3', '../../one.mp3'))
  t.match(await restoring(), { code: 1, output: /manifest\.json is damaged, or of another version/ })
  writeFileSync(manifest, text.slice(0, -20))
  t.match(await restoring(), { code: 1, output: /manifest\.json is damaged/ })
  rmSync(manifest)
  t.match(await restoring(), { code: 1, output: /holds no finished backup/ })
  t.notOk(existsSync(join(to.env['VAR_DIR'] ?? '', 'recordings')), 'nothing was restored')
})

t.test('an impossible backup is refused with its reason and leaves no partial backup', async (t) => {
  const from = await home(t)
  const backup = (env: Environment, ...args: string[]) => command(env, ['commands/cli.ts', 'backup', ...args])
  const { DATABASE_ADMIN_URL: _, ...withoutAdmin } = from.env
  t.match(await backup({ ...withoutAdmin, DATABASE_ADMIN_URL: '' }, join(from.dir, 'a')), {
    code: 1,
    output: /Set DATABASE_ADMIN_URL too/,
  })
  t.match(await backup(from.env), { code: 1, output: /Say where to: linia backup/ })
  t.match(await backup(from.env, from.dir), { code: 1, output: /is not empty\. A backup needs a folder/ })
  const inside = join(from.env['VAR_DIR'] ?? '', 'copies')
  t.match(await backup(from.env, inside), { code: 1, output: /would be lost with it/ })
  const url = new URL(from.adminUrl)
  url.port = '1'
  t.match(await backup({ ...from.env, DATABASE_ADMIN_URL: url.href }, join(from.dir, 'b')), {
    code: 1,
    output: /DATABASE_ADMIN_URL: PostgreSQL at .* cannot be used/,
  })
  // The application's login may not read all tables, so its dump would be incomplete.
  const app = { ...from.env, DATABASE_ADMIN_URL: from.env['DATABASE_URL'] ?? '' }
  t.match(await backup(app, join(from.dir, 'c')), {
    code: 1,
    output: /^linia: This login may not read everything that a backup needs: permission denied/m,
  })
  t.same(readdirSync(join(from.dir, 'c')), [])
})

t.test('a restore reports missing conditions before it changes anything', async (t) => {
  const from = await backedUp(t)
  const to = await elsewhere(t, from)
  const restoring = (env: Environment, ...args: string[]) =>
    command(env, ['commands/cli.ts', 'restore', from.backup, ...args])
  const other = new URL(to.env['DATABASE_URL'] ?? '')
  other.username = 'someone_app'
  t.match(await restoring({ ...to.env, DATABASE_URL: other.href }), {
    code: 1,
    output: new RegExp(`belongs to ${from.name}_owner`),
  })
  t.match(await restoring({ ...to.env, DATABASE_ADMIN_URL: '' }), {
    code: 1,
    output: /Set DATABASE_ADMIN_URL too/,
  })
  t.match(await restoring(to.env, '--secrets', join(from.backup, 'manifest.json')), {
    code: 1,
    output: /is no secrets\.json of Linia/,
  })
  t.match(await restoring(to.env, 'more'), { code: 1, output: /Say from where/ })
  mkdirSync(join(to.env['VAR_DIR'] ?? '', 'spool'), { recursive: true })
  writeFileSync(join(to.env['VAR_DIR'] ?? '', 'spool', 'event.ndjson'), 'not yet in the ledger')
  t.match(await restoring(to.env), { code: 1, output: /another system's data here: .*spool/ })
  const replaced = await restoring(to.env, '--replace')
  t.match(replaced, { code: 0, output: /^Put aside: .*spool → .*replaced-.*spool$/m })
  const [, aside = ''] = /^Put aside: .* → (.*)$/m.exec(replaced.output) ?? []
  t.equal(readFileSync(join(aside, 'event.ndjson'), 'utf8'), 'not yet in the ledger', 'nothing is deleted')
})
