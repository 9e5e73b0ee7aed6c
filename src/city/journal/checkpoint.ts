/**
 * Signed heads of the journal: checkpoints as c2sp.org/tlog-checkpoint writes them, signed notes
 * (c2sp.org/signed-note) with Ed25519. A head states the number of entries and the root over them.
 */
import { createHash, createPrivateKey, createPublicKey, hkdfSync, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

export interface Head {
  /** Entries. */
  readonly size: number
  /** Root of the tree over them, 32 bytes. */
  readonly root: Buffer
}

export interface SignedHead extends Head {
  /** The note's text: three lines, an empty line, and the signatures. */
  readonly text: string
}

/** The public half of a key: verifies, cannot sign. */
export interface HeadVerifier {
  readonly id: Buffer
  readonly key: KeyObject
  /** As `readVerifierKey` takes it. */
  readonly text: string
}

export interface HeadSigner {
  /** Signs; the same head gives the same text. */
  sign(head: Head): SignedHead
  /** The public half: `<name>+<id>+<key>`. */
  readonly verifierKey: string
  /** Signs that one key follows another; see `key-chain.ts`. */
  signStatement(statement: string): Buffer
}

/** Names the journal in each head, and the key that signs them. */
export const journalOrigin = 'linia969/journal'

/** Algorithm byte of a signed note's Ed25519 keys. */
const ed25519 = Buffer.of(1)
/** The PKCS #8 prefix of an Ed25519 seed (RFC 8410). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')
const signatureMark = '— '

/** `secret`: JOURNAL_KEY, from which the key is derived. */
export function headSigner(secret: string): HeadSigner {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', 'linia journal heads', 32))
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' })
  const raw = rawKeyOf(createPublicKey(key))
  const id = keyIdOf(journalOrigin, raw)
  return {
    verifierKey: `${journalOrigin}+${id.toString('hex')}+${Buffer.concat([ed25519, raw]).toString('base64')}`,
    signStatement: (statement) => sign(null, Buffer.from(statement), key),
    sign({ size, root }) {
      const body = bodyOf({ size, root })
      const signature = Buffer.concat([id, sign(null, Buffer.from(body), key)]).toString('base64')
      return { size, root, text: `${body}\n${signatureMark}${journalOrigin} ${signature}\n` }
    },
  }
}

/** A verifier key as text; null when it is none of ours. */
export function readVerifierKey(text: string): HeadVerifier | null {
  const [, name = '', idText = '', keyText = ''] =
    /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text.trim()) ?? []
  const bytes = Buffer.from(keyText, 'base64')
  if (bytes.length !== 33 || bytes[0] !== 1) return null
  const raw = bytes.subarray(1)
  const id = keyIdOf(name, raw)
  if (name !== journalOrigin || id.toString('hex') !== idText) return null
  const x = raw.toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return { id, key, text: text.trim() }
}

/**
 * Parses consecutive heads; null where the text holds anything else. `isSignedBy` verifies the signatures. `torn`: the
 * last head was half written, for example at a power cut; it is skipped.
 */
export function readHeads(text: string): { readonly heads: SignedHead[]; readonly torn: boolean } | null {
  const note = /([^\n]+)\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\n\n(?:— [^\n]+\n)+/y
  const heads: SignedHead[] = []
  while (note.lastIndex < text.length) {
    const at = note.lastIndex
    const found = note.exec(text)
    if (found === null) return isTorn(text.slice(at)) ? { heads, torn: true } : null
    const [whole = '', origin, sizeText, rootText = ''] = found
    if (origin !== journalOrigin) return null
    heads.push({ size: Number(sizeText), root: Buffer.from(rootText, 'base64'), text: whole })
  }
  return { heads, torn: false }
}

/** A head that breaks off at the end of the text. */
function isTorn(rest: string): boolean {
  const origin = journalOrigin.slice(0, rest.length)
  return rest.startsWith(origin) && /^[^\n]*(\n\d*(\n[\w+/=]*(\n(\n(— ?[^\n]*)?)?)?)?)?$/.test(rest)
}

/** A note may carry the signatures of other signatories (witnesses) as well. */
export function isSignedBy(head: SignedHead, { id, key }: HeadVerifier): boolean {
  const prefix = `${signatureMark}${journalOrigin} `
  const [, signatures = ''] = head.text.split('\n\n')
  return signatures.split('\n').some((line) => {
    const bytes = Buffer.from(line.startsWith(prefix) ? line.slice(prefix.length) : '', 'base64')
    return bytes.subarray(0, 4).equals(id) && verify(null, Buffer.from(bodyOf(head)), key, bytes.subarray(4))
  })
}

function bodyOf({ size, root }: Head): string {
  return `${journalOrigin}\n${size}\n${root.toString('base64')}\n`
}

function keyIdOf(name: string, raw: Buffer): Buffer {
  return createHash('sha256').update(`${name}\n`).update(ed25519).update(raw).digest().subarray(0, 4)
}

function rawKeyOf(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url')
}
