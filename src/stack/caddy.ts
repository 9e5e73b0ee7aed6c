/**
 * The front: Caddy serves the screens, leads `/sip` straight to Asterisk's WebSocket and the API to a
 * living node. It needs no network at start, has no admin port, and outlives any node.
 */
import { X509Certificate } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { applicationHeaders } from '../http/csp.ts'
import type { Settings } from '../config.ts'
import { caPage } from './ca-page.ts'
import { hostsOfCertificate } from './certificate.ts'
import { findProgram } from './command.ts'
import { writePrivate } from './files.ts'
import { answersHttp } from './probes.ts'
import { Trouble } from './screen.ts'
import { Service } from './service.ts'

export interface FrontOptions {
  readonly dir: string
  readonly logFile: string
  readonly settings: Pick<Settings, 'http' | 'lan' | 'tls' | 'paths'>
  /** Where Asterisk's WebSocket is, `host:port`. */
  readonly asteriskHttp: string
  /** Where the nodes are, `host:port` each. */
  readonly nodes: readonly string[]
  readonly onSpawn?: (pid: number) => void
  readonly onChange?: (line: string) => void
}

export async function frontService(options: FrontOptions): Promise<Service> {
  const program = findProgram('caddy')
  if (program === null) throw new Trouble('Caddy is missing. Run: sudo apt-get install caddy')
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
    // Any answer: whether a node lives behind it is not the front's state.
    probe: () =>
      answersHttp({ host: reachable(http.host), port: http.port }, '/front', (status) => status === 204),
    ...(options.onSpawn === undefined ? {} : { onSpawn: options.onSpawn }),
    ...(options.onChange === undefined ? {} : { onChange: options.onChange }),
  })
}

/** Addresses to open in a browser, this machine's first. */
export function frontUrls(settings: Pick<Settings, 'http' | 'lan'>): readonly string[] {
  const here = `http://${bracketed(reachable(settings.http.host))}:${settings.http.port}`
  return settings.lan === null ? [here] : [here, secureUrl(settings.lan, settings.http.port)]
}

export function secureUrl(host: string, port: number): string {
  return `https://${bracketed(host)}:${port}`
}

/** Plain HTTP on the network, for the certificate page only: before it is trusted, HTTPS frightens. */
export function caPort(httpPort: number): number {
  return httpPort + 1
}

/** Of the local authority's root certificate, as browsers show it. */
export async function authorityFingerprint(frontDir: string): Promise<string> {
  const pem = await readFile(join(frontDir, authorityRoot, 'root.crt'), 'utf8')
  return new X509Certificate(pem).fingerprint256
}

const authorityRoot = 'storage/pki/authorities/local'

/** `certified`: what the city's own certificate is for, which people may type instead of the address. */
function caddyfile(options: FrontOptions, certified: readonly string[]): string {
  const { http, lan, tls } = options.settings
  const sites = [site(`http://:${http.port}`, http.host, '', options, true)]
  if (lan !== null) {
    const certificate = tls === null ? 'tls internal' : `tls ${quoted(tls.cert)} ${quoted(tls.key)}`
    const addresses = [...new Set([lan, ...certified])].map((host) => secureUrl(host, http.port))
    sites.push(site(addresses.join(', '), lan, certificate, options, false))
    if (tls === null) sites.push(authoritySite(lan, http.port, options.dir))
  }
  // Who names no host gets a certificate all the same, and a warning where it is for names only.
  const unnamed = lan === null || certified.length === 0 || certified.includes(lan) ? lan : certified[0]
  return `${globalOptions(options, unnamed ?? null)}\n${living(options.nodes.length)}\n(application) {\n${application(options)}}\n\n${sites.join('\n')}`
}

function globalOptions(options: FrontOptions, unnamed: string | null): string {
  return `{
\tadmin off
\t# No redirects, no certificates from outside: only those named below.
\tauto_https disable_redirects
\tskip_install_trust
\tlocal_certs
\tocsp_stapling off
\tstorage file_system ${quoted(join(options.dir, 'storage'))}
\tgrace_period 2s
\tservers {
\t\tmax_header_size 32KB
\t\ttimeouts {
\t\t\t# Whoever sends his request letter by letter must not keep a place for ever.
\t\t\tread_header 10s
\t\t\tidle 2m
\t\t}
\t}
${unnamed === null ? '' : `\tdefault_sni ${unnamed}\n`}\tlog {
\t\tlevel WARN
\t\t# A request that found no node is told with its address: there, and in the page's, a caller's number can stand.
\t\tformat filter {
\t\t\twrap json
\t\t\tfields {
\t\t\t\trequest>uri regexp \\?.* ?…
\t\t\t\trequest>headers delete
\t\t\t}
\t\t}
\t}
}
`
}

function site(address: string, bind: string, tls: string, options: FrontOptions, local: boolean): string {
  // Metrics are for whoever runs the machine, also where HTTP_HOST opens this site to the network.
  const metrics = local ? ` || (path('/metrics') && remote_ip('127.0.0.0/8', '::1'))` : ''
  const ca =
    !local && options.settings.tls === null
      ? `\tredir /ca http://${bracketed(bind)}:${caPort(options.settings.http.port)}/ca\n`
      : ''
  // A local authority may be made anew, and HSTS would then lock people out.
  const certified = !local && options.settings.tls !== null
  return `${address} {
\tbind ${bind}
${tls === '' ? '' : `\t${tls}\n`}${ca}\theader {
\t\t-Server
\t\t-Via
${certified ? '\t\tStrict-Transport-Security max-age=31536000\n' : ''}\t\tdefer
\t}
\t@probes \`path('/healthz', '/readyz')${metrics}\`
\t# In this order.
\troute {
${local ? elsewhere(options.settings) : ''}\t\thandle @probes {
\t\t\treverse_proxy ${options.nodes.join(' ')} {
\t\t\t\timport living
\t\t\t}
\t\t}
\t\timport application
\t}
}
`
}

/**
 * Another site's name may be made to lead to us, and its page would then be of our origin. An address cannot be
 * made so, and neither can a name that is this machine's own.
 */
function elsewhere({ http }: FrontOptions['settings']): string {
  const own = isIP(http.host) === 0 ? http.host : hostname()
  const names = ['localhost', own].map((name) => name.replaceAll('.', String.raw`\.`))
  const hosts = [...names, '[0-9.]+', String.raw`\[[0-9a-f:.]+\]`].join('|')
  return `\t\t@elsewhere not header_regexp Host \`(?i)^(${hosts})(:[0-9]+)?$\`
\t\thandle @elsewhere {
\t\t\trespond "Linia 969 is at ${frontUrls({ http, lan: null })[0]}" 421
\t\t}
`
}

function application(options: FrontOptions): string {
  const headers = Object.entries(applicationHeaders).map(
    ([name, value]) => `\t\t\t${name} ${quoted(value)}\n`,
  )
  return `\thandle /front {
\t\trespond 204
\t}
\t# Another site's page may not speak SIP through this person's browser; a phone that is no page has no origin.
\t@foreign {
\t\tpath /sip
\t\theader Origin *
\t\tnot expression \`{header.Origin}.endsWith("://" + {hostport})\`
\t}
\thandle @foreign {
\t\trespond 403
\t}
\t# Asterisk's door holds ten who wait: when every desk comes back at once, the others knock again.
\thandle /sip {
\t\trewrite * /ws
\t\treverse_proxy ${options.asteriskHttp} {
\t\t\tlb_try_duration 8s
\t\t\tlb_try_interval 100ms
\t\t\ttransport http {
\t\t\t\tdial_timeout 500ms
\t\t\t}
\t\t}
\t}
\thandle /api/* {
\t\treverse_proxy ${options.nodes.join(' ')} {
\t\t\t# The live feed: every event at once.
\t\t\tflush_interval -1
\t\t\timport living
\t\t}
\t}
\thandle /metrics {
\t\trespond 404
\t}
\thandle {
\t\troot * ${quoted(options.settings.paths.ui)}
\t\theader {
${headers.join('')}\t\t}
\t\t@named path /assets/*
\t\theader @named Cache-Control "public, max-age=31536000, immutable"
\t\t@page not path /assets/*
\t\theader @page Cache-Control no-cache
\t\tencode zstd gzip
\t\ttry_files {path} /index.html
\t\tfile_server
\t}
`
}

/** A node that is being started again takes under two seconds: requests wait for it, or go to another. */
function living(nodes: number): string {
  // Alone, a node must be tried again at once; one of several is left out for a moment, also when it hangs.
  return `(living) {
\tlb_try_interval 100ms
${nodes > 1 ? several : alone}}
`
}

const alone = `\tlb_policy first
\tlb_try_duration 4s
`

/**
 * The longest answer is a desk's command that waits for a takeover (http/nodes). What was asked of a node that
 * hangs is asked of another one after that; only reading is, for a change may have been made.
 */
const several = `\tlb_policy least_conn
\tlb_try_duration 8s
\tfail_duration 1s
\thealth_uri /healthz
\thealth_interval 500ms
\thealth_timeout 1s
\ttransport http {
\t\tdial_timeout 1s
\t\tresponse_header_timeout 4500ms
\t}
`

function authoritySite(lan: string, port: number, dir: string): string {
  const root = join(dir, authorityRoot)
  return `http://${bracketed(lan)}:${caPort(port)} {
\tbind ${lan}
\thandle /ca/linia-969.crt {
\t\troot * ${quoted(root)}
\t\trewrite * /root.crt
\t\theader Content-Type application/x-x509-ca-cert
\t\theader Content-Disposition "attachment; filename=linia-969.crt"
\t\tfile_server
\t}
\thandle /ca {
\t\troot * ${quoted(join(dir, 'ca'))}
\t\trewrite * /index.html
\t\theader Content-Security-Policy "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
\t\tfile_server
\t}
\thandle {
\t\tredir https://${bracketed(lan)}:${port}{uri}
\t}
}
`
}

/** Where a listener on every address is reached from here. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return host === '::' ? '::1' : host
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
