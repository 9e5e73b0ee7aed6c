/** `make run` with what is typed beside it: stop, clean, and the command `linia`; and what is left when it is killed. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { Test } from 'tap'
import { freePort } from '../../src/stack/ports.ts'
import { quiet } from '../../src/stack/screen.ts'
import { buildUi } from '../../src/stack/ui-build.ts'
import { killAtExit } from '../support/at-exit.ts'
import { familyOf } from '../support/processes.ts'
import { until } from '../support/until.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const isRoot = process.getuid?.() === 0
const nobody = ['setpriv', '--reuid', 'nobody', '--regid', 'nogroup', '--clear-groups', '--']
/** As root somebody else is played, who must be able to enter the checkout. */
const entered =
  !isRoot || spawnSync(nobody[0] ?? '', [...nobody.slice(1), 'cat', join(root, 'Makefile')]).status === 0

const bound = { timeout: 118_000 }

type Environment = Readonly<Record<string, string>>

interface Ended {
  readonly code: number | null
  readonly said: string
}

/** A program of the stack to its end; nobody is at its terminal. */
async function command(
  env: Environment,
  words: readonly string[],
  as: readonly string[] = [],
): Promise<Ended> {
  const [program = '', ...args] = words
  const all = ['-u', 'NODE_OPTIONS', ...as, process.execPath, join('src/stack', program), ...args]
  const child = spawn('env', all, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  killAtExit(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said }
}

async function environment(t: Test): Promise<Environment> {
  const dir = mkdtempSync(join(tmpdir(), 'linia-commands-'))
  chmodSync(dir, 0o755)
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const [http, sip] = [await freePort('127.0.0.1'), await freePort('127.0.0.1')]
  return { VAR_DIR: join(dir, 'var'), HTTP_PORT: `${http}`, SIP_PORT: `${sip}`, GREETING: 'none' }
}

/** `make run`. */
function begin(env: Environment, as: readonly string[] = []) {
  const args = ['-u', 'NODE_OPTIONS', ...as, process.execPath, join(root, 'src/stack/run.ts')]
  const child = spawn('env', args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  killAtExit(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const { pid = 0 } = child
  const parts = () => familyOf(pid).filter((one) => one.pid !== pid)
  return { pid, ended: once(child, 'close'), said: () => said, parts }
}

/** `make run`, ready. */
async function run(t: Test, env: Environment, as: readonly string[] = []) {
  const running = begin(env, as)
  await Promise.race([until(() => /^ready: /m.test(running.said()), 100_000), running.ended])
  t.match(running.said(), /^ready: /m)
  return running
}

/** The owner of everything below a folder, each once. */
function ownersIn(dir: string): readonly number[] {
  const paths = readdirSync(dir, { recursive: true, withFileTypes: true }).map((one) =>
    join(one.parentPath, one.name),
  )
  return [...new Set(paths.flatMap((path) => statSync(path, { throwIfNoEntry: false })?.uid ?? []))].sort(
    (a, b) => a - b,
  )
}

t.test('beside a running system, and after it was stopped or killed', bound, async (t) => {
  await buildUi(quiet)
  const env = await environment(t)
  const dir = env['VAR_DIR'] ?? ''
  const url = `http://127.0.0.1:${env['HTTP_PORT']}`

  await t.test('when nothing runs', async (t) => {
    t.match(await command(env, ['stop.ts']), { code: 0, said: /^Linia is not running\.$/m })
    t.match(await command(env, ['cli.ts', 'user', 'list']), {
      code: 1,
      said: /^linia: Linia is not running here/,
    })
    t.match(await command(env, ['demo.ts']), { code: 1, said: /^linia: No running demo was found/ })
  })

  await t.test('when it is killed its parts end too', async (t) => {
    const killed = await run(t, env)
    const parts = killed.parts()
    t.ok(parts.length >= 6, 'the parts run')
    process.kill(killed.pid, 'SIGKILL')
    await killed.ended
    await until(() => parts.every(({ pid }) => !existsSync(`/proc/${pid}`)), 30_000)
    t.match(await command(env, ['stop.ts']), { code: 0, said: /not running/ })
  })

  // Now by another user than the one that root becomes; the unpacked Asterisk is there since the start by root.
  if (isRoot) spawnSync('chown', ['-R', 'nobody:', dir])
  const home = ['env', `HOME=${dir}`, 'XDG_CACHE_HOME=/var/cache']
  const running = await run(t, env, isRoot ? [...nobody, ...home] : [])

  await t.test('the doctor finds nothing wrong with a system that runs', async (t) => {
    const told = await command(env, ['cli.ts', 'doctor'])
    t.match(told, { code: 0, said: new RegExp(`Running at +${url}\n`) })
    t.match(told.said, /^Nothing is missing or wrong\.$/m)
  })

  await t.test('hours are this terminal’s, and it is said that the system may have others', async (t) => {
    const always = await command({ ...env, LINE_HOURS: 'always' }, ['cli.ts', 'hours'])
    t.match(always, { code: 0, said: new RegExp(`^Linia runs at ${url}; `) })
    t.match(always.said, /^The line is always open\.$/m)
    const weekly = await command({ ...env, LINE_HOURS: 'Mon-Fri 08:00-16:00' }, ['cli.ts', 'hours'])
    t.match(weekly, { code: 0, said: /^(Open now, until|Closed now; opens) \w{3}/m })
    t.match(weekly.said, /^Next public holiday: \d{4}-\d\d-\d\d$/m)
  })

  await t.test('people are kept by the command', async (t) => {
    const added = await command(env, ['cli.ts', 'user', 'add', 'ana.pop', 'Ana Pop'])
    t.match(added, { code: 0, said: /^ana\.pop may sign in\. Password, shown only now: \S+$/m })
    t.match(await command(env, ['cli.ts', 'user', 'list']), { code: 0, said: /^ana\.pop +Ana Pop +agent$/m })
    t.match(await command(env, ['cli.ts', 'user', 'close', 'ana.pop']), { code: 0 })
    const elsewhere = { ...env, DATABASE_URL: 'postgres://a:b@127.0.0.1:9/none' }
    const refused = await command(elsewhere, ['cli.ts', 'user', 'list'])
    t.match(refused, {
      code: 1,
      said: /^linia: DATABASE_URL: PostgreSQL at 127\.0\.0\.1:9 cannot be used: .*\.\n$/,
    })
  })

  await t.test('a second `make run`, also by root, is refused and takes nothing away', async (t) => {
    const owners = ownersIn(dir)
    t.match(await command(env, ['run.ts']), { code: 1, said: new RegExp(`already running at ${url} `) })
    t.same(ownersIn(dir), owners)
    t.match(await command(env, ['clean.ts']), { code: 1, said: /^linia: Linia is running\. Stop it first/ })
  })

  await t.test('`make stop` stops all of it', async (t) => {
    const parts = running.parts()
    t.match(await command(env, ['stop.ts']), { code: 0, said: /\nStopped\.\n$/ })
    t.same(await running.ended, [0, null])
    t.match(running.said(), /\nStopped\.\n$/)
    for (const { pid, command } of parts) t.notOk(existsSync(`/proc/${pid}`), command.slice(0, 60))
  })

  await t.test('`make clean` removes no calls without asking', async (t) => {
    t.match(await command(env, ['clean.ts']), {
      code: 1,
      said: /holds calls or recordings.*\n.*Nobody is here to answer/,
    })
    t.ok(existsSync(join(dir, 'postgres/data')))
  })
})

t.test('a first start that is stopped leaves nothing at work and nothing half made', bound, async (t) => {
  const env = await environment(t)
  const starting = begin(env)
  const initdb = () => starting.parts().find(({ command }) => /initdb -D/.test(command))
  await until(() => initdb() !== undefined, 60_000)
  const making = initdb()?.pid
  const parts = starting.parts()
  process.kill(starting.pid, 'SIGTERM')
  t.same(await starting.ended, [0, null])
  t.notOk(existsSync(`/proc/${making}`), 'nobody makes a database any more')
  // What it had started itself ends with it, a moment later.
  await until(() => parts.every(({ pid }) => !existsSync(`/proc/${pid}`)))
  t.notOk(existsSync(join(env['VAR_DIR'] ?? '', 'postgres/data.making')))
})

t.test(
  'with a database of the city’s own, what only the spool or Asterisk knows is no less a call',
  async (t) => {
    for (const kept of ['spool/events', 'asterisk/log/cel.csv', 'recordings/one.mp3']) {
      const env = await environment(t)
      const path = join(env['VAR_DIR'] ?? '', kept)
      mkdirSync(join(path, '..'), { recursive: true })
      writeFileSync(path, 'a call')
      t.match(await command(env, ['clean.ts']), { code: 1, said: /holds calls or recordings/ }, kept)
      t.equal(readFileSync(path, 'utf8'), 'a call')
    }
  },
)

t.test(
  'who may not look into the folder is told whose it is, and not that nothing runs',
  { skip: entered ? false : 'only root may enter this checkout' },
  async (t) => {
    const env = await environment(t)
    const dir = env['VAR_DIR'] ?? ''
    mkdirSync(join(dir, 'run'), { recursive: true })
    writeFileSync(join(dir, 'demo.json'), '{}')
    for (const path of [join(dir, 'run'), join(dir, 'demo.json')]) chmodSync(path, 0)
    t.teardown(() => chmodSync(join(dir, 'run'), 0o700))
    const as = isRoot ? nobody : []
    const whose = /^linia: Linia here belongs to the user .*, and this user may not look into .* Use sudo/
    for (const words of [['stop.ts'], ['clean.ts'], ['cli.ts', 'user', 'list']])
      t.match(await command(env, words, as), { code: 1, said: whose }, words.join(' '))
    t.match(await command(env, ['cli.ts', 'hours'], as), { code: 0, said: /belongs to the user/ })
    t.match(await command(env, ['cli.ts', 'doctor'], as), {
      code: 1,
      said: /^! Linia here belongs to the user/m,
    })
    t.match(await command(env, ['demo.ts'], as), {
      code: 1,
      said: /^linia: This user may not read .* Use sudo/,
    })
  },
)
