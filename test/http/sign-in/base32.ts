/** Reads a secret as an authenticator app does (RFC 4648, base32 without padding). */
export function fromBase32(text: string): Buffer<ArrayBuffer> {
  const bits = text
    .split('')
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
