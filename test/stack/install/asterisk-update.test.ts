/** Fetching and updating the unpacked Asterisk, with a Debian of the test's own behind apt's commands. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { dialplanDigest } from '../../../src/asterisk/config/dialplan-digest.ts'
import { readSettings } from '../../../src/config.ts'
import {
  findAsterisk,
  originOf,
  provideAsterisk,
  updateTree,
} from '../../../src/stack/install/asterisk-tree.ts'
import { expiredFlag } from '../../../src/stack/install/asterisk-packages.ts'
import { update } from '../../../src/stack/commands/update.ts'
import { releaseLock, takeLock } from '../../../src/stack/lock.ts'
import { quiet } from '../../../src/stack/terminal.ts'
import { readUpkeep } from '../../../src/upkeep.ts'
import { attack } from '../../support/attack.ts'
import { until } from '../../support/until.ts'
import { emptyDisk, fillDisk, mountDisk, setReadOnly, withDisks } from '../backup/disks.ts'

const loader = process.arch === 'arm64' ? 'lib/ld-linux-aarch64.so.1' : 'lib64/ld-linux-x86-64.so.2'
const link = `asterisk-22-forky-${process.arch}-1`
const skip = existsSync('/usr/sbin/asterisk') && 'the system has an Asterisk of its own'

/** apt-get, apt-cache and dpkg-deb as scripts that read the mirror's state from files. */
function fakeDebian(t: Test) {
  const dir = mkdtempSync(join(tmpdir(), 'linia-debian-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const [bin, cache] = [join(dir, 'bin'), join(dir, 'cache')]
  mkdirSync(bin)
  const program = (name: string, script: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}`)
    chmodSync(join(bin, name), 0o755)
  }
  const release = (version: string, told = `Asterisk ${version}`) => {
    writeFileSync(join(dir, 'version'), `${version}-1`)
    writeFileSync(join(dir, 'told'), told)
  }
  program(
    'apt-get',
    `case "$*" in
*indextargets*) echo 'http://localhost/debian|Debian|Debian|main' ;;
*Check-Valid-Until=false*) exit 0 ;;
*' update '*) [ ! -e "${dir}/expired" ] || { echo 'E: Release file for forky is expired' >&2; exit 100; } ;;
*--download-only*)
  echo >> "${dir}/downloads"
  for word; do case "$word" in Dir::Cache=*) : > "\${word#*=}/archives/asterisk.deb" ;; esac; done ;;
esac
`,
  )
  program('apt-cache', `echo "  Candidate: $(cat "${dir}/version")"\n`)
  program(
    'dpkg-deb',
    `mkdir -p "$3/${loader}" && rmdir "$3/${loader}"
printf '#!/bin/sh\\necho "%s"\\n' "$(cat "${dir}/told")" > "$3/${loader}"
chmod 755 "$3/${loader}"
`,
  )
  const { PATH, [expiredFlag]: accepts } = process.env
  process.env['PATH'] = `${bin}:${PATH}`
  delete process.env[expiredFlag]
  t.teardown(() => {
    process.env['PATH'] = PATH
    if (accepts === undefined) delete process.env[expiredFlag]
    else process.env[expiredFlag] = accepts
  })
  return {
    dir,
    cache,
    release,
    expire: () => writeFileSync(join(dir, 'expired'), ''),
    versions: () => readdirSync(cache).filter((name) => name !== link),
    leadsTo: () => readlinkSync(join(cache, link)),
  }
}

t.test(
  'an update links to the newer version and keeps the one before for running processes',
  { skip },
  async (t) => {
    const { cache, release, versions, leadsTo } = fakeDebian(t)
    release('22.10.1')
    const { tree, version } = await provideAsterisk(quiet, cache)
    t.match({ tree, version }, { tree: join(cache, link), version: 'Asterisk 22.10.1' })
    t.match(await originOf(String(tree)), { package: '22.10.1-1' })
    t.equal(await updateTree(quiet, String(tree)), null, 'nothing newer')
    release('22.10.2')
    t.match(await updateTree(quiet, String(tree)), { before: { package: '22.10.1-1' }, fetched: '22.10.2-1' })
    t.match(await findAsterisk(cache), { tree, version: 'Asterisk 22.10.2' })
    t.strictSame(versions(), [`${link}.22.10.1-1`, `${link}.22.10.2-1`])
    release('22.11.0')
    await updateTree(quiet, String(tree))
    t.strictSame(versions(), [`${link}.22.10.2-1`, `${link}.22.11.0-1`], 'two versions at most')
    t.equal(leadsTo(), `${link}.22.11.0-1`, 'relative, so that the cache may be moved')
  },
)

t.test('a version that a process runs is not removed', { skip }, async (t) => {
  const { cache, release, versions } = fakeDebian(t)
  release('22.10.1')
  const { tree } = await provideAsterisk(quiet, cache)
  const program = join(String(tree), 'sleep')
  copyFileSync('/bin/sleep', program)
  const child = spawn(program, ['60'], { stdio: 'ignore' })
  t.teardown(() => child.kill('SIGKILL'))
  await until(() => readlinkSync(`/proc/${child.pid}/exe`).startsWith(realpathSync(cache)))
  for (const newer of ['22.10.2', '22.11.0']) {
    release(newer)
    await updateTree(quiet, String(tree))
  }
  t.strictSame(
    versions(),
    ['22.10.1', '22.10.2', '22.11.0'].map((one) => `${link}.${one}-1`),
  )
  child.kill('SIGKILL')
  await once(child, 'exit')
  release('22.11.1')
  await updateTree(quiet, String(tree))
  t.strictSame(
    versions(),
    ['22.11.0', '22.11.1'].map((one) => `${link}.${one}-1`),
  )
})

t.test(
  'root makes its own in place of another user’s cache, which stays until then',
  { skip: skip || (process.getuid?.() !== 0 && 'not root') },
  async (t) => {
    const { dir, cache, release } = fakeDebian(t)
    release('22.10.1')
    await provideAsterisk(quiet, cache)
    chownSync(cache, 65_534, 65_534)
    const beside = () => readdirSync(dir).filter((name) => name.startsWith('cache'))
    writeFileSync(join(dir, 'expired'), '')
    await t.rejects(provideAsterisk(quiet, cache), { name: 'UserError' })
    t.match(statSync(cache), { uid: 65_534 }, 'without a mirror nothing is lost')
    t.strictSame([beside(), readdirSync(cache).length], [['cache'], 2])
    rmSync(join(dir, 'expired'))
    t.match(await provideAsterisk(quiet, cache), { version: 'Asterisk 22.10.1' })
    t.match(statSync(cache), { uid: 0 })
    t.match(beside(), ['cache', /^cache\.before-/], 'what may still be running has only another name')
    const hoursAgo = Date.now() / 1_000 - 7_200
    for (const name of beside()) utimesSync(join(dir, name), hoursAgo, hoursAgo)
    await provideAsterisk(quiet, cache)
    t.strictSame(beside(), ['cache'], 'for an hour, and as long as a process runs it')
  },
)

t.test('a version that is not usable is refused, and the one in use stays', { skip }, async (t) => {
  const { cache, release, leadsTo } = fakeDebian(t)
  release('22.10.1')
  await provideAsterisk(quiet, cache)
  for (const told of ['Asterisk 23.0.0', 'Asterisk 22.11.0-rc1', 'nonsense']) {
    release('23', told)
    await t.rejects(updateTree(quiet, join(cache, link)), { name: 'UserError', message: told })
    t.equal(leadsTo(), `${link}.22.10.1-1`)
  }
  t.strictSame(readdirSync(cache).length, 2, 'nothing half-made is left')
})

t.test('an update under a strict umask leaves a tree that Linia’s user can read', { skip }, async (t) => {
  const { cache, release } = fakeDebian(t)
  release('22.10.1')
  await provideAsterisk(quiet, cache)
  release('22.10.2')
  const umask = process.umask(0o077)
  t.teardown(() => process.umask(umask))
  await updateTree(quiet, join(cache, link))
  const closed = readdirSync(join(cache, link), { recursive: true, encoding: 'utf8' }).filter(
    (name) => (statSync(join(cache, link, name)).mode & 0o004) === 0,
  )
  t.same(closed, [])
  t.equal(statSync(join(cache, link)).mode & 0o005, 0o005)
})

t.test('a cache of an earlier release, without link and origin, is updated', { skip }, async (t) => {
  const { cache, release, versions } = fakeDebian(t)
  release('22.10.1')
  await provideAsterisk(quiet, cache)
  const [folder = ''] = versions()
  rmSync(join(cache, link))
  rmSync(join(cache, folder, 'linia-origin.json'))
  // What that release made: the tree itself under the link's name.
  renameSync(join(cache, folder), join(cache, link))
  t.match(await originOf(join(cache, link)), { package: null, fetchedAt: /^20/ })
  release('22.10.2')
  t.match(await updateTree(quiet, join(cache, link)), { before: { package: null }, fetched: '22.10.2-1' })
  t.ok(lstatSync(join(cache, link)).isSymbolicLink())
  t.strictSame(versions(), [`${link}.22.10.2-1`, `${link}.before`])
})

await attack(
  t,
  {
    attack: 'a mirror holds back fixes with an expired release file',
    before: 'accepted at every start, with a line in the output',
    now: 'refused; accepted once by an explicit setting',
  },
  async (t) => {
    const { cache, release, expire } = fakeDebian(t)
    release('22.10.1')
    expire()
    await t.rejects(provideAsterisk(quiet, cache), {
      name: 'UserError',
      message: /expired[^]*ACCEPT_EXPIRED_RELEASE=1/,
    })
    t.notOk(existsSync(join(cache, link)))
    process.env[expiredFlag] = '1'
    if (skip === false) t.match(await provideAsterisk(quiet, cache), { version: 'Asterisk 22.10.1' })
  },
)

t.test('beside a server of another release nothing is fetched and no Asterisk is restarted', async (t) => {
  const { dir, cache, release } = fakeDebian(t)
  const settings = readSettings({ VAR_DIR: join(dir, 'var'), ARI_URL: 'http://linia:secret@127.0.0.1:1' })
  mkdirSync(settings.paths.var)
  const running = { url: 'http://127.0.0.1:9690', ledger: 'private' } as const
  await takeLock(settings.paths.var, { ...running, dialplan: 'of the release before' })
  t.teardown(() => releaseLock(settings.paths.var))
  release('22.10.2')
  const refused = {
    name: 'UserError',
    message: /another release than the Linia that runs from it. Stop it first/,
  }
  await t.rejects(update(settings, [], cache), refused)
  t.notOk(existsSync(join(dir, 'downloads')))
  t.equal(await update(settings, ['--check'], cache), 0, 'a look is allowed')
  const changed = t.testdir({ 'inbound.conf': 'exten => 969,1,NoOp()' })
  t.not(await dialplanDigest(changed), await dialplanDigest())
  t.equal(await dialplanDigest(), await dialplanDigest())
})

t.test('what a look found is kept, or the look fails', { skip }, async (t) => {
  const { dir, cache, release } = fakeDebian(t)
  release('22.10.1')
  await provideAsterisk(quiet, cache)
  const settings = readSettings({ VAR_DIR: join(dir, 'var') })
  const { upkeep } = settings.paths
  const look = () => update(settings, ['--check'], cache)
  const found = () => readUpkeep(upkeep, 'asterisk')?.newest
  t.equal(await look(), 0, 'no folder')
  t.equal(found(), '22.10.1-1')
  rmSync(join(upkeep, 'asterisk.json'))
  release('22.10.2')
  t.equal(await look(), 3, 'an empty folder')
  writeFileSync(join(upkeep, 'asterisk.json'), '{"newest":"22')
  t.equal(found(), undefined, 'half written is no look')
  t.equal(await look(), 3)
  t.equal(found(), '22.10.2-1')
  if (withDisks.skip !== false) return
  rmSync(upkeep, { recursive: true })
  mountDisk(t, upkeep)
  fillDisk(upkeep)
  await t.rejects(look(), { name: 'UserError', message: /^No space is left at / })
  emptyDisk(upkeep)
  setReadOnly(upkeep, true)
  await t.rejects(look(), { name: 'UserError', message: /mounted read-only/ })
  setReadOnly(upkeep, false)
  t.equal(await look(), 3)
})
