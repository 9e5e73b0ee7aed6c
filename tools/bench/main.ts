/**
 * `make bench`: how fast callers and agents are connected, by Linia, by Asterisk's app_queue and by the shortest ARI
 * program (the bare loop), alternately on the same Asterisk with the same SIPp callers and phones, audio both ways and
 * recording on. Prints each row and each ratio as soon as it is measured, and tables at the end; writes
 * `var/bench/*.json` after each row.
 *
 * ONLY: the measures to take, separated by commas (`tools/bench/sizes.ts`). HANDOVERS (200), ARRIVALS (120), QUEUED (300),
 * PAINTED (60), DECISIONS (5000), LOOKS (1000), SEARCHES (1000), REGISTRATIONS (500), VIEWS (300), LOAD_SECONDS (45),
 * LIMIT (1): how much of each is measured, 0 for nothing. BENCH_MINUTES (20): what would end later is left out, and said.
 * PER_SECOND (40): calls a second of the highest load; lower it on a machine that cannot carry it, since the
 * processor time per call is valid only when no call fails. SYSTEMS (Linia,app_queue,bare loop): the systems to compare.
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
import { measureCity } from './measures/city.ts'
import { decisions } from './measures/decisions.ts'
import { agentsAtLoad } from './comparison/load.ts'
import { busySentence } from './measures/machine.ts'
import { failuresOf } from './comparison/outcome.ts'
import { Report } from './report/report.ts'
import { resultOf } from './report/result.ts'
import { benchMsMax, sizesWanted, type Sizes } from './sizes.ts'
import { appQueue, bareLoop, linia } from './comparison/systems.ts'
import { compareSystems } from './comparison/comparison.ts'

const lineSizes = [10, 1000]
const folder = fileURLToPath(new URL('../../var/bench/', import.meta.url))

await runMain(async () => {
  const sizes = sizesWanted()
  const endsBy = performance.now() + benchMsMax()
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
    return await compare(
      stack,
      { sizes, endsBy },
      JSON.parse(await readFile(join(dir, 'demo.json'), 'utf8')) as DemoFile,
    )
  } finally {
    await stack.stop()
    if (process.env['KEEP'] === undefined) await rm(dir, { recursive: true, force: true })
    else say(`kept: ${dir}`)
  }
})
process.exit()

/** Exit status: 1 when a budget was missed or calls failed. */
async function compare(
  stack: Stack,
  { sizes, endsBy }: { readonly sizes: Sizes; readonly endsBy: number },
  demo: DemoFile,
): Promise<number> {
  const names = (process.env['SYSTEMS'] ?? 'Linia,app_queue,bare loop').split(',')
  const systems = [linia(stack, demo.url), appQueue(stack), bareLoop(stack)].filter(({ name }) =>
    names.includes(name),
  )
  const report = await Report.begin(folder, sizes, say)
  if (sizes.decisions > 0) await measureGrowth(stack, sizes.decisions, report)
  await measureCity(stack, demo, sizes, (rows) => report.city(rows))
  const pace = await watchPace()
  const found = await compareSystems(stack, demo, systems, {
    sizes,
    endsBy,
    measured: (each) => report.system(resultOf(each, sizes.perSecond)),
    skipped: (sentence) => report.skipped(sentence),
  })
  const missed = await report.end((await pace?.stop()) ?? null)
  const failed = found.flatMap((each) => resultOf(each, sizes.perSecond).outcomes.flatMap(failuresOf))
  return missed.length + failed.length === 0 ? 0 : 1
}

async function measureGrowth(stack: Stack, rounds: number, report: Report): Promise<void> {
  const redisUrl = stack.environment['REDIS_URL'] ?? ''
  for (const size of lineSizes) {
    say(`Routing decision with ${size} agents and ${size} callers …`)
    await report.decision({ size, durations: await decisions(redisUrl, size, rounds) })
  }
}
