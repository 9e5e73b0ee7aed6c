/** A desk phone that is not ours: linphone (`linphonec`), driven by its own commands. Its microphone is a sound file. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import type { Address } from '../../../tools/demo/calls/exchange.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { killAtExit } from '../at-exit.ts'
import { eventuallyMs, until } from '../until.ts'

export interface Linphone {
  /** Gives a command of its console (`pause`, `call <address>`). Resolves with the time, in epoch milliseconds. */
  press(command: string): Promise<number>
  /** Waits until it says this, after what was waited for before; answers the match. */
  says(pattern: RegExp, boundMs?: number): Promise<RegExpExecArray>
}

const host = '127.0.0.1'
const endsWithinMs = 3_000

export async function openLinphone(
  t: Pick<Test, 'teardown'>,
  phone: {
    readonly server: Address
    readonly username: string
    readonly password: string
    /** What its microphone hears: 8 kHz, 16 bit, one channel. */
    readonly speech: string
  },
): Promise<Linphone> {
  const folder = await mkdtemp(join(tmpdir(), 'linia-linphone-'))
  const [sipPort, rtpPort] = [await freePort(host), await freePort(host)]
  // It starts without them, and never gets so far as to register.
  for (const own of ['.local/share/linphone', '.config/linphone'])
    await mkdir(join(folder, own), { recursive: true })
  const { server, username, password } = phone
  await writeFile(join(folder, 'rc'), configOf({ sipPort, rtpPort, username, server, password }))
  const program = spawn('linphonec', ['-c', join(folder, 'rc')], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  killAtExit(program)
  t.teardown(async () => {
    program.stdin.write('quit\n')
    await Promise.race([once(program, 'exit'), delay(endsWithinMs)])
    program.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  })
  let text = ''
  let read = 0
  program.stdout.setEncoding('utf8').on('data', (more: string) => (text += more))
  async function says(pattern: RegExp, boundMs = eventuallyMs): Promise<RegExpExecArray> {
    let found: RegExpExecArray | null = null
    await until(() => (found = pattern.exec(text.slice(read))) !== null, boundMs).catch(() => {
      throw new Error(`linphone has not said ${pattern}: ${text}`)
    })
    const match = found as RegExpExecArray | null
    if (match === null) throw new Error('unreachable')
    read += match.index + match[0].length
    return match
  }
  async function press(command: string): Promise<number> {
    const pressedAt = Date.now()
    program.stdin.write(`${command}\n`)
    await delay(0)
    return pressedAt
  }
  await says(/linphonec>/)
  await press('soundcard use files')
  await press(`play ${phone.speech}`)
  return { press, says }
}

function configOf(options: {
  readonly sipPort: number
  readonly rtpPort: number
  readonly username: string
  readonly password: string
  readonly server: Address
}): string {
  const { sipPort, rtpPort, username, password, server } = options
  const address = `${server.host}:${server.port}`
  return `[sip]
sip_port=${sipPort}
sip_tcp_port=0
sip_tls_port=0
default_proxy=0
use_ipv6=0
media_encryption=none
contact="${username}" <sip:${username}@127.0.0.1>
[rtp]
audio_rtp_port=${rtpPort & ~1}
[net]
mtu=0
firewall_policy=0
[proxy_0]
reg_proxy=<sip:${address};transport=udp>
reg_identity="${username}" <sip:${username}@${address}>
reg_expires=60
reg_sendregister=1
publish=0
[auth_info_0]
username=${username}
passwd=${password}
realm=linia
[audio_codec_0]
mime=PCMA
rate=8000
channels=1
enabled=1
[audio_codec_1]
mime=opus
rate=48000
channels=2
enabled=0
[sound]
echocancellation=0
[video]
enabled=0
`
}
