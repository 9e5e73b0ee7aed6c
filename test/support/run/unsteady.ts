/**
 * Files that failed beside others and passed alone. A run with one or two of them is green and names them; the list
 * `test/unsteady.json` is carried by the next commit. Whoever mends a file removes its entries.
 */
import { readFile, writeFile } from 'node:fs/promises'
import type { FileResult } from './test-count.ts'

export interface Unsteady {
  readonly file: string
  readonly test: string
  /** The first failure. */
  readonly failure: string
  /** The day of the run, and its commit. */
  readonly day: string
  readonly commit: string
}

/** From this number on, a run is red. */
const tooMany = 3
const keptRuns = 10

export async function readUnsteady(file: string): Promise<readonly Unsteady[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '[]'
    throw error
  })
  return JSON.parse(text) as readonly Unsteady[]
}

/** Adds those of this run; of earlier ones the last that had any are kept. */
export async function writeUnsteady(
  file: string,
  before: readonly Unsteady[],
  now: readonly Unsteady[],
): Promise<void> {
  const runs = [...new Set(before.map(({ commit }) => commit))].slice(1 - keptRuns)
  const kept = [...before.filter(({ commit }) => runs.includes(commit)), ...now]
  await writeFile(file, `${JSON.stringify(kept, null, 2)}\n`)
}

/** Why the run is red all the same; empty: it is green. */
export function whyRed(before: readonly Unsteady[], now: readonly Unsteady[]): readonly string[] {
  const again = now.filter(({ file }) => before.some((one) => one.file === file))
  return [
    ...(now.length >= tooMany ? [`${now.length} files are unsteady in one run`] : []),
    ...again.map(
      ({ file }) => `${file} was unsteady before; remove its entry from test/unsteady.json when it is mended`,
    ),
  ]
}

/** A file that ran twice has the result of the second time. */
export function mergedResults(found: readonly FileResult[], again: readonly FileResult[]): FileResult[] {
  return [...found.filter(({ file, failed }) => failed === 0 || file === null), ...again]
}

/** Files that failed, and passed when they ran again. */
export function unsteadyOf(
  found: readonly FileResult[],
  again: readonly FileResult[],
  run: Pick<Unsteady, 'day' | 'commit'>,
): Unsteady[] {
  const failsAgain = new Set(again.filter(({ failed }) => failed > 0).map(({ file }) => file))
  return found.flatMap(({ file, failures: [first] }) =>
    file === null || first === undefined || failsAgain.has(file)
      ? []
      : [{ file, test: first.name, failure: first.why ?? '', ...run }],
  )
}
