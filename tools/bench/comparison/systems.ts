/**
 * What is compared, on the same Asterisk with the same phones and callers: Linia, and Asterisk's own
 * app_queue, which is given its best settings and the same recording. They take turns; while app_queue has
 * one the Node server is stopped, so that it costs nothing.
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
  /** The number that its callers dial. */
  readonly number: string
  /** The processes that it is made of. */
  readonly parts: readonly Part[]
  /** Its turn begins: from here on nothing of the other one computes. */
  enter(): Promise<void>
  /** Its turn is over. */
  leave(): Promise<void>
  /** Registered phones take its calls from here on. */
  begin(accounts: readonly DemoAccount[]): Promise<void>
}

const run = promisify(execFile)
const queueNumber = '968'

export function linia(stack: Stack, url: string): System {
  return {
    name: 'Linia',
    number: '969',
    parts: ['server1', 'watchdog', 'front', 'redis', 'postgres', 'asterisk'],
    // It is there whenever no other has its turn.
    enter: () => Promise.resolve(),
    leave: () => Promise.resolve(),
    begin: (accounts) => signIn(url, accounts),
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

/** The dialplan of the comparison: what `dialplan/inbound.conf` does for a call, and Queue in place of Stasis. */
const steps = [
  'Set(folder=${LINIA_RECORDINGS}/bench-${UNIQUEID})',
  'MixMonitor(${folder}/mix.wav,br(${folder}/caller.wav)t(${folder}/agent.wav))',
  'Answer(0,i)',
  `Queue(${queue})`,
  'Hangup()',
]

/** A server that starts anew has connected within this. */
const backWithinMs = 60_000

export function appQueue(stack: Stack): System {
  const record = stack.environment['CEL_FILE'] ?? ''
  let isThere = false
  let recordBytes = 0
  return {
    name: 'app_queue',
    number: queueNumber,
    parts: ['asterisk'],
    async enter() {
      await stack.parts.get('watchdog')?.stop()
      await stack.parts.get('server1')?.stop()
      if (!isThere) await addQueue(stack)
      isThere = true
      // Without a call there is no record.
      recordBytes = existsSync(record) ? (await stat(record)).size : 0
    },
    async leave() {
      // The server would book these calls as ones that it has not seen, and look for their recordings.
      if (existsSync(record)) await truncate(record, recordBytes)
      await stack.parts.get('server1')?.start()
      await stack.parts.get('watchdog')?.start()
      await stack.ready(backWithinMs)
    },
    async begin(accounts) {
      // Who is a member already stays one.
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

/** A command of Asterisk's console. */
export async function asteriskCli(stack: Stack, command: string): Promise<string> {
  const service = stack.parts.get('asterisk')
  if (service === undefined) throw new Error('this stack has no Asterisk of its own')
  const args = service.options.args.filter((arg) => arg !== '-f')
  return (await run(service.options.command, [...args, '-rx', command])).stdout
}
