/** Pseudonyms of persons, signed heads and the verification of a journal, without a database. */
import { generateKeyPairSync, sign } from 'node:crypto'
import t from 'tap'
import { JournalCheck, sentenceOf } from '../../../src/city/journal/check.ts'
import {
  headSigner,
  isSignedBy,
  journalOrigin,
  readHeads,
  readVerifierKey,
} from '../../../src/city/journal/checkpoint.ts'
import { GrowingTree, leafHash } from '../../../src/city/journal/merkle.ts'
import { personMark } from '../../../src/city/journal/person.ts'

const signer = headSigner('the secret of these tests, long enough')
const verifier = readVerifierKey(signer.verifierKey)!

const entry = (index: number, text = 'x'): string => JSON.stringify({ index, at: 'now', what: text })
const entries = (count: number): string[] => Array.from({ length: count }, (_, index) => entry(index))
function headOf(lines: readonly string[]) {
  const tree = new GrowingTree()
  for (const line of lines) tree.append(leafHash(line))
  return signer.sign({ size: tree.size, root: tree.root() })
}

/** The first finding, with heads over the true journal at these sizes. */
function check(lines: readonly string[], heads: ReturnType<typeof headOf>[], leaves: readonly string[] = []) {
  const journal = new JournalCheck([verifier])
  journal.expect(heads)
  for (const [index, line] of lines.entries()) {
    const kept = leaves[index]
    const found = journal.add(line, kept === undefined ? null : leafHash(kept))
    if (found !== null) return found
  }
  return journal.end()
}

t.test('a person has one mark in every spelling of the identifier; another key gives another mark', (t) => {
  const mark = personMark('key', '1850315351233')
  t.match(mark, /^[0-9a-f]{64}$/)
  t.equal(personMark('key', ' 1850315 351233 '), mark)
  t.equal(personMark('key', 'RO 18547290'), personMark('key', '18547290'))
  t.equal(personMark('key', 'ro18547290'), personMark('key', '18547290'))
  t.not(personMark('other', '1850315351233'), mark)
  t.not(personMark('key', '1850315350081'), mark)
  t.end()
})

t.test('a head is a signed note and signing is deterministic', (t) => {
  const head = headOf(entries(5))
  const lines = head.text.split('\n')
  t.equal(lines[0], journalOrigin)
  t.equal(lines[1], '5')
  t.equal(lines[2], head.root.toString('base64'))
  t.equal(lines[3], '')
  t.match(lines[4], /^— linia969\/journal [A-Za-z0-9+/]+=*$/)
  t.equal(Buffer.from(lines[4]?.split(' ')[2] ?? '', 'base64').length, 4 + 64)
  t.equal(headOf(entries(5)).text, head.text)
  t.ok(isSignedBy(head, verifier))
  t.end()
})

t.test('several heads are parsed from one text, with other signatories’ lines ignored', (t) => {
  const [first, second] = [headOf(entries(2)), headOf(entries(9))]
  const witnessed = `${second.text}— witness.example/w1 AAAAAAAA\n`
  const read = readHeads(first.text + witnessed)
  t.strictSame(
    read?.heads.map(({ size }) => size),
    [2, 9],
  )
  t.ok(read?.heads.every((head) => isSignedBy(head, verifier)))
  t.equal(read?.torn, false)
  t.strictSame(readHeads(''), { heads: [], torn: false })
  t.end()
})

t.test('a half-written last head is skipped, any other damage is an error', (t) => {
  const [first, second] = [headOf(entries(2)), headOf(entries(9))]
  for (let length = 1; length < second.text.length; length++) {
    const read = readHeads(first.text + second.text.slice(0, length))
    if (read?.torn !== true || read.heads.length !== 1) t.fail(`cut at ${length}`)
  }
  t.equal(readHeads(`${first.text}something else\n`), null)
  t.equal(readHeads(first.text.replace(journalOrigin, 'another/journal')), null)
  t.equal(readHeads(`${first.text.slice(0, 40)}${second.text}`), null, 'in the middle')
  t.end()
})

t.test('a head that was altered or signed with another key does not verify', (t) => {
  const head = headOf(entries(4))
  t.notOk(isSignedBy({ ...head, size: 5 }, verifier))
  const other = headSigner('another secret that is long enough too').sign(head)
  t.notOk(isSignedBy(other, verifier))
  const { privateKey } = generateKeyPairSync('ed25519')
  const [body = ''] = head.text.split('\n\n')
  const forged = Buffer.concat([verifier.id, sign(null, Buffer.from(`${body}\n`), privateKey)])
  const text = `${body}\n\n— ${journalOrigin} ${forged.toString('base64')}\n`
  t.notOk(isSignedBy({ ...head, text }, verifier), 'under our key’s id')
  for (const key of [
    '',
    'x',
    `${signer.verifierKey}A`,
    signer.verifierKey.replace(/\+[0-9a-f]{8}\+/, '+00000000+'),
  ])
    t.equal(readVerifierKey(key), null)
  t.end()
})

t.test('an unchanged journal passes, and entries without a head are counted', (t) => {
  const lines = entries(20)
  const heads = [4, 4, 11, 16].map((size) => headOf(lines.slice(0, size)))
  t.strictSame(check(lines, heads), { entries: 20, heads: 4, unanchored: 4 })
  t.strictSame(check(lines, heads, lines.slice(0, 16)), { entries: 20, heads: 4, unanchored: 4 })
  t.strictSame(check([], []), { why: 'no entry', index: null }, 'nothing to check is not intact')
  t.strictSame(check(lines, []), { why: 'no head', index: null })
  t.strictSame(new JournalCheck([]).end(), { why: 'no key', index: null })
  t.end()
})

t.test('tampering with a journal is found, and the first bad entry is reported', (t) => {
  const lines = entries(20)
  const heads = [5, 12, 18].map((size) => headOf(lines.slice(0, size)))
  const changed = lines.with(7, entry(7, 'y'))
  t.strictSame(check(changed, heads, lines), { why: 'changed', index: 7 })
  t.strictSame(check(changed, heads), { why: 'unlike the head', index: 5, headSize: 12 }, 'from heads alone')
  t.strictSame(check(lines.toSpliced(7, 1), heads), { why: 'out of place', index: 7, says: 8 }, 'deleted')
  const inserted = lines.toSpliced(7, 0, entry(7, 'forged'))
  t.match(check(inserted, heads), { why: 'out of place', index: 8, says: 7 }, 'inserted')
  t.strictSame(check(inserted, heads, lines), { why: 'changed', index: 7 })
  const renumbered = inserted.map((line, index) => line.replace(/"index":\d+/, `"index":${index}`))
  t.strictSame(check(renumbered, heads, lines), { why: 'changed', index: 7 })
  t.strictSame(check(lines.with(7, lines[8]!).with(8, lines[7]!), heads), {
    why: 'out of place',
    index: 7,
    says: 8,
  })
  t.strictSame(check(lines.slice(0, 15), heads), { why: 'missing', index: 15, headSize: 18 }, 'cut off')
  const restored = [
    ...lines.slice(0, 10),
    ...entries(25)
      .slice(10)
      .map((_, at) => entry(10 + at, 'later')),
  ]
  t.strictSame(
    check(restored, heads),
    { why: 'unlike the head', index: 5, headSize: 12 },
    'an old backup that went on',
  )
  t.strictSame(check(lines.with(3, 'not JSON'), heads), { why: 'out of place', index: 3, says: null })
  t.end()
})

t.test('foreign or contradictory heads are found', (t) => {
  const lines = entries(10)
  const [good, other] = [headOf(lines.slice(0, 6)), headOf(entries(6).with(2, entry(2, 'y')))]
  t.match(check(lines, [good, other]), { why: 'heads disagree', headSize: 6 })
  t.match(check(lines, [{ ...good, text: good.text.replace('— ', '— x') }]), {
    why: 'not signed',
    headSize: 6,
  })
  const past = new JournalCheck([verifier])
  for (const line of lines) t.equal(past.add(line), null)
  past.expect([good, headOf(lines)])
  t.match(past.end(), { entries: 10, heads: 1 }, 'one that comes too late is left out')
  t.end()
})

t.test('each finding is a sentence that names the entry', (t) => {
  for (const finding of [
    { why: 'changed', index: 7 },
    { why: 'out of place', index: 7, says: 8 },
    { why: 'out of place', index: 7, says: null },
    { why: 'missing', index: 7, headSize: 9 },
    { why: 'unlike the head', index: 7, headSize: 9 },
    { why: 'not signed', index: 7, headSize: 7 },
    { why: 'retired key', index: 7, headSize: 7 },
    { why: 'heads disagree', index: 7, headSize: 7 },
  ] as const)
    t.match(sentenceOf(finding), /7.*\.$/)
  t.end()
})
