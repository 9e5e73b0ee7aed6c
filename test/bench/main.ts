/**
 * `make bench`: how fast callers and agents come together, Linia and Asterisk's app_queue in turn on the
 * same Asterisk, with the same SIPp callers and phones, sound both ways and recording on. Prints tables
 * and writes `var/bench/*.json`.
 *
 * HANDOVERS (300), ARRIVALS (200), QUEUED (600), LOAD_SECONDS (60) say how much of each is measured,
 * 0 for nothing; SYSTEMS (Linia,app_queue) which of them.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { seedDemo } from '../../src/stack/demo-people.ts'
import { citizensFrom, type DemoAccount, type DemoFile } from '../../src/stack/demo/demo-file.ts'
import { installMissing } from '../../src/stack/packages.ts'
import { freePort } from '../../src/stack/ports.ts'
import { runMain, say } from '../../src/stack/screen.ts'
import { Stack } from '../../src/stack/stack.ts'
import { openPhones } from './agents.ts'
import { answeredToBridged } from './bridged.ts'
import { chart } from './chart.ts'
import { processorSeconds } from './cpu.ts'
import { figuresOf, table, type Row } from './figures.ts'
import { busySentence, machine } from './machine.ts'
import { freeAgents, handOvers, load, queuedWait, type Load, type QueuedWait, type Sizes } from './phases.ts'
import { appQueue, linia, type System } from './systems.ts'
import { Watch } from './watch.ts'

const agentsAtWork = 10
const agentsAtLoad = 200
const callsPerSecond = 40
const folder = fileURLToPath(new URL('../../var/bench/', import.meta.url))

interface Result {
  readonly system: System['name']
  readonly rows: readonly Row[]
  readonly queued: QueuedWait | null
  readonly load?: Load
  /** Processor seconds per call at load, by process. */
  readonly cpuPerCall?: Readonly<Record<string, number>>
}

await runMain(async () => {
  await installMissing('test', say)
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
      UI_DIR: dir,
      LINE_HOURS: 'always',
      DEMO: '1',
      GREETING: 'none',
      WRAP_UP_MS: '0',
    },
    rtp: { from: 13_000, to: 16_999 },
    seed: (seeding) => seedDemo(seeding, agentsAtLoad),
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
  const sizes: Sizes = {
    handovers: wanted('HANDOVERS', 300),
    arrivals: wanted('ARRIVALS', 200),
    queued: wanted('QUEUED', 600),
    loadSeconds: wanted('LOAD_SECONDS', 60),
  }
  const names = (process.env['SYSTEMS'] ?? 'Linia,app_queue').split(',')
  const systems = [linia(stack, demo.url), appQueue(stack)].filter(({ name }) => names.includes(name))
  const results: Result[] = []
  for (const system of systems) results.push(await measure(stack, demo, system, sizes))
  for (const result of results) say(textOf(result))
  const file = join(folder, `${new Date().toISOString().replaceAll(':', '-')}.json`)
  const written = results.map(({ rows, ...rest }) => ({
    ...rest,
    figures: rows.map(({ name, durations, budget }) => ({
      name,
      budget,
      ...figuresOf(durations),
      durations,
    })),
  }))
  await writeFile(file, JSON.stringify({ machine: await machine(), sizes, results: written }, null, 2))
  const groups = (results[0]?.rows ?? []).map(({ name }, index) => ({
    name,
    bars: results.map(({ system, rows }) => ({ system, figures: figuresOf(rows[index]?.durations ?? []) })),
  }))
  const measured = groups.filter(({ bars }) => bars.every(({ figures }) => figures.n > 0))
  await writeFile(file.replace('.json', '.svg'), chart('Median / 99th percentile, milliseconds', measured))
  say(`written: ${file} and the same as .svg`)
}

function textOf({ system, rows, queued, load, cpuPerCall }: Result): string {
  const lines = [`\n${system}`, table(rows)]
  if (queued !== null) {
    const ratio = (queued.meanWaitMs / queued.idealWaitMs).toFixed(2)
    lines.push(
      `mean wait of ${queued.calls} callers at ${queued.load * 100} % load: ${queued.meanWaitMs.toFixed(0)} ms; these callers at best ${queued.idealWaitMs.toFixed(0)} ms: ×${ratio} (Erlang C expects ${queued.erlangMs.toFixed(0)} ms)`,
    )
  }
  if (load !== undefined)
    lines.push(
      `${load.perSecond} calls/s for ${load.seconds} s: ${load.called} called, ${load.served} served, ${load.complaints} complaints of SIPp`,
    )
  if (cpuPerCall !== undefined) lines.push(`processor per call: ${milliseconds(cpuPerCall)}`)
  return lines.join('\n')
}

async function measure(stack: Stack, demo: DemoFile, system: System, sizes: Sizes): Promise<Result> {
  say(`${system.name}: ${agentsAtWork} agents …`)
  const agents = demo.accounts.filter((account) => account.role === 'agent')
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
  const rows = [
    {
      name: 'agent hangs up → next INVITE at that agent',
      durations: handedOver,
      budget: { p50: 6, p99: 20 },
    },
    { name: 'INVITE on the line → INVITE at a free agent', durations: reached, budget: { p50: 15, p99: 50 } },
    { name: 'agent’s 200 OK → bridged', durations: bridged, budget: { p50: null, p99: 30 } },
  ]
  const loaded =
    sizes.loadSeconds === 0
      ? null
      : await atLoad(stack, demo, system, agents.slice(agentsAtWork), sizes.loadSeconds, fresh)
  await phones.stop()
  return { system: system.name, rows, queued, ...loaded }
}

async function atLoad(
  stack: Stack,
  demo: DemoFile,
  system: System,
  more: readonly DemoAccount[],
  seconds: number,
  fresh: () => Watch,
): Promise<Pick<Result, 'load' | 'cpuPerCall'>> {
  say(`${system.name}: ${agentsAtLoad} agents …`)
  const watch = fresh()
  const phones = await openPhones(demo.sip, more, watch.agent)
  await system.begin(more)
  const parts = pidsOf(stack, system)
  const before = await processorSeconds(parts)
  const bench = { server: demo.sip, host: citizensFrom(demo), number: system.number }
  const loaded = await load(bench, watch, callsPerSecond, seconds)
  const after = await processorSeconds(parts)
  await phones.stop()
  const share = ([name, used]: [string, number]): [string, number] => [
    name,
    (used - (before.get(name) ?? 0)) / loaded.served,
  ]
  return { load: loaded, cpuPerCall: Object.fromEntries([...after].map(share)) }
}

function pidsOf(stack: Stack, system: System): Map<string, number> {
  return new Map(
    system.parts.flatMap((part) => {
      const pid = stack.parts.get(part)?.pid ?? null
      return pid === null ? [] : [[part, pid] as const]
    }),
  )
}

function milliseconds(perCall: Readonly<Record<string, number>>): string {
  const parts = Object.entries(perCall)
  const sum = parts.reduce((all, [, seconds]) => all + seconds, 0)
  const named = parts.map(([name, seconds]) => `${name} ${(seconds * 1000).toFixed(1)}`)
  return `${(sum * 1000).toFixed(1)} ms (${named.join(', ')})`
}

function wanted(name: string, otherwise: number): number {
  const given = Number(process.env[name] ?? otherwise)
  if (!Number.isInteger(given) || given < 0) throw new Error(`${name}: a whole number is expected`)
  return given
}
