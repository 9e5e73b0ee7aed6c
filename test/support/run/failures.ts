/** Lists the failed tests once more after the run, with the command that repeats each file. */

export interface Failure {
  /** The test file; null for a failure outside of tests. */
  readonly file: string | null
  readonly name: string
  /** Where it failed, and what was found instead: the output above may be gone from a log that is cut. */
  readonly why?: string
}

/** Limit for `why`. */
const whyMax = 400

/** The line of the test and the lines of the difference, from tap's diagnostics. */
export function whyOf(diag: unknown): string {
  if (typeof diag === 'string') return diag.slice(0, whyMax)
  const {
    diff = '',
    at,
    stack = '',
  } = (diag ?? {}) as {
    readonly diff?: string
    readonly at?: { readonly lineNumber?: number }
    readonly stack?: string
  }
  // A helper's line says less than the test's that called it.
  const line = /\.test\.tsx?:(\d+)/.exec(stack)?.[1] ?? at?.lineNumber
  const changed = diff.split('\n').filter((one) => /^[-+](?![-+]{2} )/.test(one))
  return [...(line === undefined ? [] : [`line ${line}`]), ...changed].join('  ').slice(0, whyMax)
}

/** Limit for each file: a failed setup fails every test after it. */
const ofFileMax = 20

export function printFailures(failures: readonly Failure[], print: (line: string) => void): void {
  if (failures.length === 0) return
  print('Failed:')
  for (const [file, ofFile] of Map.groupBy(failures, (one) => one.file)) {
    if (file !== null) print(`  ${file}   again: make test FILES=${file}`)
    for (const { name, why = '' } of ofFile.slice(0, ofFileMax)) {
      print(`    ✗ ${name}`)
      if (why !== '') print(`      ${why}`)
    }
    if (ofFile.length > ofFileMax) print(`    … and ${ofFile.length - ofFileMax} more`)
  }
}
