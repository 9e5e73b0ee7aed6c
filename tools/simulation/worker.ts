/** Runs one share of the seeds: on the Redis model or a real Redis, with or without a planted bug. */
import { parentPort, workerData } from 'node:worker_threads'
import { Redis } from 'ioredis'
import { changed, plant } from './plant.ts'
import type { PlantedBug } from './plant.ts'
import type { ScenarioSize } from './scenario.ts'

export interface Share {
  readonly from: number
  readonly to: number
  readonly step: number
  /** Restricts the share to these seeds. */
  readonly among?: ReadonlySet<number>
  readonly size: ScenarioSize
  /** Redis database that this share may empty; null: the model. */
  readonly redisUrl: string | null
  readonly bug: PlantedBug | null
  /** Stop at the first failure. */
  readonly firstOnly: boolean
}

export interface Failure {
  readonly seed: number
  readonly rule: string
  readonly message: string
}

export interface ShareResult {
  readonly failures: readonly Failure[]
  readonly seeds: number
  readonly steps: number
  readonly transitions: number
  /** One entry per share. */
  readonly talks: readonly Talks[]
}

/** Number of callers, and of those who talked with an agent. */
export interface Talks {
  readonly callers: number
  readonly talked: number
}

const { from, to, step, among, size, redisUrl, bug, firstOnly } = workerData as Share
if (bug !== null && bug.file.endsWith('.ts')) plant(bug)
const { keys, simulate } = await import('./simulate.ts')
const { scenarioOf } = await import('./scenario.ts')
const { RealEngine } = await import('./redis/real-engine.ts')

const redis = redisUrl === null ? null : new Redis(redisUrl)
const asPlanted = (file: string, text: string) => (bug?.file === `redis/${file}` ? changed(text, bug) : text)

const failures: Failure[] = []
let seeds = 0
let steps = 0
let transitions = 0
let talked = 0
const failuresMax = firstOnly ? 1 : Number.POSITIVE_INFINITY
for (let seed = from; seed < to && failures.length < failuresMax; seed += step) {
  if (among?.has(seed) === false) continue
  await redis?.flushdb()
  const engine =
    redis === null ? {} : { engineOf: (now: () => number) => new RealEngine(redis, keys, now, asPlanted) }
  const run = await simulate(scenarioOf(seed, size), engine)
  seeds += 1
  steps += run.steps
  transitions += run.transitions
  talked += run.talked
  if (run.violation !== null)
    failures.push({ seed, rule: run.violation.rule, message: run.violation.message })
}
redis?.disconnect()
const talks = [{ callers: seeds * size.callers, talked }]
const done: ShareResult = { failures, seeds, steps, transitions, talks }
// A port of Node has no origin.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(done)
