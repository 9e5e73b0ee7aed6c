/** Password hashes: argon2id in the standard `$argon2id$v=19$…` form, so that the cost can be raised later. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { PasswordDigests, type Turn } from './digests.ts'

const digests = new PasswordDigests()

interface Cost {
  readonly memoryKib: number
  readonly passes: number
  readonly lanes: number
}
// OWASP's minimum: 19 MiB and two passes, about 30 ms here. (RFC 9106's second choice takes 64 MiB.)
const currentCost: Cost = { memoryKib: 19_456, passes: 2, lanes: 1 }
const digestBytes = 32

/** For a new account, to be shown once: 96 random bits. */
export function newPassword(): string {
  return randomBytes(12).toString('base64url')
}

export async function hashPassword(password: string, cost: Cost = currentCost): Promise<string> {
  const salt = randomBytes(16)
  const digest = await digestOf(password, salt, cost, 'first')
  return `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=${cost.lanes}$${base64(salt)}$${base64(digest)}`
}

/**
 * Throws when `stored` is not such a hash: a damaged row, not a wrong password.
 * @throws {TooManyDigests} in a `later` turn
 */
export async function passwordMatches(password: string, stored: string, turn: Turn): Promise<boolean> {
  const read = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(stored)
  if (read === null) throw new TypeError('a stored password hash is not in argon2id form')
  const [, memoryKib, passes, lanes, salt, digest] = read
  const expected = Buffer.from(digest!, 'base64')
  const cost = { memoryKib: Number(memoryKib), passes: Number(passes), lanes: Number(lanes) }
  const found = await digestOf(password, Buffer.from(salt!, 'base64'), cost, turn)
  return found.length === expected.length && timingSafeEqual(found, expected)
}

/** A hash that no password matches, checked for unknown users so that they take the same time. */
export const unmatchableHash = `$argon2id$v=19$m=${currentCost.memoryKib},t=${currentCost.passes},p=${currentCost.lanes}$${base64(
  randomBytes(16),
)}$${base64(randomBytes(digestBytes))}`

function digestOf(
  password: string,
  nonce: Buffer,
  { memoryKib, passes, lanes }: Cost,
  turn: Turn,
): Promise<Buffer> {
  // Composed and decomposed letters (ș) are the same password.
  const message = password.normalize('NFKC')
  const parameters = { message, nonce, parallelism: lanes, tagLength: digestBytes, memory: memoryKib, passes }
  return digests.derive(parameters, turn)
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
