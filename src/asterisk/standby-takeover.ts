/**
 * An Asterisk that stood by takes the place of one that has ended: the same addresses for provider, phones,
 * browsers and the application, and the phones that were registered there. Nobody else need know.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { AmiConnection, AmiSilence } from './ami/ami-connection.ts'
import { layOutAsterisk, type Address, type AsteriskOptions } from './config/layout.ts'
import { putRegistrations, type Registration } from './phones/registrations.ts'

/** AMI last: what is said here is said over the old address. */
const modules = [
  'pbx_config.so',
  'res_pjsip.so',
  'res_pjsip_outbound_registration.so',
  'http',
  'manager',
] as const
const withinMs = 4_000

/**
 * `standing`: where its AMI listens until then; `serving`: as it is to be from now on.
 * @throws {AmiSilence} when it does not do so in time.
 */
export async function takeOverAddresses(
  standing: Address,
  serving: AsteriskOptions,
  registrations: readonly Registration[],
  log: Logger,
): Promise<void> {
  await layOutAsterisk({ ...serving, serves: true })
  const { amiUser: user, amiPassword: password } = serving.secrets
  const quiet = { connected: ignore, disconnected: ignore, event: ignore }
  const ami = new AmiConnection({ ...standing, user, password, log }, quiet)
  const late = delay(withinMs, undefined, { ref: false }).then(() => {
    throw new AmiSilence('The standby did not take over in time.')
  })
  try {
    await Promise.race([tell(ami, registrations), late])
  } finally {
    ami.stop()
  }
}

async function tell(ami: AmiConnection, registrations: readonly Registration[]): Promise<void> {
  await ami.start()
  // Before the phones' file is read anew: that is when Asterisk looks for its contacts.
  await putRegistrations(ami, registrations)
  for (const module of modules) await ami.action({ action: 'Reload', module })
}

const ignore = (): void => undefined
