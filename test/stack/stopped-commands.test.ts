/** Ctrl-C while another program is at work for us. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const moduleFile = fileURLToPath(new URL('../../src/stack/command.ts', import.meta.url))

t.test('a command that Ctrl-C has ended is told as stopped, not as failed', async (t) => {
  const script = `import { must, withoutBeingKilled } from ${JSON.stringify(moduleFile)}
    const work = () => must('Working', 'sh', ['-c', 'kill -INT $PPID; exec sleep 10'])
    await withoutBeingKilled(async () => void (await work())).catch((error) => console.log(error.message))`
  const { NODE_OPTIONS: _, ...env } = process.env
  const args = ['--input-type=module', '-e', script]
  const ended = spawnSync(process.execPath, args, { encoding: 'utf8', env, timeout: 20_000 })
  t.match(ended, { status: 0, stdout: 'Stopped.\n', stderr: '' })
})
