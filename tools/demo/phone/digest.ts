/** HTTP digest authentication as SIP uses it (RFC 3261 §22, RFC 7616). */
import { createHash, randomBytes } from 'node:crypto'

export function digestAnswer(
  challenge: string,
  account: { readonly username: string; readonly password: string },
  method: string,
  uri: string,
): string {
  const field = (name: string): string | undefined =>
    new RegExp(`\\b${name}=(?:"([^"]*)"|([^,\\s]+))`, 'i')
      .exec(challenge)
      ?.slice(1)
      .find((each) => each !== undefined)
  const algorithm = field('algorithm') ?? 'MD5'
  const hash = (text: string): string =>
    createHash(algorithm.toUpperCase().startsWith('SHA-256') ? 'sha256' : 'md5')
      .update(text)
      .digest('hex')
  const realm = field('realm') ?? ''
  const nonce = field('nonce') ?? ''
  const who = hash(`${account.username}:${realm}:${account.password}`)
  const what = hash(`${method}:${uri}`)
  const cnonce = randomBytes(8).toString('hex')
  const withQop = field('qop') !== undefined
  const response = withQop
    ? hash(`${who}:${nonce}:00000001:${cnonce}:auth:${what}`)
    : hash(`${who}:${nonce}:${what}`)
  const opaque = field('opaque')
  return [
    `Digest username="${account.username}", realm="${realm}", nonce="${nonce}", uri="${uri}"`,
    `response="${response}", algorithm=${algorithm}`,
    ...(withQop ? [`qop=auth, nc=00000001, cnonce="${cnonce}"`] : []),
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ].join(', ')
}
