/** A complete Linia for one test: real services on free loopback ports, in a folder of its own. */
import { execFile } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { Readiness } from '../../src/http/nodes/wire.ts'
import type { bounds } from '../../src/core/rules.ts'
import { journalRows, journalRuns } from '../../src/ledger/journal/row-check.ts'
import { passwordOf } from '../../src/stack/secrets.ts'
import { seedDemo, seedRows } from '../../tools/demo/seed/seed-demo.ts'
import { frontUrls } from '../../src/stack/services/front-urls.ts'
import { freePort } from '../../src/stack/services/ports.ts'
import { redisService, redisUrlOf } from '../../src/stack/services/redis.ts'
import { Stack } from '../../src/stack/stack.ts'
import type { Part, StackOptions } from '../../src/stack/stack.ts'
import { builtUi } from '../../src/stack/install/ui-build.ts'
import { quickHash } from './passwords.ts'
import { openTestDatabase, testDatabase, type Content } from './postgres.ts'

const base = fileURLToPath(new URL('../../var/test/', import.meta.url))
/** The folder of the systems' folders; without it they are below `var/test`. */
export const systemsFolder = 'LINIA_TEST_FOLDER'
/** Names a file that gets the folder of each system that is started, a line each. */
export const startedSystems = 'LINIA_TEST_SYSTEMS'

export interface DemoAccount {
  readonly role: 'agent' | 'supervisor' | 'editor' | 'administrator' | 'auditor'
  readonly name: string
  readonly username: string
  readonly password: string
  readonly phone?: { readonly username: string; readonly password: string }
}

export interface LiniaOptions {
  /** Settings, as `config.ts` reads them. */
  readonly overrides?: Readonly<Record<string, string>>
  /** Number of demo agents; null: a new installation, without any account or article. */
  readonly agents?: number | null
  /** A PostgreSQL of its own, which the test may kill; else a database in the tests' shared cluster. */
  readonly ownDatabase?: boolean
  /** The test ends intentionally with calls in progress. */
  readonly leavesCalls?: boolean
  /** Asterisk's RTP ports, for tests with more callers than the usual 400 ports allow. */
  readonly rtp?: { readonly from: number; readonly to: number }
  /** Another server program than `src/main.ts`. */
  readonly program?: string
  /** Shorter than the product's (`core/rules.ts`), where a test would wait for minutes. In place of `program`, `nodeEnvironment`. */
  readonly bounds?: Partial<Record<keyof typeof bounds, number>>
  /** Called with each later change of a part, such as a restart. */
  readonly onChange?: (line: string) => void
  /** Called with the new folder before any service starts. */
  readonly prepare?: (dir: string) => void
  /** Additional environment variables of a node. */
  readonly nodeEnvironment?: StackOptions['nodeEnvironment']
}

export interface Linia {
  readonly url: string
  readonly sip: { readonly host: string; readonly port: number }
  /** The address that citizens call from. */
  readonly trunk: string
  readonly accounts: readonly DemoAccount[]
  readonly stack: Stack
  readonly dir: string
  /** The application's login. */
  readonly databaseUrl: string
  account(username: string): DemoAccount
  /** GET below `/ari/`, parsed. */
  ari(path: string): Promise<unknown>
  /** Signals one part's process; it is started again by its supervisor. */
  kill(part: Part, signal?: NodeJS.Signals): void
}

/** Up and ready for calls; stopped and removed with the test, which fails when channels or bridges remain. */
export async function startLinia(
  t: Pick<Test, 'teardown' | 'fail'>,
  options: LiniaOptions = {},
): Promise<Linia> {
  const dir = await newFolder('linia-')
  t.teardown(() =>
    process.env['KEEP'] === undefined ? rm(dir, { recursive: true, force: true }) : undefined,
  )
  const counted = process.env[startedSystems]
  if (counted !== undefined) appendFileSync(counted, `${dir}\n`)
  await mkdir(compiled, { recursive: true })
  await symlink(compiled, join(dir, 'cache'))
  options.prepare?.(dir)
  const { agents = 3 } = options
  const database = options.ownDatabase === true ? {} : await databaseSettings(t, dir, agents)
  const rtpFrom = 15_000 + Math.floor(Math.random() * 40) * 100
  const env = {
    HTTP_PORT: String(await freePort('127.0.0.1')),
    SIP_PORT: String(await freePort('127.0.0.1')),
    VAR_DIR: dir,
    UI_DIR: builtUi,
    LINE_HOURS: 'always',
    DEMO: options.agents === null ? '0' : '1',
    ...database,
    ...options.overrides,
  }
  const stack = await Stack.start({
    env,
    migrated: options.ownDatabase !== true,
    rtp: options.rtp ?? { from: rtpFrom, to: rtpFrom + 399 },
    ...(agents === null ? {} : { seed: (seeding) => seedDemo(seeding, { agents, hash: quickHash }) }),
    ...(options.program === undefined ? {} : { program: options.program }),
    ...(options.bounds === undefined ? {} : bounded(options.bounds)),
    ...(options.onChange === undefined ? {} : { onChange: options.onChange }),
    ...(options.nodeEnvironment === undefined ? {} : { nodeEnvironment: options.nodeEnvironment }),
  })
  const linia = liniaOf(stack, dir, agents === null ? withoutDemo(stack) : await demoOf(dir))
  t.teardown(async () => {
    if (options.leavesCalls !== true) await failOnLeftCalls(t, linia)
    await stack.stop()
  })
  return linia
}

const bounded = (shorter: LiniaOptions['bounds']): Pick<StackOptions, 'program' | 'nodeEnvironment'> => ({
  program: fileURLToPath(new URL('bounded-server.ts', import.meta.url)),
  nodeEnvironment: () => Promise.resolve({ LINIA_TEST_BOUNDS: JSON.stringify(shorter) }),
})

async function newFolder(name: string): Promise<string> {
  const folder = process.env[systemsFolder] ?? base
  await mkdir(folder, { recursive: true })
  return mkdtemp(join(folder, name))
}

/** Node's compile caches, which all installations of the tests share; without them each start takes seconds longer. */
const compiled = join(base, 'compiled')
const compiledWithinMs = 60_000

/** Fills the compile cache: the server compiles all modules before it ends because of its missing settings. */
export async function compileServer(): Promise<void> {
  const env = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: join(compiled, 'node') }
  await new Promise((resolve) => {
    execFile(
      process.execPath,
      [fileURLToPath(new URL('../../src/main.ts', import.meta.url))],
      { env, timeout: compiledWithinMs },
      resolve,
    )
  })
}

/** A Redis for one test: its URL, and the service to kill or stop. */
export async function startRedisService(t: Test) {
  const dir = await newFolder('redis-')
  const port = await freePort('127.0.0.1')
  const password = 'only-for-this-test'
  const service = await redisService({ dir, port, password, logFile: join(dir, 'redis.log') })
  t.teardown(async () => {
    await service.stop()
    await rm(dir, { recursive: true, force: true })
  })
  await service.start()
  return { url: redisUrlOf(port, password), service }
}

/** With the demo's people and papers, unless `agents` is null: their passwords come from a secret, which `dir` gets. */
async function databaseSettings(
  t: Pick<Test, 'teardown'>,
  dir: string,
  agents: number | null,
): Promise<Record<string, string>> {
  if (agents !== null) await writeFile(join(dir, 'secrets.json'), JSON.stringify({ accounts: demoSecret }))
  const { appUrl, retentionUrl, db } = await testDatabase(t, agents === null ? null : demoContent(agents))
  // A test that needs the database opens its own connection.
  await db.destroy()
  return { DATABASE_URL: appUrl, RETENTION_DATABASE_URL: retentionUrl }
}

const demoSecret = 'of the demo’s accounts'

/** Each row has its entry of the journal; without it every server would make a thousand entries in its first minute. */
const demoContent = (agents: number): Content => ({
  name: `demo${agents}`,
  async add(url) {
    const passwordOfDemo = (username: string) => passwordOf({ accounts: demoSecret }, username)
    const db = openTestDatabase(url, 4)
    await seedRows(db, { agents, hash: quickHash, passwordOf: passwordOfDemo })
    while ((await journalRows(db, rowsAtOnce)) > 0);
    while ((await journalRuns(db, rowsAtOnce)) > 0);
    await db.destroy()
  },
})
const rowsAtOnce = 500

interface DemoFile {
  readonly url: string
  readonly sip: { readonly host: string; readonly port: number }
  readonly trunk: string
  readonly accounts: readonly DemoAccount[]
}

async function demoOf(dir: string): Promise<DemoFile> {
  return JSON.parse(await readFile(join(dir, 'demo.json'), 'utf8')) as DemoFile
}

function withoutDemo({ settings }: Stack): DemoFile {
  const [url = ''] = frontUrls(settings)
  return { url, sip: settings.sip, trunk: settings.trunkHosts[0] ?? '', accounts: [] }
}

function liniaOf(stack: Stack, dir: string, demo: DemoFile): Linia {
  const port = stack.ports.get('asteriskHttp')
  const authorization = `Basic ${Buffer.from(`linia:${stack.secrets.ari}`).toString('base64')}`
  return {
    ...demo,
    stack,
    dir,
    databaseUrl: stack.environment['DATABASE_URL'] ?? '',
    account(username) {
      const found = demo.accounts.find((one) => one.username === username)
      if (found === undefined) throw new Error(`there is no demo account ${username}`)
      return found
    },
    async ari(path) {
      const answer = await fetch(`http://127.0.0.1:${port}/ari/${path}`, { headers: { authorization } })
      return answer.json()
    },
    kill(part, signal = 'SIGKILL') {
      const pid = stack.parts.get(part)?.pid
      if (pid === undefined || pid === null) throw new Error(`${part} does not run`)
      process.kill(pid, signal)
    },
  }
}

/** The answer of this node's own `/readyz`; null: none within half a second. */
export async function readinessOf({ stack }: Linia, node: number): Promise<Readiness | null> {
  const url = `http://127.0.0.1:${stack.ports.get(`api${node}`)}/readyz`
  const answer = await fetch(url, { signal: AbortSignal.timeout(500) }).catch(() => null)
  // A node that dies while it answers has not answered.
  return answer === null ? null : ((await answer.json().catch(() => null)) as Readiness | null)
}

/** Channels of calls that have just ended may take a moment to close. */
const leaveWithinMs = 15_000

async function failOnLeftCalls(t: Pick<Test, 'fail'>, linia: Linia): Promise<void> {
  if (linia.stack.parts.get('asterisk')?.pid === null) return
  for (let waitedMs = 0; ; waitedMs += 100) {
    const left = [
      ...((await linia.ari('channels')) as unknown[]),
      ...((await linia.ari('bridges')) as unknown[]),
    ]
    if (left.length === 0) return
    if (waitedMs >= leaveWithinMs) {
      t.fail('the test left channels or bridges in Asterisk', { left })
      return
    }
    await setTimeout(100)
  }
}
