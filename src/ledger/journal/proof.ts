/**
 * A proof that one entry is in the journal, as a file that stands alone (c2sp.org/tlog-proof): the entry
 * itself, its index, the hashes on its way to the root, and the signed head with that root.
 */
import { readFile } from 'node:fs/promises'
import { isSignedBy, readHeads, readVerifierKey, type SignedHead } from '../../city/journal/checkpoint.ts'
import { leafHash, provesInclusion } from '../../city/journal/merkle.ts'
import type { Database } from '../database.ts'
import { inclusionPath, journalEntry } from './journal.ts'

const firstLine = 'c2sp.org/tlog-proof@v1'

/** Null when there is no such entry. `head` counts it. */
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

/** Null when the proof in this file holds; else why not, as a sentence. Without a key, the signature is not asked. */
export async function checkProof(file: string, verifierKey: string | null): Promise<string | null> {
  const text = await readFile(file, 'utf8')
  const [, extra = '', indexText = '', hashes = '', headText = ''] =
    /^c2sp\.org\/tlog-proof@v1\nextra ([A-Za-z0-9+/=]+)\nindex (\d{1,15})\n((?:[A-Za-z0-9+/]{43}=\n)*)\n([^]+)$/.exec(
      text,
    ) ?? []
  const head = readHeads(headText)?.heads[0]
  if (head === undefined) return 'This file is no proof of an entry.'
  const verifier = verifierKey === null ? null : readVerifierKey(verifierKey)
  if (verifierKey !== null && (verifier === null || !isSignedBy(head, verifier)))
    return 'The head in this proof is not signed by this key.'
  const path = hashes.split('\n').flatMap((line) => (line === '' ? [] : [Buffer.from(line, 'base64')]))
  const holds = provesInclusion(leafHash(Buffer.from(extra, 'base64')), Number(indexText), head, path)
  return holds
    ? null
    : 'The proof does not hold: this entry is not in the journal that the head was signed for.'
}
