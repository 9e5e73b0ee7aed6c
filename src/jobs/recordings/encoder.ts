/**
 * Runs encoding in a separate process. To start `lame`, Linux copies the parent's page tables: with a server of 300 MB
 * that takes 8 ms, during which none of its threads can touch new memory; with a small parent it takes 1 ms
 * (decision 0026).
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { encode } from './encode.ts'

export type Encode = (...parameters: Parameters<typeof encode>) => ReturnType<typeof encode>
type Encoded = Awaited<ReturnType<typeof encode>>

/** One request to the process. */
export interface Order {
  readonly order: number
  readonly parameters: Parameters<typeof encode>
}

/** The answer to the order with this number. */
export type Answer =
  | { readonly order: number; readonly done: Encoded }
  | { readonly order: number; readonly failed: string }

interface Waiting {
  readonly resolve: (done: Encoded) => void
  readonly reject: (error: Error) => void
}

/** The only variables that are passed on: the server's environment holds secrets. */
const itsEnvironment = ['PATH', 'NODE_COMPILE_CACHE']

export class Encoder {
  readonly #silentMaxMs: number
  #process: ChildProcess | null = null
  #orders = 0
  readonly #waiting = new Map<number, Waiting>()

  /** `silentMaxMs`: a process that is silent so long after the timeout of `lame` counts as hung. */
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

  /** As `encode`; also rejects when the process fails. */
  readonly encode: Encode = async (...parameters) => {
    const order = ++this.#orders
    const child = this.#running()
    const { promise, resolve, reject } = Promise.withResolvers<Encoded>()
    this.#waiting.set(order, { resolve, reject })
    child.send({ order, parameters } satisfies Order, (error) => {
      if (error !== null) this.#broken(child, error)
    })
    const [, , , timeoutMs] = parameters
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
      if ('done' in answer) waiting?.resolve(answer.done)
      else waiting?.reject(new Error(answer.failed))
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
