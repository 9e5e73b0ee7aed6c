/**
 * The systems compared on the same Asterisk with the same phones and callers: Linia, and Asterisk's app_queue with
 * its best settings and the same recording. They alternate; during app_queue's turn the Node server is stopped, so
 * that it uses no processor time.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { DemoAccount } from '../../demo/demo-file.ts'
import type { Part, Stack } from '../../../src/stack/stack.ts'
import { signIn } from '../load-generator/agents.ts'

export interface System {
  readonly name: 'Linia' | 'app_queue'
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
  const record = stack.environment['CEL_FILE'] ?? ''
  let isConfigured = false
  let recordBytes = 0
  return {
    name: 'app_queue',
    number: queueNumber,
    parts: ['asterisk'],
    async activate() {
      await stack.parts.get('watchdog')?.stop()
      await stack.parts.get('server1')?.stop()
      if (!isConfigured) await addQueue(stack)
      isConfigured = true
      // Asterisk creates the file with the first call.
      recordBytes = existsSync(record) ? (await stat(record)).size : 0
    },
    async deactivate() {
      // Otherwise the server would import these calls from CEL and search for their recordings.
      if (existsSync(record)) await truncate(record, recordBytes)
      await stack.parts.get('server1')?.start()
      await stack.parts.get('watchdog')?.start()
      await stack.ready(backWithinMs)
    },
    async signIn(accounts) {
      // Adding an existing member has no effect.
      for (const { phone } of accounts)
        await asteriskCli(stack, `queue add member PJSIP/${phone?.username} to ${queue}`)
    },
  }
}

async function addQueue(stack: Stack): Promise<void> {
  await appendFile(join(stack.environment['ASTERISK_ETC'] ?? '', 'queues.conf'), queueSettings)
  await asteriskCli(stack, 'queue reload all')
  for (const [at, step] of steps.entries())
    await asteriskCli(stack, `dialplan add extension ${queueNumber},${at + 1},${step} into inbound`)
}

/** Runs a command on Asterisk's console and returns its output. */
export async function asteriskCli(stack: Stack, command: string): Promise<string> {
  const service = stack.parts.get('asterisk')
  if (service === undefined) throw new Error('this stack does not run its own Asterisk')
  const args = service.options.args.filter((arg) => arg !== '-f')
  return (await run(service.options.command, [...args, '-rx', command])).stdout
}
