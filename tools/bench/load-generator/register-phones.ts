/** Desk phones announce themselves, all at one address, in one SIPp. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Address } from '../../demo/exchange.ts'
import type { DemoAccount } from '../../demo/demo-file.ts'
import { authentication } from '../../../test/support/sipp.ts'
import { startSipp } from './sipp.ts'

/** What it found wrong comes through a pipe, which may be read after its end. */
const lastWordsMs = 200
/** Each asks for ten seconds at the most, twenty of them at once. */
const registeredWithinMs = 120_000

/** @throws with SIPp's first complaint, when one of them could not. */
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
  const first = complaints[0] ?? 'it said nothing'
  throw new Error(`not every phone could register (SIPp ${code}, ${complaints.length} complaints): ${first}`)
}
