/**
 * The journal's tree (RFC 6962 section 2, RFC 9162 section 2.1). Leaves are numbered from 0; a tree of n
 * leaves is split at the largest power of two below n.
 */
import { createHash } from 'node:crypto'

/** A full subtree: `2^level` leaves from `position · 2^level` on. */
export interface TreeNode {
  readonly level: number
  readonly position: number
}

/** Leaves from `from` on, without `to`. */
export interface LeafRange {
  readonly from: number
  readonly to: number
}

export function leafHash(entry: string | Uint8Array): Buffer {
  return createHash('sha256').update(leafMark).update(entry).digest()
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(nodeMark).update(left).update(right).digest()
}

const leafMark = Buffer.of(0)
const nodeMark = Buffer.of(1)

/** The root over the frontier: the roots of the full subtrees, the largest first. */
export function rootOf(frontier: readonly Uint8Array[]): Buffer {
  const last = frontier.at(-1)
  if (last === undefined) return createHash('sha256').digest()
  return Buffer.from(frontier.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last))
}

/** An append-only tree that stores only its frontier. */
export class GrowingTree {
  #size = 0
  readonly #frontier: Buffer[] = []

  get size(): number {
    return this.#size
  }

  append(leaf: Buffer): void {
    let node = leaf
    for (let rest = this.#size; rest % 2 === 1; rest = half(rest)) {
      const left = this.#frontier.pop()
      if (left === undefined) throw new Error('the frontier is shorter than the size says')
      node = nodeHash(left, node)
    }
    this.#frontier.push(node)
    this.#size += 1
  }

  root(): Buffer {
    return rootOf(this.#frontier)
  }
}

/** The full subtrees that a range of a tree is made of, from the left. */
export function nodesOf({ from, to }: LeafRange): TreeNode[] {
  const nodes: TreeNode[] = []
  for (let at = from; at < to;) {
    const width = powerOfTwoUpTo(to - at)
    nodes.push({ level: Math.log2(width), position: at / width })
    at += width
  }
  return nodes
}

/** `hash` must return the hash of every node of `nodesOf(range)`. */
export function hashOfRange(range: LeafRange, hash: (node: TreeNode) => Uint8Array): Buffer {
  return rootOf(nodesOf(range).map(hash))
}

/** The ranges whose hashes prove that leaf `index` is in the tree of `size` leaves; nearest first. */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`no leaf ${index} in a tree of ${size}`)
  const descend = (from: number, to: number): LeafRange[] => {
    if (to - from === 1) return []
    const middle = from + powerOfTwoBelow(to - from)
    return index < middle
      ? [...descend(from, middle), { from: middle, to }]
      : [...descend(middle, to), { from, to: middle }]
  }
  return descend(0, size)
}

/** The ranges whose hashes prove that the tree of `size` leaves begins with the tree of `earlier`. */
export function consistencyRanges(earlier: number, size: number): LeafRange[] {
  if (!(earlier >= 0 && earlier <= size)) throw new RangeError(`${earlier} is no earlier size of ${size}`)
  if (earlier === 0) return []
  const descend = (from: number, to: number, known: boolean): LeafRange[] => {
    if (earlier === to) return known ? [] : [{ from, to }]
    const middle = from + powerOfTwoBelow(to - from)
    return earlier <= middle
      ? [...descend(from, middle, known), { from: middle, to }]
      : [...descend(middle, to, false), { from, to: middle }]
  }
  return descend(0, size, true)
}

/** RFC 9162, section 2.1.3.2. */
export function provesInclusion(
  leaf: Uint8Array,
  index: number,
  { size, root }: { readonly size: number; readonly root: Uint8Array },
  path: readonly Uint8Array[],
): boolean {
  if (index < 0 || index >= size) return false
  let [at, last] = [index, size - 1]
  let hash: Buffer = Buffer.from(leaf)
  for (const sibling of path) {
    if (last === 0) return false
    if (isOdd(at) || at === last) {
      hash = nodeHash(sibling, hash)
      ;[at, last] = withoutEvenLevels(at, last)
    } else {
      hash = nodeHash(hash, sibling)
    }
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && hash.equals(root)
}

/** RFC 9162, section 2.1.4.2. */
export function provesConsistency(
  earlier: { readonly size: number; readonly root: Uint8Array },
  later: { readonly size: number; readonly root: Uint8Array },
  path: readonly Uint8Array[],
): boolean {
  if (earlier.size > later.size) return false
  // Every tree begins with the empty one.
  if (earlier.size === 0) return path.length === 0
  if (earlier.size === later.size) return path.length === 0 && Buffer.from(earlier.root).equals(later.root)
  const isWhole = powerOfTwoUpTo(earlier.size) === earlier.size
  const [first, ...rest] = isWhole ? [earlier.root, ...path] : path
  if (first === undefined) return false
  let [at, last] = [earlier.size - 1, later.size - 1]
  while (isOdd(at)) [at, last] = [half(at), half(last)]
  let [before, after]: [Buffer, Buffer] = [Buffer.from(first), Buffer.from(first)]
  for (const hash of rest) {
    if (last === 0) return false
    if (isOdd(at) || at === last) {
      ;[before, after] = [nodeHash(hash, before), nodeHash(hash, after)]
      ;[at, last] = withoutEvenLevels(at, last)
    } else {
      after = nodeHash(after, hash)
    }
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && before.equals(earlier.root) && after.equals(later.root)
}

/** Skips the levels at which this node has no sibling. */
function withoutEvenLevels(at: number, last: number): [number, number] {
  let pair: [number, number] = [at, last]
  while (!isOdd(pair[0]) && pair[0] !== 0) pair = [half(pair[0]), half(pair[1])]
  return pair
}

// Sizes may pass 2^31, where JavaScript's shifts end.
const half = (value: number): number => Math.floor(value / 2)
const isOdd = (value: number): boolean => value % 2 === 1

function powerOfTwoUpTo(value: number): number {
  let power = 1
  while (power * 2 <= value) power *= 2
  return power
}

/** The largest power of two below `value`, which is at least 2. */
const powerOfTwoBelow = (value: number): number => powerOfTwoUpTo(value - 1)
