/** Generates the Caddyfile of the front. */
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { applicationHeaders } from '../../http/shell/csp.ts'
import { screenPattern } from '../../http/shell/wire.ts'
import type { Settings } from '../../config.ts'
import { bracketed, caPort, frontUrls, secureUrl } from './front-urls.ts'

export interface CaddyfileOptions {
  readonly dir: string
  readonly settings: Pick<Settings, 'http' | 'lan' | 'tls' | 'paths'>
  /** Address of the gate before Asterisk's WebSocket, `host:port`. */
  readonly sipGate: string
  /** Addresses of the nodes, `host:port` each. */
  readonly nodes: readonly string[]
}

/** Caddy's local authority, relative to the front's folder. */
export const authorityRoot = 'storage/pki/authorities/local'

/** `certified`: the hosts of the city's own certificate, which can be used instead of the address. */
export function caddyfile(options: CaddyfileOptions, certified: readonly string[]): string {
  const { http, lan, tls } = options.settings
  const sites = [site(`http://:${http.port}`, http.host, '', options, true)]
  if (lan !== null) {
    const certificate = tls === null ? 'tls internal' : `tls ${quoted(tls.cert)} ${quoted(tls.key)}`
    const addresses = [...new Set([lan, ...certified])].map((host) => secureUrl(host, http.port))
    sites.push(site(addresses.join(', '), lan, certificate, options, false))
    if (tls === null) sites.push(authoritySite(lan, http.port, options.dir))
  }
  // A client without SNI gets a certificate too, with a browser warning where it covers names only.
  const unnamed = lan === null || certified.length === 0 || certified.includes(lan) ? lan : certified[0]
  return `${globalOptions(options, unnamed ?? null)}\n${living(options.nodes.length)}\n(application) {\n${application(options)}}\n\n${sites.join('\n')}`
}

function globalOptions(options: CaddyfileOptions, unnamed: string | null): string {
  return `{
\tadmin off
\t# No redirects, and no certificates but those named below.
\tauto_https disable_redirects
\tskip_install_trust
\tlocal_certs
\tocsp_stapling off
\tstorage file_system ${quoted(join(options.dir, 'storage'))}
\tgrace_period 2s
\tservers {
\t\tmax_header_size 32KB
\t\ttimeouts {
\t\t\t# A client that sends its request byte by byte must not hold a connection for ever.
\t\t\tread_header 10s
\t\t\tidle 2m
\t\t}
\t}
${unnamed === null ? '' : `\tdefault_sni ${unnamed}\n`}\tlog {
\t\tlevel WARN
\t\t# The log names the address of a request that found no node; it, and the page's, can contain a caller's number.
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

function site(address: string, bind: string, tls: string, options: CaddyfileOptions, local: boolean): string {
  // Metrics stay local even where HTTP_HOST opens this site to the network.
  const metrics = local ? ` || (path('/metrics') && remote_ip('127.0.0.0/8', '::1'))` : ''
  const ca =
    !local && options.settings.tls === null
      ? `\tredir /ca http://${bracketed(bind)}:${caPort(options.settings.http.port)}/ca\n`
      : ''
  // HSTS would lock browsers out after the local authority is created anew.
  const certified = !local && options.settings.tls !== null
  return `${address} {
\tbind ${bind}
${tls === '' ? '' : `\t${tls}\n`}${ca}\theader {
\t\t-Server
\t\t-Via
${certified ? '\t\tStrict-Transport-Security max-age=31536000\n' : ''}\t\tdefer
\t}
\t@probes \`path('/healthz', '/readyz')${metrics}\`
\t# The order matters.
\troute {
${local ? elsewhere(options.settings) : ''}\t\thandle @probes {
\t\t\treverse_proxy ${options.nodes.join(' ')} {
\t\t\t\timport living
\t\t\t}
\t\t}
\t\timport application
\t}
${again(options.nodes.length)}}
`
}

/** A proxy before the front adds such headers or speaks HTTP/1.0; a browser does neither. */
const isProxied = [
  ...['X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Real-IP', 'Forwarded', 'Via'].map(
    (name) => `{header.${name}} != ""`,
  ),
  '{http.request.proto} == "HTTP/1.0"',
].join(' || ')

/** A request without a body, which can be retried at another node. */
const isBare =
  '{header.Content-Length} == "0" || ({header.Content-Length} == "" && {method} in ["GET", "HEAD", "DELETE"])'

/**
 * Caddy notices an ended node only when it connects, and closes the request's body then: a retry at another node fails
 * and is counted against that node (caddyserver/caddy#7546). The client still has the body and sends the request again,
 * to another node or to the restarted one. No node has processed it by then.
 */
const again = (nodes: number): string => `\thandle_errors {
\t\theader -Server
\t\t@unsent expression \`{err.status_code} == 502 && !(${isBare}) && {http.request.orig_uri}.startsWith("/api/") && {err.message}.contains("${
  nodes > 1 ? 'connection refused' : 'invalid Read on closed Body'
}")\`
\t\tredir @unsent {http.request.orig_uri} 307
\t\t# The log gets only errors that no handler answers.
\t\terror "not served" {err.status_code}
\t}
`

/**
 * Protects against DNS rebinding: a foreign host name could be pointed at this machine and its page would then share our
 * origin. Addresses and this machine's own names cannot be abused that way.
 */
function elsewhere({ http }: CaddyfileOptions['settings']): string {
  const own = isIP(http.host) === 0 ? http.host : hostname()
  const names = ['localhost', own].map((name) => name.replaceAll('.', String.raw`\.`))
  const hosts = [...names, '[0-9.]+', String.raw`\[[0-9a-f:.]+\]`].join('|')
  return `\t\t@elsewhere not header_regexp Host \`(?i)^(${hosts})(:[0-9]+)?$\`
\t\thandle @elsewhere {
\t\t\trespond "Linia 969 is at ${frontUrls({ http, lan: null })[0]}" 421
\t\t}
`
}

function application(options: CaddyfileOptions): string {
  const headers = Object.entries(applicationHeaders).map(
    ([name, value]) => `\t\t\t${name} ${quoted(value)}\n`,
  )
  const own = `\t\troot * ${quoted(options.settings.paths.ui)}\n\t\theader {\n${headers.join('')}\t\t}\n`
  return `\thandle /front {
\t\trespond 204
\t}
\t# Our own pages only: a page of another site must not use SIP through this browser.
\t@foreign {
\t\tpath /sip
\t\tnot expression \`{header.Origin}.endsWith("://" + {hostport})\`
\t}
\thandle @foreign {
\t\trespond 403
\t}
\t# The gate asks a node whether the session may have a phone, and counts each account's WebSockets.
\thandle /sip {
\t\treverse_proxy ${options.sipGate} {
\t\t\tlb_try_duration 4s
\t\t\tlb_try_interval 100ms
\t\t}
\t}
\thandle /api/* {
\t\t@proxied expression \`${isProxied}\`
\t\troute {
\t\t\trequest_header -Linia-Proxied
\t\t\trequest_header @proxied Linia-Proxied 1
\t\t}
\t\t@bare expression \`${isBare}\`
\t\treverse_proxy @bare ${options.nodes.join(' ')} {
\t\t\t# The live feed: events are not buffered.
\t\t\tflush_interval -1
\t\t\timport living
\t\t}
\t\treverse_proxy ${options.nodes.join(' ')} {
\t\t\timport reached
\t\t}
\t}
\thandle /metrics {
\t\trespond 404
\t}
\t@nothing {
\t\tnot path /assets/*
\t\tnot path_regexp ${screenPattern}
\t}
\thandle @nothing {
${own}\t\t@person {
\t\t\tmethod GET HEAD
\t\t\theader Accept *text/html*
\t\t}
\t\t# The application names the problem to a person; a program gets nothing to read.
\t\thandle @person {
\t\t\theader Cache-Control no-cache
\t\t\trewrite * /index.html
\t\t\tencode zstd gzip
\t\t\tfile_server {
\t\t\t\tstatus 404
\t\t\t}
\t\t}
\t\trespond 404
\t}
\thandle {
${own}\t\t# Its name says what is in it. One of an earlier version is gone: a page in its place would be kept for a year, and
\t\t# the file server's own refusals go without our headers.
\t\t@named {
\t\t\tpath /assets/*
\t\t\tfile
\t\t}
\t\theader @named Cache-Control "public, max-age=31536000, immutable"
\t\t@gone {
\t\t\tpath /assets/*
\t\t\tnot file
\t\t}
\t\trespond @gone 404
\t\t@change not method GET HEAD
\t\theader @change Allow "GET, HEAD"
\t\trespond @change 405
\t\t@page path_regexp ${screenPattern}
\t\theader @page Cache-Control no-cache
\t\trewrite @page /index.html
\t\tencode zstd gzip
\t\tfile_server
\t}
`
}

/**
 * A restarting node takes under two seconds; requests wait for it or go to another one. `reached` serves requests with a
 * body: of several nodes it tries one only (see `again`).
 */
function living(nodes: number): string {
  return `(living) {
\tlb_try_interval 100ms
${nodes > 1 ? `\tlb_try_duration 8s\n${several}` : alone}}

(reached) {
${nodes > 1 ? several : `\tlb_try_interval 100ms\n${alone}`}}
`
}

const alone = `\tlb_policy first
\tlb_try_duration 4s
`

/**
 * The slowest answer is a desk command that waits for a takeover (http/nodes). After that time a read from a hung node is
 * retried at another one; a write is not, because it may have been executed. Only the probe says that a node is away: Caddy
 * would count a client's broken body against the node as well. Until the probe has seen it, a request that is sent again
 * goes to the next node in turn.
 */
const several = `\tlb_policy round_robin
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

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
