/**
 * The demo's telephone exchange: one SIPp process that carries any number of citizens' calls (`citizen.xml`). Calls and
 * hang-ups are commanded by SIP messages; events are read from SIPp's log, a named pipe.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { constants, openSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { freePort } from '../../../src/stack/services/ports.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

/** An event of a call from SIPp's log. `at` is the wall clock in milliseconds, with µs resolution. */
export interface Report {
  readonly at: number
  readonly what:
    | 'calling'
    | 'ringing'
    | 'progress'
    | 'answered'
    | 'bye'
    | 'hung-up'
    | 'cancelled'
    | 'refused'
    | 'aborted'
  readonly callId: string
  /** Remote media address (`progress`, `answered`), status of the refusal, or SIPp's reason for aborting. */
  readonly detail: readonly string[]
}

export interface Exchange {
  /** Source address of the calls. */
  readonly from: string
  readonly target: Address
  /** Process id of SIPp. */
  readonly pid: number
  /** Places a call; its events go to the listener until the call ends. */
  call(
    order: {
      readonly callId: string
      readonly number: string
      readonly fromHeader: string
      readonly rtpPort: number
    },
    listener: (report: Report) => void,
  ): void
  /** Hangs up: CANCEL or BYE, whichever applies. */
  hangUp(callId: string): void
  close(): Promise<void>
}

const scenario = join(import.meta.dirname, 'citizen.xml')
const orderAgainMs = 50
/** A minute: on a busy machine SIPp takes long to start. */
const orderTriesMax = 1_200
/**
 * Interval of repeated hang-up commands, until SIPp reports the end; its own time-outs are 63 s for an INVITE, 32 s
 * for an unanswered CANCEL or BYE. Not shorter: each repeated command makes SIPp send its BYE again.
 */
const hangUpAgainMs = 500
const run = promisify(execFile)

/** Parses a line of the log; null for other output. */
export function readReport(line: string): Report | null {
  const aborted = /Call-I[dD]:? '?([\w-]+)/.exec(/abort(ing|ed) call/i.test(line) ? line : '')
  if (aborted?.[1] !== undefined) {
    return { at: Date.now(), what: 'aborted', callId: aborted[1], detail: [line] }
  }
  const match =
    /^\S+\t\S+\t(\d+\.\d+) (calling|ringing|progress|answered|bye|hung-up|cancelled|refused) (\S+)(.*)$/.exec(
      line,
    )
  if (match === null) return null
  const [, seconds = '', what = '', callId = '', rest = ''] = match
  return {
    at: Number(seconds) * 1000,
    what: what as Report['what'],
    callId,
    detail: rest.split(' ').filter((word) => word !== ''),
  }
}

function order(method: 'INFO' | 'MESSAGE', callId: string, headers: readonly string[] = []): Buffer {
  return Buffer.from(
    [
      `${method} sip:citizen@exchange SIP/2.0`,
      `Via: SIP/2.0/UDP exchange;branch=z9hG4bK-${callId}-${method}`,
      'From: <sip:demo@exchange>;tag=1',
      'To: <sip:citizen@exchange>',
      `Call-ID: ${callId}`,
      `CSeq: 1 ${method}`,
      ...headers,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  )
}

interface Sipp {
  readonly process: ChildProcess
  readonly port: number
  readonly directory: string
  readonly log: Socket
}

async function startSipp(from: string, target: Address): Promise<Sipp> {
  const directory = await mkdtemp(join(tmpdir(), 'linia-exchange-'))
  const pipe = join(directory, 'log')
  await run('mkfifo', [pipe])
  // Opened for writing too, so that opening does not block and no end of file comes before SIPp opens the pipe.
  const log = new Socket({ fd: openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK), writable: false })
  const port = await freePort(from)
  const control = await freePort('127.0.0.1')
  const args = ['-sf', scenario, '-i', from, '-bind_local', '-p', `${port}`, '-mi', from, '-cp', `${control}`]
  args.push('-key', 'target_host', target.host, '-key', 'target_port', `${target.port}`, '-nostdin')
  args.push('-trace_logs', '-log_file', pipe, '-trace_err', '-error_file', pipe, '-max_invite_retrans', '7')
  args.push('-default_behaviors', 'all,-abortunexp')
  // SIPp dies with this process, also when it is killed. Detached from Ctrl-C, so that calls can be hung up first.
  const process = spawn('setpriv', ['--pdeathsig', 'KILL', 'sipp', ...args], {
    cwd: directory,
    stdio: 'ignore',
    detached: true,
  })
  return { process, port, directory, log }
}

export async function openExchange(from: string, target: Address): Promise<Exchange> {
  const sipp = await startSipp(from, target)
  const socket = createSocket('udp4')
  socket.bind(0, from)
  await once(socket, 'listening')
  const listeners = new Map<string, (report: Report) => void>()
  let over = false

  const tell = (report: Report): void => {
    listeners.get(report.callId)?.(report)
    if (['bye', 'hung-up', 'cancelled', 'refused', 'aborted'].includes(report.what))
      listeners.delete(report.callId)
  }
  const lines = createInterface({ input: sipp.log })
  lines.on('line', (line) => {
    const report = readReport(line)
    if (report !== null) tell(report)
  })
  const abort = (callId: string, why: string): void =>
    tell({ at: Date.now(), what: 'aborted', callId, detail: [why] })
  const endAll = (): void => {
    over = true
    for (const callId of listeners.keys()) abort(callId, 'SIPp has ended')
  }
  sipp.process.on('exit', endAll)
  sipp.process.on('error', endAll)

  const send = (message: Buffer): void => socket.send(message, sipp.port, from)
  return {
    from,
    target,
    pid: sipp.process.pid ?? 0,
    call({ callId, number, fromHeader, rtpPort }, listener) {
      const message = order('INFO', callId, [
        `X-Number: ${number}`,
        `X-From: ${fromHeader}`,
        `X-Rtp-Port: ${rtpPort}`,
      ])
      let tries = 0
      // Repeated until SIPp reports the call: it may not be listening yet after its start.
      const timer = setInterval(() => {
        tries += 1
        if (over) abort(callId, 'SIPp has ended')
        else if (tries > orderTriesMax) abort(callId, 'SIPp did not accept the call')
        else send(message)
      }, orderAgainMs)
      listeners.set(callId, (report) => {
        clearInterval(timer)
        listener(report)
      })
      send(message)
    },
    hangUp(callId) {
      const message = order('MESSAGE', callId)
      const say = (): void => {
        if (listeners.has(callId)) send(message)
        else clearInterval(timer)
      }
      const timer = setInterval(say, hangUpAgainMs)
      say()
    },
    async close() {
      if (!over) {
        const gone = once(sipp.process, 'exit')
        // Not SIGTERM: SIPp cleans up inside its signal handler and sometimes hangs there.
        sipp.process.kill('SIGKILL')
        await gone
      }
      socket.close()
      lines.close()
      sipp.log.destroy()
      await rm(sipp.directory, { recursive: true, force: true })
    },
  }
}
