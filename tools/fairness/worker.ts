/** Runs one share of the days, with or without a planted bug. */
import { parentPort, workerData } from 'node:worker_threads'
import { plant, type PlantedBug } from '../simulation/plant.ts'
import type { Broken } from './checks/violations.ts'
import type { Figures } from './figures.ts'
import type { Starvation } from './starvation.ts'

export interface Share {
  readonly from: number
  readonly to: number
  readonly step: number
  /** After so many days a starving one, twice. */
  readonly starvingEach: number
  readonly bug: PlantedBug | null
  /** Stop once each of these rules was broken; null: never. */
  readonly until: readonly string[] | null
}

export interface Failure extends Broken {
  readonly seed: number
}

export interface ShareResult {
  readonly failures: readonly Failure[]
  readonly figures: Figures
  readonly starvations: readonly Starvation[]
}

const { from, to, step, starvingEach, bug, until } = workerData as Share
if (bug !== null) plant(bug)
const { runDay } = await import('./day.ts')
const { dayOf } = await import('./scenario.ts')
const { figuresOf, noFigures, sumOf } = await import('./figures.ts')
const { starvationOf } = await import('./starvation.ts')

const failures: Failure[] = []
const starvations: Starvation[] = []
let figures = noFigures
const isEnough = (): boolean =>
  until !== null && until.every((rule) => failures.some((failure) => failure.rule === rule))
const add = (seed: number, broken: readonly Broken[]): void => {
  failures.push(...broken.map((one) => ({ seed, ...one })))
}
for (let seed = from; seed < to && !isEnough(); seed += step) {
  const day = dayOf(seed)
  const result = runDay(day)
  figures = sumOf([figures, figuresOf(day, result)])
  add(seed, result.broken)
  if (isEnough() || seed % starvingEach !== 0) continue
  const starvation = starvationOf(seed)
  starvations.push(starvation)
  add(seed, starvation.broken)
}
const done: ShareResult = { failures, figures, starvations }
// A port of Node has no origin.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(done)
