/** Backups encrypted to a public key, and what is in them in plain. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { readSettings, WrongSettings } from '../../../src/config.ts'
import { wrongAtBackups } from '../../../src/stack/commands/backup-ages.ts'
import { attack } from '../../support/attack.ts'
import { openTestDatabase, testCluster } from '../../support/postgres.ts'
import { bound } from '../programs.ts'
import { backedUp, elsewhere, fileOf, home, linia, record, type Home } from './home.ts'

testCluster(t)
const number = '0722000961'

/** A pair of keys, as the city makes it elsewhere. */
function keyPair(from: Home, name: string): { readonly identity: string; readonly recipient: string } {
  const identity = join(from.dir, name)
  const made = spawnSync('age-keygen', ['-o', identity], { encoding: 'utf8' })
  const [recipient = ''] = /age1[0-9a-z]+/.exec(made.stderr) ?? []
  return { identity, recipient }
}

/** Names of the files of a folder in which a text is found, also by whoever unpacks a dump. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const unpacked = spawnSync('pg_restore', ['--file=-', file], { maxBuffer: 1 << 28 })
      return readFileSync(file).includes(text) || unpacked.stdout.includes(text)
    })
    .map((file) => file.slice(folder.length + 1))
    .sort()
}

// A system with a caller, which the tests back up in turn.
const from = await home(t)
await record(from, 'one')
// Eight megabytes: far more than age and pg_restore hold on their way.
await sql`insert into callers (call, salt, number, name)
  select 'pbx1-' || n, uuid_send(gen_random_uuid()), ${number},
    (select string_agg(md5(n::text || m), '') from generate_series(1, 10000) m)
  from generate_series(1, 25) n`.execute(from.db)

await attack(
  t,
  {
    attack: 'the backup disk is stolen, and searched for the number of a caller',
    before: 'found in database.dump, in cel.csv, and in the raw caller.wav of a call that was not sealed yet',
    now: 'with BACKUP_RECIPIENT found nowhere; without it every backup and linia doctor complain',
  },
  async (t) => {
    writeFileSync(join(from.recordings, 'caller.wav'), `the voice of ${number}`)
    const { identity, recipient } = keyPair(from, 'key')
    const env = { ...from.env, BACKUP_RECIPIENT: recipient }
    const { backup, output, digest } = await backedUp(t, from, env)
    t.same(filesWith(backup, number), [])
    t.notMatch(output, /in plain/)
    t.same(
      (
        JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8')) as { files: { path: string }[] }
      ).files.map(({ path }) => path),
      ['database.dump.age', `recordings/${fileOf('one')}`, 'cel/cel.csv.age'],
    )
    const plain = join(from.dir, 'plain')
    t.match(await linia(from.env, 'backup', plain), { code: 0, output: /^! .*in plain.*BACKUP_RECIPIENT/m })
    t.same(filesWith(plain, number), ['cel/cel.csv', 'database.dump'], 'the search finds what is there')

    const to = await elsewhere(t, from)
    const restoring = (...args: string[]) =>
      linia(to.env, 'restore', backup, '--digest', digest, '--without-keys', ...args)
    t.match(await restoring(), { code: 1, output: /The backup is encrypted.*--identity <file>/ })
    const { identity: other } = keyPair(from, 'other')
    t.match(await restoring('--identity', other), { code: 1, output: /Decrypting failed \(.*age/ })
    t.match(await restoring('--identity', identity, '--replace'), { code: 0, output: /^Restored: /m })
    const db = openTestDatabase(to.env['DATABASE_URL'] ?? '')
    t.teardown(() => db.destroy())
    t.match(await sql`select number, count(*)::int from callers group by number`.execute(db), {
      rows: [{ number, count: 25 }],
    })
    t.match(readFileSync(join(to.env['VAR_DIR'] ?? '', 'asterisk/log/cel.csv'), 'utf8'), number)
  },
)

t.test('several public keys in a file; a wrong or absent one is no backup', bound, async (t) => {
  const pairs = ['one', 'two'].map((name) => keyPair(from, name))
  const file = join(from.dir, 'recipients')
  writeFileSync(file, pairs.map(({ recipient }) => `${recipient}\n`).join(''))
  const backup = join(from.dir, 'copy-for-two')
  t.match(await linia({ ...from.env, BACKUP_RECIPIENT: file }, 'backup', backup), { code: 0 })
  for (const { identity } of pairs) {
    const read = spawnSync('age', ['-d', '-i', identity, join(backup, 'cel/cel.csv.age')], {
      encoding: 'utf8',
    })
    t.match(read.stdout, number)
  }
  for (const wrong of [join(from.dir, 'none'), 'age1abc']) {
    const folder = join(from.dir, `copy-${wrong.length}`)
    t.match(await linia({ ...from.env, BACKUP_RECIPIENT: wrong }, 'backup', folder), {
      code: 1,
      output: /Encrypting failed \(.*age/,
    })
    t.same(readdirSync(folder), [], 'nothing in plain is left')
  }
  for (const wrong of ['backup.key', 'AGE-SECRET-KEY-1ABC'])
    t.throws(() => readSettings({ BACKUP_RECIPIENT: wrong }), WrongSettings)
})

t.test('linia doctor: no copy, a good one, one that is too old, one in plain', async (t) => {
  const settings = readSettings({ VAR_DIR: t.testdir({}), BACKUP_RECIPIENT: 'age1abc' })
  const upkeep = (name: string, value: object) =>
    writeFileSync(join(settings.paths.upkeep, `${name}.json`), JSON.stringify(value))
  const now = Date.now()
  const said: string[] = []
  const doctor = () => wrongAtBackups(settings, (line) => said.push(line), now)
  t.match(doctor(), [/There is no good backup yet/, /There is no good copy of the keys yet/])
  t.match(said, [/^Last good backup: none$/, /^Last good copy of the keys: none$/])
  mkdirSync(settings.paths.upkeep, { recursive: true })
  const at = (hours: number) => new Date(now - hours * 3_600_000).toISOString()
  upkeep('backup', { at: at(5), folder: '/mnt/a', digest: '', encrypted: true })
  upkeep('keys', { at: at(4), folder: '/mnt/b', keys: 1 })
  t.same(doctor(), [])
  t.match(said.slice(-2), [/: 5 h ago, in \/mnt\/a$/, /: 4 h ago, in \/mnt\/b$/])
  upkeep('backup', { at: at(5), folder: '/mnt/a', digest: '', encrypted: false })
  upkeep('keys', { at: at(30 * 24), folder: '/mnt/b', keys: 1 })
  t.match(doctor(), [/The last good copy of the keys is 30 days old/, /citizens in plain/])
  writeFileSync(join(settings.paths.upkeep, 'keys.json'), '{"at":')
  t.match(doctor(), [/There is no good copy of the keys yet/, /in plain/], 'a damaged record proves nothing')
})
