/**
 * The line against everything that can go wrong, from seeds: each run has its own callers, agents, settings
 * and faults. Run in a process of its own, whose promises nobody watches.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { text } from 'node:stream/consumers'
import t from 'tap'

const main = fileURLToPath(new URL('../../../tools/simulation/main.ts', import.meta.url))
const boundMs = 2_400_000

t.setTimeout(boundMs)

void t.test('whatever goes wrong, nobody is lost, stuck or miscounted', { timeout: boundMs }, async (t) => {
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SEEDS: process.env['SEEDS'] ?? '2000' },
  })
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  t.teardown(() => child.kill())
  t.comment(await text(child.stdout))
  t.equal(await exit, 0)
})
