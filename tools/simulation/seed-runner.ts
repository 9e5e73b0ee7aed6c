/** Runs shares of the seeds on worker threads and sums their results. */
import { Worker } from 'node:worker_threads'
import { answerOf } from './worker-answer.ts'
import type { ShareResult, Share } from './worker.ts'

/** `redisUrls`: one database for each core; none: the model. */
export interface Seeds extends Omit<Share, 'step' | 'redisUrl'> {
  readonly cores: number
  readonly redisUrls?: readonly string[]
}

export async function runSeeds({ cores, redisUrls, ...seeds }: Seeds): Promise<ShareResult> {
  const shares = Array.from({ length: cores }, (_, core) =>
    runShare({ ...seeds, from: seeds.from + core, step: cores, redisUrl: redisUrls?.[core] ?? null }),
  )
  const done = await Promise.all(shares)
  const sum = (of: (one: ShareResult) => number) => done.reduce((total, one) => total + of(one), 0)
  return {
    failures: done.flatMap((one) => one.failures).sort((a, b) => a.seed - b.seed),
    seeds: sum((one) => one.seeds),
    steps: sum((one) => one.steps),
    transitions: sum((one) => one.transitions),
    talks: done.flatMap((one) => one.talks),
  }
}

export function runShare(share: Share): Promise<ShareResult> {
  return answerOf(new Worker(new URL('./worker.ts', import.meta.url), { workerData: share, execArgv: [] }))
}
