/** Which tests `make test` runs, in which order, and what it takes for unsteady. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { testsOf } from '../support/run/changed.ts'
import { readDurations, writeDurations } from '../support/run/durations.ts'
import { reachedFrom, readImports } from '../support/run/import-graph.ts'
import { plan } from '../support/run/plan.ts'
import { byFolder } from '../support/run/processor.ts'
import { mergedResults, readUnsteady, unsteadyOf, whyRed, writeUnsteady } from '../support/run/unsteady.ts'

const files = {
  'src/a.ts': "import type { T } from './never.ts'\nimport { b } from './b.ts'\n",
  'src/b.ts': "export const program = new URL('./main.ts', import.meta.url)\n",
  'src/main.ts': 'export {}\n',
  'src/never.ts': 'export type T = 1\n',
  'test/support/stack.ts': "import { spawn } from 'node:child_process'\n",
  'test/support/redis.ts': "import { spawn } from 'node:child_process'\n",
  'test/support/browser/browser.ts': 'export {}\n',
  'test/a.test.ts': "import { a } from '../src/a.ts'\n",
  'test/b.test.ts': "import {\n  b,\n} from '../src/b.ts'\n",
  'test/redis.test.ts': "import { r } from './support/redis.ts'\n",
  'test/page.test.ts': "import './support/browser/browser.ts'\nimport './support/stack.ts'\n",
  'test/whole.test.ts':
    "// lane: alone, measures under full load\nconst s = await import('./support/stack.ts')\n",
}

function project(t: Test): string {
  const dir = mkdtempSync(join(tmpdir(), 'linia-plan-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, file)), { recursive: true })
    writeFileSync(join(dir, file), text)
  }
  return dir
}

t.test('imports at run time are followed, also of programs that are started; types are not', async (t) => {
  const graph = readImports(project(t))
  t.same([...reachedFrom(graph, 'test/a.test.ts')].toSorted(), [
    'src/a.ts',
    'src/b.ts',
    'src/main.ts',
    'test/a.test.ts',
  ])
})

t.test('quick kinds come first, and within a kind the longest', async (t) => {
  const dir = project(t)
  const tests = [
    'test/page.test.ts',
    'test/whole.test.ts',
    'test/redis.test.ts',
    'test/a.test.ts',
    'test/b.test.ts',
  ]
  const took = new Map([
    ['test/a.test.ts', { seconds: 1, processorS: 3 }],
    ['test/b.test.ts', { seconds: 2, processorS: 1 }],
  ])
  t.same(plan(dir, readImports(dir), tests, took), [
    { file: 'test/b.test.ts', kind: 'pure', alone: false },
    { file: 'test/a.test.ts', kind: 'pure', alone: false },
    { file: 'test/redis.test.ts', kind: 'services', alone: false },
    { file: 'test/whole.test.ts', kind: 'systems', alone: true },
    { file: 'test/page.test.ts', kind: 'screens', alone: false },
  ])
})

t.test('a change runs the tests that it can reach, the nearest first, within two minutes', async (t) => {
  const graph = readImports(project(t))
  const said: string[] = []
  const reached = testsOf(graph, ['src/b.ts'], new Map(), (line) => said.push(line))
  t.same(reached, ['test/b.test.ts', 'test/a.test.ts'])
  const slow = new Map([
    ['test/b.test.ts', { seconds: 100, processorS: 1 }],
    ['test/a.test.ts', { seconds: 30, processorS: 1 }],
  ])
  t.same(
    testsOf(graph, ['src/b.ts'], slow, (line) => said.push(line)),
    ['test/b.test.ts'],
  )
  t.match(said.at(-1), '1 further')
  t.same(
    testsOf(graph, ['src/never.ts'], new Map(), () => undefined),
    [],
  )
})

t.test('durations are kept, the longest first', async (t) => {
  const file = join(project(t), 'durations')
  t.same([...(await readDurations(file))], [])
  await writeDurations(
    file,
    new Map([
      ['a', { seconds: 1, processorS: 0.52 }],
      ['b', { seconds: 2.34, processorS: 2 }],
    ]),
  )
  t.same(
    [...(await readDurations(file))],
    [
      ['b', { seconds: 2.3, processorS: 2 }],
      ['a', { seconds: 1, processorS: 0.5 }],
    ],
  )
})

const result = (file: string, failed: number) => ({
  file,
  passed: 1,
  failed,
  skipped: 0,
  seconds: 1,
  processorS: 1,
  attacks: [],
  failures: failed > 0 ? [{ file, name: `${file} fails`, why: 'line 3' }] : [],
})
const [fine, red, shaky] = [result('fine', 0), result('red', 1), result('shaky', 1)]
const run = { day: '2026-12-03', commit: 'abc' }

t.test(
  'a file that fails and then passes alone is unsteady; one that fails again is a failure',
  async (t) => {
    const again = [result('red', 1), result('shaky', 0)]
    t.same(unsteadyOf([fine, red, shaky], again, run), [
      { file: 'shaky', test: 'shaky fails', failure: 'line 3', ...run },
    ])
    t.same(
      mergedResults([fine, red, shaky], again).map(({ file, failed }) => [file, failed]),
      [
        ['fine', 0],
        ['red', 1],
        ['shaky', 0],
      ],
    )
  },
)

t.test('three unsteady files in a run, or one that was unsteady before, make the run red', async (t) => {
  const one = (file: string) => ({ file, test: 'x', failure: '', ...run })
  t.same(whyRed([], []), [])
  t.same(whyRed([one('other')], [one('a'), one('b')]), [])
  t.equal(whyRed([], [one('a'), one('b'), one('c')]).length, 1)
  t.match(whyRed([one('a')], [one('a')]), [/a was unsteady before/])
})

t.test('the list keeps the last ten runs that had an unsteady file', async (t) => {
  const file = join(project(t), 'unsteady.json')
  for (let commit = 0; commit < 12; commit++)
    await writeUnsteady(file, await readUnsteady(file), [
      { file: 'a', test: 'x', failure: '', day: run.day, commit: `${commit}` },
    ])
  t.same(
    (await readUnsteady(file)).map(({ commit }) => commit),
    Array.from({ length: 10 }, (_, index) => `${index + 2}`),
  )
})

t.test('what tests have spent is listed by folder, the dearest first', async (t) => {
  const spent = (file: string, processorS: number) => ({ ...result(file, 0), processorS })
  const found = [
    spent('test/http/a/a.test.ts', 1),
    spent('test/e2e/line/b.test.ts', 2),
    spent('test/e2e/lan.test.ts', 3),
    spent('test/http/c.test.ts', 4),
  ]
  t.same(byFolder(found), [
    '     5 s of processor  http (2 files)',
    '     3 s of processor  e2e (1 files)',
    '     2 s of processor  e2e/line (1 files)',
  ])
})
