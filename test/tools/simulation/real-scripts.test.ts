/** Seeds with the real scripts on a real Redis: simulated time waits for its answers. */
import { availableParallelism } from 'node:os'
import t from 'tap'
import { testRedis } from '../../support/redis.ts'
import { runSeeds } from '../../../tools/simulation/seed-runner.ts'

const seeds = 80
const size = { callers: 40, faults: 3 }

const redis = await testRedis(t)

// It takes 90 s alone on a slow machine, and runs at lower priority than all other tests.
const boundMs = 5_100_000
t.setTimeout(boundMs)

void t.test(`${seeds} seeds on a real Redis`, { timeout: boundMs }, async (t) => {
  const cores = availableParallelism()
  const { failures, ...done } = await runSeeds({
    from: 1,
    to: 1 + seeds,
    size,
    cores,
    redisUrls: Array.from({ length: cores }, (_, core) => redis.url.replace(/\d+$/, String(core))),
    bug: null,
    firstOnly: false,
  })
  const again = `CALLERS=${size.callers} FAULTS=${size.faults}`
  for (const { seed, message } of failures)
    t.fail(`${message} (on the model: ${again} SEED=${seed} make simulate)`)
  t.equal(done.seeds, seeds)
  t.comment(`${done.transitions} transitions`)
})
