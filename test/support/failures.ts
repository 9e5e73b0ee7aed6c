/** Lists the failed tests once more after the run, with the command that repeats each file. */

export interface Failure {
  /** The test file; null for a failure outside of tests. */
  readonly file: string | null
  readonly name: string
}

/** Limit for each file: a failed setup fails every test after it. */
const ofFileMax = 20

export function printFailures(failures: readonly Failure[], print: (line: string) => void): void {
  if (failures.length === 0) return
  print('Failed:')
  for (const [file, ofFile] of Map.groupBy(failures, (one) => one.file)) {
    if (file !== null) print(`  ${file}   again: make test FILES=${file}`)
    for (const { name } of ofFile.slice(0, ofFileMax)) print(`    ✗ ${name}`)
    if (ofFile.length > ofFileMax) print(`    … and ${ofFile.length - ofFileMax} more`)
  }
}
