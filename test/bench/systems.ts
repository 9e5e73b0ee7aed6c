/**
 * What is compared, on the same Asterisk with the same phones and callers: Linia, and Asterisk's own
 * app_queue, which is given its best settings and the same recording. They take turns; while app_queue has
 * one the Node server is stopped, so that it costs nothing.
 */
import { execFile } from 'node:child_process'
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { celColumns } from '../../src/asterisk/cel-columns.ts'
import { rowsOf } from '../../src/ledger/cel-rows.ts'
import { openDatabase } from '../../src/ledger/database.ts'
import type { DemoAccount } from '../../src/stack/demo/demo-file.ts'
import type { Part, Stack } from '../../src/stack/stack.ts'
import { until } from '../support/until.ts'
import { signIn } from './agents.ts'

export interface System {
  readonly name: 'Linia' | 'app_queue'
  /** The number that its callers dial. */
  readonly number: string
  /** The processes that it is made of. */
  readonly parts: readonly Part[]
  /** Its turn begins: nothing of the other one computes or is left to be done. */
  enter(): Promise<void>
  /** Registered phones take its calls from here on. */
  begin(accounts: readonly DemoAccount[]): Promise<void>
}

const run = promisify(execFile)
const queueNumber = '968'

/** A server that starts anew has connected, and its agents' phones are known, within this. */
const backWithinMs = 60_000
/** What Asterisk alone has seen is imported half a minute after it has ended. */
const witnessedWithinMs = 90_000
const againMs = 500

export function linia(stack: Stack, url: string): System {
  return {
    name: 'Linia',
    number: '969',
    parts: ['server1', 'watchdog', 'front', 'redis', 'postgres', 'asterisk'],
    async enter() {
      const server = stack.parts.get('server1')
      if (server === undefined || server.pid !== null) return
      await server.start()
      await stack.parts.get('watchdog')?.start()
      await until(() => isReady(url), backWithinMs)
      // To the server app_queue's calls are calls that it has not seen: it books them, and not while it is measured.
      await witnessed(stack)
    },
    begin: (accounts) => signIn(url, accounts),
  }
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`).catch(() => null)
  await answer?.body?.cancel()
  return answer?.status === 200
}

/** Until the ledger has every call of app_queue's that Asterisk's record has. */
async function witnessed({ environment }: Stack): Promise<void> {
  const record = await readFile(environment['CEL_FILE'] ?? '')
  const calls = rowsOf(record, celColumns).rows.filter(
    ({ row }) => row.event === 'CHAN_START' && row.exten === queueNumber,
  )
  const db = openDatabase({ url: environment['DATABASE_URL'] ?? '', connectionsMax: 1 })
  try {
    const giveUpAt = Date.now() + witnessedWithinMs
    for (;;) {
      const { booked } = await db
        .selectFrom('calls')
        .where('line', '=', queueNumber)
        .select(({ fn }) => fn.countAll<number>().as('booked'))
        .executeTakeFirstOrThrow()
      if (booked >= calls.length) return
      if (Date.now() > giveUpAt) throw new Error(`of ${calls.length} calls of app_queue ${booked} are booked`)
      await delay(againMs)
    }
  } finally {
    await db.destroy()
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

export function appQueue(stack: Stack): System {
  let isThere = false
  return {
    name: 'app_queue',
    number: queueNumber,
    parts: ['asterisk'],
    async enter() {
      await stack.parts.get('watchdog')?.stop()
      await stack.parts.get('server1')?.stop()
      if (!isThere) await addQueue(stack)
      isThere = true
    },
    async begin(accounts) {
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
