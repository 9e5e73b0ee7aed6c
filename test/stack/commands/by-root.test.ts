/** The command `linia`, run by root: nothing that another user may change runs as root, and files are private. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { releaseLock, takeLock } from '../../../src/stack/lock.ts'
import { attack } from '../../support/attack.ts'
import { testCluster } from '../../support/postgres.ts'
import { entered, isRoot } from '../programs.ts'
import { home, linia } from '../backup/home.ts'

testCluster(t)
const nobody = Number(spawnSync('id', ['-u', 'nobody'], { encoding: 'utf8' }).stdout)
const group = Number(spawnSync('id', ['-g', 'nobody'], { encoding: 'utf8' }).stdout)

function folder(t: Test): string {
  const dir = mkdtempSync(join(tmpdir(), 'linia-root-'))
  chmodSync(dir, 0o755)
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

await attack(
  t,
  {
    attack: 'linia is run with umask 0',
    before: 'the dump in the backup was readable and writable for everybody (0666)',
    now: 'every file and folder that it makes is for its user only',
  },
  async (t) => {
    const from = await home(t)
    const umask = process.umask(0)
    try {
      t.match(await linia(from.env, 'journal', 'export', join(from.dir, 'journal.ndjson')), { code: 0 })
      t.match(await linia(from.env, 'backup', join(from.dir, 'copy')), { code: 0 })
    } finally {
      process.umask(umask)
    }
    for (const name of ['journal.ndjson', 'copy', 'copy/cel', 'copy/cel/cel.csv', 'copy/database.dump'])
      t.equal(statSync(join(from.dir, name)).mode & 0o077, 0, name)
  },
)

if (isRoot && entered) {
  await attack(
    t,
    {
      attack: 'root runs linia on the data of another user, who could put links where root would write',
      before: 'the command ran as root to its end, and its files were root’s',
      now: 'the command goes on as the owner of VAR_DIR',
    },
    async (t) => {
      const from = await home(t)
      const folderOfVar = from.env['VAR_DIR'] ?? ''
      chmodSync(from.dir, 0o755)
      mkdirSync(join(folderOfVar, 'upkeep'))
      for (const place of [folderOfVar, from.keys, from.recordings])
        spawnSync('chown', ['-R', `${nobody}:${group}`, place])
      const target = join(from.dir, 'copies')
      mkdirSync(target)
      chownSync(target, nobody, group)
      t.match(await linia(from.env, 'backup', join(target, 'night')), { code: 0 })
      const owners = readdirSync(join(target, 'night'), { recursive: true, encoding: 'utf8' }).map(
        (name) => statSync(join(target, 'night', name)).uid,
      )
      t.same([...new Set(owners)], [nobody])
      t.match(await linia(from.env, 'backup', join(from.dir, 'not-theirs')), {
        code: 1,
        output: /This user may not use .*not-theirs/,
      })
    },
  )

  t.test('root’s update beside a server of another release fetches nothing', async (t) => {
    const dir = folder(t)
    const [varDir, bin] = [join(dir, 'var'), join(dir, 'bin')]
    mkdirSync(varDir)
    mkdirSync(bin)
    writeFileSync(join(bin, 'apt-get'), `#!/bin/sh\necho "$*" >> "${dir}/fetched"\n`, { mode: 0o755 })
    const running = { url: 'http://127.0.0.1:9690', ledger: 'private' } as const
    t.equal(await takeLock(varDir, { ...running, dialplan: 'of the release before' }), null)
    const env = {
      PATH: `${bin}:${process.env['PATH']}`,
      VAR_DIR: varDir,
      ARI_URL: 'http://linia:secret@127.0.0.1:1',
    }
    for (const owner of [nobody, 0]) {
      spawnSync('chown', ['-R', String(owner), varDir])
      const { code, output } = await linia(env, 'update')
      t.equal(code, 1)
      t.match(output, /another release than the Linia that runs from it. Stop it first/)
      t.equal(output.match(/another release/g)?.length, 1, 'said once')
      t.notOk(existsSync(join(dir, 'fetched')))
    }
    await releaseLock(varDir)
    t.match(await linia(env, 'update'), { code: 0, output: /Linia is not running here/ })
    t.ok(existsSync(join(dir, 'fetched')), 'otherwise root fetches')
  })

  await attack(
    t,
    {
      attack: 'root runs linia in a checkout that another user may change',
      before: 'root ran that user’s node_modules/.bin/node',
      now: 'it runs as that user',
    },
    async (t) => {
      const checkout = folder(t)
      const script = fileURLToPath(new URL('../../../src/stack/linia', import.meta.url))
      mkdirSync(join(checkout, 'src/stack'), { recursive: true })
      mkdirSync(join(checkout, 'node_modules/.bin'), { recursive: true })
      cpSync(script, join(checkout, 'src/stack/linia'))
      writeFileSync(join(checkout, 'node_modules/.bin/node'), '#!/bin/sh\nid -u\numask\n', { mode: 0o755 })
      const ran = (): string =>
        spawnSync(join(checkout, 'src/stack/linia'), ['doctor'], {
          encoding: 'utf8',
          env: { PATH: process.env['PATH'] },
        }).stdout
      t.equal(ran(), '0\n0077\n', 'a checkout of root’s')
      chownSync(join(checkout, 'node_modules'), nobody, group)
      t.equal(ran(), `${nobody}\n0077\n`, 'packages that another user may change')
      chownSync(join(checkout, 'node_modules'), 0, 0)
      chownSync(checkout, nobody, group)
      t.equal(ran(), `${nobody}\n0077\n`, 'the checkout of another user')
    },
  )
}
