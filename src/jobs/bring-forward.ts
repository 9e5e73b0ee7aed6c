import { ErrorCode, type Job } from 'bullmq'

/** Makes a delayed job due now. No error when the job is not delayed, is running, or is finished. */
export async function bringForward(job: Job): Promise<void> {
  await job.promote().catch(unlessNotDelayed)
}

function unlessNotDelayed(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code !== ErrorCode.JobNotInState && code !== ErrorCode.JobNotExist) throw error
}
