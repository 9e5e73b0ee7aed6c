import type { FastifyRequest } from 'fastify'
import { Refused } from './problem.ts'

/** PostgreSQL keeps every character but NUL; nobody types one. */
export async function refuseUnkeepableText({ body, query, params }: FastifyRequest): Promise<void> {
  if (hasNul([body, query, params])) throw new Refused('bad-text')
}

/** However deep; without calling itself, because a body may be nested as deep as it is long. */
function hasNul(given: unknown): boolean {
  const open = [given]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value === 'string' && value.includes('\u0000')) return true
    if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) open.push(part)
  }
  return false
}
