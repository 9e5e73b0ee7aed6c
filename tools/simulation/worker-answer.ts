import type { Worker } from 'node:worker_threads'

/** The one message of a worker thread. Rejects with its error, and where it ends without a message. */
export function answerOf<Answer>(worker: Worker): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    // After a message or an error it changes nothing.
    worker.once('exit', (code) => reject(new Error(`the worker ended with ${code} and no result`)))
  })
}
