import t from 'tap'
import { allowedRooms, checkHouse, cyclesIn, importsOf } from './rules.ts'

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

t.test('a cycle is found and told with its files', async (t) => {
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
