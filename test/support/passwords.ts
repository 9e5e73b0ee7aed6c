/** Password hashes for tests. */
import { hashPassword } from '../../src/people/passwords/hash.ts'

/**
 * A hash of the usual format with minimal cost. The production cost of 40 ms for each hash and check would take a
 * twentieth of the tests' CPU time.
 */
export const quickHash = (password: string): Promise<string> =>
  hashPassword(password, { memoryKib: 64, passes: 1, lanes: 1 })
