/** Passwords of people who exist for a test only. */
import { hashPassword } from '../../src/people/passwords.ts'

/**
 * A hash of the usual form that costs next to nothing, to make or to check: forty milliseconds each would be a
 * twentieth of all that the tests take of the processor.
 */
export const quickHash = (password: string): Promise<string> =>
  hashPassword(password, { memoryKib: 64, passes: 1, lanes: 1 })
