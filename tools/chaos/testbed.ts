/** The Linia under test: nodes with cuttable connections, a separate database, simulated traffic, and direct access to its stores. */
import { join } from 'node:path'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import type { Test } from 'tap'
import { Value } from 'typebox/value'
import { Readiness } from '../../src/http/nodes/wire.ts'
import { openDatabase, type Database } from '../../src/ledger/database.ts'
import { PbxName } from '../../src/core/ids.ts'
import { acdKeys, type AcdKeys } from '../../src/redis/keys.ts'
import { signIn } from '../bench/load-generator/agents.ts'
import { agentsComputer, type AgentsComputer } from '../../test/support/browser/agents-computer.ts'
import { layCable, type Cable } from '../../test/support/cable.ts'
import { readinessOf, startLinia, type Linia } from '../../test/support/stack.ts'
import { until } from '../../test/support/until.ts'
import type { Pace } from '../../test/support/pace/pace.ts'
import { openTraffic, type Traffic } from './traffic.ts'
import { mountDisk } from './recordings-disk.ts'
import { openMediaEndpoints, type MediaEndpoints } from './media-endpoints.ts'
import { shiftableClock } from './shifted-clock.ts'

/** Bound of one look at the ledger. */
const looksWithinMs = 60_000

export interface TestbedOptions {
  readonly nodes: number
  readonly agents: number
  readonly overrides?: Readonly<Record<string, string>>
  /** Additional agents' accounts that are not signed in here. */
  readonly spare?: number
  readonly onChange?: (line: string) => void
  /** Make the clock of each node settable, if libfaketime is installed. */
  readonly clocks?: boolean
  /** Give one agent a separate computer, if this user may create network interfaces. */
  readonly computer?: boolean
  /** Give the recordings a separate disk, if this user may mount one. */
  readonly disk?: boolean
  /** Starts another release instead of this one. */
  readonly start?: typeof startLinia
}

export interface Testbed extends SystemUnderTest {
  readonly media: MediaEndpoints
  readonly traffic: Traffic
  /** Usernames of those beside the serving agents; null: this release knows none. */
  readonly others: { readonly colleague: string; readonly supervisor: string } | null
}

/** The Linia itself, without traffic. */
export interface SystemUnderTest {
  readonly linia: Linia
  readonly computer: AgentsComputer | null
  readonly db: Database
  readonly keys: AcdKeys
  /** A separate connection with unlimited retries. */
  readonly redis: Redis
  /** The job queues that are empty when all work is done. */
  readonly jobs: readonly Queue[]
  /** Usernames of the agents at work. */
  readonly agents: readonly string[]
  /** Connections between each node and Asterisk. */
  readonly cables: ReadonlyMap<number, readonly Cable[]>
  readinessOf(node: number): Promise<Readiness | null>
  /** Waits until one node is owner and all others are standby; returns the owner. */
  settled(boundMs?: number): Promise<number>
  /** Why the front is not ready, as reported by the node it asks; null: it is ready. */
  whyNotReady(): Promise<string | null>
}

/** Asterisk's ports for audio. */
export const rtp = { from: 13_000, to: 14_999 }

/** A request to a hung node waits until the front asks another node; the next request does not. */
const frontAnswersMs = 1_000

type Teardown = Pick<Test, 'teardown' | 'fail'>

/** Opens a Linia with traffic, and all its agents signed in. */
export async function openTestbed(
  t: Teardown,
  options: TestbedOptions & { pace: Pace | null },
): Promise<Testbed> {
  const isThisRelease = options.start === undefined
  const spare = options.spare ?? 0
  const system = await openSystem(t, { ...options, spare: isThisRelease ? spare + 1 : spare })
  const { linia, agents } = system
  const colleague = linia.accounts.filter(({ role }) => role === 'agent')[options.agents]?.username ?? ''
  const supervisor = linia.accounts.find(({ role }) => role === 'supervisor')?.username ?? ''
  const others = isThisRelease ? { colleague, supervisor } : null
  const media = await openMediaEndpoints(options.pace)
  t.teardown(() => media.stop())
  const traffic = await openTraffic(linia, media, agents, Object.values(others ?? {}))
  t.teardown(() => traffic.stop())
  await signIn(
    linia.url,
    agents.map((agent) => linia.account(agent)),
  )
  return { ...system, media, traffic, others }
}

/** Opens a Linia in which no agent has signed in. */
export async function openSystem(t: Teardown, options: TestbedOptions): Promise<SystemUnderTest> {
  const computer = options.computer === true ? await agentsComputer(t) : null
  const cables = new Map<number, readonly Cable[]>()
  const nodes = Array.from({ length: options.nodes }, (_, index) => index + 1)
  const linia = await (options.start ?? startLinia)(t, {
    agents: options.agents + (options.spare ?? 0),
    ownDatabase: true,
    // Leftovers are reported in the table instead.
    leavesCalls: true,
    rtp,
    overrides: {
      NODES: String(options.nodes),
      GREETING: 'none',
      WRAP_UP_MS: '0',
      LINE_LENGTH_MAX: '1000',
      ...(computer === null ? {} : { LAN: computer.lan }),
      ...options.overrides,
    },
    ...(options.onChange === undefined ? {} : { onChange: options.onChange }),
    prepare: (dir) => {
      if (options.disk === true) mountDisk(t, dir)
    },
    nodeEnvironment: async (node, common) => {
      const ari = await layCable(t, farEnd(common, 'ARI_URL'))
      const ami = await layCable(t, farEnd(common, 'AMI_URL'))
      cables.set(node, [ari, ami])
      return {
        ARI_URL: through(common, 'ARI_URL', ari),
        AMI_URL: through(common, 'AMI_URL', ami),
        ...(options.clocks === true ? shiftableClock(common['VAR_DIR'] ?? '', node) : {}),
      }
    },
  })
  const agents = linia.accounts
    .filter(({ role }) => role === 'agent')
    .slice(0, options.agents)
    .map(({ username }) => username)
  // It looks on, also while PostgreSQL recovers on a busy machine.
  const db = openDatabase({ url: linia.databaseUrl, connectionsMax: 3, statementTimeoutMs: looksWithinMs })
  t.teardown(() => db.destroy())
  const redisUrl = linia.stack.environment['REDIS_URL'] ?? ''
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null })
  // Redis is killed on purpose.
  redis.on('error', () => undefined)
  t.teardown(() => redis.disconnect())
  const jobs = ['recordings', 'documents'].map((name) => {
    const queue = new Queue(name, { connection: { url: redisUrl }, prefix: 'linia-jobs' })
    queue.on('error', () => undefined)
    t.teardown(() => queue.close())
    return queue
  })

  return {
    linia,
    computer,
    db,
    keys: acdKeys('linia', PbxName('pbx1')),
    redis,
    jobs,
    agents,
    cables,
    readinessOf: (node) => readinessOf(linia, node),
    async settled(boundMs = 120_000) {
      let owner = 0
      let states: readonly (Readiness | null)[] = []
      const isSettled = async (): Promise<boolean> => {
        states = await Promise.all(nodes.map((node) => readinessOf(linia, node)))
        owner = states.findIndex((state) => state?.role === 'owner') + 1
        return owner > 0 && states.every((state) => state?.ready === true && state.owner === `node${owner}`)
      }
      await until(isSettled, boundMs).catch((cause: unknown) => {
        throw new Error(`not settled within ${boundMs} ms: ${JSON.stringify(states)}`, { cause })
      })
      return owner
    },
    async whyNotReady() {
      const signal = AbortSignal.timeout(frontAnswersMs)
      const answer = await fetch(`${linia.url}/readyz`, { signal }).catch(() => null)
      if (answer === null) return 'no answer'
      const said: unknown = await answer.json().catch(() => null)
      if (answer.status === 200) return null
      if (!Value.Check(Readiness, said)) return `status ${answer.status}`
      return `${said.node} ${said.role}: ${said.missing.join('+')}`
    },
  }
}

/** Folder of a part's files. */
export const folderOf = (testbed: Testbed, name: string): string => join(testbed.linia.dir, name)

function farEnd(common: Readonly<Record<string, string>>, name: string) {
  const { hostname, port } = new URL(common[name] ?? '')
  return { host: hostname, port: Number(port) }
}

function through(common: Readonly<Record<string, string>>, name: string, cable: Cable): string {
  return (common[name] ?? '').replace(/:\d+(?=\/|$)/, `:${cable.port}`)
}
