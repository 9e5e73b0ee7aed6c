/** A restore on a machine that has been started once, and beside folders that other programs write to. */
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readSettings } from '../../../src/config.ts'
import { writeMark } from '../../../src/ledger/volumes/volume.ts'
import { folderOf, markedVolumes } from '../../../src/stack/backup/volumes.ts'
import { attack } from '../../support/attack.ts'
import { testCluster } from '../../support/postgres.ts'
import { bound, isRoot, type Environment } from '../programs.ts'
import { mountDisk, setReadOnly, withDisks } from './disks.ts'
import { backedUp, elsewhere, home, linia, record, stayRoot, type Home } from './home.ts'

testCluster(t)

// What all tests restore: a system without recordings, and one with a recording.
const without = await backupOf(0)
const withOne = await backupOf(1)

async function backupOf(recordings: number) {
  const from = await home(t)
  for (let one = 0; one < recordings; one += 1) await record(from, `r${one}`)
  return { from, recordings, ...(await backedUp(t, from)) }
}

type Backup = typeof without

/** A machine whose first start has marked its volumes, and nothing more. */
async function startedOnce(t: Test, from: Home) {
  const to = await elsewhere(t, from)
  const settings = readSettings(to.env)
  const mark = await writeMark(settings.paths.recordingKeys, 'keys')
  for (const volume of markedVolumes(settings))
    if (volume !== 'keys') await writeMark(folderOf(volume, settings), volume)
  return { ...to, keys: settings.paths.recordingKeys, mark }
}

const unfinished = ({ VAR_DIR: folder = '' }: Environment) => join(folder, 'unfinished-restore.json')

/** Where the keys' folder was put aside. */
function asideOf(t: Test, output: string): string {
  const [, aside = ''] = /^Put aside: .*recording-keys → (.*)$/m.exec(output) ?? []
  t.not(aside, '', 'the folder of the keys was put aside')
  return aside
}

async function restoredOver(
  t: Test,
  given: readonly string[],
  { from, recordings, backup, digest }: Backup,
): Promise<void> {
  const to = await startedOnce(t, from)
  const restoring = (...args: string[]) =>
    linia(to.env, 'restore', backup, '--digest', digest, ...given, ...args)
  t.match(await restoring(), {
    code: 1,
    output: /recording-keys holds another system’s keys, or.*\n.*--replace/,
  })
  t.notOk(existsSync(unfinished(to.env)), 'nothing was changed')
  const replaced = await restoring('--replace')
  t.match(replaced, { code: 0 })
  const aside = asideOf(t, replaced.output)
  t.match(readFileSync(join(aside, 'linia-volume.json'), 'utf8'), to.mark, 'nothing is deleted')
  t.notOk(existsSync(unfinished(to.env)))
  stayRoot(to.env)
  t.match(await linia(to.env, 'backup', 'keys', join(to.dir, 'keys')), { code: recordings })
  t.match(await linia(to.env, 'backup', join(to.dir, 'next')), { code: 0 }, 'its volumes are marked')
}

await attack(
  t,
  {
    attack: 'restores a backup without sealed recordings on a machine that was started once',
    before:
      'everything was put aside and restored, then “recording-keys is not the volume of the recordings’ keys”, which `volume new` could not mend',
    now: 'refused before anything is changed; with --replace the other mark is put aside too, and the restore ends',
  },
  (t) => restoredOver(t, [], without),
)

t.test('with --without-keys the other mark is put aside too', bound, (t) =>
  restoredOver(t, ['--without-keys'], withOne),
)

await attack(
  t,
  {
    attack: 'restores with --keys --replace on a machine that was started once',
    before: 'refused: “holds another system’s keys”, where there was a mark alone',
    now: 'the mark is put aside, and the keys are in their place',
  },
  async (t) => {
    const { from, backup, digest } = withOne
    const copies = join(from.dir, 'copies')
    t.equal((await linia(from.env, 'backup', 'keys', copies)).code, 0)
    const to = await startedOnce(t, from)
    writeFileSync(join(to.keys, 'theirs.mp3.key'), 'theirs')
    const restoring = (...args: string[]) =>
      linia(to.env, 'restore', backup, '--digest', digest, '--keys', copies, ...args)
    t.match(await restoring(), { code: 1, output: /Name another folder with RECORDING_KEYS/ })
    const replaced = await restoring('--replace')
    t.match(replaced, { code: 0, output: /^Restored 1 keys of recordings/m })
    t.equal(readFileSync(join(asideOf(t, replaced.output), 'theirs.mp3.key'), 'utf8'), 'theirs')
    t.notOk(existsSync(join(to.keys, 'theirs.mp3.key')), 'keys are not mixed')
    stayRoot(to.env)
    t.match(await linia(to.env, 'backup', 'keys', join(to.dir, 'keys')), { code: 0 })
  },
)

/** Another machine, whose CEL lies in a folder that other programs write to. */
async function withLogs(t: Test, more: Environment = {}) {
  const { from, backup, digest } = without
  const to = await elsewhere(t, from)
  const logs = mkdtempSync(join(tmpdir(), 'linia-logs-'))
  t.teardown(() => rmSync(logs, { recursive: true, force: true }))
  const env: Environment = { ...to.env, ...more, CEL_FILE: join(logs, 'cel.csv') }
  const restoring = (...args: string[]) => linia(env, 'restore', backup, '--digest', digest, ...args)
  return { env, logs, restoring }
}

t.test('the CEL’s folder is tried before anything is changed', withDisks, async (t) => {
  const { env, logs, restoring } = await withLogs(t)
  mountDisk(t, logs)
  setReadOnly(logs, true)
  t.match(await restoring(), {
    code: 1,
    output: /may not write to .*linia-logs-\w+, a folder to be restored/,
  })
  const below = { ...env, CEL_FILE: join(logs, 'asterisk/cel.csv') }
  Object.assign(env, below)
  t.match(await restoring(), { code: 1, output: /linia-logs-\w+, where .*asterisk is to be restored/ })
  t.notOk(existsSync(unfinished(env)), 'nothing was changed')
})

t.test(
  'after a restore by root the CEL and its mark belong to the user that Linia runs as, other logs do not',
  { ...bound, skip: isRoot ? false : 'only root hands files over' },
  async (t) => {
    const uid = Number(spawnSync('id', ['-u', 'linia'], { encoding: 'utf8' }).stdout)
    for (const isShared of [true, false]) {
      const { logs, restoring } = await withLogs(t)
      if (isShared) {
        mkdirSync(join(logs, 'other'))
        writeFileSync(join(logs, 'other/access.log'), 'other')
      }
      chownSync(logs, 0, 0)
      t.equal((await restoring()).code, 0)
      for (const name of ['cel.csv', 'linia-volume.json']) t.equal(lstatSync(join(logs, name)).uid, uid, name)
      t.equal(lstatSync(logs).uid, isShared ? 0 : uid, 'the folder, where nobody else uses it')
      if (isShared)
        for (const name of ['other', 'other/access.log']) t.equal(lstatSync(join(logs, name)).uid, 0, name)
    }
  },
)

await attack(
  t,
  {
    attack: 'restores with --replace beside the city’s own Asterisk, which writes its CEL and logs',
    before: 'its whole log folder was moved away under it, and the backup’s CEL put in the place of its own',
    now: 'its folder is left as it is, which is said',
  },
  async (t) => {
    const { logs, restoring } = await withLogs(t, {
      ARI_URL: 'http://linia:secret@127.0.0.1:1',
      AMI_URL: 'ami://linia:secret@127.0.0.1:1',
    })
    writeFileSync(join(logs, 'cel.csv'), 'a call of the city')
    writeFileSync(join(logs, 'messages'), 'of the city')
    const replaced = await restoring('--replace')
    t.match(replaced, { code: 0, output: /CEL of the backup is left out/ })
    t.same(readdirSync(logs).sort(), ['cel.csv', 'messages'])
    t.equal(readFileSync(join(logs, 'cel.csv'), 'utf8'), 'a call of the city')
    t.equal(lstatSync(join(logs, 'cel.csv')).uid, process.getuid?.())
  },
)
