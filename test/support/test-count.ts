/**
 * Reads tap's own output while it runs: one line a file for the person, every failure with what its
 * file said, and the count.
 */
import { Parser } from 'tap-parser'
import type { Result } from 'tap-parser'
import type { Failure } from './failures.ts'

/** Assertions, without the summaries that each group adds. */
export interface Count {
  readonly passed: number
  readonly failed: number
  /** Left out here (no Landlock, not root), or known not to hold yet: they prove nothing. */
  readonly skipped: number
}

/** Files whose comments are told when they pass too: how much was tried is what they prove. */
const tellsFigures = (file: string): boolean => file.startsWith('test/tools/simulation/')

/** A simulated script that could not be shortened, with the last that the line told, is shorter than that. */
const commentsMax = 300

/** What tap writes as comments of its own. */
const ofTap = /^# (?:Subtest\b|time=|\{ total: )/

export class TestCount {
  /** tap's output goes in here. */
  readonly input: Parser
  readonly #tell: (line: string) => void
  #passed = 0
  #failed = 0
  #skipped = 0
  readonly #failures: Failure[] = []
  /** Of the file that is being read: seeds, figures, what is needed to see why it failed. */
  #comments: string[] = []
  readonly #ended: Promise<void>

  constructor(tell: (line: string) => void) {
    this.#tell = tell
    this.input = new Parser()
    this.#ended = new Promise((resolve) => {
      this.input.on('complete', () => {
        resolve()
      })
    })
    // Outside of every test tap says one thing of its own: what the core's tests do not cover.
    this.input.on('extra', (text: string) => this.#tell(text.trimEnd()))
    this.#read(this.input, [])
  }

  async ended(): Promise<Count> {
    await this.#ended
    return { passed: this.#passed, failed: this.#failed, skipped: this.#skipped }
  }

  /** Each that was told while the tests ran. */
  get failures(): readonly Failure[] {
    return this.#failures
  }

  #read(parser: Parser, names: readonly string[]): void {
    /** Failures inside the group whose summary comes next; null outside of one. */
    let inside: (() => number) | null = null
    parser.on('child', (child: Parser) => {
      const before = this.#failed
      inside = () => this.#failed - before
      this.#read(child, [...names, child.name])
    })
    parser.on('comment', (comment: string) => {
      if (names.length > 0 && !ofTap.test(comment)) this.#comments.push(comment.trimEnd())
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
      this.#failures.push({ file: fileOf(names[0]), name: `bail out: ${reason}` })
      this.#tell(`  bail out: ${reason}`)
    })
  }

  #tellFile(result: Result): void {
    const seconds = result.time === null ? '' : ` (${(result.time / 1000).toFixed(1)} s)`
    this.#tell(`${result.ok ? 'ok    ' : 'FAILED'} ${result.name}${seconds}`)
    if (!result.ok || tellsFigures(result.name)) this.#tellComments()
    this.#comments = []
  }

  #tellComments(): void {
    for (const comment of this.#comments.slice(0, commentsMax)) this.#tell(`  ${comment}`)
    const left = this.#comments.length - commentsMax
    if (left > 0) this.#tell(`  # … and ${left} lines more`)
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
    const path = [...names, result.name]
    const file = fileOf(path[0])
    this.#failures.push({ file, name: (path[0] === file ? path.slice(1) : path).join(' › ') || 'the file' })
    this.#tell(`  ✗ ${path.join(' › ')}`)
    const { diag } = result
    if (diag === null || diag === undefined) return
    const text = typeof diag === 'string' ? diag : JSON.stringify(diag, null, 2)
    for (const line of text.split('\n').slice(0, 40)) this.#tell(`      ${line}`)
  }
}

/** The test file that a test's outermost name begins with. */
function fileOf(name = ''): string | null {
  return /^\S+\.test\.tsx?/.exec(name)?.[0] ?? null
}
