/** What stands for other computers and the network between them waits for nobody here, where we may say so. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** Before the sound (1), behind what measures the machine itself (90). */
const priority = '20'

export const waitsForNobody = process.getuid?.() === 0

/** In front of a command. */
export const asAnotherComputer: readonly string[] = waitsForNobody ? ['chrt', '--rr', priority] : []

/** All threads of one that runs, and not what it starts. */
export async function goesAsAnotherComputer(pid: number): Promise<void> {
  if (!waitsForNobody) return
  await run('chrt', ['--all-tasks', '--reset-on-fork', '--rr', '--pid', priority, `${pid}`])
}
