/**
 * SIPp as load generator: signalling and sound of all callers, or of all agents' phones, in one process
 * each. What happens comes as lines of its log: time, what, Call-ID, details.
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
import type { Address } from '../../demo/exchange.ts'
import { tone } from '../../../test/support/audio.ts'

const run = promisify(execFile)

/** One line of a scenario's log. */
export interface SippEvent {
  /** Wall clock, ms with µs. */
  readonly at: number
  readonly what: string
  readonly callId: string
  readonly details: readonly string[]
}

export interface SippRun {
  readonly pid: number
  /** Its exit code once it has ended: 0 when every call went as the scenario says, 1 when some did not. */
  readonly done: Promise<number>
  /** No new calls; those that stand go on to their end. */
  windDown(): void
  stop(): Promise<void>
}

export interface SippOptions {
  readonly scenario: 'agent' | 'caller' | 'register' | 'phone'
  /** Where the scenario lies; without: `scenarios/` here. */
  readonly folder?: string
  readonly local: Address
  readonly remote: Address
  /** `[service]`: the number to call. */
  readonly service?: string
  /** One per call, taken in turn and then from the start again; semicolons between the fields. */
  readonly rows?: readonly string[]
  /** The scenario finds its row by the first field. */
  readonly indexed?: boolean
  readonly rtp?: { readonly from: number; readonly to: number }
  /** How many calls in all, at once, and new ones a second. */
  readonly pace?: { readonly calls?: number; readonly atOnce: number; readonly perSecond: number }
  readonly onEvent?: (event: SippEvent) => void
  /** What SIPp itself found wrong with a call. */
  readonly onComplaint?: (line: string) => void
}

/** It complains of more than it may have open files, though it opens none for a call: nobody has so many at once. */
const atOnceMax = 5_000
/** SIPp checks this often, in milliseconds, whether it has to do something. */
const timerMs = 1

export async function startSipp(options: SippOptions): Promise<SippRun> {
  const dir = await mkdtemp(join(tmpdir(), 'linia-bench-'))
  const log = join(dir, 'log')
  const errors = join(dir, 'errors')
  await run('mkfifo', [log, errors])
  const { folder = join(import.meta.dirname, '../scenarios') } = options
  await copyFile(join(folder, `${options.scenario}.xml`), join(dir, 'scenario.xml'))
  await writeFile(join(dir, 'speech.alaw'), tone(options.scenario === 'agent' ? 600 : 800))
  await writeFile(join(dir, 'rows.csv'), ['SEQUENTIAL', ...(options.rows ?? ['none'])].join('\n'))
  listen(log, (line) => {
    const event = momentOf(line)
    if (event !== null) options.onEvent?.(event)
  })
  listen(errors, (line) => {
    // Each begins with its time; the head line of the file does not.
    if (/^\d{4}-\d\d-\d\d\t/.test(line)) options.onComplaint?.(line)
  })
  // Telephones are computers of their own: they wait for nobody here, where we may say so.
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

/** Opened for writing too, so that it neither blocks nor ends before SIPp has come. */
function listen(pipe: string, hear: (line: string) => void): void {
  const fd = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)
  const socket = new Socket({ fd, writable: false })
  socket.unref()
  createInterface({ input: socket }).on('line', hear)
}

function momentOf(line: string): SippEvent | null {
  const found = /^\S+\t\S+\t(\d+\.\d+) (\S+) (\S+) ?(.*)$/.exec(line)
  if (found === null) return null
  const [, seconds = '', what = '', callId = '', details = ''] = found
  return { at: Number(seconds) * 1000, what, callId, details: details.split(' ') }
}

async function end(child: ChildProcess, done: Promise<number>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await done
}
