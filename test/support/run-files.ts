/**
 * `node run-files.ts JOBS SECONDS FILE…`: test files in processes of their own, so many at once and so long each, as
 * tap's own command runs them, whose hooks for coverage cost every file and every server that it starts a second.
 */
import t from 'tap'

const [jobs, seconds, ...files] = process.argv.slice(2)
t.jobs = Number(jobs)
t.setTimeout(0)
t.plan(files.length)
const env = { ...process.env, TAP_TIMEOUT: seconds }
for (const file of files)
  void t.spawn(process.execPath, [file], { buffered: true, timeout: Number(seconds) * 1_000, env }, file)
