import type { FastifyRequest } from 'fastify'
import { Refused } from './problem.ts'

/** PostgreSQL keeps every character but NUL, and no half of one (a lone surrogate); nobody types either. */
export async function refuseUnkeepableText({ body, query, params }: FastifyRequest): Promise<void> {
  if (hasUnkeepable([body, query, params])) throw new Refused('bad-text')
}

const isUnkeepable = (text: string): boolean => text.includes('\u0000') || !text.isWellFormed()

/** However deep; without calling itself, because a body may be nested as deep as it is long. */
function hasUnkeepable(given: unknown): boolean {
  const open = [given]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value === 'string' && isUnkeepable(value)) return true
    if (typeof value === 'object' && value !== null)
      for (const [name, part] of Object.entries(value)) open.push(name, part)
  }
  return false
}
