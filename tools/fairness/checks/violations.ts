/** The rules that a day has broken: of each the first case, so that one bug does not hide another. */
export interface Broken {
  readonly rule: string
  readonly message: string
}

export class Violations {
  readonly #first = new Map<string, string>()

  must(holds: boolean, rule: string, detail: () => string): void {
    if (!holds && !this.#first.has(rule)) this.#first.set(rule, detail())
  }

  all(): readonly Broken[] {
    return [...this.#first].map(([rule, detail]) => ({ rule, message: `${rule}: ${detail}` }))
  }
}
