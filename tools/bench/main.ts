/**
 * `make bench`: how fast callers and agents are connected, by Linia and by Asterisk's app_queue, alternately on the
 * same Asterisk with the same SIPp callers and phones, audio both ways and recording on. Prints tables and writes
 * `var/bench/*.json`.
 *
 * HANDOVERS (300), ARRIVALS (200), QUEUED (600), PAINTED (100), DECISIONS (5000), LOOKS (1000), SEARCHES (2000),
 * REGISTRATIONS (1000), VIEWS (300), LOAD_SECONDS (60), LIMIT (1): how much of each is measured, 0 for nothing.
 * PER_SECOND (40): calls a second of the highest load; lower it on a machine that cannot carry it, since the
 * processor time per call is valid only when no call fails. SYSTEMS (Linia,app_queue): the systems to compare.
 */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { seedDemo } from '../demo/seed/seed-demo.ts'
import type { DemoFile } from '../demo/demo-file.ts'
import { installMissing } from '../../src/stack/install/packages.ts'
import { freePort } from '../../src/stack/services/ports.ts'
import { shortenTimeSlice, enableRealTime } from '../../src/stack/privileges/cpu-scheduling.ts'
import { runMain, say } from '../../src/stack/terminal.ts'
import { Stack } from '../../src/stack/stack.ts'
import { buildUi, builtUi } from '../../src/stack/install/ui-build.ts'
import { watchPace } from '../../test/support/pace/pace.ts'
import { cityRows } from './measures/city.ts'
import { decisions } from './measures/decisions.ts'
import type { Row, Timing } from './report/figures.ts'
import type { Recorded } from './measures/call-records.ts'
import { agentsAtLoad } from './comparison/load.ts'
import { busySentence } from './measures/machine.ts'
import { failuresOf } from './comparison/outcome.ts'
import { report, type Growth, type Result } from './report/report.ts'
import { sizesWanted, type Sizes } from './sizes.ts'
import { appQueue, linia } from './comparison/systems.ts'
import { compareSystems, type Measurements } from './comparison/comparison.ts'

const lineSizes = [10, 1000]
const folder = fileURLToPath(new URL('../../var/bench/', import.meta.url))

await runMain(async () => {
  await installMissing('test', say)
  await buildUi(say)
  await mkdir(folder, { recursive: true })
  // As `make run` does. This process reads SIPp's log, so it needs the same scheduling or the timings would lag.
  await shortenTimeSlice()
  await enableRealTime(process.pid)
  const dir = await mkdtemp(join(folder, 'linia-'))
  const busy = busySentence()
  if (busy !== null) say(busy)
  say('Starting a separate Linia for the benchmark …')
  const stack = await Stack.start({
    env: {
      HTTP_PORT: String(await freePort('127.0.0.1')),
      SIP_PORT: String(await freePort('127.0.0.1')),
      VAR_DIR: dir,
      UI_DIR: builtUi,
      LINE_HOURS: 'always',
      DEMO: '1',
      GREETING: 'none',
      WRAP_UP_MS: '0',
    },
    rtp: { from: 13_000, to: 16_999 },
    // One more for the agent in the browser.
    seed: (seeding) => seedDemo(seeding, { agents: agentsAtLoad + 1 }),
  })
  try {
    return await compare(stack, JSON.parse(await readFile(join(dir, 'demo.json'), 'utf8')) as DemoFile)
  } finally {
    await stack.stop()
    if (process.env['KEEP'] === undefined) await rm(dir, { recursive: true, force: true })
    else say(`kept: ${dir}`)
  }
})
process.exit()

/** Exit status: 1 when a budget was missed or calls failed. */
async function compare(stack: Stack, demo: DemoFile): Promise<number> {
  const sizes = sizesWanted()
  const names = (process.env['SYSTEMS'] ?? 'Linia,app_queue').split(',')
  const systems = [linia(stack, demo.url), appQueue(stack)].filter(({ name }) => names.includes(name))
  const growth = sizes.decisions === 0 ? [] : await measureGrowth(stack, sizes.decisions)
  const city = await cityRows(stack, demo, sizes)
  const pace = await watchPace()
  const found = await compareSystems(stack, demo, systems, sizes)
  const slow = (await pace?.stop()) ?? null
  const results = found.map((each) => resultOf(each, sizes))
  const missed = await report(folder, sizes, results, { growth, city, slow })
  const failed = results.flatMap(({ outcomes }) => outcomes.flatMap(failuresOf))
  return missed.length + failed.length === 0 ? 0 : 1
}

async function measureGrowth(stack: Stack, rounds: number): Promise<Growth[]> {
  const redisUrl = stack.environment['REDIS_URL'] ?? ''
  const growth: Growth[] = []
  for (const size of lineSizes) {
    say(`Routing decision with ${size} agents and ${size} callers …`)
    growth.push({ size, durations: await decisions(redisUrl, size, rounds) })
  }
  return growth
}

function resultOf(found: Measurements, { perSecond }: Sizes): Result {
  const { system, turns, seen, handedOver, reached, queued, bridged, steady, limit } = found
  const handOver = 'agent hangs up → next INVITE at that agent'
  const arrival = 'INVITE on the line → INVITE at a free agent'
  const rows = [
    ...asked(handOver, handedOver?.timings, { p50: 6, p99: 20 }),
    ...asked(arrival, reached?.timings, { p50: 15, p99: 50 }),
    ...asked('agent’s 200 OK → bridged', bridged, { p50: null, p99: 30 }),
    ...asked('INVITE on the line → card painted', seen?.cards, { p50: null, p99: 150 }),
    ...asked('call in line → board painted', seen?.rows, { p50: null, p99: 250 }),
    ...playableAt(perSecond / 2, steady?.atHalf?.ledger),
    ...playableAt(perSecond, steady?.loaded.ledger),
  ]
  const calls = [handedOver, reached, queued, steady?.atHalf, steady?.loaded]
  const outcomes = calls.flatMap((phase) => phase?.outcome ?? [])
  return { system: system.name, rows, queued, steady, limit, outcomes, turns }
}

/** No row for a phase that was switched off (null). A phase without values misses its budget. */
function asked(name: string, timings: readonly Timing[] | null | undefined, budget: Row['budget']): Row[] {
  return timings == null ? [] : [{ name, durations: timings.map(({ ms }) => ms), timings, budget }]
}

function playableAt(perSecond: number, ledger: Recorded | null | undefined): Row[] {
  if (ledger == null) return []
  const name = `end of a call → recording playable (${perSecond} calls/s)`
  return [{ name, durations: ledger.playable, budget: { p50: null, p99: 30_000 } }]
}
