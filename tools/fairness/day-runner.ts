/** Runs shares of the days on worker threads and sums their results. */
import { Worker } from 'node:worker_threads'
import { answerOf } from '../simulation/worker-answer.ts'
import { sumOf } from './figures.ts'
import type { Share, ShareResult } from './worker.ts'

export interface Days extends Omit<Share, 'step'> {
  readonly cores: number
}

export async function runDays({ cores, ...days }: Days): Promise<ShareResult> {
  const done = await Promise.all(
    Array.from({ length: cores }, (_, core) => runShare({ ...days, from: days.from + core, step: cores })),
  )
  return {
    failures: done.flatMap(({ failures }) => failures).sort((a, b) => a.seed - b.seed),
    figures: sumOf(done.map(({ figures }) => figures)),
    starvations: done.flatMap(({ starvations }) => starvations),
  }
}

function runShare(share: Share): Promise<ShareResult> {
  return answerOf(new Worker(new URL('./worker.ts', import.meta.url), { workerData: share, execArgv: [] }))
}
