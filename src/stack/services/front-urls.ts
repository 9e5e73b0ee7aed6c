/** Where the front is reached: in a browser, from this machine, for its certificate. */
import type { Settings } from '../../config.ts'

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

/** Where a listener on every address is reached from here. */
export function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return host === '::' ? '::1' : host
}

/** As an address stands in a URL. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
