/**
 * `node run-files.ts JOBS SECONDS FILE…`: test files in processes of their own, so many at once and so long each. As
 * tap's own command runs them, but without the hooks for coverage, which tap has every process load that a test
 * starts: an eighth of all that the processor does.
 */
import t from 'tap'

const [jobs, seconds, ...files] = process.argv.slice(2)
t.jobs = Number(jobs)
t.setTimeout(0)
t.plan(files.length)
/** By it tap passes them on. */
const without = ['-u', 'NODE_OPTIONS']
const env = { ...process.env, TAP_TIMEOUT: seconds }
for (const file of files)
  void t.spawn(
    'env',
    [...without, process.execPath, file],
    { buffered: true, timeout: Number(seconds) * 1_000, env },
    file,
  )
