/** One core's share of the seeds. */
import { parentPort, workerData } from 'node:worker_threads'
import { scriptOf, type ScriptSize } from './script.ts'
import { simulate } from './simulate.ts'

export interface Share {
  readonly from: number
  readonly to: number
  readonly step: number
  readonly size: ScriptSize
}

export interface Done {
  readonly failures: readonly { readonly seed: number; readonly rule: string; readonly message: string }[]
  readonly steps: number
  readonly transitions: number
}

const { from, to, step, size } = workerData as Share
const failures: { seed: number; rule: string; message: string }[] = []
let steps = 0
let transitions = 0
for (let seed = from; seed < to; seed += step) {
  const run = await simulate(scriptOf(seed, size))
  steps += run.steps
  transitions += run.transitions
  if (run.violation !== null)
    failures.push({ seed, rule: run.violation.rule, message: run.violation.message })
}
const done: Done = { failures, steps, transitions }
// A port of Node has no origin.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(done)
