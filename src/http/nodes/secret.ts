/** The credential by which nodes of one installation recognise each other, derived from the session secret. */
import { hkdfSync, timingSafeEqual } from 'node:crypto'

/** Not below `/api`, so Caddy does not forward it. */
export const deskPath = '/nodes/desk'
export const trunkPath = '/nodes/trunk'
export const pageCallbackPath = '/nodes/page-callback'

export function nodeAuthorization(sessionSecret: string): string {
  const key = Buffer.from(hkdfSync('sha256', sessionSecret, '', 'linia between nodes', 32))
  return `Bearer ${key.toString('base64url')}`
}

export function isNode(given: string | undefined, expected: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
