/**
 * Verifies the journal from its first entry against what was kept outside: heads (signed; each a size and a root)
 * and, where available, the hashes of the leaves. Reports the first bad entry.
 */
import type { HeadVerifier, SignedHead } from './checkpoint.ts'
import { keyOf } from './key-chain.ts'
import { GrowingTree, leafHash } from './merkle.ts'

export type Finding =
  /** The entry at this index differs from the one that was anchored. */
  | { readonly why: 'changed'; readonly index: number }
  /** Another entry is at this index: its own number is `says`, or unreadable (null). */
  | { readonly why: 'out of place'; readonly index: number; readonly says: number | null }
  /** The journal ends before this entry, which a head covers. */
  | { readonly why: 'missing'; readonly index: number; readonly headSize: number }
  /** At least one entry covered by the head of this size differs from what was signed. */
  | { readonly why: 'unlike the head'; readonly index: number; readonly headSize: number }
  /** A head was not signed by the journal's key. */
  | { readonly why: 'not signed'; readonly index: number; readonly headSize: number }
  /** A head was signed by a key that had been replaced before. */
  | { readonly why: 'retired key'; readonly index: number; readonly headSize: number }
  /** Two heads of one size have different roots: two versions of the journal were signed. */
  | { readonly why: 'heads disagree'; readonly index: number; readonly headSize: number }
  /** There is no key to verify heads with: nothing was verified. */
  | { readonly why: 'no key'; readonly index: null }
  /** There is no signed head: nothing outside the journal was compared with it. */
  | { readonly why: 'no head'; readonly index: null }
  /** There is no entry. */
  | { readonly why: 'no entry'; readonly index: null }

export interface Checked {
  readonly entries: number
  /** Verified heads. */
  readonly heads: number
  /** Entries after the last head, which nothing outside covers yet. */
  readonly unanchored: number
}

export class JournalCheck {
  readonly #keys: readonly HeadVerifier[]
  readonly #tree = new GrowingTree()
  #expected: SignedHead[] = []
  #lastHeld = 0
  #held = 0
  #keyHeld = 0

  /** `keys`: oldest first. A later head is never signed by an earlier key. */
  constructor(keys: readonly HeadVerifier[]) {
    this.#keys = keys
  }

  /** Whether all expected heads up to this size have been reached. */
  wantsHeadsBelow(size: number): boolean {
    return !this.#expected.some((head) => head.size <= size)
  }

  /**
   * Heads to verify, in any order. A head whose size has already been passed is ignored: two nodes may write their
   * heads in the wrong order at midnight, and the larger head covers the smaller one.
   */
  expect(heads: readonly SignedHead[]): void {
    const ahead = heads.filter(({ size }) => size >= this.#tree.size)
    this.#expected = [...this.#expected, ...ahead].sort((a, b) => a.size - b.size)
  }

  /**
   * The next entry, in the bytes that were hashed.
   * @param anchored the hash of this leaf kept outside, where available.
   */
  add(entry: string | Uint8Array, anchored: Uint8Array | null = null): Finding | null {
    const before = this.#holdHeads()
    if (before !== null) return before
    const index = this.#tree.size
    const says = indexSaid(entry)
    const leaf = leafHash(entry)
    if (says !== index) return { why: 'out of place', index, says }
    if (anchored !== null && !leaf.equals(anchored)) return { why: 'changed', index }
    this.#tree.append(leaf)
    return this.#holdHeads()
  }

  /** There are no more entries. A check without a key, a head or an entry has verified nothing, and fails. */
  end(): Finding | Checked {
    if (this.#keys.length === 0) return { why: 'no key', index: null }
    const unlike = this.#holdHeads()
    if (unlike !== null) return unlike
    const { size } = this.#tree
    const [next] = this.#expected
    if (next !== undefined) return { why: 'missing', index: size, headSize: next.size }
    if (size === 0) return { why: 'no entry', index: null }
    if (this.#held === 0) return { why: 'no head', index: null }
    return { entries: size, heads: this.#held, unanchored: size - this.#lastHeld }
  }

  #holdHeads(): Finding | null {
    for (;;) {
      const [head] = this.#expected
      if (head === undefined || head.size !== this.#tree.size) return null
      const { size } = head
      if (this.#keys.length === 0) return { why: 'no key', index: null }
      const key = keyOf(head, this.#keys)
      if (key === -1) return { why: 'not signed', index: size, headSize: size }
      if (key < this.#keyHeld) return { why: 'retired key', index: size, headSize: size }
      if (!this.#tree.root().equals(head.root)) {
        const disagree = this.#held > 0 && this.#lastHeld === size
        return disagree
          ? { why: 'heads disagree', index: size, headSize: size }
          : { why: 'unlike the head', index: this.#lastHeld, headSize: size }
      }
      this.#expected.shift()
      this.#held += 1
      this.#lastHeld = size
      this.#keyHeld = key
    }
  }
}

export function isFinding(answer: Finding | Checked): answer is Finding {
  return 'why' in answer
}

/** The finding as one sentence. */
export function sentenceOf(finding: Finding): string {
  switch (finding.why) {
    case 'changed':
      return `Entry ${finding.index} is not what it was when it was anchored: it has been changed.`
    case 'out of place':
      return finding.says === null
        ? `Entry ${finding.index} cannot be read as an entry of the journal.`
        : `Entry ${finding.index} is not in its place: the line there is numbered entry ${finding.says}. Entries have been removed, added or moved from here on.`
    case 'missing':
      return `Entry ${finding.index} is missing: the journal ends here, and a signed head counts ${finding.headSize} entries.`
    case 'unlike the head':
      return `The first bad entry is one from ${finding.index} to ${finding.headSize - 1}: together they are not what the head of ${finding.headSize} entries was signed for.`
    case 'not signed':
      return `The head of ${finding.headSize} entries is not signed by the journal’s key: it proves nothing about the entries before it.`
    case 'retired key':
      return `The head of ${finding.headSize} entries is signed by a key that had been replaced before: it proves nothing about the entries before it.`
    case 'no key':
      return 'Nothing was verified: the journal’s public key is missing. Give the key that was noted apart from the heads (linia journal key).'
    case 'no head':
      return 'Nothing was verified: there is no signed head to compare the entries with.'
    case 'no entry':
      return 'Nothing was verified: there is no entry.'
    case 'heads disagree':
      return `Two signed heads of ${finding.headSize} entries have different roots: one of them was made for another journal.`
  }
}

function indexSaid(entry: string | Uint8Array): number | null {
  try {
    const text = typeof entry === 'string' ? entry : Buffer.from(entry).toString('utf8')
    const said = (JSON.parse(text) as { readonly index?: unknown }).index
    return typeof said === 'number' ? said : null
  } catch {
    return null
  }
}
