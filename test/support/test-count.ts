/** Reads tap's own output while it runs: one line a file for the person, every failure, and the count. */
import { Parser } from 'tap-parser'
import type { FinalResults, Result } from 'tap-parser'

/** Assertions, without the summaries that each group adds. */
export interface Count {
  readonly passed: number
  readonly failed: number
  /** Left out here (no Landlock, not root), or known not to hold yet: they prove nothing. */
  readonly skipped: number
}

export class TestCount {
  /** tap's output goes in here. */
  readonly input: Parser
  readonly #tell: (line: string) => void
  #passed = 0
  #failed = 0
  #skipped = 0
  readonly #ended: Promise<FinalResults>[] = []

  constructor(tell: (line: string) => void) {
    this.#tell = tell
    this.input = this.#parser([])
    // Outside of every test tap says one thing of its own: what the core's tests do not cover.
    this.input.on('extra', (text: string) => this.#tell(text.trimEnd()))
  }

  /** Where a file's own output goes that runs outside of tap's runner. */
  beside(file: string): Parser {
    const parser = this.#parser([file])
    parser.on('complete', ({ ok, fail, time }: FinalResults) => {
      // It failed in a way that no assertion tells.
      if (!ok && fail === 0) this.#failed++
      this.#tellFile({ ok, name: file, time })
    })
    return parser
  }

  async ended(): Promise<Count> {
    await Promise.all(this.#ended)
    return { passed: this.#passed, failed: this.#failed, skipped: this.#skipped }
  }

  #parser(names: readonly string[]): Parser {
    const parser = new Parser()
    this.#ended.push(
      new Promise((resolve) => {
        parser.on('complete', resolve)
      }),
    )
    this.#read(parser, names)
    return parser
  }

  #read(parser: Parser, names: readonly string[]): void {
    /** Failures inside the group whose summary comes next; null outside of one. */
    let inside: (() => number) | null = null
    parser.on('child', (child: Parser) => {
      const before = this.#failed
      inside = () => this.#failed - before
      this.#read(child, [...names, child.name])
    })
    parser.on('assert', (result: Result) => {
      const failuresInside = inside?.()
      inside = null
      if (names.length === 0) this.#tellFile(result)
      // A group's summary counts only when nothing inside explains why it failed: a timeout, a wrong plan.
      if (failuresInside !== undefined && (result.ok || failuresInside > 0)) return
      if (result.todo !== false || result.skip !== false) this.#skip(result, names)
      else if (result.ok) this.#passed++
      else this.#fail(result, names)
    })
    parser.on('bailout', (reason: string) => {
      this.#failed++
      this.#tell(`  bail out: ${reason}`)
    })
  }

  #tellFile(result: Pick<Result, 'ok' | 'name' | 'time'>): void {
    const seconds = result.time === null ? '' : ` (${(result.time / 1000).toFixed(1)} s)`
    this.#tell(`${result.ok ? 'ok    ' : 'FAILED'} ${result.name}${seconds}`)
  }

  #skip(result: Result, names: readonly string[]): void {
    this.#skipped++
    const why = result.skip === false ? result.todo : result.skip
    this.#tell(
      `  – ${[...names, result.name].join(' › ')}: left out${why === true ? '' : ` (${String(why)})`}`,
    )
  }

  #fail(result: Result, names: readonly string[]): void {
    this.#failed++
    this.#tell(`  ✗ ${[...names, result.name].join(' › ')}`)
    const { diag } = result
    if (diag === null || diag === undefined) return
    const text = typeof diag === 'string' ? diag : JSON.stringify(diag, null, 2)
    for (const line of text.split('\n').slice(0, 40)) this.#tell(`      ${line}`)
  }
}
