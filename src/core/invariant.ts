/** A bug, not an outcome: the state that the code relies on does not hold. */
export class InvariantBroken extends Error {
  override name = 'InvariantBroken'
}

/** Throws `InvariantBroken` unless the condition holds; the message says what went wrong. */
export function invariant(holds: boolean, message: string): asserts holds {
  if (!holds) throw new InvariantBroken(message)
}
