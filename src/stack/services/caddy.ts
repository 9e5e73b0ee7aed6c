/**
 * The front: Caddy serves the screens, proxies `/sip` to the gate before Asterisk's WebSocket, and the API to a live
 * node.
 * It needs no network at start, has no admin port, and outlives any node.
 */
import { X509Certificate } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { caPage } from './ca-page.ts'
import { authorityRoot, caddyfile, type CaddyfileOptions } from './caddyfile.ts'
import { hostsOfCertificate } from './certificate.ts'
import { findProgram } from '../command.ts'
import { writePrivate } from '../files.ts'
import { caPort, reachable } from './front-urls.ts'
import { answersHttp } from './probes.ts'
import { UserError } from '../terminal.ts'
import { Service } from './service.ts'

export interface FrontOptions extends CaddyfileOptions {
  readonly logFile: string
  readonly onSpawn?: (pid: number) => void
  readonly onChange?: (line: string) => void
}

export async function frontService(options: FrontOptions): Promise<Service> {
  const program = findProgram('caddy')
  if (program === null) throw new UserError('Caddy is missing. Run: sudo apt-get install caddy')
  const { http, lan } = options.settings
  await mkdir(options.dir, { recursive: true, mode: 0o700 })
  if (lan !== null) await writePrivate(join(options.dir, 'ca', 'index.html'), caPage(lan, http.port))
  const file = join(options.dir, 'Caddyfile')
  const { tls } = options.settings
  await writePrivate(file, caddyfile(options, tls === null ? [] : await hostsOfCertificate(tls)))
  return new Service({
    name: 'the front (Caddy)',
    command: program,
    args: ['run', '--config', file, '--adapter', 'caddyfile'],
    cwd: options.dir,
    reach: {
      reads: [options.settings.paths.ui, ...(tls === null ? [] : [tls.cert, tls.key])],
      writes: [options.dir],
    },
    env: {
      XDG_DATA_HOME: join(options.dir, 'data'),
      XDG_CONFIG_HOME: join(options.dir, 'config'),
      HOME: options.dir,
    },
    lowPort: Math.min(http.port, caPort(http.port)) < 1024,
    logFile: options.logFile,
    readyWithinMs: 20_000,
    // Any status counts: the state of the nodes behind it is not the front's state.
    probe: () =>
      answersHttp({ host: reachable(http.host), port: http.port }, '/front', (status) => status === 204),
    ...(options.onSpawn === undefined ? {} : { onSpawn: options.onSpawn }),
    ...(options.onChange === undefined ? {} : { onChange: options.onChange }),
  })
}

/** SHA-256 fingerprint of the local authority's root certificate, in the form that browsers show. */
export async function authorityFingerprint(frontDir: string): Promise<string> {
  const pem = await readFile(join(frontDir, authorityRoot, 'root.crt'), 'utf8')
  return new X509Certificate(pem).fingerprint256
}
