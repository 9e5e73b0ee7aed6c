/** The methods of each known path, for `405` with `Allow` (RFC 9110, 15.5.6). */
import type { FastifyInstance } from 'fastify'

/** Before the routes are registered. The result answers the methods of a path, sorted; none: the path is unknown. */
export function collectMethods(app: FastifyInstance): (path: string) => readonly string[] {
  const methods = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ method, url }) => {
    const known = methods.get(url) ?? new Set()
    for (const one of [method].flat()) known.add(one)
    methods.set(url, known)
  })
  return (path) => {
    const found = [...methods].filter(([pattern]) => matches(pattern, path))
    return [...new Set(found.flatMap(([, known]) => [...known]))].toSorted()
  }
}

/** A parameter (`:id`) stands for one part of a path, `*` for the rest of it. */
function matches(pattern: string, path: string): boolean {
  const expected = pattern.split('/')
  const parts = path.split('/')
  const rest = expected.indexOf('*')
  if (rest === -1 ? parts.length !== expected.length : parts.length < rest) return false
  return expected
    .slice(0, rest === -1 ? undefined : rest)
    .every((one, index) => (one.startsWith(':') ? parts[index] !== '' : one === parts[index]))
}
