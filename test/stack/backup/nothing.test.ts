/** Backups of nothing: what a night makes of folders that are absent, empty, read-only, full or half written. */
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { readSettings } from '../../../src/config.ts'
import { makeKey } from '../../../src/ledger/recordings/keys.ts'
import { backUpKeys, copyToRestore } from '../../../src/stack/backup/keys.ts'
import { copyWithoutManifest } from '../../../src/stack/backup/keys-without-manifest.ts'
import { readManifest } from '../../../src/stack/backup/manifest.ts'
import { declareVolume, openVolumes } from '../../../src/stack/backup/volumes.ts'
import { quiet, UserError } from '../../../src/stack/terminal.ts'
import { readUpkeep } from '../../../src/upkeep.ts'
import { attack } from '../../support/attack.ts'
import { openTestDatabase, testCluster } from '../../support/postgres.ts'
import { bound } from '../programs.ts'
import { mountDisk, withDisks } from './disks.ts'
import {
  backedUp,
  elsewhere,
  fileOf,
  home,
  linia,
  nameRecording,
  record,
  dayOfCalls,
  type Home,
} from './home.ts'

testCluster(t)
const dayMs = 86_400_000
const now = Date.now()

/** A night's copy of the keys: its exit code, or the sentence of its refusal. */
async function night({ env, dir }: Home, at = now): Promise<number | string> {
  try {
    return await backUpKeys(readSettings(env), [join(dir, 'copies')], at)
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
}

const copiesOf = ({ dir }: Home): string[] => readdirSync(join(dir, 'copies')).sort()
const keysIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.key'))
const upkeepOf = ({ env }: Home) => join(env['VAR_DIR'] ?? '', 'upkeep')

await attack(
  t,
  {
    attack: 'the volume of the recordings’ keys is not mounted for eight nights',
    before:
      'each night copied 0 keys and exited 0, the seventh threw the only good copy away, restore took an empty one',
    now: 'each night refuses and exits 1, and the good copy stays',
  },
  async (t) => {
    const from = await home(t)
    await record(from, 'one')
    t.equal(await night(from, now - 8 * dayMs), 0)
    const [good = ''] = copiesOf(from)
    renameSync(from.keys, `${from.keys}-unmounted`)
    for (const [what, prepare] of [
      ['absent', () => undefined],
      ['empty', () => mkdirSync(from.keys)],
    ] as const) {
      prepare()
      for (let before = 7; before >= 0; before--)
        t.match(await night(from, now - before * dayMs), /is not the volume of the recordings’ keys/, what)
    }
    t.same(copiesOf(from), [good])
    t.equal((await copyToRestore(join(from.dir, 'copies'))).folder, join(from.dir, 'copies', good))
    t.match(await linia(from.env, 'backup', 'keys', join(from.dir, 'copies')), {
      code: 1,
      output: /Is its disk mounted\?\n.*linia volume new keys/,
    })
    t.match(readUpkeep(upkeepOf(from), 'keys')?.at, new RegExp(`^${good.slice(0, 10)}`), 'its age is told')
  },
)

await attack(
  t,
  {
    attack: 'a recording is finished while the volume of the keys is not mounted',
    before: 'its key was made in a new folder below the mount, and lost with the next mount',
    now: 'no key is made; the recording stays unsealed until the volume is back',
  },
  async (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'linia-keys-'))
    t.teardown(() => rmSync(dir, { recursive: true, force: true }))
    const keys = join(dir, 'keys')
    await t.rejects(makeKey(keys, fileOf('one')), { name: 'VolumeAbsent' })
    t.notOk(existsSync(keys))
    mkdirSync(keys)
    await t.rejects(makeKey(keys, fileOf('one')), { name: 'VolumeAbsent' })
  },
)

await attack(
  t,
  {
    attack: 'a recording that the ledger names is deleted, or cut off, before the backup',
    before:
      'one line of warning of the deleted one, none of the one cut off, then “Backed up to …” and exit code 0',
    now: 'the copy is kept as INCOMPLETE, exits 1, and does not count as good',
  },
  async (t) => {
    const from = await home(t)
    await record(from, 'one')
    await record(from, 'cut')
    await nameRecording(from, 'lost')
    truncateSync(join(from.recordings, fileOf('cut')), 10)
    const backup = join(from.dir, 'copy')
    const result = await linia(from.env, 'backup', backup)
    t.match(result, { code: 1, output: /^INCOMPLETE backup in .*; missing: 2\./m })
    t.match(
      result.output,
      new RegExp(`^! The ledger names what is not there, or is cut off: ${fileOf('lost')}$`, 'm'),
    )
    const manifest = JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8')) as { missing: string[] }
    t.same(manifest.missing.sort(), [fileOf('cut'), fileOf('lost')].sort())
    t.equal(readUpkeep(upkeepOf(from), 'backup'), null, 'no good copy')
  },
)

t.test('the start and a backup refuse each volume that is not the ledger’s', bound, async (t) => {
  const from = await home(t)
  const settings = readSettings(from.env)
  const folders = {
    keys: from.keys,
    recordings: from.recordings,
    anchor: join(from.env['VAR_DIR'] ?? '', 'anchor'),
    cel: join(from.env['VAR_DIR'] ?? '', 'asterisk/log'),
  }
  const start = () => openVolumes(settings, from.env['DATABASE_URL'] ?? '', quiet)
  await start()
  for (const [volume, folder] of Object.entries(folders)) {
    const mark = join(folder, 'linia-volume.json')
    const text = readFileSync(mark, 'utf8')
    const sentence = new RegExp(`is not the volume of .*\\n.*linia volume new ${volume} `)
    for (const half of ['', text.slice(0, 12), text.replace(/[0-9a-f]{32}/, '0'.repeat(32))]) {
      writeFileSync(mark, half)
      await t.rejects(start(), { message: sentence })
    }
    rmSync(mark)
    await t.rejects(start(), { message: sentence })
    if (volume === 'cel' || volume === 'anchor') {
      const made = await linia(from.env, 'backup', join(from.dir, `copy-${volume}`))
      t.match(made, { code: 1, output: sentence })
      t.notOk(existsSync(join(from.dir, `copy-${volume}`)))
    }
    writeFileSync(mark, text)
  }
  await start()
})

t.test('a lost volume is declared new, with its reason in the ledger', bound, async (t) => {
  const from = await home(t)
  const declare = (...args: string[]) => declareVolume(readSettings(from.env), args, quiet)
  await t.rejects(declare('keys', 'disc ars'), { message: /has a linia-volume\.json already/ })
  rmSync(from.keys, { recursive: true })
  await t.rejects(declare('keys'), { message: /Say which volume, and why it is new/ })
  await t.rejects(declare('disk', 'why'), { message: /keys \| recordings \| anchor \| cel/ })
  t.match(await linia(from.env, 'volume', 'new', 'keys', 'disc ars'), {
    code: 0,
    output: /next start records it/,
  })
  await openVolumes(readSettings(from.env), from.env['DATABASE_URL'] ?? '', quiet)
  const rows = await from.db
    .selectFrom('volume_marks')
    .select('why')
    .where('volume', '=', 'keys')
    .orderBy('id')
    .execute()
  t.same(rows, [{ why: 'first start' }, { why: 'disc ars' }])
  t.equal(await night(from), 0)
})

await attack(
  t,
  {
    attack: 'empties a folder before the first start after the update, and makes its mark by hand',
    before: 'the start accepted the mark and noted it as the volume’s first',
    now: 'a mark that the ledger does not have is accepted only where the folder has what the ledger expects there',
  },
  async (t) => {
    const from = await home(t)
    await record(from, 'one')
    const admin = openTestDatabase(from.adminUrl)
    for (const statement of [
      'alter table volume_marks disable trigger a_change',
      'delete from volume_marks',
      'alter table volume_marks enable always trigger a_change',
      `select append_to_journal('{"what":"look"}')`,
      'alter table journal_entries disable trigger a_change',
      `update journal_entries set recorded_at = recorded_at - interval '1 hour'`,
      'alter table journal_entries enable always trigger a_change',
    ])
      await sql.raw(statement).execute(admin)
    await admin.destroy()
    const start = () => openVolumes(readSettings(from.env), from.env['DATABASE_URL'] ?? '', quiet)
    const anchor = join(from.env['VAR_DIR'] ?? '', 'anchor')
    const folders = { keys: from.keys, recordings: from.recordings, anchor }
    rmSync(join(from.keys, dayOfCalls), { recursive: true })
    rmSync(join(from.recordings, 'done'), { recursive: true })
    for (const [volume, folder] of Object.entries(folders)) {
      const sentence = new RegExp(`${folder} is not the volume of .*nothing that the ledger expects`)
      writeFileSync(
        join(folder, 'linia-volume.json'),
        `${JSON.stringify({ volume, mark: 'ab'.repeat(16) })}\n`,
      )
      await t.rejects(start(), { message: sentence }, volume)
    }
    t.same(await from.db.selectFrom('volume_marks').select('id').execute(), [])
    for (const [volume, folder] of Object.entries(folders)) {
      rmSync(join(folder, 'linia-volume.json'))
      t.equal(await declareVolume(readSettings(from.env), [volume, 'disc ars'], quiet), 0)
    }
    await start()
    t.equal((await from.db.selectFrom('volume_marks').select('id').execute()).length, 4)
  },
)

t.test('an older system whose folders are empty is not taken for a new one', bound, async (t) => {
  const from = await home(t)
  await record(from, 'one')
  const admin = openTestDatabase(from.adminUrl)
  for (const statement of [
    'alter table volume_marks disable trigger a_change',
    'delete from volume_marks',
    'alter table volume_marks enable always trigger a_change',
  ])
    await sql.raw(statement).execute(admin)
  await admin.destroy()
  const start = () => openVolumes(readSettings(from.env), from.env['DATABASE_URL'] ?? '', quiet)
  for (const folder of [from.keys, from.recordings]) {
    rmSync(join(folder, 'linia-volume.json'))
    renameSync(folder, `${folder}-unmounted`)
    await t.rejects(start(), { message: /is not the volume of the recordings/ })
    mkdirSync(folder)
    await t.rejects(start(), { message: /is not the volume of the recordings/ }, 'an empty folder')
    rmSync(folder, { recursive: true })
    renameSync(`${folder}-unmounted`, folder)
  }
  await start()
  t.ok(existsSync(join(from.keys, 'linia-volume.json')), 'what holds the ledger’s files is marked')
  await t.rejects(
    sql`delete from volume_marks`.execute(from.db),
    { code: '42501' },
    'the application cannot forget a volume',
  )
})

t.test(
  'of a key that was lost, the last copy stays; of every other, none beyond a week',
  bound,
  async (t) => {
    const from = await home(t)
    for (const name of ['one', 'lost', 'old']) await record(from, name)
    t.equal(await night(from, now - 9 * dayMs), 0)
    t.equal(await night(from, now - 8 * dayMs), 0)
    rmSync(join(from.keys, dayOfCalls, 'lost.mp3.key'))
    const [, second = ''] = copiesOf(from)
    t.equal(await night(from), 1, 'incomplete')
    const names = copiesOf(from)
    t.equal(names.length, 2)
    t.equal(names[0], `${second.slice(0, 20)}.rest`, 'the newer of both that had it')
    t.match(names[1], /\.incomplete$/)
    t.same(keysIn(join(from.dir, 'copies', names[0] ?? '')), [join(dayOfCalls, 'lost.mp3.key')])
    t.same(keysIn(join(from.dir, 'copies', names[1] ?? '')).length, 2)
    await t.rejects(copyToRestore(join(from.dir, 'copies')), {
      message: /no complete copy.* To take an incomplete one/,
    })
    t.equal(readUpkeep(upkeepOf(from), 'keys')?.keys, 3, 'the last good copy is the one of before')
    // Retention destroys the keys of that day: its run is in the journal.
    const today = new Date(now).toISOString().slice(0, 10)
    await sql`select append_to_journal(${JSON.stringify({
      what: 'run',
      kind: 'retention',
      audio: { before: today, recordings: 3 },
      details: { before: today, rows: {} },
    })}::json)`.execute(from.db)
    for (const name of ['one', 'old']) rmSync(join(from.keys, dayOfCalls, `${name}.mp3.key`))
    t.equal(await night(from, now + 1_000), 0, 'nothing is due any more')
    t.notOk(copiesOf(from).includes(names[0] ?? ''), 'the last copy of a key that is not due is thrown away')
  },
)

t.test('a key that was altered since the last good copy does not replace it', bound, async (t) => {
  const from = await home(t)
  await record(from, 'one')
  await record(from, 'two')
  t.equal(await night(from, now - 8 * dayMs), 0)
  writeFileSync(join(from.keys, dayOfCalls, 'one.mp3.key'), Buffer.alloc(32))
  writeFileSync(join(from.keys, dayOfCalls, 'two.mp3.key'), Buffer.alloc(5))
  t.match(await night(from, now - dayMs), /holds none of the 2 keys/)
  rmSync(join(from.keys, dayOfCalls, 'two.mp3.key'))
  await makeKey(from.keys, fileOf('three'))
  await nameRecording(from, 'three')
  t.equal(await night(from), 1)
  const [rest = ''] = copiesOf(from)
  t.match(rest, /\.rest$/)
  t.same(keysIn(join(from.dir, 'copies', rest)).sort(), [
    join(dayOfCalls, 'one.mp3.key'),
    join(dayOfCalls, 'two.mp3.key'),
  ])
})

t.test(
  'a copy of an earlier version, without a manifest, is taken when its keys open the backup’s recordings',
  bound,
  async (t) => {
    const from = await home(t)
    for (const name of ['one', 'two']) await record(from, name)
    const { backup, digest } = await backedUp(t, from)
    t.equal(await night(from), 0)
    const [name = ''] = copiesOf(from)
    const copy = join(from.dir, 'copies', name)
    rmSync(join(copy, 'manifest.json'))
    const to = await elsewhere(t, from)
    const restoring = (keys: string) => linia(to.env, 'restore', backup, '--digest', digest, '--keys', keys)
    t.match(await restoring(join(from.dir, 'copies')), {
      code: 1,
      output: /made without a manifest, name it: --keys/,
    })
    const [one, two] = ['one', 'two'].map((key) => join(copy, dayOfCalls, `${key}.mp3.key`)) as [
      string,
      string,
    ]
    const [right, other] = [readFileSync(one), readFileSync(two)]
    const manifest = await readManifest(backup, digest)
    const refused = /one\.mp3\.key does not open its recording of this backup/
    for (const wrong of [right.subarray(1), Buffer.alloc(32), other]) {
      writeFileSync(one, wrong)
      await t.rejects(copyWithoutManifest(copy, { folder: backup, manifest }), { message: refused })
    }
    t.match(await restoring(copy), { code: 1, output: refused })
    for (const file of [one, two]) rmSync(file)
    t.match(await restoring(copy), { code: 1, output: /opens none of the 2 recordings of this backup/ })
    t.notOk(existsSync(join(to.env['VAR_DIR'] ?? '', 'recordings')), 'nothing was restored')
    writeFileSync(one, right)
    writeFileSync(join(copy, dayOfCalls, 'stranger.mp3.key'), right)
    const result = await restoring(copy)
    t.match(result, { code: 0, output: /^Restored 1 keys of recordings from .*, an INCOMPLETE copy, of 20/m })
    t.same(
      keysIn(join(to.env['VAR_DIR'] ?? '', 'recording-keys')),
      [join(dayOfCalls, 'one.mp3.key')],
      'no key that opens nothing',
    )
  },
)

t.test('a clock that leaps a year forward or back loses no key', bound, async (t) => {
  const from = await home(t)
  await record(from, 'one')
  for (const at of [now, now + 365 * dayMs, now + 1_000, now - 365 * dayMs, now + 2_000]) {
    t.equal(await night(from, at), 0)
    t.same(keysIn((await copyToRestore(join(from.dir, 'copies'))).folder), [join(dayOfCalls, 'one.mp3.key')])
  }
  t.match(copiesOf(from).at(-1), new RegExp(`^${new Date(now).toISOString().slice(0, 10)}`), 'none is ahead')
})

t.test('copies of another system’s keys are not mixed', bound, async (t) => {
  const [mine, theirs] = [await home(t), await home(t)]
  for (const one of [mine, theirs]) await record(one, 'one')
  t.equal(await night(mine), 0)
  t.match(await night({ ...theirs, dir: mine.dir }, now + 1_000), /holds copies of another system’s keys/)
})

t.test(
  'a half-written copy is no copy: an interrupted night, a copy without its manifest',
  bound,
  async (t) => {
    const from = await home(t)
    await record(from, 'one')
    t.equal(await night(from, now - 2 * dayMs), 0)
    const [good = ''] = copiesOf(from)
    const half = join(
      from.dir,
      'copies',
      good.replace(/^\d{4}-\d\d-\d\d/, new Date(now).toISOString().slice(0, 10)),
    )
    mkdirSync(half)
    writeFileSync(`${half}/manifest.json`, '{"format":1,')
    mkdirSync(`${half}.half`)
    t.equal((await copyToRestore(join(from.dir, 'copies'))).folder, join(from.dir, 'copies', good))
    writeFileSync(join(from.dir, 'copies', good, dayOfCalls, 'one.mp3.key'), Buffer.alloc(31))
    await t.rejects(copyToRestore(join(from.dir, 'copies')), { message: /one\.mp3\.key is damaged/ })
  },
)

t.test(
  'a disk that is full or read-only: a sentence, exit code 1, and nothing half made',
  withDisks,
  async (t) => {
    const from = await home(t)
    for (let one = 0; one < 40; one++) await record(from, `r${one}`)
    const full = join(from.dir, 'full')
    mountDisk(t, full)
    t.match(await linia(from.env, 'backup', join(full, 'night')), {
      code: 1,
      output: /^linia: No space is left at .*night\.$/m,
    })
    t.same(readdirSync(join(full, 'night')), [])
    t.match(await linia(from.env, 'backup', 'keys', join(full, 'keys')), {
      code: 1,
      output: /^linia: No space is left at /m,
    })
    t.same(
      readdirSync(join(full, 'keys')).filter((name) => !name.endsWith('.half')),
      [],
    )
    spawnSync('mount', ['-o', 'remount,ro', full])
    for (const words of [
      ['backup', join(full, 'next')],
      ['backup', 'keys', join(full, 'keys')],
    ])
      t.match(await linia(from.env, ...words), {
        code: 1,
        output: /^linia: .* is (on a disk that|its disk) (is )?mounted read-only[.?]$/m,
      })
    t.equal(readUpkeep(upkeepOf(from), 'backup'), null)
    t.equal(readUpkeep(upkeepOf(from), 'keys'), null)
  },
)

t.test('a source that is read-only is copied all the same', withDisks, async (t) => {
  const from = await home(t)
  await record(from, 'one')
  const keys = readFileSync(join(from.keys, dayOfCalls, 'one.mp3.key'))
  const mark = readFileSync(join(from.keys, 'linia-volume.json'))
  rmSync(from.keys, { recursive: true })
  mountDisk(t, from.keys)
  mkdirSync(join(from.keys, dayOfCalls))
  writeFileSync(join(from.keys, dayOfCalls, 'one.mp3.key'), keys)
  writeFileSync(join(from.keys, 'linia-volume.json'), mark)
  spawnSync('mount', ['-o', 'remount,ro', from.keys])
  t.equal(await night(from), 0)
  t.equal(statSync(join(from.dir, 'copies')).mode & 0o077, 0, 'for this user only')
})
