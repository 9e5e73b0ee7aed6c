/** A restore into folders that are mounts of their own, and by root. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { readSettings } from '../../../src/config.ts'
import { refuseUnfinished } from '../../../src/stack/backup/unfinished-restore.ts'
import { testCluster } from '../../support/postgres.ts'
import { bound, isRoot, type Environment } from '../programs.ts'
import { mayMount, mountDisk, unmount, withDisks } from './disks.ts'
import { backedUp, elsewhere, fileOf, home, linia, record, stayRoot } from './home.ts'

testCluster(t)

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** What a restore has put aside inside the folder. */
function asideIn(folder: string): string {
  const found = readdirSync(folder).filter((name) => name.startsWith('.replaced-'))
  t.equal(found.length, 1, `one folder was put aside in ${folder}`)
  return join(folder, found[0] ?? '')
}

// A backup with one recording and its keys, which all tests restore.
const from = await home(t)
await record(from, 'one')
const { backup, digest } = await backedUp(t, from)
const copies = join(from.dir, 'copies')
t.equal((await linia(from.env, 'backup', 'keys', copies)).code, 0)

/** Another machine, whose recordings lie on a volume of their own. */
async function prepared(t: Test) {
  const to = await elsewhere(t, from)
  const volumes = mkdtempSync(join(tmpdir(), 'linia-volumes-'))
  t.teardown(() => rmSync(volumes, { recursive: true, force: true }))
  const [recordings, keys] = [join(volumes, 'recordings'), join(volumes, 'keys')]
  const env: Environment = { ...to.env, RECORDINGS_DIR: recordings, RECORDING_KEYS: keys }
  const restoring = (...args: string[]) =>
    linia(env, 'restore', backup, '--digest', digest, '--keys', copies, ...args)
  return { to, env, var: env['VAR_DIR'] ?? '', volumes, recordings, keys, restoring }
}

t.test('--replace empties a mounted volume into a folder inside it', withDisks, async (t) => {
  const { var: folder, recordings, env, to, restoring } = await prepared(t)
  const asterisk = join(folder, 'asterisk')
  for (const disk of [recordings, asterisk, join(folder, 'spool')]) mountDisk(t, disk)
  write(join(recordings, fileOf('theirs')), 'sealed')
  write(join(recordings, 'linia-volume.json'), '{"volume":"recordings","mark":"theirs"}')
  write(join(asterisk, 'log/cel.csv'), 'theirs')
  write(join(asterisk, 'studio/greeting.wav'), 'theirs')
  write(join(folder, 'spool/event.ndjson'), 'theirs')
  mkdirSync(join(recordings, 'lost+found'))
  t.match(await restoring(), { code: 1, output: /There is another system's data here: .*spool.*recordings/ })
  const replaced = await restoring('--replace')
  t.match(replaced, { code: 0, output: /^Put aside: .*recordings → .*recordings\/\.replaced-/m })
  t.equal(readFileSync(join(asideIn(recordings), fileOf('theirs')), 'utf8'), 'sealed')
  t.equal(readFileSync(join(asideIn(join(folder, 'spool')), 'event.ndjson'), 'utf8'), 'theirs')
  t.equal(readFileSync(join(asideIn(join(asterisk, 'log')), 'cel.csv'), 'utf8'), 'theirs')
  t.equal(readFileSync(join(asideIn(join(asterisk, 'studio')), 'greeting.wav'), 'utf8'), 'theirs')
  t.ok(existsSync(join(recordings, 'lost+found')), 'lost+found stays')
  t.ok(existsSync(join(recordings, fileOf('one'))), 'the backup is in its place')
  t.equal(readFileSync(join(asterisk, 'log/cel.csv'), 'utf8'), 'a call of 0722000961\n')
  stayRoot(env)
  t.match(await linia(env, 'backup', join(to.dir, 'again')), { code: 0, output: /, 1 recordings, 3 files/ })
})

t.test(
  'a restore that is interrupted while it empties a volume loses nothing and is told',
  withDisks,
  async (t) => {
    const { var: folder, env, recordings, restoring } = await prepared(t)
    mountDisk(t, recordings)
    for (const name of ['a', 'z']) write(join(recordings, `pbx1-${name}`, 'caller.wav'), name)
    const inner = join(recordings, 'm')
    mountDisk(t, inner)
    write(join(inner, 'caller.wav'), 'm')
    t.match(await restoring('--replace'), { code: 1, output: /recordings\/m is a mount inside another one/ })
    const { paths } = readSettings(env)
    await t.rejects(refuseUnfinished(paths), {
      message:
        /A restore here has not ended.*: of .*copy, begun at .*\n.*lies in the folders \*replaced-.*none of it was deleted\.\n.*--replace/,
    })
    unmount(inner)
    stayRoot(env)
    const second = await restoring('--replace')
    t.match(second, {
      code: 0,
      output: /^What an unfinished restore found here, if anything, lies in the folders \*replaced-/m,
    })
    const kept = readdirSync(recordings, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.wav'),
    )
    t.same(kept.map((name) => readFileSync(join(recordings, name), 'utf8')).sort(), ['a', 'z'])
    t.ok(kept.every((name) => name.startsWith('.replaced-')))
    t.notOk(existsSync(join(folder, 'unfinished-restore.json')))
  },
)

t.test('a volume behind a link stays behind it', bound, async (t) => {
  const { volumes, recordings, restoring } = await prepared(t)
  const disk = join(volumes, 'disk')
  write(join(disk, fileOf('theirs')), 'sealed')
  symlinkSync(disk, recordings)
  t.equal((await restoring('--replace')).code, 0)
  t.ok(lstatSync(recordings).isSymbolicLink())
  t.equal(readFileSync(join(asideIn(disk), fileOf('theirs')), 'utf8'), 'sealed')
  t.ok(existsSync(join(disk, fileOf('one'))))
})

t.test('a volume that cannot be written to is refused before anything is changed', withDisks, async (t) => {
  const { var: folder, recordings, restoring } = await prepared(t)
  mountDisk(t, recordings)
  write(join(recordings, fileOf('theirs')), 'sealed')
  write(join(folder, 'spool/event.ndjson'), 'theirs')
  spawnSync('mount', ['-o', 'remount,ro', recordings])
  t.match(await restoring('--replace'), {
    code: 1,
    output: /may not write to .*recordings, a folder to be restored/,
  })
  t.equal(readFileSync(join(folder, 'spool/event.ndjson'), 'utf8'), 'theirs', 'nothing was put aside')
  t.notOk(existsSync(join(folder, 'unfinished-restore.json')))
})

t.test(
  'after a restore by root every file belongs to the user that Linia runs as',
  { ...bound, skip: isRoot ? false : 'only root hands files over' },
  async (t) => {
    const { var: folder, recordings, keys, volumes, restoring } = await prepared(t)
    const anchor = join(folder, 'anchor')
    if (mayMount) for (const disk of [keys, anchor]) mountDisk(t, disk)
    t.equal((await restoring()).code, 0)
    const uid = Number(spawnSync('id', ['-u', 'linia'], { encoding: 'utf8' }).stdout)
    for (const top of [folder, recordings, keys, anchor])
      for (const name of ['', ...readdirSync(top, { recursive: true, encoding: 'utf8' })])
        t.equal(lstatSync(join(top, name)).uid, uid, join(top, name))
    t.not(lstatSync(volumes).uid, uid, 'nothing around them')
  },
)
