/** `var/demo.json` of the running system: where it is and who may sign in. */
import { readFile } from 'node:fs/promises'
import { Trouble } from '../screen.ts'
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
  /** The address that the provider's calls come from. */
  readonly trunk: string
  readonly accounts: readonly DemoAccount[]
}

/** @throws {Trouble} when no demo is running. */
export async function readDemoFile(path: string): Promise<DemoFile> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as DemoFile
  } catch (error) {
    throw new Trouble(`No running demo was found (${path}). Start the system first, with: make run`, {
      cause: error,
    })
  }
}
