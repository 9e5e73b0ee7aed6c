import t from 'tap'
import {
  allowedRooms,
  brokenImports,
  checkHouse,
  cyclesIn,
  fixedWaits,
  importsOf,
  unclearComments,
} from './rules.ts'

t.test('the source keeps the house rules', async (t) => {
  t.strictSame(await checkHouse(), [])
})

t.test('imports are read from code, not from comments or texts', async (t) => {
  const source = [
    "import { a } from './a.ts'",
    "import type { B } from '../b.ts'",
    "export { c } from './c.ts'",
    "import './d.ts'",
    "const e = await import('./e.ts')",
    "// import { f } from './f.ts'",
    "const text = 'nothing from here'",
    'import {\n  g,\n  h,\n} from "./g.ts"',
  ].join('\n')
  t.strictSame(importsOf(source), ['./a.ts', '../b.ts', './c.ts', './d.ts', './e.ts', './g.ts'])
})

t.test('a cycle is reported with its files', async (t) => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['a']],
    ['d', ['a']],
  ])
  t.strictSame(cyclesIn(graph), [['a', 'b', 'c', 'a']])
})

t.test('the core may import nothing from the other rooms', async (t) => {
  t.strictSame(allowedRooms('src/core/call.ts', 'src/acd/ports.ts'), false)
  t.strictSame(allowedRooms('src/acd/ports.ts', 'src/core/call.ts'), true)
  t.strictSame(allowedRooms('src/ui/main.tsx', 'src/http/server.ts'), false)
  t.strictSame(allowedRooms('src/ui/main.tsx', 'src/http/wire.ts'), true)
  t.strictSame(allowedRooms('src/ui/main.tsx', 'src/http/requests/wire.ts'), true)
  t.strictSame(allowedRooms('src/main.ts', 'tools/demo/routes.ts'), false)
})

t.test('a file of the product that imports tools or tests breaks a rule', async (t) => {
  const file = (path: string, imports: readonly string[]) => ({ path, text: '', imports })
  for (const path of ['src/main.ts', 'src/core/call.ts', 'src/stack/run.ts'])
    for (const to of ['tools/demo/routes.ts', 'test/support/until.ts'])
      t.match(brokenImports([file(path, [to])]), [`${path} must not import ${to}`])
  t.strictSame(brokenImports([file('src/main.ts', ['src/core/call.ts'])]), [])
})

t.test('a comment with an unclear subject or a gendered pronoun is found', async (t) => {
  const found = (text: string): number => unclearComments({ path: 'a.ts', text }).length
  t.equal(found('/** Who waits is served. */'), 1)
  t.equal(found('/** A caller waits. Whoever is first is served. */'), 1)
  t.equal(found('// The caller\n// keeps his place.\n'), 1)
  t.equal(found('  // What is lost is gone.\n'), 1)
  t.equal(found('/**\n * The state of a call.\n *\n * What ends it is an event.\n */'), 1)
  t.equal(found('/** The agent who answers is free. */'), 0, 'a restrictive clause is fine')
  t.equal(found('/** The callers keep their place, whoever owns the call. */'), 0)
  t.equal(found("const text = 'Who he is'"), 0, 'only comments count')
})

t.test('a fixed wait needs a reason', async (t) => {
  const found = (text: string): readonly string[] => fixedWaits([{ path: 'test/a.test.ts', text }])
  t.match(found('  await delay(500)'), ['test/a.test.ts:1 waits a fixed time'])
  t.match(found('\n  await page.waitForTimeout(1_500)'), ['test/a.test.ts:2 waits a fixed time'])
  t.strictSame(found('  // Longer than two tries.\n  await delay(500)'), [])
  t.strictSame(found('  await delay(severalTriesMs)'), [])
  t.strictSame(fixedWaits([{ path: 'test/support/a.ts', text: 'await delay(500)' }]), [])
  t.match(found('await delay(aMs)\n'.repeat(100)), ['tests wait a fixed time at 100 places'])
})
