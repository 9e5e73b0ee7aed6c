/** Registers desk phones, all at one address, with one SIPp. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Address } from '../../demo/calls/exchange.ts'
import type { DemoAccount } from '../../demo/demo-file.ts'
import { authentication } from '../../../test/support/sip/sipp.ts'
import { startSipp } from './sipp.ts'

/** SIPp's errors come through a pipe, which may be read after its exit. */
const lastWordsMs = 200
/** Each phone tries for at most ten seconds, twenty of them at once. */
const registeredWithinMs = 120_000

/** @throws with SIPp's first error when a phone could not register. */
export async function registerPhones(
  server: Address,
  local: Address,
  accounts: readonly DemoAccount[],
): Promise<void> {
  const rows = accounts.map(({ username, phone }) => {
    if (phone === undefined) throw new Error(`${username} has no desk phone`)
    return `${phone.username};${authentication(phone.username, phone.password)};`
  })
  const complaints: string[] = []
  const registration = await startSipp({
    scenario: 'register',
    local,
    remote: server,
    rows,
    pace: { calls: accounts.length, atOnce: 20, perSecond: 100 },
    onComplaint: (line) => complaints.push(line),
  })
  const bound = setTimeout(() => void registration.stop(), registeredWithinMs)
  const code = await registration.done
  clearTimeout(bound)
  if (code === 0) return
  await delay(lastWordsMs)
  const first = complaints[0] ?? 'no message'
  throw new Error(`not every phone could register (SIPp ${code}, ${complaints.length} errors): ${first}`)
}
