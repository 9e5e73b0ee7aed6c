/**
 * Encoding, in a thread of its own: starting a program and going through samples takes milliseconds in
 * which the line's own thread could not ring an agent.
 */
import { Worker } from 'node:worker_threads'
import type { encode } from './encode.ts'

export type Encode = (...order: Parameters<typeof encode>) => ReturnType<typeof encode>

/** What the thread answers to the order with this number. */
export type Answer =
  | { readonly order: number; readonly done: Awaited<ReturnType<typeof encode>> }
  | { readonly order: number; readonly failed: string }

interface Waiting {
  readonly resolve: (done: Awaited<ReturnType<typeof encode>>) => void
  readonly reject: (error: Error) => void
}

export class Encoder {
  #thread: Worker | null = null
  #orders = 0
  readonly #waiting = new Map<number, Waiting>()

  readonly encode: Encode = (...parameters) => {
    const order = ++this.#orders
    return new Promise((resolve, reject) => {
      this.#waiting.set(order, { resolve, reject })
      this.#running().postMessage({ order, parameters })
    })
  }

  async close(): Promise<void> {
    await this.#thread?.terminate()
  }

  /** Begun with the first order, and again after a thread that broke. */
  #running(): Worker {
    if (this.#thread !== null) return this.#thread
    const thread = new Worker(new URL('./encoder-thread.ts', import.meta.url))
    this.#thread = thread
    thread.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.order)
      this.#waiting.delete(answer.order)
      if ('done' in answer) waiting?.resolve(answer.done)
      else waiting?.reject(new Error(answer.failed))
    })
    thread.on('error', (error) => this.#broken(thread, error))
    thread.on('exit', () => this.#broken(thread, new Error('The encoder’s thread has ended.')))
    return thread
  }

  #broken(thread: Worker, error: Error): void {
    // An error comes before the exit; by then a new thread may be at work.
    if (this.#thread !== thread) return
    this.#thread = null
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}
