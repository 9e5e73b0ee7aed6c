/** The cache of the unpacked Asterisk: its place, its owner, and caches of other users. */
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { cacheFolder, findAsterisk, sharedCache } from '../../src/stack/install/asterisk-tree.ts'
import { entered, isRoot, nobody } from './programs.ts'

const moduleFile = fileURLToPath(new URL('../../src/stack/install/asterisk-tree.ts', import.meta.url))
const loader = process.arch === 'arm64' ? 'lib/ld-linux-aarch64.so.1' : 'lib64/ld-linux-x86-64.so.2'
const version = 'Asterisk 22.10.1'
const systemHasOne = existsSync('/usr/sbin/asterisk')

/** A cache with a program that prints Asterisk's version, and creates a file beside the cache when it runs. */
function fakeCache(t: Test): { readonly cache: string; readonly tree: string; readonly mark: string } {
  const dir = mkdtempSync(join(tmpdir(), 'linia-cache-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  chmodSync(dir, 0o777)
  const [cache, mark] = [join(dir, 'linia969'), join(dir, 'has-run')]
  const tree = join(cache, `asterisk-22-forky-${process.arch}-1`)
  mkdirSync(join(tree, loader, '..'), { recursive: true })
  writeFileSync(join(tree, loader), `#!/bin/sh\n: > "${mark}"\necho ${version}\n`, { mode: 0o755 })
  mkdirSync(join(cache, 'making-1'))
  return { cache, tree, mark }
}

t.test('root uses one cache for all users of the machine, and other users their own', async (t) => {
  const before = process.env['XDG_CACHE_HOME']
  t.teardown(() => {
    if (before === undefined) delete process.env['XDG_CACHE_HOME']
    else process.env['XDG_CACHE_HOME'] = before
  })
  process.env['XDG_CACHE_HOME'] = '/srv/kept'
  t.equal(cacheFolder(), isRoot ? sharedCache : '/srv/kept/linia969')
})

t.test(
  'a cache that this user may enter but not list is used',
  { skip: systemHasOne || !entered ? 'the checkout or the system’s Asterisk does not allow it' : false },
  async (t) => {
    const { cache } = fakeCache(t)
    // Like a folder that another user has made with a strict umask.
    chmodSync(cache, isRoot ? 0o711 : 0o311)
    t.teardown(() => chmodSync(cache, 0o755))
    const script = `import { provideAsterisk } from ${JSON.stringify(moduleFile)}
      console.log((await provideAsterisk(console.log, ${JSON.stringify(cache)})).version)`
    const [program, ...args] = [
      ...(isRoot ? nobody : []),
      process.execPath,
      '--input-type=module',
      '-e',
      script,
    ]
    const { NODE_OPTIONS: _, ...env } = process.env
    const ended = spawnSync(program, args, { encoding: 'utf8', env, cwd: '/', timeout: 30_000 })
    t.match(ended, { status: 0, stdout: `${version}\n`, stderr: '' })
  },
)

t.test('root runs no Asterisk that another user owns', { skip: isRoot ? false : 'not root' }, async (t) => {
  for (const foreign of ['cache', 'tree'] as const) {
    const made = fakeCache(t)
    t.match(await findAsterisk(made.cache), systemHasOne ? {} : { version })
    rmSync(made.mark, { force: true })
    chownSync(made[foreign], 65_534, 65_534)
    if (!systemHasOne) t.equal(await findAsterisk(made.cache), null, foreign)
    t.notOk(existsSync(made.mark), `no program of another user’s ${foreign} has run`)
  }
})
