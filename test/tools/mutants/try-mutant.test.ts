import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { compare, comparisonLines } from '../../../tools/mutants/report.ts'
import { mutantsOf, mutated, type Mutant } from '../../../tools/mutants/mutants-of.ts'
import { Trials, type Place, type Tried } from '../../../tools/mutants/try-mutant.ts'
import { until } from '../../support/until.ts'

const source = 'export const isFull = (calls) => calls >= 20\n'
const importing = "import { isFull } from './src/core/full.ts'\n"

/** Tests of the source: any program is one. */
const tests = {
  'bound.ts': `${importing}if (!isFull(20)) process.exit(1)`,
  'beyond.ts': `${importing}if (!isFull(99)) process.exit(1)`,
  'endless.ts': `${importing}if (!isFull(20)) setInterval(() => {}, 1_000)`,
  'broken.ts': 'process.exit(1)',
  'busy.ts': `${importing}while (process.cpuUsage().user < 400_000);`,
  'parent.ts': [
    "import { spawn } from 'node:child_process'",
    "const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })",
    "import('node:fs').then(({ writeFileSync }) => writeFileSync('pid', String(child.pid)))",
    'child.unref()',
  ].join('\n'),
}

function placeIn(t: Test, withinS = 60): Place {
  const root = t.testdir({
    'package.json': '{"type":"module"}',
    src: { core: { 'full.ts': source } },
    ...tests,
  })
  const path = join(root, 'src/core/full.ts')
  return {
    root,
    env: process.env,
    withinS,
    ending: new AbortController().signal,
    async withMutant(mutant, work) {
      await writeFile(path, mutated(source, mutant))
      const done = await work()
      await writeFile(path, source)
      return done
    },
    dropLeft: async () => undefined,
  }
}

const boundary = mutantsOf('src/core/full.ts', source).find(({ kind }) => kind === 'boundary moved') as Mutant

t.test('the first test that fails kills a mutant', async (t) => {
  const tried = await new Trials(60).try(boundary, ['beyond.ts', 'bound.ts', 'busy.ts'], placeIn(t))
  t.match(tried, { outcome: 'killed', by: 'bound.ts', asked: ['beyond.ts', 'bound.ts'], notAsked: 0 })
  t.ok(tried.cpuS > 0.02, `${tried.cpuS} s of processor`)
})

t.test('a mutant survives when all tests pass', async (t) => {
  const place = placeIn(t)
  const tried = await new Trials(60).try(boundary, ['beyond.ts'], place)
  t.match(tried, { outcome: 'survived', by: null, asked: ['beyond.ts'] })
  t.equal(readFileSync(join(place.root, 'src/core/full.ts'), 'utf8'), source, 'the source is whole again')
})

t.test('a test that does not end kills it too', async (t) => {
  t.match(await new Trials(60).try(boundary, ['endless.ts'], placeIn(t, 2)), {
    outcome: 'timeout',
    by: 'endless.ts',
  })
})

t.test('a test that fails without a mutant kills none', async (t) => {
  const trials = new Trials(60)
  const place = placeIn(t)
  t.match(await trials.try(boundary, ['broken.ts', 'beyond.ts'], place), {
    outcome: 'survived',
    asked: ['beyond.ts'],
  })
  t.match(await trials.try(boundary, ['broken.ts'], place), { outcome: 'no test', asked: [] })
  t.same(trials.failing, ['broken.ts'])
})

t.test('no further test begins when the processor time is used', async (t) => {
  t.match(await new Trials(0.2).try(boundary, ['busy.ts', 'bound.ts'], placeIn(t)), {
    outcome: 'survived',
    asked: ['busy.ts'],
    notAsked: 1,
  })
})

t.test('no process of a test is left', async (t) => {
  const place = placeIn(t)
  await new Trials(60).try(boundary, ['parent.ts'], place)
  const pid = readFileSync(join(place.root, 'pid'), 'utf8')
  // A killed process is listed until it has been waited for.
  await until(() => !existsSync(`/proc/${pid}`) || readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '))
  t.pass()
})

t.test('two runs are compared by the mutants that both have', async (t) => {
  const tried = (id: string, outcome: Tried['outcome']): Tried => ({
    id,
    file: 'a.ts',
    line: 1,
    kind: 'call removed',
    before: id,
    after: '',
    outcome,
    by: null,
    asked: [],
    notAsked: 0,
    cpuS: 1,
  })
  const results = (...mutants: Tried[]) => ({ seed: 969, leftOut: [], failing: [], mutants })
  const before = results(
    tried('lost', 'killed'),
    tried('orphan', 'timeout'),
    tried('gained', 'survived'),
    tried('same', 'killed'),
    tried('old', 'killed'),
  )
  const after = results(
    tried('lost', 'survived'),
    tried('orphan', 'no test'),
    tried('gained', 'killed'),
    tried('same', 'timeout'),
  )
  const compared = compare(before, after)
  t.same(
    compared.lost.map(({ id }) => id),
    ['lost', 'orphan'],
  )
  t.same(
    compared.gained.map(({ id }) => id),
    ['gained'],
  )
  t.match(
    comparisonLines(compared).at(-1),
    /^4 mutants in both: 2 lost, 1 gained; 1 only in the first, 0 only/,
  )
})
