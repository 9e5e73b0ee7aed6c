/** An interrupted start, and commands without a running system or without the right to see it. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { until } from '../support/until.ts'
import { begin, bound, command, entered, environment, isRoot, nobody } from './programs.ts'

/** Runs the following command after this mount, in a mount namespace of its own. */
const after = (mount: string): readonly string[] => [
  'unshare',
  '--mount',
  'sh',
  '-c',
  `${mount} && exec "$@"`,
  'sh',
]
const withoutSox = after('mount --bind /dev/null /usr/bin/sox')
const withoutCaches = after('mount -t tmpfs none /var/cache')
const mayHide = spawnSync('unshare', ['--mount', 'true']).status === 0

t.test('a stopped first start leaves no process and no partial database', bound, async (t) => {
  const env = await environment(t)
  const starting = begin(env)
  const initdb = () => starting.parts().find(({ command }) => /initdb -D/.test(command))
  await until(() => initdb() !== undefined)
  const making = initdb()?.pid
  const parts = starting.parts()
  process.kill(starting.pid, 'SIGTERM')
  t.same(await starting.ended, [0, null])
  t.notOk(existsSync(`/proc/${making}`), 'initdb has ended')
  // initdb's own children end a moment later.
  await until(() => parts.every(({ pid }) => !existsSync(`/proc/${pid}`)))
  // initdb may or may not have removed its folder; the next start does (services/postgres.test.ts). If initdb
  // finished at the same moment, the database is complete: `base/5` is created last.
  const database = join(env['VAR_DIR'] ?? '', 'postgres/data')
  const whole = existsSync(join(database, 'base/5'))
  t.equal(existsSync(database), whole, 'no partial database')
})

t.test('`make clean` refuses a VAR_DIR that is not a folder of Linia', async (t) => {
  const env = await environment(t)
  const folder = env['VAR_DIR'] ?? ''
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'letter.txt'), 'of somebody')
  t.match(await command(env, ['clean.ts']), { code: 1, output: /has other files than Linia’s/ })
  t.equal(readFileSync(join(folder, 'letter.txt'), 'utf8'), 'of somebody')
  t.match(await command({ ...env, VAR_DIR: '.' }, ['clean.ts']), {
    code: 1,
    output: /contains this checkout/,
  })
})

t.test(
  'with an external database, calls in the spool, the CEL or the recordings protect the folder from `make clean`',
  async (t) => {
    for (const kept of ['spool/events', 'asterisk/log/cel.csv', 'recordings/one.mp3']) {
      const env = await environment(t)
      const path = join(env['VAR_DIR'] ?? '', kept)
      mkdirSync(join(path, '..'), { recursive: true })
      writeFileSync(path, 'a call')
      t.match(await command(env, ['clean.ts']), { code: 1, output: /holds calls or recordings/ }, kept)
      t.equal(readFileSync(path, 'utf8'), 'a call')
    }
  },
)

t.test(
  'a user without the right to install packages or to write to the cache gets a sentence',
  { skip: isRoot && entered && mayHide ? false : 'only root can hide a program from another user' },
  async (t) => {
    const env = await environment(t)
    const dir = env['VAR_DIR'] ?? ''
    mkdirSync(dir)
    spawnSync('chown', ['nobody:', dir])
    t.match(await command(env, ['run.ts'], [...withoutSox, ...nobody]), {
      code: 1,
      output:
        'linia: These packages are missing and this user may not install them: sox.\n' +
        '  Ask an administrator to run, in this folder: sudo make packages\n',
    })
    const elsewhere = { ...env, XDG_CACHE_HOME: join(dir, '../roots') }
    mkdirSync(elsewhere.XDG_CACHE_HOME)
    t.match(await command(elsewhere, ['run.ts'], [...withoutCaches, ...nobody]), {
      code: 1,
      output: /^linia: This user may not write to .*\/roots\/linia969, where Asterisk is unpacked\. Set XDG/m,
    })
  },
)

t.test(
  'a user without access to the folder gets its owner’s name',
  { skip: entered ? false : 'only root may enter this checkout' },
  async (t) => {
    const env = await environment(t)
    const dir = env['VAR_DIR'] ?? ''
    mkdirSync(join(dir, 'run'), { recursive: true })
    writeFileSync(join(dir, 'demo.json'), '{}')
    mkdirSync(join(dir, 'log'))
    for (const name of ['run', 'log', 'demo.json']) chmodSync(join(dir, name), 0)
    t.teardown(() => ['run', 'log'].forEach((name) => chmodSync(join(dir, name), 0o700)))
    const as = isRoot ? nobody : []
    const whose = /^linia: Linia here belongs to the user .*, and this user may not look into .* Use sudo/
    for (const words of [['stop.ts'], ['clean.ts'], ['commands/cli.ts', 'user', 'list']])
      t.match(await command(env, words, as), { code: 1, output: whose }, words.join(' '))
    t.match(await command(env, ['commands/cli.ts', 'hours'], as), { code: 0, output: /belongs to the user/ })
    t.match(await command(env, ['commands/cli.ts', 'doctor'], as), {
      code: 1,
      output: /^! Linia here belongs to the user/m,
    })
    for (const words of [['../../tools/demo/main.ts'], ['commands/cli.ts', 'security']])
      t.match(await command(env, words, as), {
        code: 1,
        output: /^linia: This user may not read .* Use sudo/,
      })
  },
)
