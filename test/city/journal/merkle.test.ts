import * as fc from 'fast-check'
import t from 'tap'
import {
  consistencyRanges,
  GrowingTree,
  hashOfRange,
  inclusionRanges,
  leafHash,
  nodeHash,
  nodesOf,
  provesConsistency,
  provesInclusion,
  type TreeNode,
} from '../../../src/city/journal/merkle.ts'

/** The leaves and roots of the reference implementation of RFC 6962 (certificate-transparency, merkle_tree_test). */
const leaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

/** The recursive definition of the tree, independent of the implementation under test. */
function plainRoot(hashes: readonly Buffer[]): Buffer {
  const [only] = hashes
  if (only === undefined) return new GrowingTree().root()
  if (hashes.length === 1) return only
  let split = 1
  while (split * 2 < hashes.length) split *= 2
  return nodeHash(plainRoot(hashes.slice(0, split)), plainRoot(hashes.slice(split)))
}

const hashes = Array.from({ length: 70 }, (_, index) => leafHash(`entry ${index}`))
const stored = ({ level, position }: TreeNode): Buffer =>
  plainRoot(hashes.slice(position * 2 ** level, (position + 1) * 2 ** level))
const headOf = (size: number) => ({ size, root: plainRoot(hashes.slice(0, size)) })
const size = fc.integer({ min: 1, max: hashes.length })

t.test('the roots are those of RFC 6962’s reference implementation', (t) => {
  const tree = new GrowingTree()
  t.equal(tree.root().toString('hex'), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  for (const [index, leaf] of leaves.entries()) {
    tree.append(leafHash(Buffer.from(leaf, 'hex')))
    t.equal(tree.root().toString('hex'), roots[index], `${index + 1} leaves`)
    t.equal(tree.size, index + 1)
  }
  t.end()
})

t.test('a tree grown leaf by leaf equals the tree of the definition', (t) => {
  const tree = new GrowingTree()
  for (const [index, hash] of hashes.entries()) {
    tree.append(hash)
    t.ok(tree.root().equals(headOf(index + 1).root), `${index + 1} leaves`)
  }
  t.end()
})

t.test('every leaf of every tree has a valid inclusion proof', (t) => {
  for (let leaf = 0; leaf < hashes.length; leaf++)
    for (let of = leaf + 1; of <= hashes.length; of++) {
      const path = inclusionRanges(leaf, of).map((range) => hashOfRange(range, stored))
      if (!provesInclusion(hashes[leaf]!, leaf, headOf(of), path)) t.fail(`leaf ${leaf} of ${of}`)
    }
  t.throws(() => inclusionRanges(5, 5), RangeError)
  t.end()
})

t.test('every tree has a valid consistency proof for every earlier one', (t) => {
  for (let earlier = 0; earlier <= hashes.length; earlier++)
    for (let later = Math.max(1, earlier); later <= hashes.length; later++) {
      const path = consistencyRanges(earlier, later).map((range) => hashOfRange(range, stored))
      if (!provesConsistency(headOf(earlier), headOf(later), path)) t.fail(`${earlier} of ${later}`)
    }
  t.throws(() => consistencyRanges(6, 5), RangeError)
  t.end()
})

t.test('a proof fails for another leaf, index or root, and with a hash changed or left out', (t) => {
  fc.assert(
    fc.property(size, fc.nat(), fc.nat(), fc.nat({ max: 31 }), (of, pick, which, byte) => {
      const leaf = pick % of
      const path = inclusionRanges(leaf, of).map((range) => hashOfRange(range, stored))
      const head = headOf(of)
      const damaged = path.map((hash, at) => (at === which % path.length ? flipped(hash, byte) : hash))
      return (
        !provesInclusion(leafHash('another'), leaf, head, path) &&
        !provesInclusion(hashes[leaf]!, leaf, { ...head, root: flipped(head.root, byte) }, path) &&
        !provesInclusion(hashes[leaf]!, of, head, path) &&
        (path.length === 0 ||
          (!provesInclusion(hashes[leaf]!, leaf, head, damaged) &&
            !provesInclusion(hashes[leaf]!, leaf, head, path.slice(1))))
      )
    }),
  )
  fc.assert(
    fc.property(size, fc.nat(), fc.nat(), fc.nat({ max: 31 }), (later, pick, which, byte) => {
      const earlier = 1 + (pick % later)
      const path = consistencyRanges(earlier, later).map((range) => hashOfRange(range, stored))
      const [before, after] = [headOf(earlier), headOf(later)]
      const damaged = path.map((hash, at) => (at === which % path.length ? flipped(hash, byte) : hash))
      return (
        !provesConsistency({ ...before, root: flipped(before.root, byte) }, after, path) &&
        !provesConsistency(before, { ...after, root: flipped(after.root, byte) }, path) &&
        (path.length === 0 || !provesConsistency(before, after, damaged))
      )
    }),
  )
  t.end()
})

t.test('a range is composed of whole subtrees, also beyond 2^31 leaves', (t) => {
  t.strictSame(nodesOf({ from: 0, to: 7 }), [
    { level: 2, position: 0 },
    { level: 1, position: 2 },
    { level: 0, position: 6 },
  ])
  const many = 2 ** 40 + 3
  t.strictSame(nodesOf({ from: 2 ** 40, to: many }), [
    { level: 1, position: 2 ** 39 },
    { level: 0, position: 2 ** 40 + 2 },
  ])
  t.equal(inclusionRanges(many - 1, many).length, 2)
  t.end()
})

function flipped(hash: Buffer, byte: number): Buffer {
  const other = Buffer.from(hash)
  other[byte] = (other[byte] ?? 0) ^ 1
  return other
}
