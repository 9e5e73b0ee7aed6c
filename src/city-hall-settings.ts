/** Name and arms of the city hall (CITY_NAME, CITY_ARMS). */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Kind, Reader } from './setting.ts'

export interface Arms {
  readonly type: 'image/svg+xml' | 'image/png'
  readonly path: string
  /** The file, as base64. */
  readonly base64: string
}

export interface CityHall {
  readonly name: string
  /** Null: none, the product's mark stands alone. */
  readonly arms: Arms | null
}

const armsBytesMax = 256 * 1024
const acceptedArms = 'a readable SVG without scripts and links, or a PNG, of at most 256 KB'

const cityName: Kind<string> = {
  accepted: 'a name of at most 80 characters on one line',
  parse: (given) => (/^[^\p{Cc}]{1,80}$/u.test(given.trim()) ? given.trim() : undefined),
}

export function cityHallFrom(reader: Reader): CityHall {
  const name = reader.optional('CITY_NAME', cityName, 'Primăria Municipiului Timișoara')
  const path = reader.optional(
    'CITY_ARMS',
    { accepted: acceptedArms, parse: (given) => resolve(given) },
    null,
  )
  if (path === null) return { name, arms: null }
  const arms = armsAt(path)
  if (arms === null) reader.wrong('CITY_ARMS', path, acceptedArms)
  return { name, arms }
}

/** Null: the file cannot be read or is no acceptable picture. */
function armsAt(path: string): Arms | null {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch {
    return null
  }
  if (bytes.length > armsBytesMax) return null
  const base64 = bytes.toString('base64')
  if (isPng(bytes)) return { type: 'image/png', path, base64 }
  return isPlainSvg(bytes) ? { type: 'image/svg+xml', path, base64 } : null
}

const pngStart = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])

/** Checks every chunk: a damaged file would fail only when a proof of registration is printed. */
function isPng(bytes: Buffer): boolean {
  if (!bytes.subarray(0, 8).equals(pngStart)) return false
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at)
    const end = at + 8 + length
    if (end + 4 > bytes.length || crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32BE(end)) return false
    if (bytes.toString('latin1', at + 4, at + 8) === 'IEND') return end + 4 === bytes.length
    at = end + 4
  }
  return false
}

/**
 * Browsers run no scripts of an `<img>`, and the answer's policy forbids them. A file that needs a script, or loads
 * another file, is refused all the same.
 */
function isPlainSvg(bytes: Buffer): boolean {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return false
  }
  const start = /^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[\s\S]*?-->\s*)*<svg[\s>]/
  const active =
    /<!DOCTYPE|<!ENTITY|<\s*(?:script|foreignObject|iframe|image|style)\b|\son\w+\s*=|javascript:/i
  const link = /(?:href|src)\s*=\s*["'](?!#)|url\(\s*["']?(?!#)/i
  return start.test(text) && /<\/svg>\s*$/.test(text) && !active.test(text) && !link.test(text)
}
