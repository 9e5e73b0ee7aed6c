import t from 'tap'
import { nearestTests } from '../../../tools/mutants/nearest-tests.ts'
import { importsIn } from '../../support/run/import-graph.ts'

const graph = importsIn(
  new Map([
    ['src/core/call.ts', "import type { Agent } from './agent.ts'"],
    ['src/core/agent.ts', ''],
    ['src/core/wait.ts', "export * from './call.ts'"],
    ['src/http/calls/routes.ts', "import { call } from '../../core/call.ts'"],
    ['src/http/taxes/routes.ts', ''],
    ['src/main.ts', "import './http/calls/routes.ts'\nimport './http/taxes/routes.ts'"],
    ['src/worker.ts', "const { agent } = await import('./core/agent.ts')"],
    ['src/stack/linia', 'exec node src/worker.ts "$@"'],
    ['test/acd/direct.test.ts', "import '../../src/http/calls/routes.ts'"],
    ['test/core/call.test.ts', "import '../../src/core/call.ts'"],
    ['test/core/wait.test.ts', "import '../../src/core/wait.ts'"],
    [
      'test/http/calls/list.test.ts',
      "spawn(fileURLToPath(new URL('../../../src/main.ts', import.meta.url)))",
    ],
    ['test/http/taxes/list.test.ts', "spawn('node', ['src/main.ts'])"],
    ['test/stack/linia.test.ts', "spawn(new URL('../../src/stack/linia', import.meta.url))"],
    ['test/support/server.ts', "import '../../src/main.ts'"],
  ]),
)

t.test('a test is asked when it imports the file, or starts a program that does', async (t) => {
  t.same(nearestTests(graph, 'src/http/taxes/routes.ts'), [
    'test/http/taxes/list.test.ts',
    'test/http/calls/list.test.ts',
  ])
  t.same(nearestTests(graph, 'src/worker.ts'), ['test/stack/linia.test.ts'])
})

t.test('tests with most words of the path come first, then those with the fewest steps', async (t) => {
  t.same(nearestTests(graph, 'src/core/call.ts'), [
    'test/core/call.test.ts',
    'test/core/wait.test.ts',
    'test/http/calls/list.test.ts',
    'test/acd/direct.test.ts',
    'test/http/taxes/list.test.ts',
  ])
})

t.test('of equally near tests the one named for a word of the change comes first', async (t) => {
  t.same(nearestTests(graph, 'src/main.ts', 'taxesAreRead()'), [
    'test/http/taxes/list.test.ts',
    'test/http/calls/list.test.ts',
  ])
  t.equal(nearestTests(graph, 'src/main.ts', '')[0], 'test/http/calls/list.test.ts')
})

t.test('an import of types runs nothing', async (t) => {
  t.same(nearestTests(graph, 'src/core/agent.ts'), ['test/stack/linia.test.ts'])
})
