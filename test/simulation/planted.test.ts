/** The simulator finds every planted bug: what it says of the source itself can be believed. */
import { availableParallelism } from 'node:os'
import t from 'tap'
import { testRedis } from '../support/redis.ts'
import { plantedBugs, type PlantedBug } from './planted-bugs.ts'
import { runShare } from './run-shares.ts'

/** A bug that does not show in so many runs counts as missed. */
const seedsMax = 60
const size = { callers: 60, faults: 5 }

const redis = await testRedis(t)

async function caughtIn(bug: PlantedBug, lane: number): Promise<string> {
  const only = bug.faults === undefined ? {} : { only: bug.faults }
  const { failures, seeds } = await runShare({
    from: 1,
    to: 1 + seedsMax,
    step: 1,
    size: { ...size, ...only },
    redisUrl: bug.file.endsWith('.lua') ? redis.url.replace(/\d+$/, String(lane)) : null,
    bug,
    firstOnly: true,
  })
  const [failure] = failures
  if (failure === undefined) throw new Error(`not caught in ${seeds} runs`)
  return `run ${seeds}: ${failure.rule}`
}

void t.test('there are enough of them, with names of their own', async (t) => {
  t.ok(plantedBugs.length >= 20)
  t.ok(plantedBugs.filter(({ file }) => file.endsWith('.lua')).length >= 5)
  t.equal(new Set(plantedBugs.map(({ name }) => name)).size, plantedBugs.length)
})

void t.test('each is caught', async (t) => {
  const left = [...plantedBugs]
  const lanes = Array.from({ length: availableParallelism() }, async (_, lane) => {
    for (let bug = left.shift(); bug !== undefined; bug = left.shift()) {
      const { name } = bug
      await caughtIn(bug, lane).then(
        (how) => t.pass(`${name} — ${how}`),
        (error: unknown) => t.fail(`${name}: ${error instanceof Error ? error.message : String(error)}`),
      )
    }
  })
  await Promise.all(lanes)
})
