/** Which test files run a source file, nearest first. */
import { reaching, type ImportGraph } from '../../test/support/run/import-graph.ts'

/**
 * Tests that lead to the file. First come those with most words of its path (`test/http/calls/` for
 * `src/http/calls/`), then those that are named for a word of the changed text: a module of the server is equally far
 * from each test of the server. Then the fewest steps count.
 */
export function nearestTests(graph: ImportGraph, source: string, changed = ''): readonly string[] {
  const words = wordsOf(pathWithoutEnd(source))
  const mentioned = wordsOf(changed)
  return [...reaching(graph, [source])]
    .filter(([file]) => /^test\/.*\.test\.ts$/.test(file))
    .map(([test, far]) => {
      const ofTest = wordsOf(pathWithoutEnd(test))
      return { test, far, common: common(ofTest, words), mentions: common(ofTest, mentioned) }
    })
    .toSorted(
      (one, other) =>
        other.common - one.common ||
        other.mentions - one.mentions ||
        one.far - other.far ||
        (one.test < other.test ? -1 : 1),
    )
    .map(({ test }) => test)
}

/** `src/http/calls/routes.ts` → `http/calls/routes` */
const pathWithoutEnd = (path: string): string => path.replace(/^\w+\//, '').replace(/(?:\.test)?\.tsx?$/, '')

/** `http/calls/reading-routes` and `readingRoutes(httpCalls)` → http, call, reading, route. */
const wordsOf = (text: string): ReadonlySet<string> =>
  new Set((text.match(/[A-Z]?[a-z]+/g) ?? []).map((word) => word.toLowerCase().replace(/s$/, '')))

const common = (words: ReadonlySet<string>, others: ReadonlySet<string>): number =>
  [...words].filter((word) => others.has(word)).length
