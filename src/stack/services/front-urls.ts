/** URLs of the front: in a browser, from this machine, for its certificate. */
import type { Settings } from '../../config.ts'

/** Addresses to open in a browser, this machine's first. */
export function frontUrls(settings: Pick<Settings, 'http' | 'lan'>): readonly string[] {
  const here = `http://${bracketed(reachable(settings.http.host))}:${settings.http.port}`
  return settings.lan === null ? [here] : [here, secureUrl(settings.lan, settings.http.port)]
}

export function secureUrl(host: string, port: number): string {
  return `https://${bracketed(host)}:${port}`
}

/** Plain HTTP on the network for the certificate page only, because HTTPS shows a warning until the authority is trusted. */
export function caPort(httpPort: number): number {
  return httpPort + 1
}

/** The address at which a wildcard listener is reached from this machine. */
export function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return host === '::' ? '::1' : host
}

/** The host part of a URL; IPv6 in brackets. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
