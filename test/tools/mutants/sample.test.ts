import t from 'tap'
import { roomOf, sample } from '../../../tools/mutants/sample.ts'

const source = `
export function f(a: number, b: number) {
  if (a < b && b > 3) ring(a + b)
  return a
}
`
const files = new Map(
  ['core/a', 'core/b', 'core/c', 'acd/a', 'http/calls/a'].map((path) => [`src/${path}.ts`, source]),
)
const ids = (seed: number, count = 20, of = files): readonly string[] =>
  sample(of, seed, count).map(({ id }) => id)

t.test('the same seed picks the same mutants, another seed others', async (t) => {
  t.same(ids(969), ids(969))
  t.not(String(ids(969)), String(ids(970)))
  t.same(ids(969, 7), ids(969).slice(0, 7), 'fewer are the beginning of more')
  t.equal(new Set(ids(969)).size, 20)
})

t.test('rooms take turns, and the kinds of mutants in each', async (t) => {
  const picked = sample(files, 969, 15)
  for (let at = 0; at < 15; at += 3)
    t.same(
      picked
        .slice(at, at + 3)
        .map(({ file }) => roomOf(file))
        .sort(),
      ['acd', 'core', 'http'],
      `mutants ${at + 1} to ${at + 3}`,
    )
  const kinds = picked.filter(({ file }) => roomOf(file) === 'core').map(({ kind }) => kind)
  t.equal(new Set(kinds).size, 5)
})

t.test('a new line does not change the order of the other mutants of a kind', async (t) => {
  const longer = new Map(files).set('src/core/a.ts', `${source}\nexport const g = () => 5\n`)
  const inCore = (of: typeof files) =>
    Object.groupBy(
      ids(969, 1_000, of).filter((id) => id.startsWith('src/core/') && !/→ \(\) => null$|5 → 10$/.test(id)),
      (id) => /^\S+ ([^:]+):/.exec(id)?.[1] ?? '',
    )
  t.ok(ids(969, 1_000, longer).length > ids(969, 1_000).length)
  t.same(inCore(longer), inCore(files))
  t.equal(Object.keys(inCore(files)).length, 7)
})
