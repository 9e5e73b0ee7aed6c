/** Results of a run: as lines, as a file, and compared with another run's. */
import { readFile } from 'node:fs/promises'
import { writePrivate } from '../../src/stack/files.ts'
import { outcomes, type Tried } from './try-mutant.ts'

export interface Results {
  readonly seed: number
  /** Folders of `test/` that were left out. */
  readonly leftOut: readonly string[]
  /** Test files that fail without a mutant. */
  readonly failing: readonly string[]
  readonly mutants: readonly Tried[]
}

export const writeResults = (path: string, results: Results): Promise<void> =>
  writePrivate(path, `${JSON.stringify(results, null, 2)}\n`)

export const readResults = async (path: string): Promise<Results> =>
  JSON.parse(await readFile(path, 'utf8')) as Results

export function lineOf({ outcome, by, asked, notAsked, cpuS, ...mutant }: Tried): string {
  const files = asked.length === 1 ? '1 test file' : `${asked.length} test files`
  const why =
    by ??
    (outcome === 'survived' ? `${files}${notAsked > 0 ? `, ${notAsked} not asked` : ''}` : 'none imports it')
  return `${outcome === 'survived' ? 'SURVIVED' : outcome.padEnd(8)} ${describe(mutant)}  [${why}; ${cpuS.toFixed(1)} s]`
}

const describe = ({
  file,
  line,
  kind,
  before,
  after,
}: Omit<Tried, 'outcome' | 'by' | 'asked' | 'notAsked' | 'cpuS'>) =>
  `${file}:${line} ${kind}: ${before} → ${after}`

export function summaryOf({ mutants, leftOut, failing }: Results): readonly string[] {
  const counts = outcomes.map(
    (outcome) => `${mutants.filter((one) => one.outcome === outcome).length} ${outcome}`,
  )
  const cpuS = mutants.reduce((sum, one) => sum + one.cpuS, 0)
  return [
    ...failing.map((file) => `Fails without a mutant, so it is not asked: ${file}`),
    ...(leftOut.length === 0
      ? []
      : [`Not asked: test/{${leftOut.join(',')}} (WHOLE=1 asks them), and the type checker`]),
    `${mutants.length} mutants: ${counts.join(', ')}; ${Math.round(cpuS)} s of processor`,
  ]
}

/** A mutant that lived on counts as caught by nothing, also where no test imports it. */
const isCaught = ({ outcome }: Tried): boolean => outcome === 'killed' || outcome === 'timeout'

export interface Comparison {
  /** Caught in the first run, and not in the second. */
  readonly lost: readonly Tried[]
  readonly gained: readonly Tried[]
  /** In both. */
  readonly common: number
  /** Of the first run, of the second: the source has changed, or a run was cut short. */
  readonly only: readonly [number, number]
}

export function compare(one: Results, other: Results): Comparison {
  const before = new Map(one.mutants.map((mutant) => [mutant.id, mutant]))
  const inBoth = other.mutants.filter(({ id }) => before.has(id))
  const changed = inBoth.filter((mutant) => isCaught(mutant) !== isCaught(before.get(mutant.id) ?? mutant))
  return {
    lost: changed.filter((mutant) => !isCaught(mutant)),
    gained: changed.filter(isCaught),
    common: inBoth.length,
    only: [one.mutants.length - inBoth.length, other.mutants.length - inBoth.length],
  }
}

export function comparisonLines({ lost, gained, common, only }: Comparison): readonly string[] {
  return [
    ...lost.map((mutant) => `lost    ${lineOf(mutant)}`),
    ...gained.map((mutant) => `gained  ${lineOf(mutant)}`),
    `${common} mutants in both: ${lost.length} lost, ${gained.length} gained; ${only[0]} only in the first, ${only[1]} only in the second`,
  ]
}
