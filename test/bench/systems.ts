/**
 * What is compared, on the same Asterisk with the same phones and callers: Linia, and Asterisk's own
 * app_queue, which is given its best settings and the same recording. While app_queue has its turn the
 * Node server is stopped, so that it costs nothing.
 */
import { execFile } from 'node:child_process'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { DemoAccount } from '../../src/stack/demo/demo-file.ts'
import type { Part, Stack } from '../../src/stack/stack.ts'
import { signIn } from './agents.ts'

export interface System {
  readonly name: 'Linia' | 'app_queue'
  /** The number that its callers dial. */
  readonly number: string
  /** The processes that it is made of. */
  readonly parts: readonly Part[]
  /** Registered phones take calls from here on. */
  begin(accounts: readonly DemoAccount[]): Promise<void>
}

const run = promisify(execFile)
const queueNumber = '968'

export function linia(stack: Stack, url: string): System {
  return {
    name: 'Linia',
    number: '969',
    parts: ['server1', 'watchdog', 'front', 'redis', 'postgres', 'asterisk'],
    begin: (accounts) => signIn(url, accounts),
  }
}

const queueSettings = `
[bench]
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
  'Queue(bench)',
  'Hangup()',
]

export function appQueue(stack: Stack): System {
  return {
    name: 'app_queue',
    number: queueNumber,
    parts: ['asterisk'],
    async begin(accounts) {
      await stack.parts.get('watchdog')?.stop()
      await stack.parts.get('server1')?.stop()
      await appendFile(join(stack.environment['ASTERISK_ETC'] ?? '', 'queues.conf'), queueSettings)
      await asteriskCli(stack, 'queue reload all')
      for (const [at, step] of steps.entries())
        await asteriskCli(stack, `dialplan add extension ${queueNumber},${at + 1},${step} into inbound`)
      for (const { phone } of accounts)
        await asteriskCli(stack, `queue add member PJSIP/${phone?.username} to bench`)
    },
  }
}

/** A command of Asterisk's console. */
export async function asteriskCli(stack: Stack, command: string): Promise<string> {
  const service = stack.parts.get('asterisk')
  if (service === undefined) throw new Error('this stack has no Asterisk of its own')
  const args = service.options.args.filter((arg) => arg !== '-f')
  return (await run(service.options.command, [...args, '-rx', command])).stdout
}
