/** Tries whether a test fails for a mutant. */
import type { Mutant } from './mutants-of.ts'
import { runTest, type TestRun, type Where } from './run-test.ts'

export const outcomes = ['killed', 'timeout', 'survived', 'no test'] as const

export interface Tried extends Pick<Mutant, 'id' | 'file' | 'line' | 'kind' | 'before' | 'after'> {
  readonly outcome: (typeof outcomes)[number]
  /** The test file that failed, or did not end. */
  readonly by: string | null
  readonly asked: readonly string[]
  /** Number of tests that were left out, because those before them had used the processor time. */
  readonly notAsked: number
  readonly cpuS: number
}

export interface Place extends Where {
  withMutant<Value>(mutant: Mutant, work: () => Promise<Value>): Promise<Value>
  dropLeft(): Promise<void>
}

export class Trials {
  /** Whether a test file passes without a mutant: known of those that have failed with one. */
  readonly #passes = new Map<string, boolean>()
  readonly #cpuS: number

  /** @param cpuS processor time for each mutant, after which no further test file begins */
  constructor(cpuS: number) {
    this.#cpuS = cpuS
  }

  /** Test files that fail without any mutant: they prove nothing. */
  get failing(): readonly string[] {
    return [...this.#passes].flatMap(([test, passes]) => (passes ? [] : test))
  }

  /** @param tests in the order in which they are asked */
  async try(mutant: Mutant, tests: readonly string[], place: Place): Promise<Tried> {
    const { id, file, line, kind, before, after } = mutant
    const asked: string[] = []
    let cpuS = 0
    const tried = (outcome: Tried['outcome'], by: string | null, notAsked = 0): Tried => ({
      id,
      file,
      line,
      kind,
      before,
      after,
      outcome,
      by,
      asked,
      notAsked,
      cpuS,
    })
    for (const [index, test] of tests.entries()) {
      if (this.#passes.get(test) === false) continue
      if (cpuS >= this.#cpuS) return tried('survived', null, tests.length - index)
      const run = await place.withMutant(mutant, () => runTest(test, place))
      cpuS += run.cpuS
      if (run.end !== 'passed') {
        await place.dropLeft()
        if (!(await this.#passesWithout(test, place))) continue
      }
      asked.push(test)
      if (run.end !== 'passed') return tried(outcomeOf(run), test)
    }
    return tried(asked.length === 0 ? 'no test' : 'survived', null)
  }

  async #passesWithout(test: string, place: Place): Promise<boolean> {
    const known = this.#passes.get(test)
    if (known !== undefined) return known
    const passes = (await runTest(test, place)).end === 'passed'
    if (!passes) await place.dropLeft()
    this.#passes.set(test, passes)
    return passes
  }
}

const outcomeOf = ({ end }: TestRun): Tried['outcome'] => (end === 'timeout' ? 'timeout' : 'killed')
