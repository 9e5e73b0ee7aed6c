/**
 * The ACD under generated faults: each seed has its own callers, agents, settings and faults. Runs in a child process,
 * since tap's promise tracking would slow it down.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { text } from 'node:stream/consumers'
import t from 'tap'

const main = fileURLToPath(new URL('../../../tools/simulation/main.ts', import.meta.url))
/** A change of the core is tried with 500 and more by hand (docs/simulation.md). */
const seeds = 150
const boundMs = 5_100_000

t.setTimeout(boundMs)

void t.test(
  'under all faults no caller is lost, no agent is stuck and no call is miscounted',
  { timeout: boundMs },
  async (t) => {
    const child = spawn(process.execPath, [main], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, SEEDS: process.env['SEEDS'] ?? String(seeds) },
    })
    const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
    t.teardown(() => child.kill())
    t.comment(await text(child.stdout))
    t.equal(await exit, 0)
  },
)
