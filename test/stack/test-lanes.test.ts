/** How `make test` runs files in lanes, and its final list of failures. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { printFailures } from '../support/run/failures.ts'
import { runInLanes } from '../support/run/lanes.ts'
import { mark } from '../support/run/left-processes.ts'
import { until } from '../support/until.ts'

const leaves = (
  pidFile: string,
): string => `import { spawn } from 'node:child_process'; import { writeFileSync } from 'node:fs'
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }); child.unref()
  writeFileSync(${JSON.stringify(pidFile)}, String(child.pid))\n`
const imports = "import t from 'tap'\n"

/** Runs test files with these texts. */
function lanesOf(t: Test, texts: readonly string[], lanes = 1, withinS = 30) {
  const dir = mkdtempSync(join(tmpdir(), 'linia-lanes-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const pidFile = join(dir, 'pid')
  const files = texts.map((text, index) => join(dir, `file${index}.test.ts`))
  files.forEach((file, index) => writeFileSync(file, texts[index]?.replace('LEAVES', leaves(pidFile)) ?? ''))
  // A run of its own, with a separate mark, so that the outer run does not find its processes.
  const { NODE_OPTIONS: _, TAP: __, TAP_CHILD_ID: ___, [mark]: ____, ...env } = process.env
  const ending = new AbortController()
  const printed: string[] = []
  const say = (line: string): unknown => printed.push(line)
  const run = `lanes-${process.pid}-${Math.random()}`
  const ended = runInLanes(files, {
    run,
    lanes,
    withinS,
    stuckS: 2,
    env,
    say,
    results: dir,
    name: 'lane',
    ending: ending.signal,
  })
  const pid = (): string => (existsSync(pidFile) ? readFileSync(pidFile, 'utf8') : '')
  return { ended, files, printed, pid, end: () => ending.abort(), runs: () => existsSync(`/proc/${pid()}`) }
}

t.test('files share their lane’s process, and each has its own result', async (t) => {
  const text = `${imports}t.test('one', async (t) => { globalThis.seen = (globalThis.seen ?? 0) + 1; t.equal(globalThis.seen, 1) })`
  const { ended, files } = lanesOf(t, [text, text])
  const [first, second] = await ended
  t.match(first, { file: files[0], passed: 1, failed: 0 })
  t.match(second, {
    file: files[1],
    passed: 0,
    failed: 1,
    failures: [{ file: files[1], name: 'one › should be equal' }],
  })
})

t.test('what a file tears down ends before the next file begins', async (t) => {
  const opens = `${imports}globalThis.open = true; t.teardown(() => { globalThis.open = false }); t.test('one', async (t) => t.ok(globalThis.open))`
  const looks = `${imports}t.test('two', async (t) => t.equal(globalThis.open, false))`
  const { ended } = lanesOf(t, [opens, looks])
  t.same(
    (await ended).map(({ passed, failed }) => [passed, failed]),
    [
      [1, 0],
      [1, 0],
    ],
  )
})

t.test(
  'a file that leaves a process fails, the process is killed, and the next file has another lane',
  async (t) => {
    const next = `${imports}t.test('two', async (t) => t.equal(globalThis.left, undefined))`
    const leaving = `${imports}LEAVES\nglobalThis.left = true; t.test('one', async (t) => t.pass())`
    const { ended, files, runs } = lanesOf(t, [leaving, next])
    const [result, second] = await ended
    t.match(second, { file: files[1], passed: 1, failed: 0 })
    t.match(result, { passed: 1, failed: 1, failures: [{ file: files[0] }] })
    t.match(result?.failures[0]?.name, 'left processes, which were killed')
    await until(() => !runs())
  },
)

t.test('a file that leaves a changed environment fails, and the next file has the usual one', async (t) => {
  const changes = `${imports}process.env.LINIA_LEFT = 'by a file'; t.test('one', async (t) => t.pass())`
  const looks = `${imports}t.test('two', async (t) => t.equal(process.env.LINIA_LEFT, undefined))`
  const { ended, files } = lanesOf(t, [changes, looks])
  const [first, second] = await ended
  t.match(first, { file: files[0], failed: 1 })
  t.match(second, { file: files[1], passed: 1, failed: 0 })
})

t.test('what a file rejects after its end is a failure of that file, and not of the next one', async (t) => {
  const late = `${imports}t.test('one', async (t) => { setTimeout(() => Promise.reject(new Error('late')), 100); t.pass() })`
  const waits = `${imports}t.test('two', async (t) => { await new Promise((r) => setTimeout(r, 300)); t.pass() })`
  const { ended, files } = lanesOf(t, [late, waits])
  const results = await ended
  const of = (name = '') => results.find(({ file }) => file === name)
  t.match(of(files[0]), { passed: 1, failed: 1 })
  t.match(of(files[1]), { passed: 1, failed: 0 })
})

t.test('a lane whose process breaks fails its file, and another lane takes the rest', async (t) => {
  const breaks = `${imports}t.test('one', () => process.kill(process.pid, 'SIGKILL'))`
  const { ended, files } = lanesOf(t, [breaks, `${imports}t.test('two', async (t) => t.pass())`])
  const results = await ended
  const failed = results.filter(({ failed }) => failed > 0).map(({ file }) => file)
  t.same(failed, [files[0]])
  t.match(results.at(-1), { file: files[1], passed: 1, failed: 0 })
})

t.test('a file that does not end is ended at its bound', async (t) => {
  const { ended, files } = lanesOf(
    t,
    [`${imports}t.test('one', () => new Promise(() => setInterval(() => 0, 1_000)))`],
    1,
    1,
  )
  const [result] = await ended
  t.match(result, { file: files[0], passed: 0 })
  t.ok(result !== undefined && result.failed > 0)
})

t.test('the end of a run ends the file and its processes', async (t) => {
  const { ended, end, pid, runs } = lanesOf(t, [
    `${imports}LEAVES\nt.test('one', () => new Promise(() => setInterval(() => 0, 1_000)))`,
  ])
  await until(() => pid() !== '')
  end()
  await ended
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
