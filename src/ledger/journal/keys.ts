/** The chain of the journal's public keys beside the server: pinned at the first anchoring, extended by a rotation. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { HeadVerifier } from '../../city/journal/checkpoint.ts'
import { readKeyChain } from '../../city/journal/key-chain.ts'
import { unlessMissing } from '../../missing-file.ts'
import { writeWhole } from '../whole-file.ts'

const keysFile = 'keys'
const anchorKeysFile = 'key'

/** Where the journal is anchored. */
export interface AnchorPlace {
  /** Of the heads, best another machine's. */
  readonly folder: string
  /** The server's own folder of the journal, on another volume than the anchor. */
  readonly own: string
  /** The public half of the key that signs now. */
  readonly verifierKey: string
}

export interface PinnedKeys {
  readonly text: string
  readonly chain: readonly HeadVerifier[]
  /** Whether the signing key is the chain's last one. A key that was swapped is not. */
  readonly isSigner: boolean
  /** Whether the chain is kept already. */
  readonly isKept: boolean
}

export const keysFileIn = (own: string): string => path.join(own, keysFile)

/**
 * Without a chain here, as after a restore: the one beside the heads if it ends with the signing key, which then vouches
 * for it; otherwise the signing key alone. A chain that cannot be read has no key.
 */
export async function pinnedKeys({ folder, own, verifierKey }: AnchorPlace): Promise<PinnedKeys> {
  const kept = await readFile(keysFileIn(own), 'utf8').catch(unlessMissing)
  const beside = kept === undefined ? await keysBeside(folder) : null
  const isVouched = beside !== null && readKeyChain(beside)?.at(-1)?.text === verifierKey
  const text = kept ?? (isVouched ? beside : `${verifierKey}\n`)
  const chain = readKeyChain(text) ?? []
  const isSigner = chain.at(-1)?.text === verifierKey
  return { text, chain, isSigner, isKept: kept !== undefined }
}

export async function keepKeys(own: string, text: string): Promise<void> {
  await writeWhole(keysFileIn(own), text)
}

/** The chain in the anchor's folder, which is not trusted by itself; null when there is none. */
export async function keysBeside(folder: string): Promise<string | null> {
  return (await readFile(path.join(folder, anchorKeysFile), 'utf8').catch(unlessMissing)) ?? null
}

export async function keepKeysBeside(folder: string, text: string): Promise<void> {
  await writeWhole(path.join(folder, anchorKeysFile), text)
}
