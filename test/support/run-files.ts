/**
 * `node run-files.ts RUN JOBS SECONDS FILE…`: runs each test file in its own process, JOBS at a time, each for at
 * most SECONDS. Unlike tap's own command it does not load tap's coverage hooks into the processes that a test starts,
 * which take an eighth of the CPU time (decision 0024). RUN marks the processes, so that one that a file leaves
 * behind is found, killed and reported as a failure of that file.
 */
import t from 'tap'
import { endLeftProcesses, mark, markedProcesses, markOf, signalAll } from './left-processes.ts'

const [run = '', jobs, seconds, ...files] = process.argv.slice(2)
t.jobs = Number(jobs)
t.setTimeout(0)
/** tap passes its hooks on in this variable. */
const without = ['-u', 'NODE_OPTIONS']
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

// After a signal to this process alone the files would go on and start systems.
for (const signal of signals) process.on(signal, endBy)

await Promise.all(files.map(runFile))

async function runFile(file: string): Promise<void> {
  const env = { ...process.env, TAP_TIMEOUT: seconds, [mark]: markOf(run, file) }
  const args = [...without, process.execPath, file]
  await t.spawn('env', args, { buffered: true, timeout: Number(seconds) * 1_000, env }, file)
  const left = await endLeftProcesses(run, file)
  if (left.length > 0) t.fail(`${file} left processes, which were killed`, { left })
}

/** run.ts kills the processes that ignore SIGTERM. */
function endBy(signal: NodeJS.Signals): void {
  for (const one of signals) process.off(one, endBy)
  const own = files.flatMap((file) => markedProcesses(run, file))
  signalAll(own, 'SIGTERM')
  process.kill(process.pid, signal)
}
