/**
 * The journal's public keys, oldest first. A key that replaces another one is signed by both, so that an auditor who
 * keeps any one of them recognises the others: heads that an old key has signed stay verifiable for ever.
 *
 * As text, a line for each key: the verifier key; then, but for the first one, the signatures of the key before it and
 * of its own over the statement that it follows.
 */
import { verify } from 'node:crypto'
import { isSignedBy, journalOrigin, readVerifierKey } from './checkpoint.ts'
import type { HeadSigner, HeadVerifier, SignedHead } from './checkpoint.ts'

/** Null: the text is no chain, or a signature in it does not hold. */
export function readKeyChain(text: string): readonly HeadVerifier[] | null {
  const chain: HeadVerifier[] = []
  for (const line of text.trim().split('\n')) {
    const [keyText = '', ...signatures] = line.trim().split(/\s+/)
    const key = readVerifierKey(keyText)
    const before = chain.at(-1)
    if (key === null) return null
    if (before === undefined ? signatures.length > 0 : !follows(before, key, signatures)) return null
    chain.push(key)
  }
  return chain.length === 0 ? null : chain
}

function follows(
  before: HeadVerifier,
  key: HeadVerifier,
  [byOld = '', byNew = '']: readonly string[],
): boolean {
  const statement = Buffer.from(statementOf(before.text, key.text))
  return (
    verify(null, statement, before.key, Buffer.from(byOld, 'base64')) &&
    verify(null, statement, key.key, Buffer.from(byNew, 'base64'))
  )
}

/** The chain with a further key. `old` must hold the chain's last key. */
export function extendKeyChain(chainText: string, old: HeadSigner, next: HeadSigner): string {
  const statement = statementOf(old.verifierKey, next.verifierKey)
  const signatures = [old, next].map((signer) => signer.signStatement(statement).toString('base64'))
  return `${chainText.trim()}\n${[next.verifierKey, ...signatures].join(' ')}\n`
}

function statementOf(before: string, key: string): string {
  return `${journalOrigin}/key\n${before}\n${key}\n`
}

/**
 * The keys that heads may be signed with. `pinned`: what the verifier brings along, a key or a chain; `found`: a chain
 * from a place that is not trusted by itself, which counts only when it is bound to a pinned key. Empty: no key.
 */
export function trustedKeys(pinned: string, found: string | null = null): readonly HeadVerifier[] {
  const own = pinned.trim() === '' ? null : readKeyChain(pinned)
  if (own === null) return []
  const more = found === null ? null : readKeyChain(found)
  const isBound = more?.some(({ text }) => own.some((key) => key.text === text)) === true
  return isBound && more.length > own.length ? more : own
}

/** The position of the key that signed the head; -1: none of them has. */
export function keyOf(head: SignedHead, keys: readonly HeadVerifier[]): number {
  return keys.findLastIndex((key) => isSignedBy(head, key))
}
