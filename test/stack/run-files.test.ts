/** How `make test` treats processes that a test file leaves, and its final list of failures. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { killAtExit } from '../support/at-exit.ts'
import { printFailures } from '../support/failures.ts'
import { mark } from '../support/left-processes.ts'
import { until } from '../support/until.ts'

const program = fileURLToPath(new URL('../support/run-files.ts', import.meta.url))
const passes = "console.log('TAP version 14\\nok 1 - fine\\n1..1')"

/** Runs a test file with this text, which starts a process and writes its id to a file. */
function runFile(t: Test, text: string) {
  const dir = mkdtempSync(join(tmpdir(), 'linia-run-files-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const [file, pidFile] = [join(dir, 'one.test.ts'), join(dir, 'pid')]
  const start = `import { spawn } from 'node:child_process'; import { writeFileSync } from 'node:fs'
    const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }); child.unref()
    writeFileSync(${JSON.stringify(pidFile)}, String(child.pid))\n`
  writeFileSync(file, start + text)
  // A separate mark, so that the outer run does not find the process; no variables of tap, so that it is a run of its
  // own.
  const { NODE_OPTIONS: _, TAP: __, TAP_CHILD_ID: ___, [mark]: ____, ...env } = process.env
  const args = [program, `run-files-${process.pid}`, '1', '30', file]
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  killAtExit(child)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  const started = () => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== ''
  const runs = () => existsSync(`/proc/${readFileSync(pidFile, 'utf8')}`)
  return { child, ended: once(child, 'close'), file, output: () => output, started, runs }
}

t.test('a file that leaves a process fails, and the process is killed', async (t) => {
  const { ended, file, output, runs } = runFile(t, passes)
  t.not((await ended)[0], 0)
  t.match(output(), `not ok 2 - ${file} left processes, which were killed`)
  await until(() => !runs())
})

t.test('a signal to the runner alone ends the file and its processes', async (t) => {
  const { child, ended, started, runs } = runFile(t, 'setInterval(() => undefined, 1_000)')
  await until(started)
  child.kill('SIGINT')
  t.same(await ended, [null, 'SIGINT'])
  await until(() => !runs())
})

t.test('failed tests are listed once more by file, with the command that repeats each', async (t) => {
  const output: string[] = []
  const file = 'test/stack/a.test.ts'
  printFailures([], (line) => output.push(line))
  t.same(output, [])
  const names = Array.from({ length: 21 }, (_, index) => `name ${index + 1}`)
  const failures = [
    ...names.map((name) => ({ file, name })),
    { file: null, name: 'the core ended with code 1', why: 'line 3' },
  ]
  printFailures(failures, (line) => output.push(line))
  t.same(output.slice(0, 3), ['Failed:', `  ${file}   again: make test FILES=${file}`, '    ✗ name 1'])
  t.same(output.slice(-3), ['    … and 1 more', '    ✗ the core ended with code 1', '      line 3'])
})
