import { globSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import {
  mutantKinds,
  mutantsOf,
  mutated,
  parses,
  type MutantKind,
} from '../../../tools/mutants/mutants-of.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** The whole text with each mutant of the kind in it. */
const changed = (kind: MutantKind, text: string): readonly string[] =>
  mutantsOf('a.ts', text)
    .filter((one) => one.kind === kind)
    .map((one) => mutated(text, one))

const samples: Readonly<Record<MutantKind, readonly (readonly [source: string, ...mutants: string[]])[]>> = {
  'condition negated': [
    ['if (free) ring()', 'if (!(free)) ring()'],
    ['x = a ?? b ? c : d', 'x = !(a ?? b) ? c : d'],
    ['while (left > 0) step()', 'while (!(left > 0)) step()'],
    ['while (true) step()'],
  ],
  'boundary moved': [
    ['x = a < b', 'x = a <= b'],
    ['x = a<=b', 'x = a<b'],
    ['x = (a) > b', 'x = (a) >= b'],
    ['x = a >= b', 'x = a > b'],
    ['x = f<string>(a)'],
  ],
  'and/or swapped': [
    ['x = a && b', 'x = a || b'],
    ['x = a || (b && c)', 'x = a && (b && c)', 'x = a || (b || c)'],
  ],
  'plus/minus swapped': [
    ['x = a + b', 'x = a - b'],
    ['x = a - b', 'x = a + b'],
    // A sum of texts has no difference.
    ["x = 'a' + b + c"],
    ['x = a + `${b}`'],
    ['x = -a'],
  ],
  'call removed': [
    ['free(agent)', ';'],
    ['if (a) calls.delete(id)\nelse b()', 'if (a) ;\nelse b()', 'if (a) calls.delete(id)\nelse ;'],
    ['log.info(a)'],
    ['class A { f() { this.#log.warn({ a }) } }'],
    ["invariant(held, 'agent freed twice')"],
    ['class A extends B { constructor() { super() } }'],
  ],
  'awaited call removed': [['await save(call)', ';']],
  'return value replaced': [
    ['const f = () => call', 'const f = () => null'],
    ['function f() { return true }', 'function f() { return false }'],
    ['function f() { return a === b }', 'function f() { return true }', 'function f() { return false }'],
    ["function f() { return 'busy' }", "function f() { return '' }"],
    ['function f() { return [a] }', 'function f() { return [] }'],
    ['function f() { return null }', 'function f() { return true }'],
    ['const f = () => ({ a })', 'const f = () => null'],
    ['function f() { return }'],
    ['const f = () => void g()'],
    ['type F = () => null'],
  ],
  'number changed': [
    ['x = 0', 'x = 1'],
    ['x = 5_000', 'x = 10000'],
    ['x = { 404: a }'],
    ['type Code = 1 | 2'],
  ],
}

for (const kind of mutantKinds)
  t.test(`mutants of the kind: ${kind}`, async (t) => {
    for (const [source, ...mutants] of samples[kind]) t.same(changed(kind, source), mutants, source)
  })

t.test('a mutant names its line and the change', async (t) => {
  const [mutant] = mutantsOf('src/core/a.ts', 'const a = 1n\n\nfunction f() {\n  return  {\n    a }\n}\n')
  t.match(mutant, { file: 'src/core/a.ts', line: 4, before: 'return { a }', after: 'return null' })
})

t.test('the same change in two places has two names, which a change elsewhere does not touch', async (t) => {
  const ids = (text: string): readonly string[] =>
    mutantsOf('a.ts', text)
      .filter(({ kind }) => kind === 'call removed')
      .map(({ id }) => id)
  const [first, second] = ids('ring()\nring()')
  t.not(first, second)
  t.same(ids('const a = 2\n\nring()\nring()'), [first, second])
})

t.test('mutants of the product are programs of another text', async (t) => {
  // A file in ten, for the time that it takes.
  const files = globSync('src/{core,acd,http,jobs,ledger,stack}/**/*.ts', { cwd: root }).sort()
  for (const file of files.filter((_, index) => index % 10 === 0)) {
    const text = readFileSync(root + file, 'utf8')
    const wrong = mutantsOf(file, text)
      .filter((_, index) => index % 10 === 0)
      .filter((one) => parses(text, one) && !isOtherProgram(text, mutated(text, one)))
    t.same(wrong, [], file)
  }
})

t.test('a change that would not parse is known', async (t) => {
  const text = 'x = a ?? (b && c)\ny = a && b ? c : d'
  t.ok(mutantsOf('a.ts', text).every((one) => parses(text, one)))
  const [mutant] = mutantsOf('a.ts', text)
  t.ok(mutant !== undefined && !parses(text, { ...mutant, replacement: '(' }))
})

function isOtherProgram(text: string, changed: string): boolean {
  try {
    return stripTypeScriptTypes(changed) !== stripTypeScriptTypes(text)
  } catch {
    return false
  }
}
