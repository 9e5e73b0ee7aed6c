/** SIP passwords of agents' phones: derived, so that none is stored. */
import { createHmac } from 'node:crypto'
import type { Device } from '../core/offer.ts'

/** The password of a SIP account (`agent01`, `agent01-web`) in an epoch (`phone-epochs.ts`). */
export type SipPassword = (sipUsername: string, epoch: number) => string

/** `secret`: at least 32 random bytes, kept under `var/`. */
export function phonePasswords(secret: string | Buffer): SipPassword {
  if (Buffer.byteLength(secret) < 32) throw new RangeError('the secret of the phones needs at least 32 bytes')
  return (sipUsername, epoch) =>
    // Only letters, digits, - and _, which pjsip.conf and every phone's web form accept.
    createHmac('sha256', secret)
      .update(`phone ${sipUsername}${epoch === 0 ? '' : ` ${epoch}`}`, 'utf8')
      .digest('base64url')
      .slice(0, 32)
}

/** The SIP user of an agent's phone (`agent01`, `agent01-web`). */
export function phoneUser(username: string, device: Device): string {
  return device === 'web' ? `${username}-web` : username
}
