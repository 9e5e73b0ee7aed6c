/**
 * Self-contained proof file that an entry is in the journal (c2sp.org/tlog-proof): the entry, its index, the hashes of
 * its path to the root, and the signed head with that root.
 */
import { readFile } from 'node:fs/promises'
import { readHeads, type SignedHead } from '../../city/journal/checkpoint.ts'
import { keyOf, trustedKeys } from '../../city/journal/key-chain.ts'
import { leafHash, provesInclusion } from '../../city/journal/merkle.ts'
import type { Database } from '../database.ts'
import { inclusionPath, journalEntry } from './journal.ts'

const firstLine = 'c2sp.org/tlog-proof@v1'

/** Null when there is no such entry. `head` must count it. */
export async function proofOf(db: Database, index: number, head: SignedHead): Promise<string | null> {
  const entry = await journalEntry(db, index)
  if (entry === null) return null
  const path = await inclusionPath(db, index, head.size)
  return [
    firstLine,
    `extra ${Buffer.from(entry).toString('base64')}`,
    `index ${index}`,
    ...path.map((hash) => hash.toString('base64')),
    '',
    head.text,
  ].join('\n')
}

/**
 * Null when the proof holds, otherwise the reason as a sentence. `verifierKey`: the keys that the reader keeps; a proof
 * without one proves nothing, because anybody can sign a head with some key.
 */
export async function checkProof(file: string, verifierKey: string): Promise<string | null> {
  const text = await readFile(file, 'utf8')
  const [, extra = '', indexText = '', hashes = '', headText = ''] =
    /^c2sp\.org\/tlog-proof@v1\nextra ([A-Za-z0-9+/=]+)\nindex (\d{1,15})\n((?:[A-Za-z0-9+/]{43}=\n)*)\n([^]+)$/.exec(
      text,
    ) ?? []
  const head = readHeads(headText)?.heads[0]
  if (head === undefined) return 'This file is no proof of an entry.'
  const keys = trustedKeys(verifierKey)
  if (keys.length === 0)
    return 'Nothing was verified: the journal’s public key is missing. Give the key that was noted apart (linia journal key).'
  if (keyOf(head, keys) === -1) return 'The head in this proof is not signed by this key.'
  const path = hashes.split('\n').flatMap((line) => (line === '' ? [] : [Buffer.from(line, 'base64')]))
  const holds = provesInclusion(leafHash(Buffer.from(extra, 'base64')), Number(indexText), head, path)
  return holds
    ? null
    : 'The proof does not hold: this entry is not in the journal that the head was signed for.'
}
