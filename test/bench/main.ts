/**
 * `make bench`: how fast callers and agents come together, on a Linia of its own, with SIPp callers,
 * sound both ways and recording on. Prints a table and writes `var/bench/*.json`.
 *
 * HANDOVERS (300) and ARRIVALS (200) say how many of each are measured.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { openDatabase } from '../../src/ledger/database.ts'
import { seedDemo } from '../../src/stack/demo-people.ts'
import type { DemoFile } from '../../src/stack/demo/demo-file.ts'
import { installMissing } from '../../src/stack/packages.ts'
import { freePort } from '../../src/stack/ports.ts'
import { runMain, say } from '../../src/stack/screen.ts'
import { Stack } from '../../src/stack/stack.ts'
import { until } from '../support/until.ts'
import { seatAgents, type BenchAgents } from './agents.ts'
import type { FromCallers, ToCallers } from './caller-messages.ts'
import { wallOffset } from './clock.ts'
import { processorSeconds } from './cpu.ts'
import { figuresOf, table, type Row } from './figures.ts'
import { busySentence, machine } from './machine.ts'

const agentsAtWork = 10
const talkMs = 5000
const callersInLine = 12
/** Keeps about seven of ten agents busy, so that a free one is nearly always there. */
const arrivalGapMs = 700
const folder = fileURLToPath(new URL('../../var/bench/', import.meta.url))

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
    rtp: { from: 17_000, to: 17_999 },
    seed: (seeding) => seedDemo(seeding, agentsAtWork),
  })
  try {
    await measure(stack, JSON.parse(await readFile(join(dir, 'demo.json'), 'utf8')) as DemoFile)
  } finally {
    await stack.stop()
    if (process.env['KEEP'] === undefined) await rm(dir, { recursive: true, force: true })
    else say(`kept: ${dir}`)
  }
  return 0
})
process.exit()

async function measure(stack: Stack, demo: DemoFile): Promise<void> {
  const offset = wallOffset()
  const callers = await openCallers(demo)
  const invitedAt = new Map<string, number>()
  const free = new Map<string, number>()
  const agents = await seatAgents({
    url: demo.url,
    server: demo.sip,
    accounts: demo.accounts.filter((account) => account.role === 'agent').slice(0, agentsAtWork),
    talkMs,
    callerHangsUpEvery: 5,
    hangUpCaller: (caller) => callers.tell({ do: 'hang up', caller: national(caller) }),
    onRing(ring) {
      const caller = national(ring.caller ?? '')
      if (!invitedAt.has(caller)) invitedAt.set(caller, offset + ring.invitedAt)
      free.set(caller, agents.idle())
    },
  })
  const parts = new Map(
    [...stack.parts].flatMap(([name, { pid }]) => (pid === null ? [] : [[name, pid] as const])),
  )
  const generators = new Map([
    ['agents', process.pid],
    ['callers', callers.pid],
  ])
  const before = { parts: await processorSeconds(parts), generators: await ownSeconds(generators, parts) }
  const beganAt = performance.now()

  const handovers = wanted('HANDOVERS', 300)
  say(
    `${agentsAtWork} agents, ${callersInLine} callers always waiting, ${handovers} hand-overs of ${talkMs / 1000} s calls …`,
  )
  callers.tell({ do: 'keep', callers: agentsAtWork + callersInLine })
  await progress(() => agents.moments.afterAgent.length, handovers)
  // From here on nobody waits any more, and a free agent's next call says nothing about us.
  const afterAgent = [...agents.moments.afterAgent]
  const afterCaller = [...agents.moments.afterCaller]
  await drain(callers, agents)

  const arrivals = wanted('ARRIVALS', 200)
  say(`${arrivals} calls that find a free agent …`)
  const first = callers.called.size
  await arrive(callers, agents, arrivals, () => callers.called.size - first)
  await drain(callers, agents)

  const seconds = (performance.now() - beganAt) / 1000
  const after = { parts: await processorSeconds(parts), generators: await ownSeconds(generators, parts) }
  const reached = [...callers.called].slice(first).flatMap(([caller, calledAt]) => {
    const at = invitedAt.get(caller)
    return at === undefined ? [] : [at - calledAt]
  })
  await agents.close()
  await callers.close()
  const bridged = await answeredToBridged(stack)
  const rows: Row[] = [
    {
      name: 'agent hangs up → next INVITE at that agent',
      durations: afterAgent,
      budget: { p50: 6, p99: 20 },
    },
    { name: 'agent hears BYE of caller → next INVITE at that agent', durations: afterCaller, budget: null },
    { name: 'INVITE on 969 → INVITE at a free agent', durations: reached, budget: { p50: 15, p99: 50 } },
    { name: 'agent answered → bridged (ledger)', durations: bridged, budget: { p50: null, p99: 30 } },
    {
      name: 'agent’s 200 OK → caller’s first sound at his phone',
      durations: agents.moments.sound,
      budget: null,
    },
  ]
  const used = (from: Map<string, number>, to: Map<string, number>): Record<string, number> =>
    Object.fromEntries([...to].map(([name, at]) => [name, (at - (from.get(name) ?? 0)) / seconds]))
  const cpu = {
    parts: used(before.parts, after.parts),
    generators: used(before.generators, after.generators),
  }
  say(`\n${table(rows)}\n`)
  say(`cores used by the system: ${cores(cpu.parts)}`)
  say(`cores used by the generators: ${cores(cpu.generators)}`)
  const calls = { answered: bridged.length, ended: Object.fromEntries(callers.endings) }
  say(`calls: ${calls.answered} bridged; seen by the callers: ${JSON.stringify(calls.ended)}`)
  const file = join(folder, `${new Date().toISOString().replaceAll(':', '-')}.json`)
  const figures = rows.map(({ name, durations, budget }) => ({
    name,
    budget,
    ...figuresOf(durations),
    durations,
  }))
  await writeFile(file, JSON.stringify({ machine: await machine(), seconds, figures, cpu, calls }, null, 2))
  say(`written: ${file}`)
}

interface Callers {
  readonly pid: number
  /** Caller → when his INVITE left, wall clock. */
  readonly called: Map<string, number>
  readonly endings: Map<string, number>
  onThePhone(): number
  tell(message: ToCallers): void
  close(): Promise<void>
}

async function openCallers(demo: DemoFile): Promise<Callers> {
  const child = fork(fileURLToPath(new URL('./callers.ts', import.meta.url)), { stdio: 'inherit' })
  const called = new Map<string, number>()
  const endings = new Map<string, number>()
  const open = Promise.withResolvers<void>()
  let onThePhone = 0
  child.on('message', (message: FromCallers) => {
    if (message.told === 'open') open.resolve()
    else if (message.told === 'called') {
      onThePhone += 1
      called.set(message.caller, message.at)
    } else if (message.told === 'ended') {
      onThePhone -= 1
      endings.set(message.ending, (endings.get(message.ending) ?? 0) + 1)
    }
  })
  const tell = (message: ToCallers): void => {
    child.send(message)
  }
  tell({ do: 'open', target: demo.sip, from: demo.trunk, number: demo.line })
  await open.promise
  return {
    pid: child.pid ?? 0,
    called,
    endings,
    onThePhone: () => onThePhone,
    tell,
    async close() {
      const gone = once(child, 'exit')
      tell({ do: 'close' })
      await gone
    },
  }
}

/** Calls come at chance, each only while an agent is free; its own INVITE must find one. */
async function arrive(
  callers: Callers,
  agents: BenchAgents,
  count: number,
  done: () => number,
): Promise<void> {
  while (done() < count) {
    await delay(-arrivalGapMs * Math.log(1 - Math.random()))
    if (agents.idle() > 1) callers.tell({ do: 'call' })
  }
}

/** Until nobody is on the phone any more: the agents end the last calls. */
async function drain(callers: Callers, agents: BenchAgents): Promise<void> {
  callers.tell({ do: 'keep', callers: 0 })
  await until(() => callers.onThePhone() === 0 && agents.idle() === agentsAtWork, 60_000)
}

async function progress(done: () => number, wanted: number): Promise<void> {
  let toldAt = performance.now()
  while (done() < wanted) {
    await delay(200)
    if (performance.now() - toldAt < 20_000) continue
    toldAt = performance.now()
    say(`  ${done()} of ${wanted}`)
  }
}

async function answeredToBridged(stack: Stack): Promise<number[]> {
  const db = openDatabase({ url: stack.environment['DATABASE_URL'] ?? '', connectionsMax: 1 })
  try {
    const { rows } = await sql<{ ms: number }>`
      select extract(epoch from bridged.at - answered.at)::float * 1000 as ms
      from call_events answered
      join call_events bridged on bridged.call = answered.call and bridged.seq = answered.seq + 1
      where answered.type = 'AgentAnswered' and bridged.type = 'Bridged'`.execute(db)
    return rows.map((row) => row.ms)
  } finally {
    await db.destroy()
  }
}

/** The generators' own time: what they started of the system does not count as theirs. */
async function ownSeconds(
  generators: Map<string, number>,
  parts: Map<string, number>,
): Promise<Map<string, number>> {
  const all = await processorSeconds(new Map([...parts, ...generators]))
  return new Map([...generators.keys()].map((name) => [name, all.get(name) ?? 0]))
}

function cores(used: Record<string, number>): string {
  return Object.entries(used)
    .map(([name, share]) => `${name} ${share.toFixed(2)}`)
    .join(', ')
}

/** `+40722…` and `0722…` are the same caller. */
function national(caller: string): string {
  return caller.replace(/^\+40/, '0')
}

function wanted(name: string, otherwise: number): number {
  const given = Number(process.env[name] ?? otherwise)
  if (!Number.isInteger(given) || given < 1) throw new Error(`${name}: a whole number is expected`)
  return given
}
