/** The gate before Asterisk's WebSocket as a separate supervised process, independent of the server's life. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { phoneSocket } from '../../http/session/wire.ts'
import { ownPrograms } from '../privileges/landlock.ts'
import { answersHttp } from './probes.ts'
import { Service } from './service.ts'

const program = fileURLToPath(new URL('../../sip-gate.ts', import.meta.url))

export interface SipGateServiceOptions {
  readonly logFile: string
  readonly port: number
  /** `host:port` of Asterisk's HTTP server. */
  readonly asteriskHttp: string
  /** As in `SipGateOptions`. */
  readonly from: string | null
  /** Addresses of the nodes, `host:port` each. */
  readonly nodes: readonly string[]
  /** Its own folder, which exists: the sessions that it has admitted. */
  readonly dir: string
  /** Node's compile cache: its own folder, which exists. */
  readonly compileCache: string
  readonly onSpawn?: (pid: number) => void
  readonly onChange?: (line: string) => void
}

export function sipGateService(options: SipGateServiceOptions): Service {
  const { port, asteriskHttp, from, nodes, dir, compileCache } = options
  return new Service({
    name: 'the gate of the browser phones',
    command: process.execPath,
    args: ['--max-semi-space-size=2', program],
    env: {
      NODE_COMPILE_CACHE: compileCache,
      SIP_GATE_PORT: String(port),
      SIP_GATE_ASTERISK: asteriskHttp,
      SIP_GATE_ADMISSIONS: nodes.map((node) => `http://${node}${phoneSocket.path}`).join(','),
      SIP_GATE_REMEMBERED: join(dir, 'sessions.json'),
      ...(from === null ? {} : { SIP_GATE_FROM: from }),
    },
    reach: { reads: ownPrograms, writes: [dir, compileCache] },
    cpuScheduling: 'control',
    logFile: options.logFile,
    // A slow first start must not end the whole system, whose desk phones need no gate.
    readyWithinMs: 30_000,
    startsMax: 3,
    life: 'beats',
    probe: () => answersHttp({ host: '127.0.0.1', port }, '/', (status) => status === 204),
    ...(options.onSpawn === undefined ? {} : { onSpawn: options.onSpawn }),
    ...(options.onChange === undefined ? {} : { onChange: options.onChange }),
  })
}
