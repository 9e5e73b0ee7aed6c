/** In which order test files run, and what they need to be there. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Duration } from './durations.ts'
import { reachedFrom, type ImportGraph } from './import-graph.ts'

/** `pure` needs Node alone, `services` PostgreSQL or Redis or programs, `systems` Asterisk and telephones, `screens` a browser too. */
export type Kind = 'pure' | 'services' | 'systems' | 'screens'

export interface PlannedFile {
  readonly file: string
  readonly kind: Kind
  /** Under full load: nothing else runs beside it. */
  readonly alone: boolean
}

const browser = 'test/support/browser/browser.ts'

/** A file that imports one of them starts a whole system, or a large part of one. */
const systemStarters = ['test/support/stack.ts', 'test/support/pbx/asterisk.ts', 'test/stack/programs.ts']

export function kindOf(graph: ImportGraph, file: string): Kind {
  const reached = reachedFrom(graph, file)
  if (reached.has(browser)) return 'screens'
  if (systemStarters.some((starter) => reached.has(starter))) return 'systems'
  const isPure = [...reached].every((one) => !graph.get(one)?.builtIn.includes('node:child_process'))
  return isPure ? 'pure' : 'services'
}

/** A line of the test file, with its reason: `// lane: alone, …`. */
const aloneMark = /^\/\/ lane: alone\b/m

/** Parts of a long test that lie beside it. */
const areStepsOf = (file: string, other: string): boolean =>
  other.endsWith('-steps.ts') && dirname(other) === dirname(file)

const kinds: readonly Kind[] = ['pure', 'services', 'systems', 'screens']

/**
 * Quick kinds first, so that a failure shows early; within a kind the longest first, so that none is left at the end.
 * `took`: in earlier runs; a file without one is judged by its length and that of its steps.
 */
export function plan(
  root: string,
  graph: ImportGraph,
  files: readonly string[],
  took: ReadonlyMap<string, Duration>,
): readonly PlannedFile[] {
  const read = (file: string): string => readFileSync(join(root, file), 'utf8')
  const weighed = files.map((file) => {
    const text = read(file)
    const steps = [...(graph.get(file)?.files ?? [])].filter((one) => areStepsOf(file, one)).map(read)
    const length = [text, ...steps].reduce((sum, { length }) => sum + length, 0)
    return {
      file,
      kind: kindOf(graph, file),
      alone: aloneMark.test(text),
      weight: took.get(file)?.seconds ?? length / 200,
    }
  })
  return weighed
    .toSorted(
      (one, other) => kinds.indexOf(one.kind) - kinds.indexOf(other.kind) || other.weight - one.weight,
    )
    .map(({ file, kind, alone }) => ({ file, kind, alone }))
}
