import type { FastifyRequest } from 'fastify'
import { Refused } from './problem.ts'

/** PostgreSQL keeps every character but NUL; nobody types one. What we accept is at most a few levels deep. */
export async function refuseUnkeepableText({ body, query, params }: FastifyRequest): Promise<void> {
  if ([body, query, params].some(hasNul)) throw new Refused('bad-text')
}

function hasNul(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some((part) =>
    typeof part === 'string' ? part.includes('\u0000') : hasNul(part),
  )
}
