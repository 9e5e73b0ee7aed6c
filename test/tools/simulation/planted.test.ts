/**
 * The simulator finds every planted bug, which validates its result on the source itself. A part of the bugs in turns;
 * `make prove` plants all of them.
 */
import { availableParallelism } from 'node:os'
import t from 'tap'
import { testRedis } from '../../support/redis.ts'
import { isWholeSearch, partOf, partSentence, turnOf } from '../../support/rotation.ts'
import type { PlantedBug } from '../../../tools/simulation/plant.ts'
import { plantedBugs } from '../../../tools/simulation/planted-bugs.ts'
import { runShare } from '../../../tools/simulation/seed-runner.ts'

/** A bug not found in this many runs counts as missed; some show in one of forty. */
const seedsMax = 200
const size = { callers: 60, faults: 5 }

/** At least one bug of the Lua scripts, which are the fewest and run on a real Redis. */
function bugsOf(turn: number): readonly PlantedBug[] {
  const { lua = [], others = [] } = Object.groupBy(plantedBugs, ({ file }) =>
    file.endsWith('.lua') ? 'lua' : 'others',
  )
  return [...partOf(lua, turn), ...partOf(others, turn)]
}

const redis = await testRedis(t)

/** The runs in which a bug is searched; without the bug they must pass. */
const runsFor = ({ file, faults }: PlantedBug, lane: number) => ({
  from: 1,
  step: 1,
  size: { ...size, ...(faults === undefined ? {} : { only: faults }) },
  redisUrl: file.endsWith('.lua') ? redis.url.replace(/\d+$/, String(lane)) : null,
})

interface Caught {
  readonly bug: PlantedBug
  readonly lane: number
  readonly seed: number
  readonly rule: string
}

async function caughtIn(bug: PlantedBug, lane: number): Promise<Caught> {
  const { failures, seeds } = await runShare({
    ...runsFor(bug, lane),
    to: 1 + seedsMax,
    bug,
    firstOnly: true,
  })
  const [failure] = failures
  if (failure === undefined) throw new Error(`not found in ${seeds} runs`)
  const { seed, rule } = failure
  if (!bug.rules.includes(rule)) throw new Error(`found by "${rule}", not by "${bug.rules.join('" or "')}"`)
  return { bug, lane, seed, rule }
}

void t.test('there are enough planted bugs, with unique names', async (t) => {
  t.comment(`${plantedBugs.length} planted bugs`)
  t.ok(plantedBugs.length >= 80)
  t.ok(plantedBugs.filter(({ file }) => file.endsWith('.lua')).length >= 5)
  t.equal(new Set(plantedBugs.map(({ name }) => name)).size, plantedBugs.length)
})

void t.test('each planted bug is found, in a run that passes without it', async (t) => {
  const turn = turnOf()
  const bugs = isWholeSearch() ? plantedBugs : bugsOf(turn)
  if (!isWholeSearch()) t.comment(partSentence(`${bugs.length} of the planted bugs`, turn))
  t.ok(bugs.length > 0)
  const left = [...bugs]
  const caught: Caught[] = []
  const lanes = Array.from({ length: availableParallelism() }, async (_, lane) => {
    for (let bug = left.shift(); bug !== undefined; bug = left.shift()) {
      const { name } = bug
      try {
        const one = await caughtIn(bug, lane)
        caught.push(one)
        t.pass(`${name} — run ${one.seed}: ${one.rule}`)
      } catch (error) {
        t.fail(`${name}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  })
  await Promise.all(lanes)
  // Runs of one kind share a worker: loading the source takes longer than a run.
  const kinds = Map.groupBy(caught, ({ bug, lane }) => JSON.stringify(runsFor(bug, lane)))
  for (const ofKind of kinds.values()) {
    const [{ bug, lane }] = ofKind as [Caught, ...Caught[]]
    const among = new Set(ofKind.map(({ seed }) => seed))
    const clean = { ...runsFor(bug, lane), to: 1 + seedsMax, among, bug: null, firstOnly: false }
    const { seeds, failures } = await runShare(clean)
    t.equal(seeds, among.size)
    t.same(failures, [], `runs ${[...among].join(', ')} without a bug`)
  }
})
