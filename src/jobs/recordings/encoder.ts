/**
 * Runs encoding and compression in a separate process. To start `lame`, Linux copies the parent's page tables: with a server of 300 MB
 * that takes 8 ms, during which none of its threads can touch new memory; with a small parent it takes 1 ms
 * (decision 0026).
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { compress } from './compress.ts'
import type { encode } from './encode.ts'

export type Encode = typeof encode
export type Compress = typeof compress

/** One request to the process. */
export type Order = { readonly order: number } & Work
type Work =
  | { readonly do: 'encode'; readonly parameters: Parameters<Encode> }
  | { readonly do: 'compress'; readonly parameters: Parameters<Compress> }

/** The answer to the order with this number. */
export type Answer =
  | { readonly order: number; readonly done: unknown }
  | { readonly order: number; readonly failed: string }

interface Waiting {
  readonly resolve: (done: unknown) => void
  readonly reject: (error: Error) => void
}

/** The only variables that are passed on: the server's environment holds secrets. */
const itsEnvironment = ['PATH', 'NODE_COMPILE_CACHE']

/** An hour of a call takes a second. */
const encodeMaxMs = 60_000

export class Encoder {
  readonly #silentMaxMs: number
  #process: ChildProcess | null = null
  #orders = 0
  readonly #waiting = new Map<number, Waiting>()

  /** `silentMaxMs`: a process that is silent so long after the bound of its work counts as hung. */
  constructor(silentMaxMs = 10_000) {
    this.#silentMaxMs = silentMaxMs
  }

  /** Starts the process early, while the server is still small. */
  start(): void {
    try {
      this.#running()
    } catch {
      // Out of memory: the first order tries again and reports it.
    }
  }

  /** As `encode`; also rejects when the process fails, or takes longer than a long call needs. */
  readonly encode: Encode = async (...parameters) =>
    (await this.#perform({ do: 'encode', parameters }, encodeMaxMs)) as Awaited<ReturnType<Encode>>

  /** As `compress`; also rejects when the process fails. */
  readonly compress: Compress = async (...parameters) => {
    const [, , , timeoutMs] = parameters
    await this.#perform({ do: 'compress', parameters }, timeoutMs)
  }

  async #perform(work: Work, timeoutMs: number): Promise<unknown> {
    const order = ++this.#orders
    const child = this.#running()
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#waiting.set(order, { resolve, reject })
    child.send({ order, ...work } satisfies Order, (error) => {
      if (error !== null) this.#broken(child, error)
    })
    const bound = setTimeout(
      () => this.#broken(child, new Error('The encoder’s process does not answer.')),
      timeoutMs + this.#silentMaxMs,
    )
    try {
      return await promise
    } finally {
      clearTimeout(bound)
    }
  }

  /** Does not wait for encoding in progress. */
  async close(): Promise<void> {
    const child = this.#process
    if (child === null || !child.kill('SIGKILL')) return
    await once(child, 'exit')
  }

  /** Starts a new process after a failed one. */
  #running(): ChildProcess {
    if (this.#process !== null) return this.#process
    const child = fork(fileURLToPath(new URL('encoder-process.ts', import.meta.url)), {
      env: Object.fromEntries(itsEnvironment.map((name) => [name, process.env[name]])),
      execArgv: [],
      // A session of its own: the CPU share of the server's session is not for encoding.
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#process = child
    child.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.order)
      this.#waiting.delete(answer.order)
      // `done` is left out of the message where there is no result.
      if ('failed' in answer) waiting?.reject(new Error(answer.failed))
      else waiting?.resolve(answer.done)
    })
    child.on('error', (error) => this.#broken(child, error))
    child.on('exit', () => this.#broken(child, new Error('The encoder’s process has ended.')))
    return child
  }

  #broken(child: ChildProcess, error: Error): void {
    // `error` and `exit` may both come; a new process may run by the time of the second.
    if (this.#process !== child) return
    this.#process = null
    child.kill('SIGKILL')
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}
