/** `make run` by ordinary users, the commands beside it, and the remains of a killed one. */
import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import { readSettings } from '../../src/config.ts'
import { rotateSecret } from '../../src/stack/commands/secrets.ts'
import { provideAsterisk } from '../../src/stack/install/asterisk-tree.ts'
import { makeAccount } from '../../src/stack/privileges/unprivileged.ts'
import { quiet } from '../../src/stack/terminal.ts'
import { buildUi, builtUi } from '../../src/stack/install/ui-build.ts'
import { attack } from '../support/attack.ts'
import { familyOf } from '../support/processes.ts'
import { until } from '../support/until.ts'
import {
  bound,
  command,
  entered,
  environment,
  isRoot,
  nobody,
  openToOthers,
  ordinary,
  run,
} from './programs.ts'

/** The owner of everything below a folder, each once. */
function ownersIn(dir: string): readonly number[] {
  const paths = readdirSync(dir, { recursive: true, withFileTypes: true }).map((one) =>
    join(one.parentPath, one.name),
  )
  return [...new Set(paths.flatMap((path) => statSync(path, { throwIfNoEntry: false })?.uid ?? []))].sort(
    (a, b) => a - b,
  )
}

async function secretsIn(dir: string): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await readFile(join(dir, 'secrets.json'), 'utf8')) as Record<string, unknown>
}

t.test('commands beside a running system, and after it was stopped or killed', bound, async (t) => {
  await buildUi(quiet)
  const env = await environment(t)
  const dir = env['VAR_DIR'] ?? ''
  const url = `http://127.0.0.1:${env['HTTP_PORT']}`
  // Both starts are by ordinary users, with the Asterisk that root has unpacked; root's start is in `hardening/rights.test.ts`.
  const asOthers = isRoot && entered
  const home = ['env', `HOME=${dir}`, 'XDG_CACHE_HOME=/var/cache']

  await t.test('without a running system each command says so', async (t) => {
    t.match(await command(env, ['stop.ts']), { code: 0, output: /^Linia is not running\.$/m })
    t.match(await command(env, ['commands/cli.ts', 'user', 'list']), {
      code: 1,
      output: /^linia: Linia is not running here/,
    })
    t.match(await command(env, ['../../tools/demo/main.ts']), {
      code: 1,
      output: /^linia: No running demo was found/,
    })
  })

  if (asOthers) {
    await makeAccount()
    await provideAsterisk(quiet)
    // As a start by root does.
    spawnSync('chmod', ['-R', 'a+rX', dirname(builtUi)])
    mkdirSync(dir, { mode: 0o700 })
    spawnSync('chown', ['linia:', dir])
  }
  const killed = await run(t, { ...env, DEMO: '0' }, asOthers ? [...ordinary, ...home] : [])

  await t.test('a first start without a demo names the next step', async (t) => {
    t.match(killed.output().trimEnd().split('\n').slice(-5), [
      /^There is no account yet\. Next, .+ first administrator:$/,
      '  src/stack/linia user add <username> "<name>" administrator',
      /Am un cod de activare/,
      'Stop with Ctrl-C.',
      /^ready: http/,
    ])
  })

  await t.test('by an ordinary user it has no more rights than that user', async (t) => {
    t.same(openToOthers(dir), [])
    if (isRoot && !asOthers) return
    for (const one of familyOf(killed.pid)) {
      t.notMatch(one.status.get('Uid'), /(^|\s)0(\s|$)/)
      t.equal(one.status.get('CapEff'), '0000000000000000')
    }
  })

  await t.test('the parts of a killed system end too', async (t) => {
    const parts = killed.parts()
    t.ok(parts.length >= 6, 'the parts run')
    process.kill(killed.pid, 'SIGKILL')
    await killed.ended
    await until(() => parts.every(({ pid }) => !existsSync(`/proc/${pid}`)))
    t.match(await command(env, ['stop.ts']), { code: 0, output: /not running/ })
  })

  // The rest of this test runs with the new secrets.
  await t.test('secrets are replaced while the system is stopped', async (t) => {
    const settings = readSettings(env)
    const before = await secretsIn(dir)
    const kept = ['accounts', 'persons']
    const replaced = Object.keys(before).filter((name) => name !== 'since' && !kept.includes(name))
    t.ok(replaced.length >= 12)
    // What these two write beside `secrets.json` must be its owner's.
    const byCommand = ['databaseAdmin', 'journal']
    for (const name of byCommand)
      t.match(
        await command(env, ['commands/cli.ts', 'secrets', 'rotate', name]),
        { code: 0, output: new RegExp(`^"${name}" is replaced`, 'm') },
        name,
      )
    const told: string[] = []
    const rotate = (name: string) => rotateSecret(settings, [name], (line) => told.push(line))
    for (const name of replaced.filter((one) => !byCommand.includes(one))) {
      await rotate(name)
      t.match(told.at(-1), new RegExp(`^"${name}" is replaced`), name)
    }
    for (const name of kept)
      await t.rejects(rotate(name), { name: 'UserError', message: /^".*" cannot be replaced/ }, name)
    await t.rejects(rotate('nonsense'), { message: /^Say which secret/ })
    const { uid, gid } = statSync(dir)
    if (isRoot) chownSync(join(dir, 'secrets.json'), uid, gid)
    const after = await secretsIn(dir)
    for (const name of replaced) t.not(after[name], before[name], name)
    for (const name of kept) t.equal(after[name], before[name], name)
    t.match(await command(env, ['commands/cli.ts', 'secrets', 'list']), {
      code: 0,
      output: /^journal +0 days +\d{4}-\d\d-\d\d +the server$/m,
    })
  })

  // By `nobody` instead of `linia`, with a demo.
  if (asOthers) spawnSync('chown', ['-R', 'nobody:', dir])
  const running = await run(t, env, asOthers ? [...nobody, ...home] : [])

  await t.test('the doctor finds no fault in a running system', async (t) => {
    // The doctor's own time limits are too short for a machine that is busy with other tests.
    let result = await command(env, ['commands/cli.ts', 'doctor'])
    await until(async () => {
      if (result.code !== 0) result = await command(env, ['commands/cli.ts', 'doctor'])
      return result.code === 0
    }, 300_000)
    t.match(result.output, new RegExp(`Running at +${url}\n`))
    t.match(result.output, /^Nothing is missing or wrong\.$/m)
    t.match(result.output, /^Trunk +127\.\d+\.\d+\.\d+ (away \(.*\)|not asked yet)$/m)
    // The owner checks the trunk every ten seconds.
    const metrics = async () => (await fetch(`${url}/metrics`)).text()
    await until(async () => /^linia_trunk_up\{part="127\.0\.0\.2"\} 0$/m.test(await metrics()))
  })

  await t.test(
    '`linia hours` uses this terminal’s settings, and warns that the system may have others',
    async (t) => {
      const always = await command({ ...env, LINE_HOURS: 'always' }, ['commands/cli.ts', 'hours'])
      t.match(always, { code: 0, output: new RegExp(`^Linia runs at ${url}; `) })
      t.match(always.output, /^The line is always open\.$/m)
    },
  )

  await t.test('`linia user` adds, lists and closes accounts', async (t) => {
    const added = await command(env, ['commands/cli.ts', 'user', 'add', 'ana.pop', 'Ana Pop'])
    const code = /^Activation code of ana\.pop, shown only now: ([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/m
    t.match(added, { code: 0, output: code })
    t.match(await command(env, ['commands/cli.ts', 'user', 'list']), {
      code: 0,
      output: /^ana\.pop +Ana Pop +agent \(awaits activation\)$/m,
    })
    const reset = await command(env, ['commands/cli.ts', 'user', 'reset', 'ana.pop'])
    t.match(reset, { code: 0, output: code })
    t.not(code.exec(reset.output)?.[0], code.exec(added.output)?.[0])
    t.match(await command(env, ['commands/cli.ts', 'user', 'confirm', 'ana.pop']), {
      code: 1,
      output: /^linia: Nothing is proposed for "ana\.pop"\./m,
    })
    t.match(await command(env, ['commands/cli.ts', 'user', 'confirm']), {
      code: 0,
      output: /^Nothing awaits a confirmation\.$/m,
    })
    t.match(await command(env, ['commands/cli.ts', 'user', 'close', 'ana.pop']), { code: 0 })
  })

  await t.test('a second `make run`, also by root, is refused and changes no owner of files', async (t) => {
    const owners = ownersIn(dir)
    t.match(await command(env, ['run.ts']), { code: 1, output: new RegExp(`already running at ${url} `) })
    t.same(ownersIn(dir), owners)
    t.match(await command(env, ['clean.ts']), { code: 1, output: /^linia: Linia is running\. Stop it first/ })
    const rotated = await command(env, ['commands/cli.ts', 'secrets', 'rotate', 'redis'])
    t.match(rotated, { code: 1, output: /^linia: Linia is running at .* Stop it first/ })
    t.match(
      await command(env, ['commands/cli.ts', 'verify']),
      { code: 0 },
      'the journal holds with its new key',
    )
  })

  await t.test('`make stop` stops all parts', async (t) => {
    const parts = running.parts()
    t.match(await command(env, ['stop.ts']), { code: 0, output: /\nStopped\.\n$/ })
    t.same(await running.ended, [0, null])
    t.match(running.output(), /\nStopped\.\n$/)
    for (const { pid, command } of parts) t.notOk(existsSync(`/proc/${pid}`), command.slice(0, 60))
  })

  await attack(
    t,
    {
      attack: 'the system is started while the volume of the recordings’ keys is not mounted',
      before:
        'the start made an empty folder in its place and came to “ready”; the next recording’s key was made there',
      now: 'the start is refused with the folder’s name, and makes nothing there',
    },
    async (t) => {
      const keys = join(dir, 'recording-keys')
      renameSync(keys, `${keys}-unmounted`)
      t.match(await command(env, ['run.ts'], asOthers ? [...nobody, ...home] : []), {
        code: 1,
        output: /^linia: .*recording-keys is not the volume of the recordings’ keys \(RECORDING_KEYS\)/m,
      })
      t.notOk(existsSync(keys))
      renameSync(`${keys}-unmounted`, keys)
    },
  )

  await t.test('`make clean` removes no calls without asking', async (t) => {
    t.match(await command(env, ['clean.ts']), {
      code: 1,
      output: /holds calls or recordings.*\n.*Nobody is here to answer/,
    })
    t.ok(existsSync(join(dir, 'postgres/data')))
  })
})
