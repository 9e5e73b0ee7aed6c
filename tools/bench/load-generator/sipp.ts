/**
 * SIPp as load generator: signalling and audio of all callers, or of all agents' phones, in one process each. Events
 * arrive as lines of its log: time, event, Call-ID, details.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { constants, openSync } from 'node:fs'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import type { Address } from '../../demo/calls/exchange.ts'
import { tone } from '../../../test/support/sip/audio.ts'

const run = promisify(execFile)

/** One line of a scenario's log. */
export interface SippEvent {
  /** Wall clock in milliseconds, with µs resolution. */
  readonly at: number
  readonly what: string
  readonly callId: string
  readonly details: readonly string[]
}

export interface SippRun {
  readonly pid: number
  /** Exit code: 0 when every call followed the scenario, 1 when one did not. */
  readonly done: Promise<number>
  /** Starts no new calls; established ones continue to their end. */
  windDown(): void
  stop(): Promise<void>
}

export interface SippOptions {
  readonly scenario: 'agent' | 'caller' | 'register' | 'phone'
  /** Folder of the scenario; default: `scenarios/` beside this file. */
  readonly folder?: string
  readonly local: Address
  readonly remote: Address
  /** `[service]`: the number to call. */
  readonly service?: string
  /** One row per call, used cyclically; fields separated by semicolons. */
  readonly rows?: readonly string[]
  /** The scenario looks its row up by the first field. */
  readonly indexed?: boolean
  readonly rtp?: { readonly from: number; readonly to: number }
  /** Total calls, concurrent calls, new calls per second. */
  readonly pace?: { readonly calls?: number; readonly atOnce: number; readonly perSecond: number }
  readonly onEvent?: (event: SippEvent) => void
  /** An error line of SIPp. */
  readonly onComplaint?: (line: string) => void
}

/** SIPp refuses more concurrent calls than its limit of open files. */
const atOnceMax = 5_000
/** SIPp's timer resolution in milliseconds. */
const timerMs = 1

export async function startSipp(options: SippOptions): Promise<SippRun> {
  const dir = await mkdtemp(join(tmpdir(), 'linia-bench-'))
  const log = join(dir, 'log')
  const errors = join(dir, 'errors')
  await run('mkfifo', [log, errors])
  const { folder = join(import.meta.dirname, 'scenarios') } = options
  await copyFile(join(folder, `${options.scenario}.xml`), join(dir, 'scenario.xml'))
  await writeFile(join(dir, 'speech.alaw'), tone(options.scenario === 'agent' ? 600 : 800))
  await writeFile(join(dir, 'rows.csv'), ['SEQUENTIAL', ...(options.rows ?? ['none'])].join('\n'))
  listen(log, (line) => {
    const event = eventOf(line)
    if (event !== null) options.onEvent?.(event)
  })
  listen(errors, (line) => {
    // Error lines begin with a time stamp; the header line does not.
    if (/^\d{4}-\d\d-\d\d\t/.test(line)) options.onComplaint?.(line)
  })
  // Phones are computers of their own: real-time priority keeps the load from delaying them (root only).
  const before = process.getuid?.() === 0 ? ['chrt', '--rr', '20'] : []
  const program = [...before, 'sipp', ...argumentsOf(options, log, errors)]
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...program], {
    cwd: dir,
    stdio: 'ignore',
  })
  const done = once(child, 'exit').then(async ([code]) => {
    await rm(dir, { recursive: true, force: true })
    return typeof code === 'number' ? code : 255
  })
  return {
    pid: child.pid ?? 0,
    done,
    windDown: () => void child.kill('SIGUSR1'),
    stop: () => end(child, done),
  }
}

function argumentsOf(options: SippOptions, log: string, errors: string): string[] {
  const { local, remote, service = '969', rtp, pace, indexed = false } = options
  return [
    `-sf scenario.xml -s ${service} -i ${local.host} -bind_local -p ${local.port} -mi ${local.host} -nostdin -aa`,
    `-inf rows.csv -trace_logs -log_file ${log} -trace_err -error_file ${errors} -timer_resol ${timerMs}`,
    indexed ? '-infindex rows.csv 0' : '',
    rtp === undefined ? '' : `-min_rtp_port ${rtp.from} -max_rtp_port ${rtp.to}`,
    pace === undefined ? '' : `-l ${Math.min(pace.atOnce, atOnceMax)} -r ${pace.perSecond}`,
    pace?.calls === undefined ? '' : `-m ${pace.calls}`,
    `${remote.host}:${remote.port}`,
  ].flatMap((part) => part.split(' ').filter((word) => word !== ''))
}

/** Opened for writing too, so that opening does not block and no end of file comes before SIPp opens the pipe. */
function listen(pipe: string, onLine: (line: string) => void): void {
  const fd = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)
  const socket = new Socket({ fd, writable: false })
  socket.unref()
  createInterface({ input: socket }).on('line', onLine)
}

function eventOf(line: string): SippEvent | null {
  const found = /^\S+\t\S+\t(\d+\.\d+) (\S+) (\S+) ?(.*)$/.exec(line)
  if (found === null) return null
  const [, seconds = '', what = '', callId = '', details = ''] = found
  return { at: Number(seconds) * 1000, what, callId, details: details.split(' ') }
}

async function end(child: ChildProcess, done: Promise<number>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await done
}
