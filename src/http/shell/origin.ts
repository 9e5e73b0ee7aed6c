/** Where a request comes from: another site (refused where it would change something), or this machine. */
import type { FastifyRequest } from 'fastify'
import { Refused } from './problem.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses a change that another site's page asks for. Browsers name the origin themselves; a client
 * that is no browser sends neither header, and no foreign page can make it carry our cookie.
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

/** Where the request comes from; empty when it came over a Unix socket, or has hung up already. */
export function addressOf(request: FastifyRequest): string {
  // fastify's type does not know of these.
  const address: string | undefined = request.ip
  return address ?? ''
}

/** The front speaks to us from this machine, over TCP or a Unix socket (which has no address). */
export function isFront(address: string | undefined): boolean {
  return address === undefined || address === '' || loopback.test(address)
}

/**
 * Whether a person at this machine asks. The name in `Host` counts too: another site may point its own
 * name at 127.0.0.1 and then speak to us from this machine's browser.
 */
export function isThisMachine(request: FastifyRequest): boolean {
  const address = addressOf(request)
  const name = request.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  return (address === '' || loopback.test(address)) && (name === 'localhost' || loopback.test(name))
}
