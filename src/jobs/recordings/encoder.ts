/**
 * Encoding, in a process of its own: to start `lame`, Linux copies the page tables of who starts it. Of a server of
 * 300 MB that takes 8 ms, in which no other thread of it can touch new memory; of a small process it takes one
 * (decision 0026).
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { encode } from './encode.ts'

export type Encode = (...parameters: Parameters<typeof encode>) => ReturnType<typeof encode>
type Encoded = Awaited<ReturnType<typeof encode>>

/** What the process is told to do. */
export interface Order {
  readonly order: number
  readonly parameters: Parameters<typeof encode>
}

/** What it answers to the order with this number. */
export type Answer =
  | { readonly order: number; readonly done: Encoded }
  | { readonly order: number; readonly failed: string }

interface Waiting {
  readonly resolve: (done: Encoded) => void
  readonly reject: (error: Error) => void
}

/** What it needs of the server's environment, which holds secrets. */
const itsEnvironment = ['PATH', 'NODE_COMPILE_CACHE']

export class Encoder {
  readonly #silentMaxMs: number
  #process: ChildProcess | null = null
  #orders = 0
  readonly #waiting = new Map<number, Waiting>()

  /** A process without an answer so long after `lame` should have been stopped hangs itself. */
  constructor(silentMaxMs = 10_000) {
    this.#silentMaxMs = silentMaxMs
  }

  /** Now, while the server is small, and not with the first recording. */
  start(): void {
    try {
      this.#running()
    } catch {
      // No memory for it, now: the first order tries again, and tells.
    }
  }

  /** As `encode`; rejects, too, when the process breaks. */
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

  /** What is still being encoded is not waited for. */
  async close(): Promise<void> {
    const child = this.#process
    if (child === null || !child.kill('SIGKILL')) return
    await once(child, 'exit')
  }

  /** Begun again after a process that broke. */
  #running(): ChildProcess {
    if (this.#process !== null) return this.#process
    const child = fork(fileURLToPath(new URL('encoder-process.ts', import.meta.url)), {
      env: Object.fromEntries(itsEnvironment.map((name) => [name, process.env[name]])),
      execArgv: [],
      // A session of its own: what the server's is given of the processors is not for encoding.
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
    // An error may come before the exit; by then a new process may be at work.
    if (this.#process !== child) return
    this.#process = null
    child.kill('SIGKILL')
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}
