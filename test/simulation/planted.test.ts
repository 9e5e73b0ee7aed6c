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

/** The runs in which a bug is looked for; without one, nothing may be found in them. */
const runsFor = ({ file, faults }: PlantedBug, lane: number) => ({
  from: 1,
  step: 1,
  size: { ...size, ...(faults === undefined ? {} : { only: faults }) },
  redisUrl: file.endsWith('.lua') ? redis.url.replace(/\d+$/, String(lane)) : null,
})

async function caughtIn(bug: PlantedBug, lane: number): Promise<string> {
  const runs = runsFor(bug, lane)
  await foundNothing(runs, firstRuns)
  const { failures, seeds } = await runShare({ ...runs, to: 1 + seedsMax, bug, firstOnly: true })
  const [failure] = failures
  if (failure === undefined) throw new Error(`not caught in ${seeds} runs`)
  if (!bug.rules.includes(failure.rule))
    throw new Error(`caught by "${failure.rule}", not by "${bug.rules.join('" or "')}"`)
  if (seeds > firstRuns) await foundNothing(runs, seeds)
  return `run ${seeds}: ${failure.rule}`
}

/** Enough for most bugs. */
const firstRuns = 5
/** By what distinguishes the runs: until which seed nothing was found in them. */
const cleanUntil = new Map<string, number>()

async function foundNothing(runs: ReturnType<typeof runsFor>, until: number): Promise<void> {
  const kind = JSON.stringify([runs.size, runs.redisUrl !== null])
  const clean = cleanUntil.get(kind) ?? 0
  if (clean >= until) return
  const { failures } = await runShare({ ...runs, from: clean + 1, to: until + 1, bug: null, firstOnly: true })
  const [failure] = failures
  if (failure !== undefined) throw new Error(`seed ${failure.seed} breaks without it: ${failure.message}`)
  cleanUntil.set(kind, Math.max(until, cleanUntil.get(kind) ?? 0))
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
