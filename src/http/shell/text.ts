/** Rejects text that the database cannot store, before any handler sees it. */
import type { FastifyRequest } from 'fastify'
import { Refused } from './problem.ts'

/** Refuses text that PostgreSQL cannot store: NUL characters and lone surrogates. No keyboard produces either. */
export async function refuseUnkeepableText({ body, query, params }: FastifyRequest): Promise<void> {
  if (hasUnkeepable([body, query, params])) throw new Refused('bad-text')
}

const isUnkeepable = (text: string): boolean => text.includes('\u0000') || !text.isWellFormed()

/** Iterative, because a body can be nested too deep for recursion. */
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
