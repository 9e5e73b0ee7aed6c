/**
 * The telephone exchange of the demo's town: one SIPp process that carries any number of citizens
 * (`citizen.xml`). We order calls and hang-ups by SIP messages and read what happens from SIPp's log,
 * which is a named pipe.
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
import { freePort } from '../../src/stack/services/ports.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

/** What SIPp tells of a call. `at` is the wall clock in milliseconds, with microseconds behind the point. */
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
  /** Where the other side wants our sound (`progress`, `answered`), the status that refused us, or why SIPp lost the call. */
  readonly detail: readonly string[]
}

export interface Exchange {
  /** Address that the calls come from. */
  readonly from: string
  readonly target: Address
  /** SIPp's process. */
  readonly pid: number
  /** Places a call; reports of it go to the listener until the call is over. */
  call(
    order: {
      readonly callId: string
      readonly number: string
      readonly fromHeader: string
      readonly rtpPort: number
    },
    listener: (report: Report) => void,
  ): void
  /** The citizen puts the phone down: CANCEL or BYE, whichever is due. */
  hangUp(callId: string): void
  close(): Promise<void>
}

const scenario = join(import.meta.dirname, 'citizen.xml')
const orderAgainMs = 50
const orderTriesMax = 100
/**
 * Until SIPp reports the end, which its own bounds bring: 63 s for an INVITE, 32 s for a CANCEL or BYE that nobody
 * answers. Not sooner: each order that reaches it after the first has it send its BYE again.
 */
const hangUpAgainMs = 500
const run = promisify(execFile)

/** One line of the log, or null for anything else that SIPp writes there. */
export function readReport(line: string): Report | null {
  const aborted = /Call-I[dD]:? '?([\w-]+)/.exec(/abort(ing|ed) call/i.test(line) ? line : '')
  if (aborted?.[1] !== undefined) {
    return { at: Date.now(), what: 'aborted', callId: aborted[1], detail: [line] }
  }
  const told =
    /^\S+\t\S+\t(\d+\.\d+) (calling|ringing|progress|answered|bye|hung-up|cancelled|refused) (\S+)(.*)$/.exec(
      line,
    )
  if (told === null) return null
  const [, seconds = '', what = '', callId = '', rest = ''] = told
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
  // Opened for writing too, so that it neither blocks nor ends before SIPp has come.
  const log = new Socket({ fd: openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK), writable: false })
  const port = await freePort(from)
  const control = await freePort('127.0.0.1')
  const args = ['-sf', scenario, '-i', from, '-bind_local', '-p', `${port}`, '-mi', from, '-cp', `${control}`]
  args.push('-key', 'target_host', target.host, '-key', 'target_port', `${target.port}`, '-nostdin')
  args.push('-trace_logs', '-log_file', pipe, '-trace_err', '-error_file', pipe, '-max_invite_retrans', '7')
  args.push('-default_behaviors', 'all,-abortunexp')
  // It dies with us, also when we are killed. But Ctrl-C is for us alone: who is on the phone says goodbye first.
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
      // SIPp needs a moment after its start until it listens; an order that it has heard is reported at once.
      const timer = setInterval(() => {
        tries += 1
        if (over) abort(callId, 'SIPp has ended')
        else if (tries > orderTriesMax) abort(callId, 'SIPp did not take the order')
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
        // Not SIGTERM: SIPp tidies up inside its signal handler, and at times hangs there.
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
