/** The core's tests by tap's own command, which measures what of `src/core` they cover: all of it, or the run fails. */
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { say, UserError } from '../../../src/stack/terminal.ts'
import { TestCount, type FileResult } from './test-count.ts'

/** Without the compile cache, with which coverage is less accurate. */
export async function runCore(
  files: readonly string[],
  root: string,
  results: string,
  ending: AbortSignal,
): Promise<readonly FileResult[]> {
  const count = new TestCount(say)
  const args = [join(root, 'node_modules/tap/dist/esm/run.mjs'), 'run', '--reporter=tap', ...files]
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  child.stdout.pipe(createWriteStream(join(results, 'core.tap')))
  child.stdout.pipe(count.input)
  const end = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
  }
  ending.addEventListener('abort', end)
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  ending.removeEventListener('abort', end)
  if (code === null) throw new UserError('The tests of the core were stopped.')
  const found = await count.ended()
  if (code !== 0 && found.every(({ failed }) => failed === 0))
    count.fail(null, `the tests of the core ended with code ${code}, and none of them failed`)
  return count.ended()
}
