/** `make fairness DAYS=10000`: days on every core, and their figures. `DAY=17` runs one. */
import { availableParallelism } from 'node:os'
import { say } from '../../src/stack/terminal.ts'
import { runDays } from './day-runner.ts'
import { report } from './report.ts'

const number = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise)

async function main(): Promise<boolean> {
  const one = process.env['DAY']
  const from = one === undefined ? number('FROM', 1) : Number(one)
  const days = one === undefined ? number('DAYS', 1_000) : 1
  const cores = Math.min(days, number('CORES', availableParallelism()))
  const startedAt = performance.now()
  const done = await runDays({ from, to: from + days, cores, starvingEach: 50, bug: null, until: null })
  for (const line of report(done, (performance.now() - startedAt) / 1_000)) say(line)
  for (const { seed, message } of done.failures.slice(0, 5)) say(`BROKEN: DAY=${seed}  ${message}`)
  return done.failures.length === 0
}

process.exitCode = (await main()) ? 0 : 1
