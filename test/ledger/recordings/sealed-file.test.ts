import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import * as fc from 'fast-check'
import t from 'tap'
import { destroyKey, destroyKeysOf, keyOf, keysBefore, makeKey } from '../../../src/ledger/recordings/keys.ts'
import { writeMark } from '../../../src/ledger/volumes/volume.ts'
import { SealedFile, sealFile } from '../../../src/ledger/recordings/sealed-file.ts'

const dir = t.testdir()
const chunk = 64 * 1024
let files = 0

async function sealed(plain: Buffer, key = randomBytes(32)) {
  files += 1
  const [from, to] = [path.join(dir, `${files}.mp3`), path.join(dir, `${files}.mp3.sealed`)]
  writeFileSync(from, plain)
  await sealFile(from, to, key)
  return { to, key }
}

async function read(file: string, key: Buffer, range?: { start: number; end: number }): Promise<Buffer> {
  const opened = await SealedFile.open(file, key)
  try {
    const parts: Buffer[] = []
    for await (const part of opened.read(range ?? { start: 0, end: opened.size - 1 })) parts.push(part)
    return Buffer.concat(parts)
  } finally {
    await opened.close()
  }
}

t.test('a sealed file is read back, whole and in any range', async (t) => {
  for (const size of [0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk + 100]) {
    const plain = randomBytes(size)
    const { to, key } = await sealed(plain)
    const opened = await SealedFile.open(to, key)
    t.equal(opened.size, size)
    await opened.close()
    t.ok((await read(to, key)).equals(plain), `${size} bytes`)
  }
  const plain = randomBytes(3 * chunk + 100)
  const { to, key } = await sealed(plain)
  const place = fc.nat({ max: plain.length - 1 })
  await fc.assert(
    fc.asyncProperty(place, place, async (a, b) => {
      const range = { start: Math.min(a, b), end: Math.max(a, b) }
      return (await read(to, key, range)).equals(plain.subarray(range.start, range.end + 1))
    }),
    { numRuns: 60 },
  )
})

t.test('a wrong key or a changed byte makes reading fail', async (t) => {
  const plain = Buffer.from('Bună ziua, Primăria, cu ce vă pot ajuta?'.repeat(4_000))
  const { to, key } = await sealed(plain)
  const bytes = readFileSync(to)
  t.notOk(bytes.includes('Primăria'))
  await t.rejects(read(to, randomBytes(32)))
  for (const place of [8, 100, chunk + 10, bytes.length - 1]) {
    const changed = Buffer.from(bytes)
    changed[place] = (changed[place] ?? 0) ^ 1
    writeFileSync(to, changed)
    await t.rejects(read(to, key), `byte ${place}`)
  }
  writeFileSync(to, bytes)
  truncateSync(to, 8 + chunk + 16)
  await t.rejects(read(to, key), 'cut at the end of a chunk')
  writeFileSync(to, Buffer.concat([bytes.subarray(0, 8), bytes.subarray(8 + chunk + 16)]))
  await t.rejects(read(to, key), 'its first chunk taken away')
  writeFileSync(to, 'no such thing')
  await t.rejects(read(to, key), /not a sealed file/)
})

t.test('a key is made once, found and destroyed; all keys of a day are destroyed together', async (t) => {
  const keys = path.join(dir, 'keys')
  const fileOf = (day: string, name: string) => `done/${day}/${name}.mp3.sealed`
  await t.rejects(makeKey(keys, fileOf('2026-05-24', 'a')), { name: 'VolumeAbsent' })
  await writeMark(keys, 'keys')
  const key = await makeKey(keys, fileOf('2026-05-24', 'a'))
  t.ok((await keyOf(keys, fileOf('2026-05-24', 'a')))?.equals(key))
  await t.rejects(makeKey(keys, fileOf('2026-05-24', 'a')), { code: 'EEXIST' })
  await makeKey(keys, fileOf('2026-05-24', 'b'))
  await makeKey(keys, fileOf('2026-05-25', 'c'))
  t.strictSame(await keysBefore(keys, '2026-05-25'), [{ day: '2026-05-24', keys: 2 }])
  await destroyKey(keys, fileOf('2026-05-24', 'a'))
  await destroyKey(keys, fileOf('2026-05-24', 'a'))
  t.equal(await keyOf(keys, fileOf('2026-05-24', 'a')), null)
  await destroyKeysOf(keys, '2026-05-24')
  t.notOk(existsSync(path.join(keys, '2026-05-24')))
  t.strictSame(await keysBefore(keys, '2026-05-26'), [{ day: '2026-05-25', keys: 1 }])
  t.strictSame(await keysBefore(path.join(dir, 'none'), '2026-05-26'), [])
  for (const name of ['done/2026-05-25/c.mp3', '../../etc/x.mp3.sealed', 'done/elsewhere/c.mp3.sealed'])
    await t.rejects(keyOf(keys, name), RangeError)
})
