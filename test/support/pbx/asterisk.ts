/** A real Asterisk for one test: free ports, its own folder, removed at the end. */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import type { Test } from 'tap'
import { AgentId, PbxName } from '../../../src/core/ids.ts'
import { musicOf } from '../../../src/core/prompts/recordable.ts'
import type { AgentProfile } from '../../../src/core/queue.ts'
import { recordedIn } from '../../../src/asterisk/config/heard-sounds.ts'
import {
  layOutAsterisk,
  type AsteriskLayout,
  type AsteriskOptions,
} from '../../../src/asterisk/config/layout.ts'
import { AsteriskPbx } from '../../../src/asterisk/pbx.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { answersText } from '../../../src/stack/services/probes.ts'
import { provideAsterisk } from '../../../src/stack/install/asterisk-tree.ts'
import { quiet } from '../../../src/stack/terminal.ts'
import { fetchSounds, keepSounds } from '../../../src/stack/install/sounds-cache.ts'
import type { PbxEvent } from '../../../src/acd/ports.ts'
import { killAtExit } from '../at-exit.ts'

export const trunkAddress = '127.0.0.2'
/** Begins with 0x, as a random password may: a client that decodes it as hexadecimal is rejected. */
export const phonePassword = (username: string, device: string) =>
  `0xtest-only-password-${username}-${device}`

export interface TestAsterisk {
  readonly options: AsteriskOptions
  readonly layout: AsteriskLayout
  /** A new adapter to it, stopped with the test, and all events it has emitted. */
  readonly pbx: () => { pbx: AsteriskPbx; events: PbxEvent[] }
  readonly signal: (signal: NodeJS.Signals) => void
  /** Kills it at once and starts it again. */
  readonly restart: () => Promise<void>
}

export async function startAsterisk(t: Test, change: Partial<AsteriskOptions> = {}): Promise<TestAsterisk> {
  const dir = await mkdtemp(join(tmpdir(), 'linia-ast-'))
  const host = '127.0.0.1'
  const [sip, http, ami] = await Promise.all([freePort(host), freePort(host), freePort(host)])
  const { tree } = await provideAsterisk(quiet)
  const rtp = 10_000 + randomInt(0, 50) * 20
  const options: AsteriskOptions = {
    dir,
    tree,
    name: PbxName('pbx1'),
    sip: { host, port: sip },
    http: { host, port: http },
    ami: { host, port: ami },
    rtp: { from: rtp, to: rtp + 99 },
    trunkHosts: [trunkAddress],
    trunkRegister: null,
    lan: null,
    secrets: { ariUser: 'linia', ariPassword: 'test-ari', amiUser: 'linia', amiPassword: 'test-ami' },
    recordings: join(dir, 'recordings'),
    callable: ['+402', '+403', '+407'],
    // The tests decide when a call is answered.
    answer: 'agent',
    ...change,
  }
  await fetchSounds(join(dir, 'sounds'))
  const layout = await layOutAsterisk(options)
  if (options.studio === undefined) await keepSounds(layout.soundsDir)
  let child = await run(layout, options)
  const adapters: AsteriskPbx[] = []
  t.teardown(async () => {
    for (const adapter of adapters) await adapter.stop()
    await end(child)
    if (process.env['KEEP'] === undefined) await rm(dir, { recursive: true, force: true })
    else console.error(dir)
  })
  return {
    options,
    layout,
    pbx: () => {
      const pbx = adapterOf(options, layout)
      adapters.push(pbx)
      const events: PbxEvent[] = []
      pbx.onEvent((event) => events.push(event))
      return { pbx, events }
    },
    signal: (signal) => child.kill(signal),
    restart: async () => {
      await end(child)
      child = await run(layout, options)
    },
  }
}

function adapterOf(options: AsteriskOptions, layout: AsteriskLayout): AsteriskPbx {
  const { secrets, http, ami } = options
  return new AsteriskPbx({
    name: options.name,
    ariUrl: `http://${http.host}:${http.port}`,
    ariUser: secrets.ariUser,
    ariPassword: secrets.ariPassword,
    ami: { ...ami, user: secrets.amiUser, password: secrets.amiPassword },
    etcDir: layout.etcDir,
    soundsDir: layout.soundsDir,
    hasMusic: (queue) => existsSync(join(recordedIn(layout.soundsDir), `${musicOf(queue)}.wav`)),
    mediaHost: options.lan ?? options.sip.host,
    onLan: options.lan !== null,
    // The tests' browser phones connect to Asterisk without front and gate.
    webFrom: null,
    phonePassword,
    trunkHosts: options.trunkHosts,
    trunkRegister: options.trunkRegister,
    securityLog: join(options.dir, 'log', 'security.log'),
    log: pino({ level: process.env['LOG'] ?? 'silent' }),
    now: Date.now,
  })
}

export const agent = (username: string): AgentProfile => ({
  id: AgentId(`id-${username}`),
  username,
  name: username,
  skills: {},
})

const upWithinMs = 60_000

async function run(layout: AsteriskLayout, options: AsteriskOptions): Promise<ChildProcess> {
  const child = spawn(layout.command, layout.args, {
    env: { ...process.env, ...layout.env },
    stdio: 'ignore',
  })
  killAtExit(child)
  const { ami, secrets } = options
  const login = `Action: Login\r\nUsername: ${secrets.amiUser}\r\nSecret: ${secrets.amiPassword}\r\n\r\n`
  const deadline = performance.now() + upWithinMs
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error('Asterisk ended during its start.')
    // Its ports open before it is fully booted; a REGISTER then gets a challenge with an empty realm.
    if (await answersText(ami, login, /^Event: FullyBooted/m)) return child
    await delay(25)
  }
  child.kill('SIGKILL')
  throw new Error(`Asterisk was not ready within ${upWithinMs / 1000} s.`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
