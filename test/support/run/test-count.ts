/**
 * Reads tap's output during a run and prints one line a file, each failure with its diagnostics and the file's
 * comments. Counts the assertions.
 */
import { Parser } from 'tap-parser'
import type { Result } from 'tap-parser'
import { attackOf, type Attack } from '../attack.ts'
import { whyOf, type Failure } from './failures.ts'

/** Number of assertions, without the summary of each group. */
export interface Count {
  readonly passed: number
  readonly failed: number
  /** Skipped on this machine (no Landlock, not root) or marked as TODO. */
  readonly skipped: number
}

export interface FileResult extends Count {
  /** Null: of no file. */
  readonly file: string | null
  readonly seconds: number
  /** Seconds of processor, with its children's; 0: not measured. */
  readonly processorS: number
  readonly failures: readonly Failure[]
  readonly attacks: readonly (Attack & { readonly held: boolean })[]
}

/** Files whose comments are printed even when they pass: the simulators' figures are their result. */
const printsFigures = (file: string): boolean => /^test\/tools\/(simulation|fairness|chaos)\//.test(file)

/** Enough for a simulated script that could not be shortened, with its last events. */
const commentsMax = 300

/** tap's own comments. */
const ofTap = /^# (?:Subtest\b|time=|\{ total: )/

interface Counting {
  passed: number
  failed: number
  skipped: number
  seconds: number
  processorS: number
  readonly failures: Failure[]
  readonly attacks: (Attack & { readonly held: boolean })[]
}

export class TestCount {
  /** Receives tap's output. */
  readonly input: Parser
  readonly #print: (line: string) => void
  /** By file, in the order of their ends. */
  readonly #files = new Map<string | null, Counting>()
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
    this.input.on('extra', (text: string) => this.#print(text.trimEnd()))
    this.#read(this.input, [])
  }

  /** The result of each file, once the output has ended. */
  async ended(): Promise<readonly FileResult[]> {
    await this.#ended
    return [...this.#files].map(([file, counting]) => ({ file, ...counting }))
  }

  /** Adds a failure that the output does not have: its process broke. `file` null: of no file. */
  fail(file: string | null, name: string): void {
    const counting = this.#of(file)
    counting.failed++
    counting.failures.push({ file, name })
    this.#print(`  ✗ ${file === null ? '' : `${file}: `}${name}`)
  }

  /** Adds what a file has spent. */
  spent(file: string | null, processorS: number): void {
    this.#of(file).processorS += processorS
  }

  #of(file: string | null): Counting {
    const found = this.#files.get(file)
    if (found !== undefined) return found
    const made = { passed: 0, failed: 0, skipped: 0, seconds: 0, processorS: 0, failures: [], attacks: [] }
    this.#files.set(file, made)
    return made
  }

  #read(parser: Parser, names: readonly string[]): void {
    /** Failures inside the group whose summary comes next; null outside of one. */
    let inside: (() => number) | null = null
    parser.on('child', (child: Parser) => {
      const of = this.#of(fileOf(names[0] ?? child.name))
      const before = of.failed
      inside = () => of.failed - before
      this.#read(child, [...names, child.name])
    })
    parser.on('comment', (comment: string) => {
      if (names.length > 0 && !ofTap.test(comment)) this.#comments.push(comment.trimEnd())
    })
    parser.on('assert', (result: Result) => {
      const failuresInside = inside?.()
      inside = null
      const of = this.#of(fileOf(names[0] ?? result.name))
      const attack = failuresInside === undefined ? null : attackOf(result.name)
      if (attack !== null) of.attacks.push({ ...attack, held: result.ok })
      if (names.length === 0) {
        of.seconds += (result.time ?? 0) / 1_000
        this.#printFile(result)
      }
      // A group's summary counts only when nothing inside explains why it failed: a timeout, a wrong plan.
      if (failuresInside !== undefined && (result.ok || failuresInside > 0)) return
      if (result.todo !== false || result.skip !== false) this.#skip(of, result, names)
      else if (result.ok) of.passed++
      else this.#fail(of, result, names)
    })
    parser.on('bailout', (reason: string) => this.fail(fileOf(names[0]), `bail out: ${reason}`))
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

  #skip(of: Counting, result: Result, names: readonly string[]): void {
    of.skipped++
    const why = result.skip === false ? result.todo : result.skip
    this.#print(
      `  – ${[...names, result.name].join(' › ')}: left out${why === true ? '' : ` (${String(why)})`}`,
    )
  }

  #fail(of: Counting, result: Result, names: readonly string[]): void {
    of.failed++
    const path = [...names, result.name]
    const file = fileOf(path[0])
    const name = (path[0] === file ? path.slice(1) : path).join(' › ') || 'the file'
    const { diag } = result
    of.failures.push({ file, name, why: whyOf(diag) })
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
