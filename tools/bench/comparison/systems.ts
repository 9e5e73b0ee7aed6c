/**
 * The systems compared on the same Asterisk with the same phones and callers: Linia, Asterisk's app_queue with its best
 * settings, and the bare loop, all with the same recording. They alternate; during the others' turns Linia's server is
 * stopped, so that it uses no processor time.
 */
import { execFile, fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { appendFile, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { DemoAccount } from '../../demo/demo-file.ts'
import type { Part, Stack } from '../../../src/stack/stack.ts'
import { signIn } from '../load-generator/agents.ts'

export interface System {
  readonly name: 'Linia' | 'app_queue' | 'bare loop'
  /** The number dialled. */
  readonly number: string
  /** The processes that belong to the system. */
  readonly parts: readonly Part[]
  /** Starts its turn: the other system's processes are stopped. */
  activate(): Promise<void>
  /** Ends its turn. */
  deactivate(): Promise<void>
  /** Makes these registered phones receive its calls. */
  signIn(accounts: readonly DemoAccount[]): Promise<void>
}

const run = promisify(execFile)
const queueNumber = '968'

export function linia(stack: Stack, url: string): System {
  return {
    name: 'Linia',
    number: '969',
    parts: ['server1', 'watchdog', 'front', 'redis', 'postgres', 'asterisk'],
    // Linia runs whenever the other system does not have its turn.
    activate: () => Promise.resolve(),
    deactivate: () => Promise.resolve(),
    signIn: (accounts) => signIn(url, accounts),
  }
}

const queue = 'bench'
const queueSettings = `
[${queue}]
strategy = leastrecent
timeout = 15
retry = 1
wrapuptime = 0
ringinuse = no
joinempty = yes
musicclass = default
`

/** The dialplan of app_queue: as `dialplan/inbound.conf`, with Queue in place of Stasis. */
const steps = [
  'Set(folder=${LINIA_RECORDINGS}/bench-${UNIQUEID})',
  'MixMonitor(${folder}/mix.wav,br(${folder}/caller.wav)t(${folder}/agent.wav))',
  'Answer(0,i)',
  `Queue(${queue})`,
  'Hangup()',
]

/** Bound for a restarted server to be ready. */
const backWithinMs = 60_000

export function appQueue(stack: Stack): System {
  const alone = withoutLinia(stack)
  let isConfigured = false
  return {
    name: 'app_queue',
    number: queueNumber,
    parts: ['asterisk'],
    async activate() {
      await alone.begin()
      if (!isConfigured) await addQueue(stack)
      isConfigured = true
    },
    deactivate: alone.end,
    async signIn(accounts) {
      // Adding an existing member has no effect.
      for (const { phone } of accounts)
        await asteriskCli(stack, `queue add member PJSIP/${phone?.username} to ${queue}`)
    },
  }
}

const bareNumber = '967'
const bareCaller = ['Answer(0,i)', 'Stasis(bare,inbound)', 'Hangup()']
/** As `linia-leg` in `dialplan/legs.conf`. */
const bareAgent = [
  'Set(folder=${LINIA_RECORDINGS}/bench-${UNIQUEID})',
  'MixMonitor(,br(${folder}/agent.wav)t(${folder}/caller.wav))',
  'Stasis(bare,agent)',
  'Hangup()',
]

/** The shortest ARI program that does the same. */
export function bareLoop(stack: Stack): System {
  const alone = withoutLinia(stack)
  let isConfigured = false
  let loop: ChildProcess | null = null
  return {
    name: 'bare loop',
    number: bareNumber,
    parts: ['asterisk'],
    async activate() {
      await alone.begin()
      if (isConfigured) return
      isConfigured = true
      await addSteps(stack, bareNumber, bareCaller, 'inbound')
      await addSteps(stack, 'bare', bareAgent, 'linia-leg')
    },
    async deactivate() {
      loop?.kill()
      loop = null
      await alone.end()
    },
    async signIn(accounts) {
      const agents = accounts.map(({ phone }) => phone?.username ?? '')
      const env = { ...process.env, ARI_URL: stack.environment['ARI_URL'], AGENTS: agents.join(',') }
      loop = fork(join(import.meta.dirname, 'bare-loop.ts'), { env })
      await once(loop, 'message')
    },
  }
}

/** Linia's server and watchdog are stopped from `begin` to `end`; the calls in between leave no trace in its record. */
function withoutLinia(stack: Stack) {
  const record = stack.environment['CEL_FILE'] ?? ''
  let recordBytes = 0
  return {
    async begin(): Promise<void> {
      await stack.parts.get('watchdog')?.stop()
      await stack.parts.get('server1')?.stop()
      // Asterisk creates the file with the first call.
      recordBytes = existsSync(record) ? (await stat(record)).size : 0
    },
    async end(): Promise<void> {
      // Otherwise the server would import these calls from CEL and search for their recordings.
      if (existsSync(record)) await truncate(record, recordBytes)
      await stack.parts.get('server1')?.start()
      await stack.parts.get('watchdog')?.start()
      await stack.ready(backWithinMs)
    },
  }
}

async function addQueue(stack: Stack): Promise<void> {
  await appendFile(join(stack.environment['ASTERISK_ETC'] ?? '', 'queues.conf'), queueSettings)
  await asteriskCli(stack, 'queue reload all')
  await addSteps(stack, queueNumber, steps, 'inbound')
}

async function addSteps(stack: Stack, extension: string, added: readonly string[], context: string) {
  for (const [at, step] of added.entries())
    await asteriskCli(stack, `dialplan add extension ${extension},${at + 1},${step} into ${context}`)
}

/** Runs a command on Asterisk's console and returns its output. */
export async function asteriskCli(stack: Stack, command: string): Promise<string> {
  const service = stack.parts.get('asterisk')
  if (service === undefined) throw new Error('this stack does not run its own Asterisk')
  const args = service.options.args.filter((arg) => arg !== '-f')
  return (await run(service.options.command, [...args, '-rx', command])).stdout
}
