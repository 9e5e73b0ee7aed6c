/**
 * Reads tap's output during a run and prints one line a file, each failure with its diagnostics and the file's
 * comments. Counts the assertions.
 */
import { Parser } from 'tap-parser'
import type { Result } from 'tap-parser'
import { attackOf, type Attack } from './attack.ts'
import { whyOf, type Failure } from './failures.ts'

/** Number of assertions, without the summary of each group. */
export interface Count {
  readonly passed: number
  readonly failed: number
  /** Skipped on this machine (no Landlock, not root) or marked as TODO. */
  readonly skipped: number
}

/** Files whose comments are printed even when they pass: the simulators' figures are their result. */
const printsFigures = (file: string): boolean => /^test\/tools\/(simulation|fairness)\//.test(file)

/** Enough for a simulated script that could not be shortened, with its last events. */
const commentsMax = 300

/** tap's own comments. */
const ofTap = /^# (?:Subtest\b|time=|\{ total: )/

export class TestCount {
  /** Receives tap's output. */
  readonly input: Parser
  readonly #print: (line: string) => void
  #passed = 0
  #failed = 0
  #skipped = 0
  readonly #failures: Failure[] = []
  readonly #attacks: (Attack & { readonly held: boolean })[] = []
  /** Comments of the file being read: seeds and figures that explain a failure. */
  #comments: string[] = []
  readonly #ended: Promise<void>

  constructor(print: (line: string) => void) {
    this.#print = print
    this.input = new Parser()
    this.#ended = new Promise((resolve) => {
      this.input.on('complete', () => {
        resolve()
      })
    })
    // Output outside of every test is tap's coverage report.
    this.input.on('extra', (text: string) => this.#print(text.trimEnd()))
    this.#read(this.input, [])
  }

  async ended(): Promise<Count> {
    await this.#ended
    return { passed: this.#passed, failed: this.#failed, skipped: this.#skipped }
  }

  /** All failures printed during the run. */
  get failures(): readonly Failure[] {
    return this.#failures
  }

  /** Every attack of the run, and whether it was repelled. */
  get attacks(): readonly (Attack & { readonly held: boolean })[] {
    return this.#attacks
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
      const attack = failuresInside === undefined ? null : attackOf(result.name)
      if (attack !== null) this.#attacks.push({ ...attack, held: result.ok })
      if (names.length === 0) this.#printFile(result)
      // A group's summary counts only when nothing inside explains why it failed: a timeout, a wrong plan.
      if (failuresInside !== undefined && (result.ok || failuresInside > 0)) return
      if (result.todo !== false || result.skip !== false) this.#skip(result, names)
      else if (result.ok) this.#passed++
      else this.#fail(result, names)
    })
    parser.on('bailout', (reason: string) => {
      this.#failed++
      this.#failures.push({ file: fileOf(names[0]), name: `bail out: ${reason}` })
      this.#print(`  bail out: ${reason}`)
    })
  }

  #printFile(result: Result): void {
    const seconds = result.time === null ? '' : ` (${(result.time / 1000).toFixed(1)} s)`
    this.#print(`${result.ok ? 'ok    ' : 'FAILED'} ${result.name}${seconds}`)
    if (!result.ok || printsFigures(result.name)) this.#printComments()
    this.#comments = []
  }

  #printComments(): void {
    for (const comment of this.#comments.slice(0, commentsMax)) this.#print(`  ${comment}`)
    const left = this.#comments.length - commentsMax
    if (left > 0) this.#print(`  # … and ${left} lines more`)
  }

  #skip(result: Result, names: readonly string[]): void {
    this.#skipped++
    const why = result.skip === false ? result.todo : result.skip
    this.#print(
      `  – ${[...names, result.name].join(' › ')}: left out${why === true ? '' : ` (${String(why)})`}`,
    )
  }

  #fail(result: Result, names: readonly string[]): void {
    this.#failed++
    const path = [...names, result.name]
    const file = fileOf(path[0])
    const name = (path[0] === file ? path.slice(1) : path).join(' › ') || 'the file'
    const { diag } = result
    this.#failures.push({ file, name, why: whyOf(diag) })
    this.#print(`  ✗ ${path.join(' › ')}`)
    if (diag === null || diag === undefined) return
    const text = typeof diag === 'string' ? diag : JSON.stringify(diag, null, 2)
    for (const line of text.split('\n').slice(0, 40)) this.#print(`      ${line}`)
  }
}

/** The test file that a test's outermost name begins with. */
function fileOf(name = ''): string | null {
  return /^\S+\.test\.tsx?/.exec(name)?.[0] ?? null
}
