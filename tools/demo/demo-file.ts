/** `var/demo.json` of the running system: its addresses and accounts. */
import { textIfThere } from '../../src/stack/files.ts'
import { UserError } from '../../src/stack/terminal.ts'
import type { Address } from './calls/exchange.ts'

export interface DemoAccount {
  readonly role: string
  readonly name: string
  readonly username: string
  readonly password: string
  readonly phone?: { readonly username: string; readonly password: string }
}

export interface DemoFile {
  readonly url: string
  /** The number that citizens dial. */
  readonly line: string
  readonly sip: Address
  /** Source address of the callers, one of the provider's; null: none is on this machine. */
  readonly trunk: string | null
  readonly accounts: readonly DemoAccount[]
  /** Whether the sign-in page offers them without a password. */
  readonly buttons: boolean
}

/** @throws {UserError} when there is no source address for callers. */
export function citizensFrom({ trunk }: DemoFile): string {
  if (trunk === null) throw new UserError(noCitizens)
  return trunk
}

export const noCitizens =
  'The demo’s callers cannot call: none of TRUNK_HOSTS is an address of this machine. Add one, such as 127.0.0.2.'

/** @throws {UserError} when no demo is running for this user. */
export async function readDemoFile(path: string): Promise<DemoFile> {
  const text = await textIfThere(path)
  if (text === '')
    throw new UserError(`No running demo was found (${path}). Start the system first, with: make run`)
  return JSON.parse(text) as DemoFile
}
