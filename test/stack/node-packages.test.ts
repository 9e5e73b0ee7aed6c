/** `make` before Node's packages are installed: one npm at a time, ended by Ctrl-C, reported when missing. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { findProgram } from '../../src/stack/command.ts'
import { killAtExit } from '../support/at-exit.ts'
import { until } from '../support/until.ts'

const stack = fileURLToPath(new URL('../../src/stack/install/', import.meta.url))
const tools = [
  'sh',
  'cat',
  'cmp',
  'cp',
  'cut',
  'df',
  'awk',
  'dirname',
  'flock',
  'grep',
  'sed',
  // Of the npm below: without it that one ends at once.
  'seq',
  'setsid',
  'sleep',
  'id',
  'mkdir',
]

/** A checkout and a machine's programs, with an npm that runs until the file `go-on` exists. */
function checkout(t: Test, { withNpm = true } = {}) {
  const dir = t.testdir({ bin: {}, src: { stack: { install: {} } }, 'package-lock.json': '{}' })
  const bin = join(dir, 'bin')
  for (const name of tools) symlinkSync(findProgram(name) ?? name, join(bin, name))
  for (const name of ['node-packages.sh', 'packages.sh', 'debian-packages.txt'])
    copyFileSync(join(stack, name), join(dir, 'src/stack/install', name))
  const npm = `#!/bin/sh\ntrap '' INT TERM\necho $$ >> runs\nfor i in $(seq 300); do [ -e go-on ] && break; sleep 0.1; done\nmkdir -p node_modules\n`
  if (withNpm)
    for (const [name, text] of [
      ['npm', npm],
      ['node', '#!/bin/sh\n'],
    ] as const)
      writeFileSync(join(bin, name), text, { mode: 0o755 })
  const runs = () =>
    existsSync(join(dir, 'runs')) ? readFileSync(join(dir, 'runs'), 'utf8').trim().split('\n') : []
  const install = () => {
    const env = { PATH: bin }
    const child = spawn('sh', ['src/stack/install/node-packages.sh'], {
      cwd: dir,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    killAtExit(child)
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    return { child, ended: once(child, 'close'), output: () => output }
  }
  return { dir, runs, install }
}

t.test('Ctrl-C during npm ends it at once with a message, and the next run installs again', async (t) => {
  const { dir, runs, install } = checkout(t)
  const first = install()
  await until(() => runs().length === 1)
  first.child.kill('SIGINT')
  t.same(await first.ended, [130, null])
  t.match(first.output(), /^Stopped\. /m)
  await until(() => !existsSync(`/proc/${runs()[0]}/exe`))
  writeFileSync(join(dir, 'go-on'), '')
  const second = install()
  t.same(await second.ended, [0, null])
  t.equal(runs().length, 2)
  const third = install()
  t.same(await third.ended, [0, null])
  t.equal(runs().length, 2, 'npm does not run again after an installation')
})

t.test('a second run waits for the first, even when only its npm is left, and prints that', async (t) => {
  const { dir, runs, install } = checkout(t)
  const first = install()
  await until(() => runs().length === 1)
  const killed = once(first.child, 'exit')
  first.child.kill('SIGKILL')
  await killed
  const second = install()
  await until(() => /^Another make is installing .* waiting for it …$/m.test(second.output()))
  t.equal(runs().length, 1)
  writeFileSync(join(dir, 'go-on'), '')
  t.same(await second.ended, [0, null])
  t.equal(runs().length, 2)
})

t.test('without Node and npm the command for Debian is printed', async (t) => {
  const { install } = checkout(t, { withNpm: false })
  const { ended, output } = install()
  t.same(await ended, [1, null])
  t.equal(
    output(),
    'linia: Node.js and npm are missing. Run: sudo apt-get update && sudo apt-get install nodejs npm\n',
  )
})
