/** What the browser's console says about the pages' own errors. */
import type { BrowserContext } from 'playwright-core'

/**
 * Answers that are no fault of a page: no session before the sign-in, a question about a call that has just ended, and a
 * service that a busy machine keeps waiting.
 */
const expected = /^Failed to load resource: the server responded with a status of (?:401|409|503)\b/

/** The errors of all pages of the context from now on, each with its address. */
export function consoleErrors(context: BrowserContext): readonly string[] {
  const errors: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text()))
      errors.push(`${message.text()} ${message.location().url}`)
  })
  context.on('weberror', (error) => errors.push(String(error.error())))
  return errors
}
