/**
 * A sealed cookie that outlives the sessions and names the accounts that have signed in with this browser (OWASP's
 * "device cookies"). Failed tries from elsewhere, or from the same network, do not keep a known browser out.
 */
import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'

export interface BrowserData {
  /** Random. */
  id: string
  /** Random; binds an activation code to this browser. */
  key: string
  /** Name digests of the accounts that have signed in here, the last one first. */
  names: string[]
}

/** After so many days without a sign-in the browser is forgotten. */
export const browserDays = 180
/** A computer may be shared by the agents of several shifts. */
const namesMax = 20

/** Id of the browser; null: nobody has signed in there. */
export function browserOf(request: FastifyRequest): string | null {
  return request.browser.get('id') ?? null
}

/** Id of the browser, if the account with this name has signed in there before. */
export function knownBrowser(request: FastifyRequest, name: Buffer): string | null {
  const names = request.browser.get('names') ?? []
  return names.includes(name.toString('base64url')) ? browserOf(request) : null
}

/** Made when the browser has none yet. */
export function browserKey(request: FastifyRequest): string {
  const known = request.browser.get('key')
  if (known !== undefined) return known
  const key = randomBytes(32).toString('base64url')
  request.browser.set('key', key)
  return key
}

export function rememberBrowser(request: FastifyRequest, name: Buffer): void {
  const own = name.toString('base64url')
  const names = request.browser.get('names') ?? []
  request.browser.set('id', browserOf(request) ?? randomBytes(16).toString('base64url'))
  request.browser.set('names', [own, ...names.filter((one) => one !== own)].slice(0, namesMax))
}
