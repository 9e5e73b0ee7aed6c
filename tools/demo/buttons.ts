/** Whether the sign-in page offers the demo's accounts without a password: never where the data or callers are real. */
import type { Settings } from '../../src/config.ts'

/** A sentence; null: the buttons are offered, on this machine. */
export function whyNoButtons({ lan, trunkHosts, trunkRegister, given }: Settings): string | null {
  const isLoopback = (host: string) => /^(127\.[\d.]+(\/\d+)?|::1|localhost)$/.test(host)
  const real = [
    lan === null ? null : 'LAN',
    trunkHosts.every(isLoopback) ? null : 'TRUNK_HOSTS',
    trunkRegister === null ? null : 'TRUNK_REGISTER',
    given.taxDatabaseUrl === null ? null : 'TAX_DATABASE_URL',
  ].filter((one) => one !== null)
  return real.length === 0
    ? null
    : `The demo’s sign-in buttons are switched off, because of ${real.join(', ')}: sign in with the passwords.`
}
