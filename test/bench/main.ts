/**
 * `make bench`: how fast callers and agents come together, Linia and Asterisk's app_queue in turn on the
 * same Asterisk, with the same SIPp callers and phones, sound both ways and recording on. Prints tables
 * and writes `var/bench/*.json`.
 *
 * HANDOVERS (300), ARRIVALS (200), QUEUED (600), PAINTED (100), DECISIONS (5000), LOOKS (1000), SEARCHES (2000),
 * REGISTRATIONS (1000), VIEWS (300), LOAD_SECONDS (60), LIMIT (1) say how much of each is measured, 0 for nothing;
 * PER_SECOND (40) how many calls the highest load is: fewer where the machine cannot hold it, for what is gone says
 * nothing of the processor that a call takes; SYSTEMS (Linia,app_queue) which of them.
 */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { seedDemo } from '../../src/stack/demo-people.ts'
import { citizensFrom, type DemoFile } from '../../src/stack/demo/demo-file.ts'
import { installMissing } from '../../src/stack/packages.ts'
import { freePort } from '../../src/stack/ports.ts'
import { runMain, say } from '../../src/stack/screen.ts'
import { Stack } from '../../src/stack/stack.ts'
import { buildUi, builtUi } from '../../src/stack/ui-build.ts'
import { watchPace } from '../support/pace.ts'
import { openPhones } from './agents.ts'
import { answeredToBridged } from './bridged.ts'
import { cityRows } from './city.ts'
import { decisions } from './growth.ts'
import type { Row, Timing } from './figures.ts'
import type { Recorded } from './ledger.ts'
import { agentsAtLoad, atLoad } from './load.ts'
import { busySentence, watchHost } from './machine.ts'
import { painted } from './painted.ts'
import { failuresOf } from './outcome.ts'
import { freeAgents, handOvers, queuedWait } from './phases.ts'
import { report, type Growth, type Result } from './report.ts'
import { sizesWanted, type Sizes } from './sizes.ts'
import { appQueue, linia, type System } from './systems.ts'
import { Watch } from './watch.ts'

const agentsAtWork = 10
const lineSizes = [10, 1000]
const folder = fileURLToPath(new URL('../../var/bench/', import.meta.url))

await runMain(async () => {
  await installMissing('test', say)
  await buildUi(say)
  await mkdir(folder, { recursive: true })
  const dir = await mkdtemp(join(folder, 'linia-'))
  const busy = busySentence()
  if (busy !== null) say(busy)
  say('Starting a Linia of the bench’s own …')
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
    // One more sits at the browser.
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

/** 1 when a budget was missed, or calls failed: then the figures say little. */
async function compare(stack: Stack, demo: DemoFile): Promise<number> {
  const sizes = sizesWanted()
  const names = (process.env['SYSTEMS'] ?? 'Linia,app_queue').split(',')
  const systems = [linia(stack, demo.url), appQueue(stack)].filter(({ name }) => names.includes(name))
  const growth = sizes.decisions === 0 ? [] : await measureGrowth(stack, sizes.decisions)
  const city = await cityRows(stack, demo, sizes)
  const results: Result[] = []
  const pace = await watchPace()
  // app_queue's recordings are not encoded: it is given the time that Linia's took.
  let idleMs = 0
  for (const system of systems) {
    const result = await measure(stack, demo, system, { sizes, idleMs })
    idleMs = result.loaded?.idleMs ?? 0
    results.push(result)
  }
  const slow = (await pace?.stop()) ?? null
  const missed = await report(folder, sizes, results, { growth, city, slow })
  const failed = results.flatMap(({ outcomes }) => outcomes.flatMap(failuresOf))
  return missed.length + failed.length === 0 ? 0 : 1
}

async function measureGrowth(stack: Stack, rounds: number): Promise<Growth[]> {
  const redisUrl = stack.environment['REDIS_URL'] ?? ''
  const growth: Growth[] = []
  for (const size of lineSizes) {
    say(`The decision with ${size} agents and ${size} callers …`)
    growth.push({ size, durations: await decisions(redisUrl, size, rounds) })
  }
  return growth
}

async function measure(
  stack: Stack,
  demo: DemoFile,
  system: System,
  { sizes, idleMs }: { sizes: Sizes; idleMs: number },
): Promise<Result> {
  say(`${system.name}: ${agentsAtWork} agents …`)
  const agents = demo.accounts.filter((account) => account.role === 'agent').slice(0, agentsAtLoad)
  const ours = system.name === 'Linia'
  const from = Date.now()
  const hostTook = await watchHost()
  const seen = ours && sizes.painted > 0 ? await seenBy(demo, sizes.painted) : null
  const few = agents.slice(0, agentsAtWork)
  let watch = new Watch()
  const hears: Watch['agent'] = (moment) => watch.agent(moment)
  const phones = await openPhones(demo.sip, few, hears, (line) => watch.phoneComplains(line))
  await system.begin(few)
  const bench = { server: demo.sip, host: citizensFrom(demo), number: system.number }
  const beganAt = Date.now()
  const fresh = () => (watch = new Watch())
  const handedOver =
    sizes.handovers === 0 ? null : await handOvers(bench, fresh(), agentsAtWork, sizes.handovers)
  const reached = sizes.arrivals === 0 ? null : await freeAgents(bench, fresh(), sizes.arrivals)
  const queued = sizes.queued === 0 ? null : await queuedWait(bench, fresh(), agentsAtWork, sizes.queued)
  const bridged = await answeredToBridged(stack.environment['CEL_FILE'] ?? '', beganAt, Date.now())
  const rest = agents.slice(agentsAtWork)
  const loaded =
    sizes.loadSeconds + sizes.limit === 0
      ? null
      : await atLoad({ stack, demo, system, fresh, idleMs }, rest, sizes)
  await phones.stop()
  const handOver = 'agent hangs up → next INVITE at that agent'
  const arrival = 'INVITE on the line → INVITE at a free agent'
  const isBridged = handedOver ?? reached ?? queued
  const rows = [
    ...asked(handOver, handedOver?.timings, { p50: 6, p99: 20 }),
    ...asked(arrival, reached?.timings, { p50: 15, p99: 50 }),
    ...asked('agent’s 200 OK → bridged', isBridged === null ? undefined : bridged, { p50: null, p99: 30 }),
    ...asked('INVITE on the line → card painted', seen?.cards, { p50: null, p99: 150 }),
    ...asked('call in line → board painted', seen?.rows, { p50: null, p99: 250 }),
    ...playableAt(sizes.perSecond / 2, loaded?.ledgerAtHalf),
    ...playableAt(sizes.perSecond, loaded?.ledger),
  ]
  const calls = [handedOver, reached, queued].flatMap((phase) => phase?.outcome ?? [])
  const outcomes = [...calls, ...(loaded?.outcomes ?? [])]
  const span = { from, to: Date.now() }
  return { system: system.name, rows, queued, loaded, outcomes, hostTook: await hostTook(), span }
}

/** No row for what nobody wanted to know; of the rest, what was not measured has missed its budget. */
function asked(name: string, timings: readonly Timing[] | undefined, budget: Row['budget']): Row[] {
  return timings === undefined ? [] : [{ name, durations: timings.map(({ ms }) => ms), timings, budget }]
}

function playableAt(perSecond: number, ledger: Recorded | null | undefined): Row[] {
  if (ledger == null) return []
  const name = `end of a call → recording playable (${perSecond} calls/s)`
  return [{ name, durations: ledger.playable, budget: { p50: null, p99: 30_000 } }]
}

/** The last agent sits at a browser, alone at work. */
async function seenBy(demo: DemoFile, count: number) {
  say(`  ${count} calls that an agent and a supervisor see in Chromium …`)
  const agent = demo.accounts.findLast(({ role }) => role === 'agent')
  const supervisor = demo.accounts.find(({ role }) => role === 'supervisor')
  if (agent === undefined || supervisor === undefined) throw new Error('the demo has no such people')
  return painted(demo, agent, supervisor, count)
}
