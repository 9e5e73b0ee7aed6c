/** Seeds with the real scripts on a real Redis: simulated time waits for its answers. A part of them in turns. */
import { availableParallelism } from 'node:os'
import t from 'tap'
import { testRedis } from '../../support/redis.ts'
import { isWholeSearch, parts, partSentence, seedsOf, turnOf } from '../../support/rotation.ts'
import { runSeeds } from '../../../tools/simulation/seed-runner.ts'

const seedsOfPart = 10
const turn = turnOf()
const { from, to } = isWholeSearch() ? { from: 1, to: 1 + seedsOfPart * parts } : seedsOf(seedsOfPart, turn)
const seeds = to - from
const size = { callers: 40, faults: 3 }

const redis = await testRedis(t)

// All of them take minutes on a slow machine, and run at lower priority than all other tests.
const boundMs = 5_100_000
t.setTimeout(boundMs)

void t.test(`${seeds} seeds on a real Redis`, { timeout: boundMs }, async (t) => {
  if (!isWholeSearch()) t.comment(partSentence(`seeds from ${from} on`, turn))
  const cores = availableParallelism()
  const { failures, ...done } = await runSeeds({
    from,
    to,
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
