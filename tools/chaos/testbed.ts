/** The Linia under test: two nodes on cables of their own, a database of its own, a crowd, and keys to every door. */
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
import { agentsComputer, type AgentsComputer } from '../../test/support/agents-computer.ts'
import { layCable, type Cable } from '../../test/support/cable.ts'
import { readinessOf, startLinia, type Linia } from '../../test/support/stack.ts'
import { until } from '../../test/support/until.ts'
import type { Pace } from '../../test/support/pace.ts'
import { openTraffic, type Traffic } from './traffic.ts'
import { mountDisk } from './recordings-disk.ts'
import { openMediaEndpoints, type MediaEndpoints } from './media-endpoints.ts'
import { shiftableClock } from './shifted-clock.ts'

export interface TestbedOptions {
  readonly nodes: number
  readonly agents: number
  readonly overrides?: Readonly<Record<string, string>>
  /** Agents who have an account, and are signed in by somebody else. */
  readonly spare?: number
  readonly told?: (line: string) => void
  /** The clock of each node can be set, where libfaketime is installed. */
  readonly clocks?: boolean
  /** One agent sits at another computer, where this user may lay a cable. */
  readonly computer?: boolean
  /** The recordings have a disk of their own, where this user may mount one. */
  readonly disk?: boolean
}

export interface Testbed extends SystemUnderTest {
  readonly media: MediaEndpoints
  readonly traffic: Traffic
}

/** The Linia itself, without anybody who calls. */
export interface SystemUnderTest {
  readonly linia: Linia
  readonly computer: AgentsComputer | null
  readonly db: Database
  readonly keys: AcdKeys
  /** A connection of the test's own, which tries for ever. */
  readonly redis: Redis
  /** Of every queue that is empty when nothing is left to do. */
  readonly jobs: readonly Queue[]
  /** Usernames of the agents at work. */
  readonly agents: readonly string[]
  /** Between each node and Asterisk. */
  readonly cables: ReadonlyMap<number, readonly Cable[]>
  readinessOf(node: number): Promise<Readiness | null>
  /** Waits until one owns the line and all others stand by; the owner. */
  settled(boundMs?: number): Promise<number>
  /** Why the front does not say that calls would be answered, in the words of the node it asks; null: it does. */
  whyNotReady(): Promise<string | null>
}

/** One request may hang at a node that hangs, until the front asks another; the next one need not. */
const frontAnswersMs = 1_000

type Teardown = Pick<Test, 'teardown' | 'fail'>

/** A Linia with a crowd, and all its agents at work. */
export async function openTestbed(
  t: Teardown,
  options: TestbedOptions & { pace: Pace | null },
): Promise<Testbed> {
  const system = await openSystem(t, options)
  const { linia, agents } = system
  const media = await openMediaEndpoints(options.pace)
  t.teardown(() => media.stop())
  const traffic = await openTraffic(linia, media, agents)
  t.teardown(() => traffic.stop())
  await signIn(
    linia.url,
    agents.map((agent) => linia.account(agent)),
  )
  return { ...system, media, traffic }
}

/** Nobody has signed in yet. */
export async function openSystem(t: Teardown, options: TestbedOptions): Promise<SystemUnderTest> {
  const computer = options.computer === true ? await agentsComputer(t) : null
  const cables = new Map<number, readonly Cable[]>()
  const nodes = Array.from({ length: options.nodes }, (_, index) => index + 1)
  const linia = await startLinia(t, {
    agents: options.agents + (options.spare ?? 0),
    ownDatabase: true,
    // What is left over is a line of the table.
    leavesCalls: true,
    rtp: { from: 13_000, to: 14_999 },
    overrides: {
      NODES: String(options.nodes),
      GREETING: 'none',
      WRAP_UP_MS: '0',
      LINE_LENGTH_MAX: '1000',
      ...(computer === null ? {} : { LAN: computer.lan }),
      ...options.overrides,
    },
    ...(options.told === undefined ? {} : { onChange: options.told }),
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
  const db = openDatabase({ url: linia.databaseUrl, connectionsMax: 3 })
  t.teardown(() => db.destroy())
  const redisUrl = linia.stack.environment['REDIS_URL'] ?? ''
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null })
  // It is killed on purpose.
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

/** The folder of a part's own files. */
export const folderOf = (testbed: Testbed, name: string): string => join(testbed.linia.dir, name)

function farEnd(common: Readonly<Record<string, string>>, name: string) {
  const { hostname, port } = new URL(common[name] ?? '')
  return { host: hostname, port: Number(port) }
}

function through(common: Readonly<Record<string, string>>, name: string, cable: Cable): string {
  return (common[name] ?? '').replace(/:\d+(?=\/|$)/, `:${cable.port}`)
}
