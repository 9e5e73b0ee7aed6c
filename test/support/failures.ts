/** The tests that failed, told once more after the run, with the command that repeats each file. */

export interface Failure {
  /** The test file; null where something else than a test failed. */
  readonly file: string | null
  readonly name: string
}

/** At most so many of one file: a broken start fails every test after it. */
const ofFileMax = 20

export function tellFailures(failures: readonly Failure[], tell: (line: string) => void): void {
  if (failures.length === 0) return
  tell('Failed:')
  for (const [file, ofFile] of Map.groupBy(failures, (one) => one.file)) {
    if (file !== null) tell(`  ${file}   again: make test FILES=${file}`)
    for (const { name } of ofFile.slice(0, ofFileMax)) tell(`    ✗ ${name}`)
    if (ofFile.length > ofFileMax) tell(`    … and ${ofFile.length - ofFileMax} more`)
  }
}
