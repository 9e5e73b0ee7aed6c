/**
 * `node run-files.ts RUN JOBS SECONDS FILE…`: test files in processes of their own, so many at once and so long each.
 * As tap's own command runs them, but without the hooks for coverage, which tap has every process load that a test
 * starts: an eighth of all that the processor does. RUN marks their processes, so that one which a file leaves is
 * found, ended and a failure of that file.
 */
import t from 'tap'
import { endLeft, mark, markedProcesses, markOf, signalAll } from './left-processes.ts'

const [run = '', jobs, seconds, ...files] = process.argv.slice(2)
t.jobs = Number(jobs)
t.setTimeout(0)
/** By it tap passes them on. */
const without = ['-u', 'NODE_OPTIONS']
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

// A signal to this process alone would leave the files to go on, and to start systems.
for (const signal of signals) process.on(signal, endBy)

await Promise.all(files.map(runFile))

async function runFile(file: string): Promise<void> {
  const env = { ...process.env, TAP_TIMEOUT: seconds, [mark]: markOf(run, file) }
  const args = [...without, process.execPath, file]
  await t.spawn('env', args, { buffered: true, timeout: Number(seconds) * 1_000, env }, file)
  const left = await endLeft(run, file)
  if (left.length > 0) t.fail(`${file} left processes, which were killed`, { left })
}

/** Whatever does not heed it, run.ts kills. */
function endBy(signal: NodeJS.Signals): void {
  for (const one of signals) process.off(one, endBy)
  const own = files.flatMap((file) => markedProcesses(run, file))
  signalAll(own, 'SIGTERM')
  process.kill(process.pid, signal)
}
