/** Which test files run a source file, nearest first. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync, Visitor } from 'vite'

/** The command `linia` is a shell script that starts a program. */
const shellPrograms = ['src/stack/linia']

export class TestGraph {
  /** File → files that import or start it. */
  readonly #users = new Map<string, string[]>()

  /** @param files path from the root → text */
  constructor(files: ReadonlyMap<string, string>) {
    for (const [file, text] of files)
      for (const used of filesNamedIn(file, text, files)) {
        const users = this.#users.get(used)
        if (users === undefined) this.#users.set(used, [file])
        else users.push(file)
      }
  }

  /**
   * Tests that lead to the file. First come those with most words of its path (`test/http/calls/` for
   * `src/http/calls/`), then those that are named for a word of the changed text: a module of the server is equally far
   * from each test of the server. Then the fewest steps count.
   */
  testsOf(source: string, changed = ''): readonly string[] {
    const steps = new Map([[source, 0]])
    for (const [file, far] of steps)
      for (const user of this.#users.get(file) ?? []) if (!steps.has(user)) steps.set(user, far + 1)
    const words = wordsOf(pathWithoutEnd(source))
    const mentioned = wordsOf(changed)
    return [...steps]
      .filter(([file]) => isTest(file))
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
}

/** The graph of a tree. */
export function readTestGraph(root: string): TestGraph {
  const paths = [...globSync('{src,test,tools,migrations}/**/*.{ts,tsx}', { cwd: root }), ...shellPrograms]
  return new TestGraph(new Map(paths.sort().map((path) => [path, readFileSync(join(root, path), 'utf8')])))
}

const isTest = (file: string): boolean => /^test\/.*\.test\.tsx?$/.test(file)

/** `src/http/calls/routes.ts` → `http/calls/routes` */
const pathWithoutEnd = (path: string): string => path.replace(/^\w+\//, '').replace(/(?:\.test)?\.tsx?$/, '')

/** `http/calls/reading-routes` and `readingRoutes(httpCalls)` → http, call, reading, route. */
const wordsOf = (text: string): ReadonlySet<string> =>
  new Set((text.match(/[A-Z]?[a-z]+/g) ?? []).map((word) => word.toLowerCase().replace(/s$/, '')))

const common = (words: ReadonlySet<string>, others: ReadonlySet<string>): number =>
  [...words].filter((word) => others.has(word)).length

/**
 * Each string that names a file, seen from the file itself or from the root: imports, and programs that it starts.
 * Imports of types are erased before the file runs.
 */
function filesNamedIn(file: string, text: string, files: ReadonlyMap<string, string>): readonly string[] {
  const strings = shellPrograms.includes(file) ? (text.match(/[\w./-]+\.ts\b/g) ?? []) : stringsIn(file, text)
  const named = strings.flatMap((string) =>
    [join(dirname(file), string), string].filter((path) => path !== file && files.has(path)).slice(0, 1),
  )
  return [...new Set(named)]
}

function stringsIn(file: string, text: string): readonly string[] {
  const found = new Map<number, string>()
  const erased = new Set<number>()
  const ofTypes = (kind: string | undefined, source: { readonly start: number } | null): void => {
    if (kind === 'type' && source !== null) erased.add(source.start)
  }
  new Visitor({
    ImportDeclaration: ({ importKind, source }) => ofTypes(importKind, source),
    ExportNamedDeclaration: ({ exportKind, source }) => ofTypes(exportKind, source),
    ExportAllDeclaration: ({ exportKind, source }) => ofTypes(exportKind, source),
    TSImportType: ({ source }) => ofTypes('type', source),
    Literal({ value, start }) {
      if (typeof value === 'string') found.set(start, value)
    },
  }).visit(parseSync(file, text).program)
  return [...found].flatMap(([start, string]) => (erased.has(start) ? [] : string))
}
