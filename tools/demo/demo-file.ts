/** `var/demo.json` of the running system: where it is and who may sign in. */
import { textIfThere } from '../../src/stack/files.ts'
import { UserError } from '../../src/stack/terminal.ts'
import type { Address } from './exchange.ts'

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
  /** The address that the citizens call from, as the provider does; null: none of its addresses is here. */
  readonly trunk: string | null
  readonly accounts: readonly DemoAccount[]
}

/** @throws {UserError} where citizens have no address to call from. */
export function citizensFrom({ trunk }: DemoFile): string {
  if (trunk === null) throw new UserError(noCitizens)
  return trunk
}

export const noCitizens =
  'The demo’s citizens cannot call: none of TRUNK_HOSTS is an address of this machine. Add one, such as 127.0.0.2.'

/** @throws {UserError} when no demo is running, or not for this user. */
export async function readDemoFile(path: string): Promise<DemoFile> {
  const text = await textIfThere(path)
  if (text === '')
    throw new UserError(`No running demo was found (${path}). Start the system first, with: make run`)
  return JSON.parse(text) as DemoFile
}
