/** The encoder's thread: does what it is ordered to, and says how it went. */
import { parentPort } from 'node:worker_threads'
import { encode } from './encode.ts'
import type { Answer } from './encoder.ts'

interface Order {
  readonly order: number
  readonly parameters: Parameters<typeof encode>
}

const answer = (said: Answer): void => parentPort?.postMessage(said)

parentPort?.on('message', ({ order, parameters }: Order) => {
  encode(...parameters).then(
    (done) => answer({ order, done }),
    (error: unknown) => answer({ order, failed: error instanceof Error ? error.message : String(error) }),
  )
})
