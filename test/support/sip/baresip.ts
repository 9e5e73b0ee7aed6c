/**
 * A desk phone that is not ours: baresip, driven by its own commands (those of its keys) over its control socket. Its
 * microphone is a tone.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import type { Address } from '../../../tools/demo/calls/exchange.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { killAtExit } from '../at-exit.ts'
import { eventuallyMs, until } from '../until.ts'

/** What baresip reports of itself: a type such as `CALL_INCOMING`, and its parameter. */
interface Report {
  readonly type: string
  readonly param: string
}

export interface Baresip {
  /** Presses a key: a command of baresip's menu. Resolves with the time of the press, in epoch milliseconds. */
  press(
    command: 'accept' | 'hold' | 'resume' | 'hangup' | 'transfer' | 'dial' | 'line',
    parameter?: string,
  ): Promise<number>
  /** The parameter of the next report of this type that no earlier call of this function has returned. */
  next(type: string, boundMs?: number): Promise<string>
  /** The parameter of the latest report of this type. */
  last(type: string): string
  /** How many reports of this type there have been. */
  count(type: string): number
}

const host = '127.0.0.1'
const endsWithinMs = 2_000
/** The program of the Debian package `baresip-core`. */
const modules = '/usr/lib/baresip/modules'

export async function openBaresip(
  t: Pick<Test, 'teardown'>,
  phone: {
    readonly server: Address
    readonly username: string
    readonly password: string
    readonly hertz: number
  },
): Promise<Baresip> {
  const folder = await mkdtemp(join(tmpdir(), 'linia-baresip-'))
  const [sipPort, controlPort, rtpPort] = [await freePort(host), await freePort(host), await freePort(host)]
  await writeFile(
    join(folder, 'config'),
    configOf({ folder, sipPort, controlPort, rtpPort, hertz: phone.hertz }),
  )
  const { server, username, password } = phone
  await writeFile(
    join(folder, 'accounts'),
    `<sip:${username}@${server.host}:${server.port};transport=udp>;auth_pass=${password};regint=60;answermode=manual\n`,
  )
  const program = spawn('baresip', ['-f', folder], { cwd: folder, stdio: 'ignore' })
  killAtExit(program)
  const failed = once(program, 'exit').then(() => Promise.reject(new Error('baresip has ended')))
  failed.catch(() => undefined)
  t.teardown(async () => {
    program.kill('SIGTERM')
    await Promise.race([once(program, 'exit'), delay(endsWithinMs)])
    program.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  })
  const socket = await Promise.race([connected(controlPort), failed])
  t.teardown(() => socket.destroy())
  return driven(socket)
}

async function connected(port: number): Promise<Socket> {
  const giveUp = performance.now() + eventuallyMs
  for (;;) {
    const socket = createConnection(port, host)
    try {
      await once(socket, 'connect')
      return socket
    } catch (error) {
      if (performance.now() > giveUp) throw error
      await delay(50)
    }
  }
}

function driven(socket: Socket): Baresip {
  const reports: Report[] = []
  const taken = new Map<string, number>()
  let unread: Buffer = Buffer.alloc(0)
  let answers = 0
  socket.on('data', (data: Buffer) => {
    unread = Buffer.concat([unread, data])
    for (;;) {
      const parted = firstString(unread)
      if (parted === null) return
      unread = parted.rest
      const message = JSON.parse(parted.text) as Partial<Report> & {
        readonly event?: boolean
        readonly response?: boolean
      }
      if (message.response === true) answers += 1
      if (message.event === true) reports.push({ type: message.type ?? '', param: message.param ?? '' })
    }
  })
  const of = (type: string) => reports.filter((report) => report.type === type)
  return {
    async press(command, parameter = '') {
      const text = JSON.stringify({ command, params: parameter })
      const pressedAt = Date.now()
      const before = answers
      socket.write(`${Buffer.byteLength(text)}:${text},`)
      // Two commands in one packet: it may take only the first.
      await until(() => answers > before)
      return pressedAt
    },
    async next(type, boundMs) {
      const at = taken.get(type) ?? 0
      await until(() => of(type).length > at, boundMs)
      taken.set(type, at + 1)
      return of(type)[at]?.param ?? ''
    },
    last: (type) => of(type).at(-1)?.param ?? '',
    count: (type) => of(type).length,
  }
}

/** The first netstring (`12:hello world!,`); null: it is not complete. */
function firstString(data: Buffer): { readonly text: string; readonly rest: Buffer } | null {
  const colon = data.indexOf(':')
  if (colon < 0) return null
  const end = colon + 1 + Number(data.toString('latin1', 0, colon))
  if (data.length <= end) return null
  return { text: data.toString('utf8', colon + 1, end), rest: data.subarray(end + 1) }
}

function configOf(options: {
  readonly folder: string
  readonly sipPort: number
  readonly controlPort: number
  readonly rtpPort: number
  readonly hertz: number
}): string {
  return `sip_listen ${host}:${options.sipPort}
net_interface ${host}
rtp_ports ${options.rtpPort & ~1}-${(options.rtpPort & ~1) + 30}
module_path ${modules}
module g711.so
module ausine.so
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen ${host}:${options.controlPort}
audio_source ausine,${options.hertz}
ausrc_srate 48000
ausrc_channels 1
call_max_calls 4
`
}
