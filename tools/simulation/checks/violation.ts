/** A violated invariant. `rule` is its name, equal for all cases. */
export class Violation extends Error {
  override name = 'Violation'
  readonly rule: string

  constructor(rule: string, detail: string) {
    super(`${rule}: ${detail}`)
    this.rule = rule
  }
}

export function must(holds: boolean, rule: string, detail: () => string): asserts holds {
  if (!holds) throw new Violation(rule, detail())
}
