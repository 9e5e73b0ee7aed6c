import { Worker } from 'node:worker_threads'
import t from 'tap'
import { answerOf } from '../../../tools/simulation/worker-answer.ts'

const worker = (code: string): Worker => new Worker(code, { eval: true })

t.test('a worker thread answers with its message', async (t) => {
  const answers = worker("require('node:worker_threads').parentPort.postMessage(7)")
  t.equal(await answerOf(answers), 7)
})

t.test('a worker thread that fails, or ends without a message, is an error', async (t) => {
  await t.rejects(answerOf(worker("throw new Error('failed')")), { message: 'failed' })
  await t.rejects(answerOf(worker('process.exit(3)')), { message: /ended with 3/ })
})
