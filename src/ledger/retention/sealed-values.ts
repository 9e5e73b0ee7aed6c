/** Personal values are stored beside their register and can be deleted; the register keeps a salted digest of each. */
import { createHash, randomBytes } from 'node:crypto'

/** A value with its salt, and the digest that the register keeps of both: `SHA256(salt ‖ value)`, docs/rules/data-protection.md. */
export interface Sealed {
  /** 128 bits. */
  readonly salt: Buffer
  readonly value: string
  readonly digest: Buffer
}

export function sealed(value: string): Sealed {
  const salt = randomBytes(16)
  const digest = createHash('sha256').update(salt).update(value, 'utf8').digest()
  return { salt, value, digest }
}
