/** What shows a node to another one that both belong to the same line. */
import { hkdfSync, timingSafeEqual } from 'node:crypto'

/** Not below `/api`: the front leads nobody there. */
export const deskPath = '/nodes/desk'

export function nodeAuthorization(sessionSecret: string): string {
  const key = Buffer.from(hkdfSync('sha256', sessionSecret, '', 'linia between nodes', 32))
  return `Bearer ${key.toString('base64url')}`
}

export function isNode(given: string | undefined, expected: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
