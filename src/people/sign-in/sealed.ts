/** Small secrets in the database, sealed with a key that is not in it (AES-256-GCM): a dump alone reveals none. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const nonceBytes = 12
const tagBytes = 16

export interface Seal {
  /** `about` is authenticated: what was sealed for one account cannot be opened as another's. */
  close(secret: Buffer, about: string): Buffer
  /** Null: sealed with another key, about something else, or damaged. */
  open(sealed: Buffer, about: string): Buffer | null
}

/** `what`: what it seals has a key of its own. */
export function sealWith(factorKey: string, what: 'factors' | 'webhooks' = 'factors'): Seal {
  const key = Buffer.from(hkdfSync('sha256', factorKey, '', `linia ${what}`, 32))
  return {
    close(secret, about) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
      return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
    },
    open(sealed, about) {
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes))
        decipher.setAAD(Buffer.from(about)).setAuthTag(sealed.subarray(-tagBytes))
        return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()])
      } catch {
        return null
      }
    },
  }
}
