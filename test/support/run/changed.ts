/** The tests that a change can reach, the nearest first, as many as fit into two minutes. */
import { execFileSync } from 'node:child_process'
import type { Say } from '../../../src/stack/terminal.ts'
import type { Duration } from './durations.ts'
import { reaching, type ImportGraph } from './import-graph.ts'

const budgetS = 120
/** For a file that has not run here yet. */
const usualS = 3

/** Files of the uncommitted change; of the last commit when there is none. */
export function changedFiles(root: string): readonly string[] {
  const git = (...args: string[]): string[] =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean)
  const uncommitted = [
    ...git('diff', '--name-only', 'HEAD'),
    ...git('ls-files', '--others', '--exclude-standard'),
  ]
  return uncommitted.length > 0 ? uncommitted : git('diff', '--name-only', 'HEAD~1')
}

export function testsOf(
  graph: ImportGraph,
  changed: readonly string[],
  took: ReadonlyMap<string, Duration>,
  say: Say,
): readonly string[] {
  const reached = [...reaching(graph, changed)]
    .filter(([file]) => /^test\/.*\.test\.ts$/.test(file) && graph.has(file))
    .toSorted(([, one], [, other]) => one - other)
  const chosen: string[] = []
  let spentS = 0
  for (const [file] of reached) {
    const tookS = took.get(file)?.seconds ?? usualS
    if (chosen.length > 0 && spentS + tookS > budgetS) continue
    spentS += tookS
    chosen.push(file)
  }
  const left = reached.length - chosen.length
  say(
    `${chosen.length} test files for ${changed.length} changed files${left > 0 ? `; ${left} further ones are left to make test` : ''}`,
  )
  return chosen
}
