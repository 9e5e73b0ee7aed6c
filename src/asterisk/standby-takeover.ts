/**
 * A standby Asterisk takes over from one that has ended: its addresses for provider, phones, browsers and the
 * application, and its registrations. For all of them nothing changes.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { AmiConnection, AmiSilence } from './ami/ami-connection.ts'
import { layOutAsterisk, type Address, type AsteriskOptions } from './config/layout.ts'
import { putRegistrations, type Registration } from './phones/registrations.ts'

/** AMI last: the actions here are sent to its old address. */
const modules = [
  'pbx_config.so',
  'res_pjsip.so',
  'res_pjsip_outbound_registration.so',
  'http',
  'manager',
] as const
const withinMs = 4_000

/**
 * `standby`: its AMI address before the takeover; `serving`: its configuration from now on.
 * @throws {AmiSilence} when it is not done in time.
 */
export async function takeOverAddresses(
  standby: Address,
  serving: AsteriskOptions,
  registrations: readonly Registration[],
  log: Logger,
): Promise<void> {
  await layOutAsterisk({ ...serving, serves: true })
  const { amiUser: user, amiPassword: password } = serving.secrets
  const quiet = { connected: ignore, disconnected: ignore, event: ignore }
  const ami = new AmiConnection({ ...standby, user, password, log }, quiet)
  const late = delay(withinMs, undefined, { ref: false }).then(() => {
    throw new AmiSilence('The standby did not take over in time.')
  })
  try {
    await Promise.race([reload(ami, registrations), late])
  } finally {
    ami.stop()
  }
}

async function reload(ami: AmiConnection, registrations: readonly Registration[]): Promise<void> {
  await ami.start()
  // Before the reload of `phones.conf`: Asterisk reads its contacts then.
  await putRegistrations(ami, registrations)
  for (const module of modules) await ami.action({ action: 'Reload', module })
}

const ignore = (): void => undefined
