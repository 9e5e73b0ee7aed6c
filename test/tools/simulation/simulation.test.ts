/**
 * The ACD under generated faults: each seed has its own callers, agents, settings and faults. A part of the seeds and of
 * the crashes in turns; `make prove` runs 10,000 seeds and every crash. Runs in a child process, since tap's promise
 * tracking would slow it down.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { isWholeSearch, partSentence, seedsOf, turnOf } from '../../support/rotation.ts'

const main = fileURLToPath(new URL('../../../tools/simulation/main.ts', import.meta.url))
/** Half a minute of processor time with the crashes. */
const seeds = 25
const boundMs = 5_100_000

t.setTimeout(boundMs)

void t.test(
  'under all faults no caller is lost, no agent is stuck and no call is miscounted',
  { timeout: boundMs },
  async (t) => {
    const turn = turnOf()
    const part = { FROM: String(seedsOf(seeds, turn).from), SEEDS: String(seeds), CRASH_TURN: String(turn) }
    if (!isWholeSearch()) t.comment(partSentence(`seeds from ${part.FROM} on, and crashes`, turn))
    const child = spawn(process.execPath, [main], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...(isWholeSearch() ? { SEEDS: '10000' } : part), ...process.env },
    })
    const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
    t.teardown(() => child.kill())
    t.comment(await text(child.stdout))
    t.equal(await exit, 0)
  },
)
