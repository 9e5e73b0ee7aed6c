/** At 200 agents: new calls at a steady pace, what they cost, and how many a second are too many. */
import { setTimeout as delay } from 'node:timers/promises'
import { citizensFrom, type DemoAccount, type DemoFile } from '../../src/stack/demo/demo-file.ts'
import { say } from '../../src/stack/screen.ts'
import type { Stack } from '../../src/stack/stack.ts'
import { openPhones } from './agents.ts'
import { pidsOf, watchCarriers } from './carried.ts'
import { processorSeconds } from './cpu.ts'
import { recorded } from './ledger.ts'
import type { Outcome } from './outcome.ts'
import { limit, load } from './phases.ts'
import type { Loaded } from './report.ts'
import type { Sizes } from './sizes.ts'
import type { System } from './systems.ts'
import type { Watch } from './watch.ts'

export const agentsAtLoad = 200
const paces = [40, 50, 60, 70, 80, 90, 100, 120, 140]

export interface LoadOptions {
  readonly stack: Stack
  readonly demo: DemoFile
  readonly system: System
  /** What callers and phones tell from now on. */
  readonly fresh: () => Watch
  /** After the load, before its processor time is read. */
  readonly idleMs: number
}

export async function atLoad(
  options: LoadOptions,
  more: readonly DemoAccount[],
  sizes: Sizes,
): Promise<Loaded> {
  const { stack, demo, system, fresh } = options
  say(`${system.name}: ${agentsAtLoad} agents …`)
  let watch = fresh()
  const next = () => (watch = fresh())
  const phones = await openPhones(
    demo.sip,
    more,
    (moment) => watch.agent(moment),
    (line) => watch.phoneComplains(line),
  )
  await system.begin(more)
  const { loadSeconds: seconds, perSecond } = sizes
  const half =
    seconds === 0 || system.name !== 'Linia'
      ? null
      : await steadily(options, watch, { perSecond: perSecond / 2, seconds })
  const loaded = seconds === 0 ? null : await steadily(options, next(), { perSecond, seconds })
  const carriers = () => watchCarriers(stack, system)
  const highest = sizes.limit === 0 ? null : await limit(benchOf(options), next, carriers, paces)
  await phones.stop()
  return {
    outcomes: [half, loaded].flatMap((each) => each?.outcome ?? []),
    cpuPerCall: loaded?.cpuPerCall ?? null,
    ledger: loaded?.ledger ?? null,
    ledgerAtHalf: half?.ledger ?? null,
    limit: highest,
    idleMs: loaded?.idleMs ?? 0,
  }
}

const benchOf = ({ demo, system }: LoadOptions) => ({
  server: demo.sip,
  host: citizensFrom(demo),
  number: system.number,
})

interface Steady extends Pick<Loaded, 'cpuPerCall' | 'ledger' | 'idleMs'> {
  readonly outcome: Outcome
}

async function steadily(
  options: LoadOptions,
  watch: Watch,
  pace: { readonly perSecond: number; readonly seconds: number },
): Promise<Steady> {
  const { stack, system } = options
  const parts = pidsOf(stack, system)
  const before = await processorSeconds(parts)
  const beganAt = Date.now()
  const outcome = await load(benchOf(options), watch, () => watchCarriers(stack, system), pace)
  const idleFrom = performance.now()
  const databaseUrl = stack.environment['DATABASE_URL'] ?? ''
  const ledger =
    system.name === 'Linia' ? await recorded(databaseUrl, beganAt, Date.now(), outcome.called) : null
  await delay(Math.max(0, options.idleMs - (performance.now() - idleFrom)))
  // Not before the last recording is encoded: that belongs to the calls.
  const after = await processorSeconds(parts)
  // A part that was started again took its time with it.
  const whole = pidsOf(stack, system)
  const restarted = [...parts].some(([name, pid]) => whole.get(name) !== pid)
  const share = ([name, used]: [string, number]): [string, number] => [
    name,
    (used - (before.get(name) ?? 0)) / outcome.served,
  ]
  const cpuPerCall = restarted ? null : Object.fromEntries([...after].map(share))
  return { outcome, ledger, cpuPerCall, idleMs: performance.now() - idleFrom }
}
