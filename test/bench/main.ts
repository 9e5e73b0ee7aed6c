/**
 * `make bench`: how fast callers and agents come together, Linia and Asterisk's app_queue in turn on the
 * same Asterisk, with the same SIPp callers and phones, sound both ways and recording on. Prints tables
 * and writes `var/bench/*.json`.
 *
 * HANDOVERS (300), ARRIVALS (200), QUEUED (600), PAINTED (100), DECISIONS (5000), LOOKS (1000), SEARCHES (2000),
 * REGISTRATIONS (1000), VIEWS (300), LOAD_SECONDS (60), LIMIT (1) say how much of each is measured, 0 for nothing;
 * SYSTEMS (Linia,app_queue) which of them.
 */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { seedDemo } from '../../src/stack/demo-people.ts'
import { citizensFrom, type DemoAccount, type DemoFile } from '../../src/stack/demo/demo-file.ts'
import { installMissing } from '../../src/stack/packages.ts'
import { freePort } from '../../src/stack/ports.ts'
import { runMain, say } from '../../src/stack/screen.ts'
import { Stack } from '../../src/stack/stack.ts'
import { buildUi, builtUi } from '../../src/stack/ui-build.ts'
import { openPhones } from './agents.ts'
import { answeredToBridged } from './bridged.ts'
import { cityRows } from './city.ts'
import { processorSeconds } from './cpu.ts'
import { decisions } from './growth.ts'
import type { Row } from './figures.ts'
import { recorded, type Recorded } from './ledger.ts'
import { busySentence } from './machine.ts'
import { painted } from './painted.ts'
import { freeAgents, handOvers, limit, load, queuedWait } from './phases.ts'
import { report, type Growth, type Loaded, type Result } from './report.ts'
import { sizesWanted, type Sizes } from './sizes.ts'
import { appQueue, linia, type System } from './systems.ts'
import { Watch } from './watch.ts'

const agentsAtWork = 10
const agentsAtLoad = 200
const callsPerSecond = 40
const paces = [40, 50, 60, 70, 80, 90, 100, 120, 140]
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
    seed: (seeding) => seedDemo(seeding, agentsAtLoad + 1),
  })
  try {
    await compare(stack, JSON.parse(await readFile(join(dir, 'demo.json'), 'utf8')) as DemoFile)
  } finally {
    await stack.stop()
    if (process.env['KEEP'] === undefined) await rm(dir, { recursive: true, force: true })
    else say(`kept: ${dir}`)
  }
  return 0
})
process.exit()

async function compare(stack: Stack, demo: DemoFile): Promise<void> {
  const sizes = sizesWanted()
  const names = (process.env['SYSTEMS'] ?? 'Linia,app_queue').split(',')
  const systems = [linia(stack, demo.url), appQueue(stack)].filter(({ name }) => names.includes(name))
  const growth = sizes.decisions === 0 ? [] : await measureGrowth(stack, sizes.decisions)
  const city = await cityRows(stack, demo, sizes)
  const results: Result[] = []
  for (const system of systems) results.push(await measure(stack, demo, system, sizes))
  await report(folder, sizes, results, growth, city)
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

async function measure(stack: Stack, demo: DemoFile, system: System, sizes: Sizes): Promise<Result> {
  say(`${system.name}: ${agentsAtWork} agents …`)
  const agents = demo.accounts.filter((account) => account.role === 'agent').slice(0, agentsAtLoad)
  const ours = system.name === 'Linia'
  const seen = ours && sizes.painted > 0 ? await seenBy(demo, sizes.painted) : null
  const few = agents.slice(0, agentsAtWork)
  let watch = new Watch()
  const hears: Watch['agent'] = (moment) => watch.agent(moment)
  const phones = await openPhones(demo.sip, few, hears)
  await system.begin(few)
  const bench = { server: demo.sip, host: citizensFrom(demo), number: system.number }
  const beganAt = Date.now()
  const fresh = () => (watch = new Watch())
  const { handovers: handedOver } =
    sizes.handovers === 0 ? watch : await handOvers(bench, fresh(), agentsAtWork, sizes.handovers)
  const { reached } = sizes.arrivals === 0 ? watch : await freeAgents(bench, fresh(), sizes.arrivals)
  const queued = sizes.queued === 0 ? null : await queuedWait(bench, fresh(), agentsAtWork, sizes.queued)
  const bridged = await answeredToBridged(stack.environment['CEL_FILE'] ?? '', beganAt, Date.now())
  const rest = agents.slice(agentsAtWork)
  const loaded =
    sizes.loadSeconds + sizes.limit === 0 ? null : await atLoad(stack, demo, system, rest, sizes, fresh)
  await phones.stop()
  const handOver = 'agent hangs up → next INVITE at that agent'
  const rows = [
    ...asked(sizes.handovers, handOver, handedOver, { p50: 6, p99: 20 }),
    ...asked(sizes.arrivals, 'INVITE on the line → INVITE at a free agent', reached, { p50: 15, p99: 50 }),
    ...asked(sizes.handovers + sizes.arrivals + sizes.queued, 'agent’s 200 OK → bridged', bridged, {
      p50: null,
      p99: 30,
    }),
    ...(seen === null
      ? []
      : [
          {
            name: 'INVITE on the line → card painted',
            durations: seen.cards,
            budget: { p50: null, p99: 150 },
          },
          { name: 'call in line → board painted', durations: seen.rows, budget: { p50: null, p99: 250 } },
        ]),
    ...playableAt(callsPerSecond / 2, loaded?.ledgerAtHalf),
    ...playableAt(callsPerSecond, loaded?.ledger),
  ]
  return { system: system.name, rows, queued, loaded }
}

/** No row for what nobody wanted to know; of the rest, what was not measured has missed its budget. */
const asked = (size: number, name: string, durations: readonly number[], budget: Row['budget']): Row[] =>
  size === 0 ? [] : [{ name, durations, budget }]

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

async function atLoad(
  stack: Stack,
  demo: DemoFile,
  system: System,
  more: readonly DemoAccount[],
  sizes: Sizes,
  fresh: () => Watch,
): Promise<Loaded> {
  say(`${system.name}: ${agentsAtLoad} agents …`)
  const watch = fresh()
  let hearing = watch
  const next = () => (hearing = fresh())
  const phones = await openPhones(demo.sip, more, (moment) => hearing.agent(moment))
  await system.begin(more)
  const bench = { server: demo.sip, host: citizensFrom(demo), number: system.number }
  const { loadSeconds: seconds } = sizes
  const half =
    seconds === 0 || system.name !== 'Linia'
      ? null
      : await steadily(stack, system, bench, { watch, perSecond: callsPerSecond / 2, seconds })
  const whole = { watch: next(), perSecond: callsPerSecond, seconds }
  const loaded = seconds === 0 ? null : await steadily(stack, system, bench, whole)
  const highest = sizes.limit === 0 ? null : await limit(bench, next, paces)
  await phones.stop()
  const nothing = { load: null, cpuPerCall: null, ledger: null }
  return { ...nothing, ...loaded, ledgerAtHalf: half?.ledger ?? null, limit: highest }
}

async function steadily(
  stack: Stack,
  system: System,
  bench: Parameters<typeof load>[0],
  { watch, perSecond, seconds }: { watch: Watch; perSecond: number; seconds: number },
): Promise<Pick<Loaded, 'load' | 'cpuPerCall' | 'ledger'>> {
  const parts = pidsOf(stack, system)
  const before = await processorSeconds(parts)
  const beganAt = Date.now()
  const loaded = await load(bench, watch, perSecond, seconds)
  const after = await processorSeconds(parts)
  const share = ([name, used]: [string, number]): [string, number] => [
    name,
    (used - (before.get(name) ?? 0)) / loaded.served,
  ]
  // A part that was started again took its time with it.
  const whole = pidsOf(stack, system)
  const restarted = [...parts].some(([name, pid]) => whole.get(name) !== pid)
  const databaseUrl = stack.environment['DATABASE_URL'] ?? ''
  const ledger = system.name === 'Linia' ? await recorded(databaseUrl, beganAt, Date.now()) : null
  const cpuPerCall = restarted ? null : Object.fromEntries([...after].map(share))
  return { load: loaded, cpuPerCall, ledger }
}

function pidsOf(stack: Stack, system: System): Map<string, number> {
  return new Map(
    system.parts.flatMap((part) => {
      const pid = stack.parts.get(part)?.pid ?? null
      return pid === null ? [] : [[part, pid] as const]
    }),
  )
}
