/** The test file that this process runs now: what it opens for itself ends with it, what its process shares ends later. */
import root, { type Test } from 'tap'

type Scope = Pick<Test, 'teardown' | 'fail'>

/** Null: the file runs by itself, without a lane. */
let current: Scope | null = null
const held: (() => unknown)[] = []

/** The tests of the file. */
export const fileScope = (): Scope => current ?? root

/** Called by a lane, before each file. */
export const enterFile = (scope: Scope): void => {
  current = scope
}

/** Called when this process has run all of its files. */
export function atProcessEnd(end: () => unknown): void {
  if (current === null && held.length === 0) root.teardown(endProcess)
  held.push(end)
}

/** What was opened last ends first. */
export async function endProcess(): Promise<void> {
  for (const end of held.splice(0).toReversed()) await end()
}
