/** The test file that this process runs now: what it opens for itself ends with it, what its process shares ends later. */
import root, { type Test } from 'tap'

type Scope = Pick<Test, 'teardown' | 'fail'>

let current: Scope = root

/** The tests of the file; the process's own when the file runs by itself. */
export const fileScope = (): Scope => current

/** Called by a lane, before each file. */
export const enterFile = (scope: Scope): void => {
  current = scope
}

/** Ends with the process, after all of its files. */
export const processScope: Scope = root
