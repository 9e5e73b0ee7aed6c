import { ErrorCode, type Job } from 'bullmq'

/** Its time is now, if it waits for one: asked for by somebody, or set by a clock that was wrong. */
export async function bringForward(job: Job): Promise<void> {
  await job.promote().catch(unlessTaken)
}

/** It does not wait, or its own time has come meanwhile: a worker has it, or has finished it. */
function unlessTaken(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code !== ErrorCode.JobNotInState && code !== ErrorCode.JobNotExist) throw error
}
