/** The origin of a request: another site (refused unless the method is safe), or this machine. */
import type { FastifyRequest } from 'fastify'
import { Refused } from './problem.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses a state-changing request that comes from another site's page (CSRF). Browsers set these headers themselves.
 * A client that is not a browser sends neither, and no foreign page can make it send our cookie.
 */
export function refuseCrossSite(request: FastifyRequest): void {
  if (safeMethods.has(request.method)) return
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Refused('cross-site')
  const { origin } = request.headers
  if (origin !== undefined && hostIn(origin) !== request.host.toLowerCase()) throw new Refused('cross-site')
}

function hostIn(origin: string): string | null {
  // `Origin: null` (a sandboxed frame) and anything unreadable match no host.
  return URL.canParse(origin) ? new URL(origin).host : null
}

const loopback = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/

/** The client's address. Empty over a Unix socket, or when the client has closed the connection already. */
export function addressOf(request: FastifyRequest): string {
  // Fastify's type leaves out that it can be undefined.
  const address: string | undefined = request.ip
  return address ?? ''
}

/** Caddy connects from this machine, over TCP or a Unix socket (which has no address). */
export function isFront(address: string | undefined): boolean {
  return address === undefined || address === '' || loopback.test(address)
}

/** Set by the front (`stack/services/caddyfile.ts`) for a request that another proxy has passed on. */
const proxiedHeader = 'linia-proxied'

/** Whether the browser's own connection is HTTPS: to the front, or to a proxy before it at the address of `webOrigin`. */
export const isSecure = (request: FastifyRequest, webOrigin: string): boolean =>
  request.protocol === 'https' ||
  (request.headers[proxiedHeader] !== undefined && webOrigin.startsWith('https:'))

/**
 * Whether the request comes from a browser on this machine, addressed by a local name. `Host` is checked too, against
 * DNS rebinding: another site could point its own name at 127.0.0.1. Behind a proxy on this machine every client would
 * seem to be here.
 */
export function isThisMachine(request: FastifyRequest): boolean {
  if (request.headers[proxiedHeader] !== undefined) return false
  const address = addressOf(request)
  const name = request.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  return (address === '' || loopback.test(address)) && (name === 'localhost' || loopback.test(name))
}
